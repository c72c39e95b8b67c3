/** Which campaigns won which deals. */
import { Grid, NativeSelect, Skeleton, Stack, Text } from '@mantine/core'
import { IconSpeakerphone } from '@tabler/icons-react'
import { lazy, Suspense, useState } from 'react'
import type { ResultOf } from '../../../src/wire/index.ts'
import { useLook } from '../api/use-operation.ts'
import { useWords } from '../language/use-words.ts'
import { Nothing } from '../parts/nothing.tsx'
import { BodySkeleton } from '../parts/skeletons.tsx'
import { useNow } from '../parts/use-now.ts'
import { BackfillPanel } from './backfill-panel.tsx'
import { BarList } from './bar-list.tsx'
import { DealsPanel } from './deals-panel.tsx'
import { FigureRow } from './figure-row.tsx'
import { NotLoaded } from './not-loaded.tsx'
import { ReportNotes } from './report-notes.tsx'
import { ReportPanel } from './report-panel.tsx'
import { ScopeControls, type ScopeControlsProps } from './scope-controls.tsx'
import { toStreams } from './to-streams.ts'
import { toAsked } from './use-scope.ts'

export type Attribution = ResultOf<'reports.attribution'>

const FlowChart = lazy(async () => ({ default: (await import('./charts.tsx')).FlowChart }))
const MODELS = ['first', 'last', 'linear', 'time_decay', 'position'] as const
const LOOKBACKS = [30, 90, 180, 365]
const OPENS = ['none', 'human', 'all'] as const
const BARS = 12
/** How many deals are listed: more than anybody reads, and the file has the same. */
const DEALS = 1_000
const MINUTE_MS = 60_000

export function AttributionReport({ scope, onChange }: ScopeControlsProps) {
  const { t, number } = useWords()
  const now = useNow(10 * MINUTE_MS)
  const [model, setModel] = useState<Attribution['model']>('linear')
  const [lookback, setLookback] = useState(90)
  const [opens, setOpens] = useState<Attribution['opens']>('none')
  const asked = toAsked(scope, now)
  const report = useLook(
    'reports.attribution',
    { ...asked, model, lookback, opens, limit: DEALS },
    { enabled: asked !== null, keep: true },
  )
  return (
    <>
      <ScopeControls scope={scope} onChange={onChange}>
        <NativeSelect
          label={t('reports.model')}
          value={model}
          onChange={(event) => setModel(event.currentTarget.value as Attribution['model'])}
          data={MODELS.map((value) => ({ value, label: t(`reports.models.${value}`) }))}
        />
        <NativeSelect
          label={t('reports.lookback')}
          value={String(lookback)}
          onChange={(event) => setLookback(Number(event.currentTarget.value))}
          data={LOOKBACKS.map((days) => ({
            value: String(days),
            label: t('reports.lookbackDays', { number: number(days) }),
          }))}
        />
        <NativeSelect
          label={t('reports.opens')}
          value={opens}
          onChange={(event) => setOpens(event.currentTarget.value as Attribution['opens'])}
          data={OPENS.map((value) => ({ value, label: t(`reports.opensOf.${value}`) }))}
        />
      </ScopeControls>
      {report.data === undefined ? (
        report.error === null ? (
          <BodySkeleton />
        ) : (
          <NotLoaded problem={report.error} onRetry={() => void report.refetch()} />
        )
      ) : (
        <Loaded report={report.data} />
      )}
      <BackfillPanel />
    </>
  )
}

function Loaded({ report }: { report: Attribution }) {
  const { t, money, number } = useWords()
  const { totals, totalsBefore, currency, campaigns, model } = report
  if (!report.hasTouches && campaigns.length === 0)
    return (
      <Nothing
        icon={IconSpeakerphone}
        title={t('reports.attribution.noTouches')}
        text={t('reports.attribution.noTouchesText')}
      />
    )
  const figures = (['wonTotal', 'attributed', 'unattributed'] as const).map((name) => {
    const key = name === 'wonTotal' ? 'won' : name
    const before = totalsBefore?.[key].value
    return {
      name: t(`reports.attribution.${name}`),
      value: money(totals[key].value, currency),
      notes: [
        t('reports.summary.deals', { count: totals[key].deals, number: number(totals[key].deals) }),
        before === undefined ? null : t('reports.before', { value: money(before, currency) }),
      ],
    }
  })
  return (
    <Stack gap="lg">
      <ReportNotes report={report} name="attribution" />
      <FigureRow figures={figures} />
      <Text fz="sm" c="dimmed">
        {t(`reports.models.${model}`)}: {t(`reports.modelHelp.${model}`)}
      </Text>
      <Grid gap="lg">
        <Grid.Col span={12}>
          <CampaignsPanel report={report} />
        </Grid.Col>
        <Grid.Col span={12}>
          <FlowsPanel report={report} />
        </Grid.Col>
        <Grid.Col span={12}>
          <DealsPanel report={report} />
        </Grid.Col>
      </Grid>
    </Stack>
  )
}

