/** The draft of this connection's settings and what becomes of it: saved, taken back, or refused, and then it is still here. */
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { type Dispatch, useEffect, useReducer, useState } from 'react'
import { call } from '../api/call.ts'
import type { Problem } from '../api/problem.ts'
import { useConnection } from '../api/use-operation.ts'
import { compareDrafts, type SettingChange } from './compare-drafts.ts'
import {
  beginDraft,
  type Draft,
  type DraftAction,
  type DraftState,
  isDirty,
  reduceDraft,
  type SettingsView,
  toSend,
} from './draft-state.ts'
import { forgetDraft, keepDraft, recallDraft } from './kept-draft.ts'

const CHANGED = 'settings_changed'

/** What was last done here. */
export type Outcome = { readonly kind: 'saved' | 'undone'; readonly changes: readonly SettingChange[] }

export type Drafting = {
  readonly state: DraftState
  readonly dispatch: Dispatch<DraftAction>
  readonly dirty: boolean
  readonly save: () => void
  readonly undo: () => void
  readonly running: 'save' | 'undo' | null
  /** Why the last saving or undo did not happen; that somebody else saved before is in `state`. */
  readonly refused: { readonly kind: Request['kind']; readonly problem: Problem } | null
  readonly outcome: Outcome | null
}

type Request = { readonly kind: 'save' | 'undo'; readonly base: SettingsView; readonly draft: Draft }

/** `editable`: whoever may only look has no draft, whatever this tab remembers. */
export function useDraft(read: SettingsView, { editable }: { editable: boolean }): Drafting {
  const connection = useConnection()
  const [state, dispatch] = useReducer(reduceDraft, read, (view) =>
    editable ? recallDraft(connection, view) : beginDraft(view),
  )
  const [outcome, setOutcome] = useState<Outcome | null>(null)
  const queries = useQueryClient()
  const dirty = isDirty(state)
  const { view, draft } = state
  useEffect(() => dispatch({ type: 'seen', view: read }), [read])
  useEffect(() => {
    if (!editable) return
    if (dirty) keepDraft(connection, { view, draft })
    else forgetDraft(connection)
  }, [editable, dirty, connection, view, draft])

  const key = ['operation', connection, 'settings.read', {}]
  const write = useMutation<SettingsView, Problem, Request>({
    mutationFn: ({ kind, base: { revision }, draft }) =>
      kind === 'save'
        ? call('settings.save', { draft, base: revision }, connection)
        : call('settings.undo', { base: revision }, connection),
    onMutate: () => setOutcome(null),
    onSuccess: async (view, { kind, base, draft }) => {
      // A look that began before would bring back what was there before.
      await queries.cancelQueries({ queryKey: key })
      dispatch({ type: 'saved', view, sent: draft })
      setOutcome({
        kind: kind === 'save' ? 'saved' : 'undone',
        changes: compareDrafts(base.draft, view.draft),
      })
      queries.setQueryData(key, view)
      void queries.invalidateQueries({ queryKey: ['operation'] })
      void queries.invalidateQueries({ queryKey: ['preview', connection] })
    },
    onError: ({ code }) => {
      if (code === CHANGED) void queries.invalidateQueries({ queryKey: key })
    },
  })
  const request = (kind: Request['kind']) => () =>
    write.mutate({ kind, base: state.view, draft: toSend(state.draft) })
  return {
    state,
    dispatch,
    dirty,
    save: request('save'),
    undo: request('undo'),
    running: write.isPending ? write.variables.kind : null,
    refused:
      write.error === null || (write.error.code === CHANGED && write.variables.kind === 'save')
        ? null
        : { kind: write.variables.kind, problem: write.error },
    outcome,
  }
}
