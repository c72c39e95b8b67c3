/** What a report covers, and what it had to leave out; and the whole of it as a file, as the server answered. */
import { Button, Group, Stack, Text } from '@mantine/core'
import { IconDownload } from '@tabler/icons-react'
import { useWords } from '../language/use-words.ts'
import { download } from '../parts/download.ts'
import type { Attribution } from './attribution-report.tsx'
import type { Pipeline } from './pipeline-report.tsx'
import { NONE, useByName } from './use-choices.ts'

type ReportNotesProps = {
  readonly report: Pipeline | Attribution
  /** Of the file. */
  readonly name: 'pipeline' | 'attribution'
}

export function ReportNotes({ report, name }: ReportNotesProps) {
  const { period, previous, unconverted, only } = report
  const { t, lookUp, date, money, list } = useWords()
  const covers =
    previous === null
      ? t('reports.coversAlone', { from: date(period.from), to: date(period.to) })
      : t('reports.covers', {
          from: date(period.from),
          to: date(period.to),
          before: date(previous.from),
          until: date(previous.to),
        })
  const byName = useByName()
  const save = (): void =>
    download(
      { name: `tajo-${name}-${period.from}-${period.to}.json`, type: 'application/json' },
      `${JSON.stringify(report, null, 2)}\n`,
    )
  const amounts = new Map<string, number>()
  for (const { currency, value } of unconverted) amounts.set(currency, (amounts.get(currency) ?? 0) + value)
  return (
    <Group justify="space-between" align="flex-start" gap="sm">
      <Stack gap={2}>
        <Text fz="sm" c="dimmed">
          {covers}
        </Text>
        {only === null ? null : (
          <Text fz="sm">
            {t('reports.onlyDeals', {
              label: byName(only),
              value:
                lookUp(`reports.flags.${only.value}`) ??
                (only.value === NONE ? t('reports.nothing') : only.value),
            })}
          </Text>
        )}
        {amounts.size === 0 ? null : (
          <Text fz="sm" c="var(--page-warn)">
            {t('reports.unconverted', {
              amounts: list([...amounts].map(([currency, value]) => money(value, currency))),
            })}
          </Text>
        )}
      </Stack>
      <Button
        size="xs"
        variant="default"
        leftSection={<IconDownload size={14} aria-hidden />}
        aria-label={t('reports.exportWhole')}
        onClick={save}
      >
        {t('reports.exportJson')}
      </Button>
    </Group>
  )
}
