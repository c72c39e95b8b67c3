/** Trying again: how far it is, and then what came of it. A pass that was paused mended nothing yet, and says so. */
import { Text } from '@mantine/core'
import type { Doing } from '../api/use-operation.ts'
import { useWords } from '../language/use-words.ts'
import { RunProgress } from '../overview/run-progress.tsx'
import { ProblemNotice } from '../parts/problem-notice.tsx'
import { Quote } from '../parts/server-words.tsx'

export type RetryOutcomeProps = {
  readonly retry: Doing<'failures.retry'>
  /** What is still wrong, in a sentence. */
  readonly after: string
}

export function RetryOutcome({ retry, after }: RetryOutcomeProps) {
  const { t, number, dateTime } = useWords()
  if (retry.running)
    return <RunProgress title={t('failures.retrying')} progress={retry.progress} notice={retry.notice} />
  if (retry.problem !== null) return <ProblemNotice problem={retry.problem} />
  if (retry.result === null) return null
  const { retried, report } = retry.result
  if (report === null) return <Text role="status">{t('failures.retriedNone')}</Text>
  const tried = t('failures.retryDone', { count: retried, number: number(retried) })
  if (report.status !== 'paused')
    return (
      <Text role="status">
        {tried} {after}
      </Text>
    )
  return (
    <div role="status">
      <Text>
        {t(report.resumeAt === null ? 'failures.retryPaused' : 'failures.retryPausedUntil', {
          time: report.resumeAt === null ? '' : dateTime(report.resumeAt),
        })}
      </Text>
      {report.reason === null ? null : <Quote>{report.reason}</Quote>}
    </div>
  )
}
