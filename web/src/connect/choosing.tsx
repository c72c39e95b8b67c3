/** The steps that need both accounts, over one draft of the settings that stays while somebody goes back and forth. */
import { type Dispatch, useEffect, useRef, useState } from 'react'
import { useDo, useLook } from '../api/use-operation.ts'
import { useWords } from '../language/use-words.ts'
import { type Draft, type DraftAction, type SettingsView, toSend } from '../mapping/draft-state.ts'
import type { Survey } from '../mapping/find-field.ts'
import { type Fault, type PlacedFaults, type Preview, placeFaults } from '../mapping/join-rows.ts'
import '../mapping/mapping.css'
import { type Drafting, useDraft } from '../mapping/use-draft.ts'
import { type Previewed, usePreview, useSurvey } from '../mapping/use-survey.ts'
import { ProblemNotice } from '../parts/problem-notice.tsx'
import { BodySkeleton } from '../parts/skeletons.tsx'
import { FirstSyncStep } from './first-sync-step.tsx'
import { ListsStep } from './lists-step.tsx'
import { MappingStep } from './mapping-step.tsx'
import { PreviewStep } from './preview-step.tsx'
import { Refusal } from './refusal.tsx'
import type { Step } from './steps.ts'
import { actionsToward, suggestDraft } from './suggested-rows.ts'

export type ChoosingProps = { readonly step: Step; readonly go: (step: Step) => void }

export function Choosing({ step, go }: ChoosingProps) {
  const read = useLook('settings.read', {})
  const survey = useSurvey({ enabled: true })
  if (read.data !== undefined && survey.data !== undefined)
    return <Drafted step={step} go={go} read={read.data} survey={survey.data} />
  if (step === 'pipedrive' || step === 'brevo') return null
  if (read.error !== null) return <ProblemNotice problem={read.error} onRetry={() => void read.refetch()} />
  if (survey.error !== null) return <Refusal problem={survey.error} onRetry={() => void survey.refetch()} />
  return <Surveying />
}

function Surveying() {
  const { t } = useWords()
  return (
    <>
      <p role="status" className="connect-asking">
        {t('connect.asking')}
      </p>
      <BodySkeleton />
    </>
  )
}

/** What the steps share. */
export type Choices = {
  readonly survey: Survey
  readonly drafting: Drafting
  readonly draft: Draft
  readonly dispatch: Dispatch<DraftAction>
  readonly previewed: Previewed
  readonly faults: PlacedFaults
  readonly errors: readonly Fault[]
}

type DraftedProps = ChoosingProps & { readonly read: SettingsView; readonly survey: Survey }

function Drafted({ step, go, read, survey }: DraftedProps) {
  const drafting = useDraft(read, { editable: true })
  const { state, dispatch, dirty, save, outcome } = drafting
  const previewed = usePreview(state.draft, { enabled: dirty || step === 'mapping' || step === 'lists' })
  const trial = useDo('sync.run')
  const first = useDo('sync.run')
  const [left, setLeft] = useState<ReadonlyMap<string, string>>(new Map())
  const [written, setWritten] = useState<Preview['diff'] | null>(null)
  const chosen = useRef<Draft | null>(null)
  useSuggestion(drafting, survey)

  const keep = (): void => {
    setWritten(previewed.preview?.diff ?? null)
    trial.reset()
    if (dirty) save()
    else trial.start({ dryRun: true })
  }
  // biome-ignore lint/correctness/useExhaustiveDependencies: it follows what became of the settings, and that once
  useEffect(() => {
    if (outcome?.kind === 'saved') trial.start({ dryRun: true })
    if (outcome?.kind !== 'undone') return
    // Taken back was the saving, not what was chosen.
    for (const action of actionsToward(state.draft, chosen.current ?? state.draft)) dispatch(action)
    trial.reset()
    go('mapping')
  }, [outcome])

  const faults = previewed.preview?.faults ?? []
  const choices: Choices = {
    survey,
    drafting,
    draft: state.draft,
    dispatch,
    previewed,
    faults: placeFaults(faults, state.draft),
    errors: previewed.current ? faults.filter(({ severity }) => severity === 'error') : [],
  }
  switch (step) {
    case 'mapping':
      return (
        <MappingStep
          choices={choices}
          left={left}
          onLeave={(source, target) => {
            setLeft(new Map(left).set(source, target))
            dispatch({ type: 'removeRow', source })
          }}
          onBack={() => go('brevo')}
          onDone={() => go('lists')}
        />
      )
    case 'lists':
      return (
        <ListsStep
          choices={choices}
          onBack={() => go('mapping')}
          onDone={() => {
            go('preview')
            keep()
          }}
        />
      )
    case 'preview':
      return (
        <PreviewStep
          choices={choices}
          written={written}
          trial={trial}
          onSave={keep}
          onUndo={() => {
            chosen.current = toSend(state.draft)
            drafting.undo()
          }}
          onBack={() => go('lists')}
          onDone={() => go('sync')}
        />
      )
    case 'sync':
      return <FirstSyncStep unsaved={dirty} trial={trial.result} first={first} onBack={() => go('preview')} />
    default:
      return null
  }
}

/** Once, and not over what this tab remembers: from then on it is what somebody chose. */
function useSuggestion({ state: { view }, dirty, dispatch }: Drafting, survey: Survey): void {
  const done = useRef(false)
  useEffect(() => {
    if (done.current) return
    done.current = true
    if (dirty) return
    for (const action of actionsToward(view.draft, suggestDraft(view, survey))) dispatch(action)
  }, [view, dirty, survey, dispatch])
}
