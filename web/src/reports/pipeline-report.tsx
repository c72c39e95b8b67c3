/** How deals move: funnel, time in stage, revenue, what is open, and how it splits. */
import { Grid, Skeleton, Stack, Text } from '@mantine/core'
import { IconChartFunnel } from '@tabler/icons-react'
import { lazy, Suspense, useState } from 'react'
import type { ResultOf } from '../../../src/wire/index.ts'
import { useLook } from '../api/use-operation.ts'
import { useWords } from '../language/use-words.ts'
import { Nothing } from '../parts/nothing.tsx'
import { BodySkeleton } from '../parts/skeletons.tsx'
import { useNow } from '../parts/use-now.ts'
import { BackfillPanel } from './backfill-panel.tsx'
import { FigureRow } from './figure-row.tsx'
import { LeftOutFields } from './left-out-fields.tsx'
import { NotLoaded } from './not-loaded.tsx'
import { FunnelPanel, GroupsPanel, OpenPanel, TimePanel } from './pipeline-panels.tsx'
import { ReportNotes } from './report-notes.tsx'
import { ReportPanel } from './report-panel.tsx'
import { ScopeControls, type ScopeControlsProps } from './scope-controls.tsx'
import { SplitChoice } from './split-choice.tsx'
import { toAsked } from './use-scope.ts'

export type Pipeline = ResultOf<'reports.pipeline'>

const RevenueChart = lazy(async () => ({ default: (await import('./charts.tsx')).RevenueChart }))
const MINUTE_MS = 60_000

export function PipelineReport({ scope, onChange }: ScopeControlsProps) {
  const now = useNow(10 * MINUTE_MS)
  const [by, setBy] = useState('')
  const asked = toAsked(scope, now)
  const report = useLook(
    'reports.pipeline',
    { ...asked, ...(by === '' ? {} : { by }) },
    { enabled: asked !== null, keep: true },
  )
  return (
    <>
      <ScopeControls scope={scope} onChange={onChange}>
        <SplitChoice value={by} onChange={setBy} />
      </ScopeControls>
      <LeftOutFields />
      {report.data === undefined ? (
        report.error === null ? (
          <BodySkeleton />
        ) : (
          <NotLoaded problem={report.error} onRetry={() => void report.refetch()} />
        )
      ) : (
        <Loaded report={report.data} />
      )}
    </>
  )
}

function Loaded({ report }: { report: Pipeline }) {
  const { t } = useWords()
  const { summary, openStages } = report
  const funnels = report.funnels.filter(({ deals }) => deals > 0)
  const nothing =
    summary.added.deals + summary.won.deals + summary.lost.deals === 0 &&
    openStages.every(({ open }) => open.deals === 0)
  if (nothing)
    return <Nothing icon={IconChartFunnel} title={t('reports.none')} text={t('reports.noneText')} />
  return (
    <Stack gap="lg">
      <ReportNotes report={report} name="pipeline" />
      <Summary report={report} />
      <RevenuePanel report={report} />
      <Grid gap="lg">
        {funnels.map((funnel) => (
          <Grid.Col key={funnel.pipelineId} span={{ base: 12, xl: funnels.length > 1 ? 6 : 12 }}>
            <FunnelPanel funnel={funnel} alone={funnels.length === 1} />
          </Grid.Col>
        ))}
        <Grid.Col span={{ base: 12, xl: 6 }}>
          <TimePanel report={report} />
        </Grid.Col>
        <Grid.Col span={{ base: 12, xl: 6 }}>
          <OpenPanel report={report} />
        </Grid.Col>
      </Grid>
      {report.by === null ? null : <GroupsPanel report={report} />}
      <Text fz="sm" c="dimmed">
        <History report={report} />
      </Text>
      {report.history.complete < report.history.deals ? <BackfillPanel /> : null}
    </Stack>
  )
}

function History({ report: { history } }: { report: Pipeline }) {
  const { t, number } = useWords()
  return t('reports.history', { complete: number(history.complete), deals: number(history.deals) })
}

function Summary({ report }: { report: Pipeline }) {
  const { t, money, number, percent } = useWords()
  const { summary, summaryBefore: before, currency, velocity, forecast } = report
  const was = (value: string | null): string | null =>
    value === null ? null : t('reports.before', { value })
  const deals = (count: number): string => t('reports.summary.deals', { count, number: number(count) })
  const orNone = (value: number | null | undefined, show: (value: number) => string): string | null =>
    value === null || value === undefined ? null : show(value)
  const asMoney = (value: number): string => money(value, currency)
  const asDays = (value: number): string =>
    new Intl.NumberFormat(document.documentElement.lang, {
      style: 'unit',
      unit: 'day',
      unitDisplay: 'long',
      maximumFractionDigits: 1,
    }).format(value)
  const none = t('frame.none')
  return (
    <FigureRow
      figures={[
        {
          name: t('reports.summary.won'),
          value: asMoney(summary.won.value),
          notes: [deals(summary.won.deals), was(orNone(before?.won.value, asMoney))],
        },
        {
          name: t('reports.summary.winRate'),
          value: orNone(summary.winRate, percent) ?? none,
          notes: [
            t('reports.summary.ofAdded', { number: number(summary.added.deals) }),
            was(orNone(before?.winRate, percent)),
          ],
        },
        {
          name: t('reports.summary.average'),
          value: orNone(summary.averageValue, asMoney) ?? none,
          notes: [was(orNone(before?.averageValue, asMoney))],
        },
        {
          name: t('reports.summary.cycle'),
          value: orNone(summary.cycleDays?.median, asDays) ?? none,
          notes: [t('reports.summary.median'), was(orNone(before?.cycleDays?.median, asDays))],
        },
        {
          name: t('reports.summary.forecast'),
          value: asMoney(forecast.weighted),
          notes: [t('reports.summary.open', { value: asMoney(forecast.open) })],
        },
        {
          name: t('reports.summary.velocity'),
          value: orNone(velocity, asMoney) ?? none,
          notes: [t('reports.summary.velocityHelp')],
        },
      ]}
    />
  )
}

function RevenuePanel({ report: { revenue, currency } }: { report: Pipeline }) {
  const { t, money, date } = useWords()
  const points = revenue.points.map(({ day, deals, value }, index) => ({
    day,
    deals,
    value,
    before: revenue.before?.[index]?.value ?? null,
  }))
  const names = { value: t('reports.revenue.value'), before: t('reports.revenue.before') }
  return (
    <ReportPanel
      title={t('reports.revenue.title')}
      note={t(`reports.revenue.note.${revenue.interval}`)}
      name="revenue"
      empty={t('reports.none')}
      rows={points}
      keyOf={({ day }) => day}
      columns={[
        { title: t('reports.revenue.day'), cell: ({ day }) => day, show: ({ day }) => date(day) },
        { title: t('reports.revenue.deals'), cell: ({ deals }) => deals, figure: true },
        {
          title: names.value,
          unit: currency,
          cell: ({ value }) => value,
          show: ({ value }) => money(value, currency),
          figure: true,
        },
        {
          title: names.before,
          unit: currency,
          cell: ({ before }) => before,
          show: ({ before }) => (before === null ? '' : money(before, currency)),
          figure: true,
        },
      ]}
    >
      <Suspense fallback={<Skeleton h={280} />}>
        <RevenueChart points={points} currency={currency} names={names} />
      </Suspense>
    </ReportPanel>
  )
}
