/** Before a draft is saved: what stands in its way, its lines in the file, and what it would change in Brevo. */
import { Anchor, Button, Group, Stack, Text, Title } from '@mantine/core'
import { useDo } from '../api/use-operation.ts'
import { useMay } from '../frame/session-context.ts'
import { useWords } from '../language/use-words.ts'
import { RunProgress } from '../overview/run-progress.tsx'
import { Panel } from '../parts/panel.tsx'
import { ProblemNotice } from '../parts/problem-notice.tsx'
import { SomebodyElse } from './draft-notices.tsx'
import { toSend, unfinishedRows } from './draft-state.ts'
import type { Survey } from './find-field.ts'
import { type Fault, placeFaults } from './join-rows.ts'
import { LineDiff } from './line-diff.tsx'
import { targetId } from './mapping-row.tsx'
import { TrialResult } from './trial-result.tsx'
import type { Drafting } from './use-draft.ts'
import { useSourceLabel } from './use-field-label.ts'
import type { Previewed } from './use-survey.ts'

export type ReviewPanelProps = {
  readonly drafting: Drafting
  readonly previewed: Previewed
  readonly survey: Survey
}

export function ReviewPanel({ drafting, previewed, survey }: ReviewPanelProps) {
  const { t } = useWords()
  const maySave = useMay('admin')
  const { state, dispatch, save, running, refused } = drafting
  const { preview, current } = previewed
  const unfinished = unfinishedRows(state.draft)
  const errors = preview?.faults.filter(({ severity }) => severity === 'error') ?? []
  const fit = current && errors.length === 0 && unfinished.length === 0
  const trial = useDo('settings.tryOut')
  const draft = toSend(state.draft)
  const ofThis = trial.params !== null && JSON.stringify(trial.params.draft) === JSON.stringify(draft)
  return (
    <Panel title={t('mapping.review.title')} note={t('mapping.review.note')}>
      <Stack gap="md" id="mapping-review" tabIndex={-1}>
        <SomebodyElse drafting={drafting} survey={survey} />
        <Blocking errors={errors} unfinished={unfinished} drafting={drafting} survey={survey} />
        {previewed.problem === null ? null : (
          <ProblemNotice problem={previewed.problem} onRetry={previewed.retry} />
        )}
        {preview === null || preview.diff.length === 0 ? null : (
          <div>
            <Title order={3} mb={4}>
              {t('mapping.review.diff')}
            </Title>
            <LineDiff lines={preview.diff} />
          </div>
        )}
        {trial.running ? (
          <RunProgress title={t('mapping.trial.running')} progress={trial.progress} notice={trial.notice} />
        ) : null}
        {trial.problem === null ? null : <ProblemNotice problem={trial.problem} />}
        {trial.result !== null && ofThis ? <TrialResult trial={trial.result} survey={survey} /> : null}
        {trial.result !== null && !ofThis && !trial.running ? (
          <Text fz="sm" c="dimmed">
            {t('mapping.trial.stale')}
          </Text>
        ) : null}
        {refused?.kind !== 'save' ? null : (
          <ProblemNotice problem={refused.problem} title={t('mapping.review.notSaved')} />
        )}
        <Group gap="sm">
          {maySave ? (
            <Button disabled={!fit || state.theirs !== null} loading={running === 'save'} onClick={save}>
              {t('mapping.review.save')}
            </Button>
          ) : null}
          <Button
            variant="default"
            disabled={!fit}
            loading={trial.running}
            onClick={() => trial.start({ draft })}
          >
            {t('mapping.review.tryOut')}
          </Button>
          <Button variant="subtle" onClick={() => dispatch({ type: 'reset' })}>
            {t('mapping.review.discard')}
          </Button>
          <Text fz="sm" c="dimmed" role="status">
            {current || previewed.problem !== null ? '' : t('mapping.review.checking')}
          </Text>
        </Group>
        {maySave ? null : (
          <Text fz="sm" c="dimmed">
            {t('mapping.previewOnly')}
          </Text>
        )}
      </Stack>
    </Panel>
  )
}

type BlockingProps = {
  readonly errors: readonly Fault[]
  readonly unfinished: readonly string[]
  readonly drafting: Drafting
  readonly survey: Survey
}

/** Named row by row, each a way to where it can be mended. */
function Blocking({ errors, unfinished, drafting: { state }, survey }: BlockingProps) {
  const { t } = useWords()
  const { ofRow } = placeFaults(errors, state.draft)
  const inRows = [...ofRow].flatMap(([source, faults]) => faults.map((fault) => ({ source, fault })))
  const elsewhere = errors.filter((error) => inRows.every(({ fault }) => fault !== error))
  if (errors.length + unfinished.length === 0) return null
  return (
    <div role="alert" className="page-state mapping-blocked" data-tone="bad">
      <Text fw={600}>{t('mapping.review.blocked')}</Text>
      <ul className="mapping-changes">
        {unfinished.map((source) => (
          <li key={source}>
            <ToRow source={source} survey={survey} /> {t('mapping.rows.unfinished')}
          </li>
        ))}
        {inRows.map(({ source, fault }) => (
          <li key={`${source} ${fault.message}`}>
            <ToRow source={source} survey={survey} /> <span lang="en">{fault.message}</span>
          </li>
        ))}
        {elsewhere.map(({ path, message }) => (
          <li key={`${path} ${message}`}>
            <span className="page-value">{path}</span> <span lang="en">{message}</span>
          </li>
        ))}
      </ul>
    </div>
  )
}

function ToRow({ source, survey }: { source: string; survey: Survey }) {
  const sourceName = useSourceLabel(survey.pipedrive.fields)
  return (
    <Anchor
      component="button"
      type="button"
      fz="sm"
      fw={550}
      underline="always"
      onClick={() => document.getElementById(targetId(source))?.focus()}
    >
      {sourceName(source)}
    </Anchor>
  )
}
