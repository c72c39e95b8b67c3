/** The first sync, watched, and what can be done next. The server goes on by itself from then on. */
import { Anchor, Button, Group, Stack, Text } from '@mantine/core'
import { IconPlayerPlay } from '@tabler/icons-react'
import { useEffect, useRef } from 'react'
import { Link } from 'wouter'
import { useDo, useLook } from '../api/use-operation.ts'
import { sumCounts } from '../format/sum-counts.ts'
import { useWords } from '../language/use-words.ts'
import { RunProgress } from '../overview/run-progress.tsx'
import { Panel } from '../parts/panel.tsx'
import { ProblemNotice } from '../parts/problem-notice.tsx'
import { Quote } from '../parts/server-words.tsx'
import { StateLabel } from '../parts/state-label.tsx'
import { Skipped, type Syncing, type SyncReport } from './preview-step.tsx'
import { StepFrame } from './step-frame.tsx'

export type FirstSyncStepProps = {
  /** The choices are not written yet: with other ones nothing must begin. */
  readonly unsaved: boolean
  /** What it is expected to do, where that was looked at. */
  readonly trial: SyncReport | null
  readonly first: Syncing
  readonly onBack: () => void
}

export function FirstSyncStep({ unsaved, trial, first, onBack }: FirstSyncStepProps) {
  const { t, number } = useWords()
  const release = useRelease(first)
  const expected = trial === null ? null : trial.contacts.created + trial.contacts.updated
  const begun = first.running || first.result !== null
  return (
    <StepFrame
      title={t('connect.sync.title')}
      lead={t('connect.sync.lead')}
      onBack={begun ? undefined : onBack}
      action={
        begun ? undefined : (
          <Button
            leftSection={<IconPlayerPlay size={16} aria-hidden />}
            disabled={unsaved}
            onClick={() => first.start({})}
          >
            {t('connect.sync.start')}
          </Button>
        )
      }
    >
      {begun || !unsaved ? null : <Text c="var(--page-warn)">{t('connect.preview.unsaved')}</Text>}
      {begun || unsaved || expected === null ? null : (
        <Text>{t('connect.sync.expected', { count: expected, number: number(expected) })}</Text>
      )}
      {first.running ? (
        <>
          <RunProgress title={t('connect.sync.running')} progress={first.progress} notice={first.notice} />
          <Text fz="sm" c="dimmed">
            {t('connect.sync.mayLeave')}
          </Text>
        </>
      ) : null}
      {first.problem === null ? null : <ProblemNotice problem={first.problem} />}
      {release.problem === null ? null : (
        <ProblemNotice
          title={t('connect.sync.stillHeld')}
          problem={release.problem}
          onRetry={() => release.start({})}
        />
      )}
      {first.result === null ? null : (
        <>
          <Outcome report={first.result} />
          <WhatNow />
        </>
      )}
    </StepFrame>
  )
}

/**
 * The hold ends as soon as this sync has found the settings fit and reads: before, the server would begin one of its own,
 * and this one would wait for it without a word of how far it is.
 */
function useRelease({ progress, result }: Syncing): ReturnType<typeof useDo<'hold.end'>> {
  const release = useDo('hold.end')
  const released = useRef(false)
  const { start } = release
  const isUnderWay = (progress !== null && progress.stage !== 'check') || result !== null
  useEffect(() => {
    if (!isUnderWay || released.current) return
    released.current = true
    start({})
  }, [isUnderWay, start])
  return release
}

function Outcome({ report: { status, reason, contacts, lists, resumeAt } }: { report: SyncReport }) {
  const { t, number, dateTime } = useWords()
  const skipped = sumCounts(contacts.skipped)
  const tone = status === 'complete' ? 'good' : status === 'paused' ? 'bad' : 'warn'
  const say = (name: 'created' | 'updated' | 'unchanged' | 'skipped' | 'failed', count: number): string =>
    t(`connect.sync.count.${name}`, { count, number: number(count) })
  return (
    <Panel
      title={t(`connect.sync.ended.${status}`)}
      action={<StateLabel tone={tone}>{t(`overview.runs.status.${status}`)}</StateLabel>}
    >
      <Stack gap="sm" role="status">
        {reason === null ? null : <Quote>{reason}</Quote>}
        {resumeAt === null ? null : <Text>{t('overview.more.paused', { until: dateTime(resumeAt) })}</Text>}
        <ul className="connect-sentences" data-testid="outcome">
          <li>{say('created', contacts.created)}</li>
          {contacts.updated > 0 ? <li>{say('updated', contacts.updated)}</li> : null}
          {contacts.unchanged > 0 ? <li>{say('unchanged', contacts.unchanged)}</li> : null}
          {lists.added > 0 ? (
            <li>{t('connect.sync.count.lists', { count: lists.added, number: number(lists.added) })}</li>
          ) : null}
          {skipped > 0 ? (
            <li>
              {say('skipped', skipped)} <Skipped skipped={contacts.skipped} />
            </li>
          ) : null}
          {contacts.failed > 0 ? (
            <li>
              {say('failed', contacts.failed)}{' '}
              <Anchor component={Link} href="/failures" underline="always">
                {t('overview.seeFailures')}
              </Anchor>
            </li>
          ) : null}
        </ul>
      </Stack>
    </Panel>
  )
}

const NEXT = [
  ['contacts', '/contacts'],
  ['mapping', '/mapping'],
  ['reports', '/reports'],
  ['webhooks', '/settings/webhooks'],
] as const

function WhatNow() {
  const { t } = useWords()
  const webhooks = useLook('webhooks.list', {})
  const isReachable = webhooks.data?.publicUrl != null
  return (
    <Panel title={t('connect.sync.whatNow')}>
      <Stack component="ul" gap="sm" className="connect-next">
        {NEXT.map(([name, href]) => (
          <li key={name}>
            <Anchor component={Link} href={href} fw={550}>
              {t(`connect.sync.next.${name}`)}
            </Anchor>
            <Text fz="sm" c="dimmed">
              {name === 'webhooks' && isReachable
                ? t('connect.sync.next.webhooksReachable')
                : t(`connect.sync.next.${name}Help`)}
            </Text>
          </li>
        ))}
      </Stack>
      <Group>
        <Button component={Link} href="/">
          {t('connect.sync.toOverview')}
        </Button>
      </Group>
    </Panel>
  )
}
