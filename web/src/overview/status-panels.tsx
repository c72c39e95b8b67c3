/** The figures behind the sentence: persons, delay, what waits, and how changes are noticed. */
import { Group, Progress, Stack, Text } from '@mantine/core'
import type { ReactNode } from 'react'
import { useWords } from '../language/use-words.ts'
import { Panel } from '../parts/panel.tsx'
import { StateLabel } from '../parts/state-label.tsx'
import { countWaiting, type Status } from './judge-status.ts'

export function StatusPanels({ status, now }: { status: Status; now: number }) {
  return (
    <>
      <Persons persons={status.persons} />
      <Lag lag={status.live?.lagSeconds ?? null} />
      <Backlog status={status} now={now} />
      <Noticed status={status} now={now} />
    </>
  )
}

/** Values that did not make it, though their records did. */
export function WarningsPanel({ warnings }: Pick<Status, 'warnings'>) {
  const { t, number, lookUp } = useWords()
  const leftOut = Object.entries(warnings).filter(([, count]) => count > 0)
  if (leftOut.length === 0) return null
  return (
    <Panel title={t('overview.warnings.title')} note={t('overview.warnings.note')}>
      <Stack gap={6}>
        {leftOut.map(([code, count]) => (
          <Line key={code} name={lookUp(`overview.warnings.${code}`) ?? code}>
            {number(count)}
          </Line>
        ))}
      </Stack>
    </Panel>
  )
}

function Figure({ value, unit }: { value: string; unit: string }) {
  return (
    <Group gap={8} align="baseline">
      <Text fz={28} fw={650} lh={1.2} className="page-figure">
        {value}
      </Text>
      <Text fz="sm" c="dimmed">
        {unit}
      </Text>
    </Group>
  )
}

function Line({ name, children }: { name: string; children: ReactNode }) {
  return (
    <Group justify="space-between" gap="xs" wrap="nowrap">
      <Text fz="sm" c="dimmed">
        {name}
      </Text>
      <Text fz="sm" component="div" ta="right" className="page-figure">
        {children}
      </Text>
    </Group>
  )
}

function Persons({ persons: { live, withContact, inStep, failed } }: { persons: Status['persons'] }) {
  const { t, number } = useWords()
  return (
    <Panel title={t('overview.persons.title')}>
      <Stack gap="sm">
        <Figure value={number(live)} unit={t('overview.persons.live')} />
        <Progress
          size="sm"
          value={withContact === 0 ? 0 : (inStep / withContact) * 100}
          color={failed > 0 ? 'red' : 'ink'}
          aria-label={t('overview.persons.title')}
        />
        <Text fz="sm" c="dimmed">
          {t('overview.persons.inStep', { inStep: number(inStep), withContact: number(withContact) })}
        </Text>
        <Stack gap={2}>
          <Line name={t('overview.persons.without')}>
            <span title={t('overview.persons.withoutWhy')}>{number(live - withContact)}</span>
          </Line>
          <Line name={t('overview.persons.failed')}>{number(failed)}</Line>
        </Stack>
      </Stack>
    </Panel>
  )
}

function Lag({ lag }: { lag: NonNullable<Status['live']>['lagSeconds'] | null }) {
  const { t, number, duration } = useWords()
  return (
    <Panel title={t('overview.lag.title')}>
      {lag === null || lag.p50 === null || lag.p99 === null ? (
        <Text c="dimmed">{t('overview.lag.none')}</Text>
      ) : (
        <Stack gap="sm">
          <Figure value={duration(lag.p50)} unit={t('overview.lag.typical')} />
          <Line name={t('overview.lag.worst')}>{duration(lag.p99)}</Line>
          <Text fz="sm" c="dimmed">
            {t('overview.lag.help')},{' '}
            {t('overview.lag.count', { count: lag.count, number: number(lag.count) })}
          </Text>
        </Stack>
      )}
    </Panel>
  )
}

const PLACES = ['inbox', 'dirty', 'outbox', 'edits', 'events', 'companies'] as const

function Backlog({ status, now }: { status: Status; now: number }) {
  const { t, number, ago, dateTime } = useWords()
  const count = countWaiting(status)
  const { oldestAt } = status.backlog
  return (
    <Panel title={t('overview.backlog.title')}>
      <Stack gap="sm">
        <Figure
          value={number(count)}
          unit={
            count === 0
              ? t('overview.backlog.nothing')
              : oldestAt === null
                ? ''
                : t('overview.backlog.oldest', { since: ago(oldestAt, now) })
          }
        />
        <Stack gap={2} {...(oldestAt === null ? {} : { title: dateTime(oldestAt) })}>
          {PLACES.filter((place) => status.backlog[place] > 0).map((place) => (
            <Line key={place} name={t(`overview.backlog.${place}`)}>
              {number(status.backlog[place])}
            </Line>
          ))}
        </Stack>
      </Stack>
    </Panel>
  )
}

function Noticed({ status: { live, mode, listedAt }, now }: { status: Status; now: number }) {
  const { t, ago } = useWords()
  const healthy = live?.webhooksHealthy ?? null
  const [tone, word] =
    healthy === null
      ? (['none', 'unknown'] as const)
      : healthy
        ? (['good', 'healthy'] as const)
        : (['warn', 'unhealthy'] as const)
  return (
    <Panel title={t('overview.noticed.title')}>
      <Stack gap="sm" align="flex-start">
        <Text fw={600}>{t(`overview.noticed.${mode}`)}</Text>
        {mode === 'batch' ? null : <StateLabel tone={tone}>{t(`overview.noticed.${word}`)}</StateLabel>}
        <Text fz="sm" c="dimmed">
          {live?.lastPollAt ? t('overview.noticed.polled', { ago: ago(live.lastPollAt, now) }) : null}
          {live?.lastPollAt && listedAt ? <br /> : null}
          {listedAt === null ? null : t('overview.noticed.listed', { ago: ago(listedAt, now) })}
        </Text>
      </Stack>
    </Panel>
  )
}
