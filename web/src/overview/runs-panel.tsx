/** The last passes and what became of them. */
import { Text } from '@mantine/core'
import { useWords } from '../language/use-words.ts'
import { Panel } from '../parts/panel.tsx'
import { ScrolledTable } from '../parts/scrolled-table.tsx'
import { ServerWords } from '../parts/server-words.tsx'
import { StateLabel, type StateTone } from '../parts/state-label.tsx'
import { Td } from '../parts/td.tsx'
import type { Status } from './judge-status.ts'

const TONES: Readonly<Record<string, StateTone>> = {
  complete: 'good',
  incomplete: 'warn',
  paused: 'bad',
  running: 'busy',
}

export function RunsPanel({ runs }: { runs: Status['runs'] }) {
  const { t, dateTime, duration, lookUp } = useWords()
  const title = t('overview.runs.title')
  return (
    <Panel title={title}>
      {runs.length === 0 ? (
        <Text c="dimmed">{t('overview.runs.none')}</Text>
      ) : (
        <ScrolledTable
          label={title}
          minWidth={420}
          head={[
            t('overview.runs.started'),
            t('overview.runs.kind'),
            t('overview.runs.took'),
            t('overview.runs.outcome'),
          ]}
        >
          {runs.slice(0, 6).map((run) => (
            <tr key={run.run}>
              <Td className="page-figure">{dateTime(run.startedAt)}</Td>
              <Td>
                {run.dryRun ? t('overview.runs.dry') : (lookUp(`overview.runs.${run.mode}`) ?? run.mode)}
              </Td>
              <Td className="page-figure">
                {run.finishedAt === null
                  ? t('frame.none')
                  : duration((Date.parse(run.finishedAt) - Date.parse(run.startedAt)) / 1000)}
              </Td>
              <Td>
                <StateLabel tone={TONES[run.status] ?? 'none'}>
                  {lookUp(`overview.runs.status.${run.status}`) ?? run.status}
                </StateLabel>
                {run.reason === null ? null : (
                  <Text fz="sm" c="dimmed" pt={4}>
                    <ServerWords>{run.reason}</ServerWords>
                  </Text>
                )}
              </Td>
            </tr>
          ))}
        </ScrolledTable>
      )}
    </Panel>
  )
}
