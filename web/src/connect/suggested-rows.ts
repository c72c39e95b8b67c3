/** What is suggested for two accounts as a draft, and its rows to take or leave. Pure. */
import { compareDrafts, type SettingChange } from '../mapping/compare-drafts.ts'
import { type Draft, type DraftAction, IDENTITY, type SettingsView } from '../mapping/draft-state.ts'
import type { Survey } from '../mapping/find-field.ts'

type Because = Survey['suggestion']['personMapping'][number]['because']

export type RowChoice = {
  readonly source: string
  readonly target: string
  readonly taken: boolean
  /** Null: somebody has written it. */
  readonly because: Because | null
}

/** Where settings are kept already they hold; else what the accounts suggest. */
export function suggestDraft(
  { draft, exists, undo }: Pick<SettingsView, 'draft' | 'exists' | 'undo'>,
  { suggestion }: Pick<Survey, 'suggestion'>,
): Draft {
  if (exists || undo !== null) return draft
  const { personMapping, lists, stageLists, defaultCountry } = suggestion
  const identity = { source: IDENTITY, target: IDENTITY }
  const others = personMapping.filter(({ source }) => source !== IDENTITY)
  return {
    ...draft,
    personMapping: [identity, ...others.map(({ source, target }) => ({ source, target }))],
    lists,
    stageLists: [...stageLists],
    defaultCountry: draft.defaultCountry ?? defaultCountry,
  }
}

/** What leads from one draft to another. */
export function actionsToward(from: Draft, to: Draft): readonly DraftAction[] {
  return compareDrafts(from, to).map(toAction)
}

function toAction({ kind, name, from, to }: SettingChange): DraftAction {
  switch (kind) {
    case 'row':
      if (to === null) return { type: 'removeRow', source: name }
      return { type: from === null ? 'addRow' : 'retarget', source: name, target: String(to) }
    case 'list':
      return { type: 'setList', role: name as keyof Draft['lists'], listId: to as number | null }
    case 'stage':
      return { type: 'setStage', stages: [name], listId: to as number | null }
    case 'sync':
      return { type: 'setSync', part: name as keyof Draft['sync'], on: to === true }
    case 'country':
      return { type: 'setCountry', country: to === null ? null : String(to) }
    case 'bothWays':
      return { type: 'setBothWays', on: to === true }
  }
}

/** `left`: rows that were taken out here, with the target they had; they stay in sight, to be taken again. */
export function rowChoices(
  draft: Draft,
  { suggestion }: Pick<Survey, 'suggestion'>,
  left: ReadonlyMap<string, string>,
): readonly RowChoice[] {
  const suggested = new Map(suggestion.personMapping.map((row) => [row.source, row]))
  const taken = new Map(draft.personMapping.map(({ source, target }) => [source, target]))
  const sources = new Set([IDENTITY, ...suggested.keys(), ...taken.keys(), ...left.keys()])
  return [...sources].map((source) => ({
    source,
    target: taken.get(source) ?? left.get(source) ?? suggested.get(source)?.target ?? IDENTITY,
    taken: taken.has(source),
    because: suggested.get(source)?.because ?? null,
  }))
}
