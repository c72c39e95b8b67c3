/** What became of a pass: its accounting, and for a dry run what it would do. */
import { Button, CloseButton, Collapse, Group, Paper, SimpleGrid, Stack, Text, Title } from '@mantine/core'
import { useState } from 'react'
import type { ResultOf } from '../../../src/wire/index.ts'
import { sumCounts } from '../format/sum-counts.ts'
import { useWords } from '../language/use-words.ts'
import { Quote } from '../parts/server-words.tsx'
import { StateDot } from '../parts/state-label.tsx'
import { type Change, ChangesTable } from './changes-table.tsx'

type Report = ResultOf<'sync.run'>

const SHOWN = 50

export function SyncResult({ report, onClose }: { report: Report; onClose: () => void }) {
  const { t, number, lookUp } = useWords()
  const { contacts, lists, preview, status, reason } = report
  const skipped = sumCounts(contacts.skipped)
  const figures = [
    ['read', contacts.read],
    ['created', contacts.created],
    ['updated', contacts.updated],
    ['unchanged', contacts.unchanged],
    ['skipped', skipped],
    ['failed', contacts.failed],
  ] as const
  const why = Object.entries(contacts.skipped)
    .filter(([, count]) => count > 0)
    .map(([name, count]) => `${lookUp(`overview.skipped.${name}`) ?? name} ${number(count)}`)
  return (
    <Paper component="section" className="page-panel" p="lg" radius="lg" aria-live="polite">
      <Stack gap="md">
        <Group justify="space-between" wrap="nowrap" align="flex-start">
          <Group gap="sm" wrap="nowrap">
            <StateDot tone={status === 'complete' ? 'good' : status === 'paused' ? 'bad' : 'warn'} />
            <Title order={2}>
              {t(report.dryRun ? 'overview.result.dryRun' : `overview.result.${status}`)}
            </Title>
          </Group>
          <CloseButton aria-label={t('frame.close')} onClick={onClose} />
        </Group>
        {reason === null ? null : <Quote>{reason}</Quote>}
        <SimpleGrid cols={{ base: 3, sm: 6 }}>
          {figures.map(([name, value]) => (
            <Stack key={name} gap={0}>
              <Text fz="xl" fw={650} className="page-figure">
                {number(value)}
              </Text>
              <Text fz="sm" c="dimmed">
                {t(`overview.result.${name}`)}
              </Text>
            </Stack>
          ))}
        </SimpleGrid>
        <Text fz="sm" c="dimmed">
          {[
            t('overview.result.lists', { added: number(lists.added), removed: number(lists.removed) }),
            ...(why.length === 0 ? [] : [`${t('overview.result.skipped')}: ${why.join(', ')}`]),
            ...(preview?.attributes.length
              ? [
                  t('overview.result.attributes', {
                    names: preview.attributes.map(({ name }) => name).join(', '),
                  }),
                ]
              : []),
          ].join(' · ')}
        </Text>
        {preview === undefined || preview.changes.length === 0 ? null : <Changes changes={preview.changes} />}
      </Stack>
    </Paper>
  )
}

function Changes({ changes }: { changes: readonly Change[] }) {
  const { t, number } = useWords()
  const [shown, setShown] = useState(false)
  return (
    <Stack gap="sm" align="stretch">
      <Button
        variant="default"
        size="xs"
        w="fit-content"
        aria-expanded={shown}
        onClick={() => setShown(!shown)}
      >
        {t('overview.result.changes', { number: number(changes.length) })}
      </Button>
      <Collapse expanded={shown}>
        <ChangesTable changes={changes} shown={SHOWN} />
      </Collapse>
    </Stack>
  )
}
