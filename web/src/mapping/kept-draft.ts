/** Unsaved changes as this tab remembers them: they outlive a log-in, a reload and a look at another connection. */
import { beginDraft, type DraftState, reduceDraft, type SettingsView } from './draft-state.ts'

type Kept = Pick<DraftState, 'view' | 'draft'>

/** Null: the server's own connection. */
function keyOf(connection: string | null): string {
  return `tajo-mapping-draft ${connection ?? ''}`
}

export function keepDraft(connection: string | null, { view, draft }: Kept): void {
  sessionStorage.setItem(keyOf(connection), JSON.stringify({ view, draft }))
}

export function forgetDraft(connection: string | null): void {
  sessionStorage.removeItem(keyOf(connection))
}

/** What was saved since is then somebody else's. */
export function recallDraft(connection: string | null, read: SettingsView): DraftState {
  const text = sessionStorage.getItem(keyOf(connection))
  if (text === null) return beginDraft(read)
  const kept = JSON.parse(text) as Kept
  return reduceDraft({ ...kept, theirs: null }, { type: 'seen', view: read })
}
