/** Reads the histories from before Tajo, after saying what that costs. */
import { Button, Group, Text } from '@mantine/core'
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
  if (backfill.result !== null)
    return (
      <Text role="status" fz="sm">
        {t('reports.backfillDone', {
          deals: number(backfill.result.deals.read),
          touches: number(backfill.result.touches),
        })}
      </Text>
    )
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
