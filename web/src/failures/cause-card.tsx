/** One cause: how many records have it, what the service says, what to do, and what can be done here. */
import { Button, Group, Stack } from '@mantine/core'
import { useState } from 'react'
import type { ResultOf } from '../../../src/wire/index.ts'
import { useMay } from '../frame/session-context.ts'
import { useCodeWords } from '../language/use-code-words.ts'
import { useWords } from '../language/use-words.ts'
import { Panel } from '../parts/panel.tsx'
import { StateLabel } from '../parts/state-label.tsx'
import { DiscardButton } from './discard-button.tsx'
import { FailureTable } from './failure-table.tsx'
import { FailureText } from './failure-text.tsx'
import type { Selection } from './failures-view.tsx'
import { RetryButton } from './retry-button.tsx'

export type Cause = ResultOf<'failures.causes'>[number]

export type CauseCardProps = {
  readonly cause: Cause
  readonly first: boolean
  readonly retrying: boolean
  readonly onRetry: (selection: Selection) => void
}

export function CauseCard({ cause, first, retrying, onRetry }: CauseCardProps) {
  const { t, number, ago } = useWords()
  const mayOperate = useMay('operate')
  const [shown, setShown] = useState(first)
  const { code, open, discarded, since, example } = cause
  const { title } = useCodeWords()(example)
  return (
    <Panel
      title={title}
      note={[
        t('failures.since', { ago: ago(since) }),
        t(example.disposition === 'retry' ? 'failures.again' : 'failures.notAgain'),
      ].join(' · ')}
      action={
        <Group gap="xs">
          {open === 0 ? null : (
            <StateLabel tone="bad">{t('failures.records', { count: open, number: number(open) })}</StateLabel>
          )}
          {discarded === 0 ? null : (
            <StateLabel tone="none">
              {t('failures.discardedRecords', { number: number(discarded) })}
            </StateLabel>
          )}
        </Group>
      }
    >
      <Stack gap="md">
        <FailureText failure={example} titled />
        <Group gap="sm">
          <Button variant="default" size="sm" aria-expanded={shown} onClick={() => setShown(!shown)}>
            {t(shown ? 'failures.hide' : 'failures.show')}
          </Button>
          {mayOperate && open > 0 ? (
            <>
              <RetryButton
                selection={{ code }}
                count={open}
                label={t('failures.retryCause')}
                variant="light"
                size="sm"
                disabled={retrying}
                onRetry={onRetry}
              />
              <DiscardButton selection={{ code }} count={open} label={t('failures.discardCause')} />
            </>
          ) : null}
          {mayOperate && discarded > 0 ? (
            <RetryButton
              selection={{ code, withDiscarded: true }}
              count={open + discarded}
              label={t(open === 0 ? 'failures.retryDiscarded' : 'failures.retryWithDiscarded')}
              variant="subtle"
              size="sm"
              disabled={retrying}
              onRetry={onRetry}
            />
          ) : null}
        </Group>
        {shown ? (
          <FailureTable code={code} withDiscarded={open === 0} retrying={retrying} onRetry={onRetry} />
        ) : null}
      </Stack>
    </Panel>
  )
}
