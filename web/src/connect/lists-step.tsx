/** Who goes on which Brevo list, by names: by what a contact is, and by the stage of its deals. */
import { Button } from '@mantine/core'
import { useWords } from '../language/use-words.ts'
import { unfinishedRows } from '../mapping/draft-state.ts'
import { ListsPanel } from '../mapping/lists-panel.tsx'
import { ProblemList } from '../mapping/problem-list.tsx'
import { StagesPanel } from '../mapping/stages-panel.tsx'
import { ProblemNotice } from '../parts/problem-notice.tsx'
import type { Choices } from './choosing.tsx'
import { StepFrame } from './step-frame.tsx'

export type ListsStepProps = {
  readonly choices: Choices
  readonly onBack: () => void
  readonly onDone: () => void
}

export function ListsStep({ choices, onBack, onDone }: ListsStepProps) {
  const { t } = useWords()
  const { survey, draft, dispatch, previewed, faults, errors } = choices
  const isBarred = errors.length > 0 || unfinishedRows(draft).length > 0
  const elsewhere = errors.filter(
    (error) => ![...faults.ofList.values(), ...faults.ofStage.values()].flat().includes(error),
  )
  return (
    <StepFrame
      title={t('connect.lists.title')}
      lead={t('connect.lists.lead')}
      onBack={onBack}
      action={
        <Button
          onClick={onDone}
          loading={!previewed.current && previewed.problem === null}
          disabled={isBarred || !previewed.current}
        >
          {t('connect.lists.save')}
        </Button>
      }
      barred={isBarred ? t('connect.mapping.barred') : null}
    >
      {previewed.problem === null ? null : (
        <ProblemNotice problem={previewed.problem} onRetry={previewed.retry} />
      )}
      <ProblemList problems={elsewhere} />
      <ListsPanel draft={draft} survey={survey} faults={faults.ofList} dispatch={dispatch} />
      <StagesPanel draft={draft} survey={survey} faults={faults.ofStage} dispatch={dispatch} />
    </StepFrame>
  )
}
