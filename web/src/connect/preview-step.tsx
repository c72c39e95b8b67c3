/** The settings as they were written, and what a sync would do with them. Nothing is sent yet, and the saving can be taken back. */
import { Button, Group, Loader, Stack, Text } from '@mantine/core'
import { IconArrowBackUp, IconPlayerPlay } from '@tabler/icons-react'
import type { ResultOf } from '../../../src/wire/index.ts'
import type { useDo } from '../api/use-operation.ts'
import { sumCounts } from '../format/sum-counts.ts'
import { useWords } from '../language/use-words.ts'
import { SomebodyElse } from '../mapping/draft-notices.tsx'
import type { Survey } from '../mapping/find-field.ts'
import type { Preview } from '../mapping/join-rows.ts'
import { LineDiff } from '../mapping/line-diff.tsx'
import { ChangesTable } from '../overview/changes-table.tsx'
import { RunProgress } from '../overview/run-progress.tsx'
import { Panel } from '../parts/panel.tsx'
import { ProblemNotice } from '../parts/problem-notice.tsx'
import { Quote } from '../parts/server-words.tsx'
import type { Choices } from './choosing.tsx'
import { StepFrame } from './step-frame.tsx'

/** The id of a list that a trial run only would create. */
const TO_BE_CREATED = 0

export type Syncing = ReturnType<typeof useDo<'sync.run'>>
export type SyncReport = ResultOf<'sync.run'>

export type PreviewStepProps = {
  readonly choices: Choices
  /** Null: nothing was saved since the page was loaded. */
  readonly written: Preview['diff'] | null
  readonly trial: Syncing
  readonly onSave: () => void
  readonly onUndo: () => void
  readonly onBack: () => void
  readonly onDone: () => void
}

export function PreviewStep({ choices, written, trial, onSave, onUndo, onBack, onDone }: PreviewStepProps) {
  const { t } = useWords()
  const { survey, drafting, previewed, errors } = choices
  const { state, dirty, running, refused } = drafting
  const isSaved = !dirty && running !== 'save'
  const isUnsaved = dirty && running === null && state.theirs === null && refused === null
  return (
    <StepFrame
      title={t('connect.preview.title')}
      lead={t('connect.preview.lead')}
      onBack={onBack}
      action={
        <Button onClick={onDone} disabled={!isSaved || trial.running}>
          {t('connect.next')}
        </Button>
      }
    >
      <SomebodyElse drafting={drafting} survey={survey} />
      <Panel
        title={t('connect.preview.written')}
        note={
          state.view.file === null
            ? t('connect.preview.inStore')
            : t('connect.preview.inFile', { file: state.view.file })
        }
        action={
          isSaved && state.view.undo !== null ? (
            <Button
              size="xs"
              variant="default"
              leftSection={<IconArrowBackUp size={16} aria-hidden />}
              loading={running === 'undo'}
              disabled={trial.running}
              onClick={onUndo}
            >
              {t('connect.preview.undo')}
            </Button>
          ) : null
        }
      >
        {running === 'save' ? (
          <Group gap="sm" role="status">
            <Loader size="xs" aria-hidden />
            <Text fz="sm">{t('connect.preview.saving')}</Text>
          </Group>
        ) : null}
        {refused === null ? null : refused.kind === 'save' ? (
          <ProblemNotice problem={refused.problem} title={t('mapping.review.notSaved')} onRetry={onSave} />
        ) : (
          <ProblemNotice problem={refused.problem} title={t('mapping.outcome.notUndone')} />
        )}
        {isSaved && written !== null && written.length > 0 ? (
          <details className="connect-more" open>
            <summary>{t('connect.preview.lines')}</summary>
            <LineDiff lines={written} />
          </details>
        ) : null}
        {isSaved && (written === null || written.length === 0) ? (
          <Text fz="sm" c="dimmed">
            {t('connect.preview.nothingToSave')}
          </Text>
        ) : null}
        {isUnsaved ? (
          <Group gap="sm">
            <Text fz="sm">{t('connect.preview.unsaved')}</Text>
            <Button size="xs" disabled={!previewed.current || errors.length > 0} onClick={onSave}>
              {t('connect.preview.save')}
            </Button>
          </Group>
        ) : null}
      </Panel>
      {trial.running ? (
        <RunProgress title={t('connect.preview.running')} progress={trial.progress} notice={trial.notice} />
      ) : null}
      {trial.problem === null ? null : (
        <ProblemNotice problem={trial.problem} onRetry={() => trial.start({ dryRun: true })} />
      )}
      {trial.result === null ? null : <Outlook report={trial.result} survey={survey} />}
      {isSaved && !trial.running && trial.result === null && trial.problem === null ? (
        <Group>
          <Button
            variant="default"
            leftSection={<IconPlayerPlay size={16} aria-hidden />}
            onClick={() => trial.start({ dryRun: true })}
          >
            {t('connect.preview.run')}
          </Button>
        </Group>
      ) : null}
    </StepFrame>
  )
}

function Outlook({ report, survey }: { report: SyncReport; survey: Survey }) {
  const { t, number, list } = useWords()
  const { contacts, preview, status, reason } = report
  const attributes = preview?.attributes ?? []
  const changes = preview?.changes ?? []
  const skipped = sumCounts(contacts.skipped)
  const listName = (id: number): string =>
    survey.brevo.lists.find((one) => one.id === id)?.name ??
    (id === TO_BE_CREATED ? preview?.lists[0] : undefined) ??
    t('mapping.list.id', { id })
  const say = (name: 'created' | 'updated' | 'unchanged' | 'skipped' | 'failed', count: number): string =>
    t(`connect.preview.count.${name}`, { count, number: number(count) })
  return (
    <Panel title={t('connect.preview.outlook')} note={t('connect.preview.nothingSent')}>
      <Stack gap="md" role="status">
        {status === 'complete' || reason === null ? null : <Quote>{reason}</Quote>}
        <ul className="connect-sentences" data-testid="outlook">
          <li>{say('created', contacts.created)}</li>
          <li>{say('updated', contacts.updated)}</li>
          {contacts.unchanged > 0 ? <li>{say('unchanged', contacts.unchanged)}</li> : null}
          {skipped > 0 ? (
            <li>
              {say('skipped', skipped)} <Skipped skipped={contacts.skipped} />
            </li>
          ) : null}
          {contacts.failed > 0 ? <li>{say('failed', contacts.failed)}</li> : null}
          {attributes.length > 0 ? (
            <li>
              {t('connect.preview.count.attributes', {
                count: attributes.length,
                number: number(attributes.length),
                names: list(attributes.map(({ name }) => name)),
              })}
            </li>
          ) : null}
          {preview !== undefined && preview.lists.length > 0 ? (
            <li>{t('connect.preview.count.lists', { names: list(preview.lists) })}</li>
          ) : null}
          {preview !== undefined && preview.persons.length > 0 ? (
            <li>
              {t('connect.preview.count.persons', {
                count: preview.persons.length,
                number: number(preview.persons.length),
              })}
            </li>
          ) : null}
        </ul>
      </Stack>
      {changes.length === 0 ? null : <ChangesTable changes={changes} shown={10} listName={listName} />}
    </Panel>
  )
}

export function Skipped({ skipped }: Pick<SyncReport['contacts'], 'skipped'>) {
  const { number, lookUp } = useWords()
  return Object.entries(skipped)
    .filter(([, count]) => count > 0)
    .map(([name, count]) => `${lookUp(`overview.skipped.${name}`) ?? name}: ${number(count)}`)
    .join(' · ')
}
