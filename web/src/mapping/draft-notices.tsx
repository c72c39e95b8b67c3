/** What became of the settings: saved here, taken back, or changed by somebody else meanwhile. */
import { Alert, Button, Group, Stack, Text } from '@mantine/core'
import { IconArrowBackUp, IconCircleCheck, IconUsers } from '@tabler/icons-react'
import { useEffect, useRef } from 'react'
import { useMay } from '../frame/session-context.ts'
import { useWords } from '../language/use-words.ts'
import { ProblemNotice } from '../parts/problem-notice.tsx'
import { useNow } from '../parts/use-now.ts'
import { ChangeList } from './change-list.tsx'
import { compareDrafts } from './compare-drafts.ts'
import type { Survey } from './find-field.ts'
import type { Drafting } from './use-draft.ts'

export type DraftNoticesProps = { readonly drafting: Drafting; readonly survey: Survey | null }

export function SomebodyElse({ drafting: { state, dispatch }, survey }: DraftNoticesProps) {
  const { t } = useWords()
  if (state.theirs === null) return null
  const changes = compareDrafts(state.view.draft, state.theirs.draft)
  return (
    <Alert
      role="alert"
      variant="light"
      color="yellow"
      icon={<IconUsers aria-hidden />}
      title={t('mapping.conflict.title')}
      styles={{ root: { background: 'var(--page-warn-soft)' }, title: { color: 'var(--page-warn)' } }}
    >
      <Stack gap="sm">
        <Text fz="sm">
          {t(changes.length === 0 ? 'mapping.conflict.elsewhere' : 'mapping.conflict.text')}
        </Text>
        <ChangeList changes={changes} survey={survey} />
        <Group gap="sm">
          <Button size="xs" onClick={() => dispatch({ type: 'keepMine' })}>
            {t('mapping.conflict.keepMine')}
          </Button>
          <Button size="xs" variant="default" onClick={() => dispatch({ type: 'takeTheirs' })}>
            {t('mapping.conflict.takeTheirs')}
          </Button>
        </Group>
      </Stack>
    </Alert>
  )
}

/** What was pressed to save is gone by then: whoever pressed it goes on from here. */
export function LastSaving({ drafting, survey }: DraftNoticesProps) {
  const { state, dirty, outcome, refused, running, undo } = drafting
  const { t, ago, dateTime } = useWords()
  const notice = useRef<HTMLDivElement>(null)
  useEffect(() => {
    if (outcome !== null) notice.current?.focus()
  }, [outcome])
  const mayUndo = useMay('admin')
  const now = useNow()
  const { undo: undoable } = state.view
  if (dirty || (outcome === null && undoable === null)) return null
  return (
    <Alert
      ref={notice}
      className="mapping-notice"
      role="status"
      tabIndex={-1}
      variant="light"
      color={outcome === null ? 'gray' : 'green'}
      icon={<IconCircleCheck aria-hidden />}
      title={outcome === null ? undefined : t(`mapping.outcome.${outcome.kind}`)}
      styles={{
        root: { background: outcome === null ? undefined : 'var(--page-good-soft)' },
        title: { color: 'var(--page-good)' },
      }}
    >
      <Stack gap="sm">
        {outcome === null ? null : <ChangeList changes={outcome.changes} survey={survey} />}
        {refused?.kind !== 'undo' ? null : (
          <ProblemNotice problem={refused.problem} title={t('mapping.outcome.notUndone')} />
        )}
        {undoable === null || !mayUndo ? null : (
          <Group gap="sm">
            <Text fz="sm">
              {t('mapping.outcome.savedAgo')}{' '}
              <time dateTime={undoable.savedAt} title={dateTime(undoable.savedAt)}>
                {ago(undoable.savedAt, Math.max(now, Date.parse(undoable.savedAt)))}
              </time>
            </Text>
            <Button
              size="xs"
              variant="default"
              leftSection={<IconArrowBackUp size={16} aria-hidden />}
              loading={running === 'undo'}
              onClick={undo}
            >
              {t('mapping.outcome.undo')}
            </Button>
          </Group>
        )}
      </Stack>
    </Alert>
  )
}
