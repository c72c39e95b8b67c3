/** What may still be asked of both services, and whether it lasts. */
import { Group, Progress, Stack, Text } from '@mantine/core'
import { useWords } from '../language/use-words.ts'
import { Panel } from '../parts/panel.tsx'
import { type Budget, forecastBudget } from './forecast-budget.ts'

const SCARCE = 0.2

export function BudgetPanel({ budgets, now }: { budgets: readonly Budget[]; now: number }) {
  const { t } = useWords()
  // Limits of a second come and go faster than anybody reads.
  const shown = budgets.filter(({ budget }) => !budget.endsWith('per second'))
  return (
    <Panel title={t('overview.budgets.title')}>
      {shown.length === 0 ? (
        <Text c="dimmed">{t('overview.budgets.unknown')}</Text>
      ) : (
        <Stack gap="md">
          {shown.map((budget) => (
            <Row key={`${budget.vendor} ${budget.budget}`} budget={budget} now={now} />
          ))}
        </Stack>
      )}
    </Panel>
  )
}

function Row({ budget, now }: { budget: Budget; now: number }) {
  const { t, number, lookUp } = useWords()
  const { vendor, left, limit } = budget
  const bucket = budget.budget.split(' ')[0] ?? ''
  const name =
    vendor === 'pipedrive'
      ? t('overview.budgets.pipedriveDay')
      : t('overview.budgets.brevoHour', { bucket: lookUp(`overview.budgets.buckets.${bucket}`) ?? bucket })
  const share = left === null || limit === null || limit === 0 ? null : left / limit
  const text =
    left === null
      ? t('overview.budgets.unknown')
      : limit === null
        ? t('overview.budgets.left', { left: number(left) })
        : t('overview.budgets.leftOf', { left: number(left), limit: number(limit) })
  return (
    <Stack gap={6}>
      <Group justify="space-between" gap="xs">
        <Text fz="sm" fw={550}>
          {name}
        </Text>
        <Text fz="sm" c="dimmed" className="page-figure">
          {text}
        </Text>
      </Group>
      {share === null ? null : (
        <Progress size="sm" value={share * 100} color={share < SCARCE ? 'red' : 'ink'} aria-label={name} />
      )}
      <Forecast budget={budget} now={now} />
    </Stack>
  )
}

function Forecast({ budget, now }: { budget: Budget; now: number }) {
  const { t, dateTime } = useWords()
  const forecast = forecastBudget(budget, now)
  if (forecast.kind === 'unknown')
    // Counted here, from what the smallest plan allows: Brevo says when its hour ends only in answers.
    return budget.vendor === 'brevo' && budget.left !== null ? (
      <Text fz="sm" c="dimmed">
        {t('overview.budgets.counted')}
      </Text>
    ) : null
  const renewed = dateTime(forecast.renewedAt)
  const isFine = forecast.kind === 'lasts' || forecast.kind === 'renewed'
  return (
    <Text fz="sm" c={isFine ? 'dimmed' : 'var(--page-bad)'}>
      {forecast.kind === 'runs_out'
        ? t('overview.budgets.runsOut', { at: dateTime(forecast.at), renewed })
        : t(`overview.budgets.${forecast.kind}`, { at: renewed })}
    </Text>
  )
}
