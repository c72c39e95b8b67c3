/** What a report covers, and what it had to leave out. */
import { Stack, Text } from '@mantine/core'
import { useWords } from '../language/use-words.ts'
import type { Pipeline } from './pipeline-report.tsx'

type Head = Pick<Pipeline, 'period' | 'previous' | 'unconverted'>

export function ReportNotes({ report: { period, previous, unconverted } }: { report: Head }) {
  const { t, date, money, list } = useWords()
  const covers =
    previous === null
      ? t('reports.coversAlone', { from: date(period.from), to: date(period.to) })
      : t('reports.covers', {
          from: date(period.from),
          to: date(period.to),
          before: date(previous.from),
          until: date(previous.to),
        })
  const amounts = new Map<string, number>()
  for (const { currency, value } of unconverted) amounts.set(currency, (amounts.get(currency) ?? 0) + value)
  return (
    <Stack gap={2}>
      <Text fz="sm" c="dimmed">
        {covers}
      </Text>
      {amounts.size === 0 ? null : (
        <Text fz="sm" c="var(--page-warn)">
          {t('reports.unconverted', {
            amounts: list([...amounts].map(([currency, value]) => money(value, currency))),
          })}
        </Text>
      )}
    </Stack>
  )
}