function CampaignsPanel({ report: { campaigns, model, currency } }: { report: Attribution }) {
  const { t, money, number } = useWords()
  const title = t('reports.attribution.campaigns')
  const creditOf = (row: Attribution['campaigns'][number]) => row.models[model] ?? { deals: 0, value: 0 }
  return (
    <ReportPanel
      title={title}
      note={t('reports.attribution.campaignsNote')}
      name={`attribution-${model}`}
      empty={t('reports.attribution.noneWon')}
      rows={campaigns}
      keyOf={({ campaignId }) => String(campaignId)}
      columns={[
        { title: t('reports.attribution.campaign'), cell: ({ campaign }) => campaign },
        { title: t('reports.attribution.touches'), cell: ({ touches }) => touches, figure: true },
        { title: t('reports.attribution.deals'), cell: ({ deals }) => deals, figure: true },
        { title: t('reports.attribution.creditDeals'), cell: (row) => creditOf(row).deals, figure: true },
        {
          title: t('reports.attribution.credit'),
          unit: currency,
          cell: (row) => creditOf(row).value,
          show: (row) => money(creditOf(row).value, currency),
          figure: true,
        },
        {
          title: t('reports.attribution.before'),
          unit: currency,
          cell: ({ before }) => before?.value ?? null,
          show: ({ before }) => (before === null ? '' : money(before.value, currency)),
          figure: true,
        },
      ]}
    >
      <BarList
        label={title}
        bars={campaigns.slice(0, BARS).map((row) => ({
          key: String(row.campaignId),
          name: row.campaign,
          value: creditOf(row).value,
          text: money(creditOf(row).value, currency),
          more: t('reports.summary.deals', {
            count: creditOf(row).deals,
            number: number(Math.round(creditOf(row).deals * 10) / 10),
          }),
        }))}
      />
    </ReportPanel>
  )
}

function FlowsPanel({ report: { flows, campaigns, currency } }: { report: Attribution }) {
  const { t, money } = useWords()
  const names = new Map(campaigns.map(({ campaignId, campaign }) => [campaignId, campaign]))
  const nameOf = (id: number): string => names.get(id) ?? String(id)
  const stageOf = ({ stageId, stage }: Attribution['flows'][number]): string =>
    stageId === null ? t('reports.attribution.beforeDeal') : stage
  const streams = toStreams(flows, {
    campaign: nameOf,
    others: t('reports.attribution.others'),
    beforeDeal: t('reports.attribution.beforeDeal'),
    won: t('reports.attribution.won'),
  })
  return (
    <ReportPanel
      title={t('reports.attribution.flows')}
      note={t('reports.attribution.flowsNote')}
      name="flows"
      empty={t('reports.attribution.noneWon')}
      rows={streams === null ? [] : flows}
      keyOf={({ campaignId, stageId }) => `${campaignId} ${stageId}`}
      columns={[
        { title: t('reports.attribution.campaign'), cell: ({ campaignId }) => nameOf(campaignId) },
        { title: t('reports.attribution.stage'), cell: stageOf },
        { title: t('reports.attribution.creditDeals'), cell: ({ deals }) => deals, figure: true },
        {
          title: t('reports.attribution.value'),
          unit: currency,
          cell: ({ value }) => value,
          show: ({ value }) => money(value, currency),
          figure: true,
        },
      ]}
    >
      {streams === null ? null : (
        <Suspense fallback={<Skeleton h={320} />}>
          <FlowChart data={streams} currency={currency} />
        </Suspense>
      )}
    </ReportPanel>
  )
}
