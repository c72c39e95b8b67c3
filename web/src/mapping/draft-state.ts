/** What a person has changed of the settings and has not saved yet, and what somebody else did meanwhile. Pure. */
import type { ResultOf } from '../../../src/wire/index.ts'
import { compareDrafts, rebaseDraft } from './compare-drafts.ts'

export type SettingsView = ResultOf<'settings.read'>
export type Draft = SettingsView['draft']
export type ListRole = keyof Draft['lists']
export type SyncPart = keyof Draft['sync']

export const IDENTITY = 'email'

export type DraftState = {
  /** What the draft is based on. */
  readonly view: SettingsView
  /** Targets are as they were typed. */
  readonly draft: Draft
  /** What somebody else has saved since; null: nobody has. */
  readonly theirs: SettingsView | null
}

export type DraftAction =
  | { readonly type: 'seen'; readonly view: SettingsView }
  | { readonly type: 'saved'; readonly view: SettingsView; readonly sent: Draft }
  | { readonly type: 'takeTheirs' }
  | { readonly type: 'keepMine' }
  | { readonly type: 'reset' }
  | { readonly type: 'addRow'; readonly source: string; readonly target: string }
  | { readonly type: 'removeRow'; readonly source: string }
  | { readonly type: 'retarget'; readonly source: string; readonly target: string }
  | { readonly type: 'setSync'; readonly part: SyncPart; readonly on: boolean }
  | { readonly type: 'setList'; readonly role: ListRole; readonly listId: number | null }
  /** `stages`: the stage as it may be written; the first that the draft has stays, else the first of all. */
  | { readonly type: 'setStage'; readonly stages: readonly string[]; readonly listId: number | null }
  | { readonly type: 'setCountry'; readonly country: string | null }
  | { readonly type: 'setBothWays'; readonly on: boolean }

export function beginDraft(view: SettingsView): DraftState {
  return { view, draft: view.draft, theirs: null }
}

export function reduceDraft(state: DraftState, action: DraftAction): DraftState {
  switch (action.type) {
    case 'seen':
      return see(state, action.view)
    case 'saved':
      return { view: action.view, draft: carryOver(state, action.sent, action.view.draft), theirs: null }
    case 'takeTheirs':
      return beginDraft(state.theirs ?? state.view)
    case 'keepMine': {
      const view = state.theirs ?? state.view
      return { view, draft: carryOver(state, state.view.draft, view.draft), theirs: null }
    }
    case 'reset':
      return { ...state, draft: state.view.draft }
    default:
      return { ...state, draft: edit(state.draft, action) }
  }
}

/** Whoever has changed nothing follows what is saved; whoever has is asked. */
function see(state: DraftState, view: SettingsView): DraftState {
  if (view.revision === state.view.revision) return { ...state, view, theirs: null }
  return isDirty(state) ? { ...state, theirs: view } : beginDraft(view)
}

/** What was changed since `base`, on what is saved now; rows that are not finished come along. */
function carryOver({ draft }: DraftState, base: Draft, saved: Draft): Draft {
  const rebased = rebaseDraft({ base, mine: toSend(draft), theirs: saved })
  const unfinished = unfinishedRows(draft).map((source) => ({ source, target: '' }))
  const finished = rebased.personMapping.filter(({ source }) => !unfinishedRows(draft).includes(source))
  return { ...rebased, personMapping: [...finished, ...unfinished] }
}

type Edit = Exclude<
  DraftAction,
  { type: 'seen' } | { type: 'saved' } | { type: 'takeTheirs' } | { type: 'keepMine' } | { type: 'reset' }
>

function edit(draft: Draft, action: Edit): Draft {
  switch (action.type) {
    case 'addRow': {
      const { source, target } = action
      if (draft.personMapping.some((row) => row.source === source)) return draft
      return { ...draft, personMapping: [...draft.personMapping, { source, target }] }
    }
    case 'removeRow':
      return {
        ...draft,
        personMapping: draft.personMapping.filter(({ source }) => source !== action.source),
      }
    case 'retarget':
      return {
        ...draft,
        personMapping: draft.personMapping.map((row) =>
          row.source === action.source ? { ...row, target: action.target } : row,
        ),
      }
    case 'setSync':
      return { ...draft, sync: { ...draft.sync, [action.part]: action.on } }
    case 'setList':
      return { ...draft, lists: { ...draft.lists, [action.role]: action.listId } }
    case 'setStage':
      return { ...draft, stageLists: withStage(draft.stageLists, action.stages, action.listId) }
    case 'setCountry':
      return { ...draft, defaultCountry: action.country }
    case 'setBothWays':
      return { ...draft, bothWays: action.on }
  }
}

function withStage(
  rows: Draft['stageLists'],
  stages: readonly string[],
  listId: number | null,
): Draft['stageLists'] {
  const written = rows.find(({ stage }) => stages.includes(stage))
  if (listId !== null && written !== undefined)
    return rows.flatMap((row) =>
      row === written ? [{ ...row, listId }] : stages.includes(row.stage) ? [] : [row],
    )
  const others = rows.filter(({ stage }) => !stages.includes(stage))
  const [stage] = stages
  return listId === null || stage === undefined ? others : [...others, { stage, listId }]
}

/** A target as the settings have it: capitals, but for the identity. */
export function toTarget(typed: string): string {
  const target = typed.trim()
  return target.toLowerCase() === IDENTITY ? IDENTITY : target.toUpperCase()
}

/** The draft as the server is asked about it: rows without a target are not finished and stay here. */
export function toSend(draft: Draft): Draft {
  return {
    ...draft,
    personMapping: draft.personMapping
      .map(({ source, target }) => ({ source, target: toTarget(target) }))
      .filter(({ target }) => target !== ''),
  }
}

export function unfinishedRows(draft: Draft): readonly string[] {
  return draft.personMapping.filter(({ target }) => target.trim() === '').map(({ source }) => source)
}

export function isDirty({ view, draft }: DraftState): boolean {
  return unfinishedRows(draft).length > 0 || compareDrafts(view.draft, toSend(draft)).length > 0
}
