/** Unsaved changes as this tab remembers them: they outlive a log-in and a reload, and are gone with the tab. */
import { beginDraft, type DraftState, reduceDraft, type SettingsView } from './draft-state.ts'

const KEPT_AS = 'tajo-mapping-draft'

type Kept = Pick<DraftState, 'view' | 'draft'> & { readonly connection: string | null }

export function keepDraft({ connection, view, draft }: Kept): void {
  sessionStorage.setItem(KEPT_AS, JSON.stringify({ connection, view, draft }))
}

export function forgetDraft(): void {
  sessionStorage.removeItem(KEPT_AS)
}

/** What was saved since is then somebody else's. */
export function recallDraft(connection: string | null, read: SettingsView): DraftState {
  const text = sessionStorage.getItem(KEPT_AS)
  const kept = text === null ? null : (JSON.parse(text) as Kept)
  if (kept === null || kept.connection !== connection) return beginDraft(read)
  return reduceDraft({ view: kept.view, draft: kept.draft, theirs: null }, { type: 'seen', view: read })
}
