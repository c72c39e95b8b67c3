/** Reads the histories from before Tajo, after saying what that costs. */
import { Button, Group, Stack, Text } from '@mantine/core'
import { useDo, useLook } from '../api/use-operation.ts'
import { useMay } from '../frame/session-context.ts'
import { useWords } from '../language/use-words.ts'
import { RunProgress } from '../overview/run-progress.tsx'
import { ProblemNotice } from '../parts/problem-notice.tsx'

export function BackfillPanel() {
  const { t, number } = useWords()
  const mayOperate = useMay('operate')
  const forecast = useLook('reports.backfillForecast', {}, { enabled: mayOperate })
  const backfill = useDo('reports.backfill')
  if (backfill.running)
    return (
      <RunProgress
        title={t('reports.backfillRunning')}
        progress={backfill.progress}
        notice={backfill.notice}
      />
    )
  if (backfill.problem !== null) return <ProblemNotice problem={backfill.problem} />
  if (backfill.result !== null) {
    const { deals, contacts, touches, reason, status } = backfill.result
    return (
      <Stack gap="xs" align="flex-start">
        <Text role="status" fz="sm">
          {t('reports.backfillDone', { deals: number(deals.read), touches: number(touches) })}
        </Text>
        {status === 'complete' ? null : (
          <>
            <Text fz="sm">
              {t('reports.backfillLeft', {
                deals: number(deals.left + deals.failed),
                contacts: number(contacts.left + contacts.failed),
              })}{' '}
              <span lang="en">{reason}</span>
            </Text>
            <Button size="xs" variant="default" onClick={() => backfill.start({})}>
              {t('reports.backfillOn')}
            </Button>
          </>
        )}
      </Stack>
    )
  }
  if (forecast.error !== null)
    return <ProblemNotice problem={forecast.error} onRetry={() => void forecast.refetch()} />
  if (forecast.data === undefined || forecast.data.deals + forecast.data.contacts === 0) return null
  return (
    <Group gap="sm">
      <Text fz="sm" c="dimmed">
        {t('reports.backfillCost', {
          tokens: number(forecast.data.tokens),
          requests: number(forecast.data.requests),
        })}
      </Text>
      <Button size="xs" variant="default" onClick={() => backfill.start({})}>
        {t('reports.backfill')}
      </Button>
    </Group>
  )
}
