/** Reads the histories from before Tajo: says what that costs and what is left today, and spends no more than was agreed to. */
import { Button, Group, Stack, Text, TextInput } from '@mantine/core'
import { useState } from 'react'
import type { ResultOf } from '../../../src/wire/index.ts'
import { useDo, useLook } from '../api/use-operation.ts'
import { useMay } from '../frame/session-context.ts'
import { useWords } from '../language/use-words.ts'
import { RunProgress } from '../overview/run-progress.tsx'
import { Panel } from '../parts/panel.tsx'
import { ProblemNotice } from '../parts/problem-notice.tsx'
import { ServerWords } from '../parts/server-words.tsx'

type Forecast = ResultOf<'reports.backfillForecast'>
type Result = ResultOf<'reports.backfill'>

/** One history costs that much: with less nothing is read. */
const LEAST_TOKENS = 20

export function BackfillPanel() {
  const { t } = useWords()
  const mayOperate = useMay('operate')
  const forecast = useLook('reports.backfillForecast', {}, { enabled: mayOperate })
  const backfill = useDo('reports.backfill')
  const [limit, setLimit] = useState('')
  // Before the first sync the reports say so themselves.
  if (!mayOperate || forecast.error?.code === 'history_too_early') return null
  if (backfill.running)
    return (
      <RunProgress
        title={t('reports.backfill.running')}
        progress={backfill.progress}
        notice={backfill.notice}
      />
    )
  const { result, problem } = backfill
  const left = forecast.data !== undefined && forecast.data.deals + forecast.data.contacts > 0
  if (forecast.error === null && problem === null && result === null && !left) return null
  return (
    <Panel title={t('reports.backfill.title')} note={t('reports.backfill.note')}>
      {problem === null ? null : <ProblemNotice problem={problem} />}
      {result === null ? null : <Done result={result} />}
      {forecast.error === null ? null : (
        <ProblemNotice problem={forecast.error} onRetry={() => void forecast.refetch()} />
      )}
      {left ? (
        <Offer
          forecast={forecast.data}
          goesOn={result !== null || problem !== null}
          limit={limit}
          onLimit={setLimit}
          onStart={(maxTokens) => backfill.start({ maxTokens })}
        />
      ) : null}
    </Panel>
  )
}

function Done({ result }: { result: Result }) {
  const { t, number, dateTime } = useWords()
  const { deals, contacts, touches, tokens, reason, resumeAt } = result
  const failed = deals.failed + contacts.failed
  return (
    <Stack gap={2} role="status">
      <Text fz="sm" fw={550}>
        {t('reports.backfill.done', {
          deals: number(deals.read),
          touches: number(touches),
          tokens: number(tokens),
        })}
      </Text>
      {deals.partial === 0 ? null : (
        <Text fz="sm">
          {t('reports.backfill.partial', { count: deals.partial, number: number(deals.partial) })}
        </Text>
      )}
      {failed === 0 ? null : (
        <Text fz="sm">{t('reports.backfill.failed', { count: failed, number: number(failed) })}</Text>
      )}
      {deals.left + contacts.left === 0 ? null : (
        <Text fz="sm">
          {t('reports.backfill.left', { deals: number(deals.left), contacts: number(contacts.left) })}{' '}
          {resumeAt === null ? null : t('reports.backfill.resume', { at: dateTime(resumeAt) })}
        </Text>
      )}
      {reason === null ? null : (
        <Text fz="sm" c="dimmed">
          <ServerWords>{reason}</ServerWords>
        </Text>
      )}
    </Stack>
  )
}

type OfferProps = {
  readonly forecast: Forecast
  readonly goesOn: boolean
  readonly limit: string
  readonly onLimit: (limit: string) => void
  readonly onStart: (maxTokens: number | null) => void
}

function Offer({ forecast, goesOn, limit, onLimit, onStart }: OfferProps) {
  const { t, number } = useWords()
  const { deals, contacts, tokens, requests } = forecast
  const agreed = limit.trim() === '' ? null : Number(limit)
  const isFit = agreed === null || (Number.isInteger(agreed) && agreed >= LEAST_TOKENS)
  return (
    <Stack gap="sm" align="flex-start">
      <Stack gap={2}>
        <Text fz="sm">
          {t('reports.backfill.cost', {
            deals: number(deals),
            tokens: number(tokens),
            contacts: number(contacts),
            requests: number(requests),
          })}
        </Text>
        <Budget budget={forecast.budget} />
      </Stack>
      <Group gap="sm" align="flex-end">
        <TextInput
          label={t('reports.backfill.limit')}
          placeholder={t('reports.backfill.noLimit')}
          inputMode="numeric"
          value={limit}
          onChange={(event) => onLimit(event.currentTarget.value)}
          error={isFit ? null : t('reports.backfill.limitWrong', { least: number(LEAST_TOKENS) })}
        />
        <Button variant="default" disabled={!isFit} onClick={() => onStart(agreed)}>
          {goesOn ? t('reports.backfill.goOn') : t('reports.backfill.start')}
        </Button>
      </Group>
    </Stack>
  )
}

/** What of today may be spent, and whether that is enough. */
function Budget({ budget: { remaining, reserve, fits, days, resetsAt } }: Pick<Forecast, 'budget'>) {
  const { t, number, dateTime } = useWords()
  if (remaining === null) return <Text fz="sm">{t('reports.backfill.budgetUnknown')}</Text>
  const at = dateTime(resetsAt)
  return (
    <>
      <Text fz="sm">
        {t('reports.backfill.today', {
          left: number(Math.max(0, remaining - reserve)),
          reserve: number(reserve),
        })}
      </Text>
      <Text fz="sm" c={fits === false ? 'var(--page-warn)' : 'dimmed'}>
        {fits === true
          ? t('reports.backfill.fits')
          : days === null
            ? t('reports.backfill.tooMuch', { at })
            : t('reports.backfill.days', { count: days, number: number(days), at })}
      </Text>
    </>
  )
}
