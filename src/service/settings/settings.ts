/** Editing the settings where they are kept: read, saved, taken back. What both accounts say to a draft is in drafts.ts. */
import { TajoError } from '../../base/error.ts'
import { ConfigError, type LoadedConfig, toDraft } from '../../config/index.ts'
import {
  dropSaving,
  keepSaving,
  latestSaving,
  readConnection,
  type SettingsSaving,
} from '../../store/index.ts'
import type { Settings, SettingsFault, SettingsView } from '../settings-face.ts'
import type { Turns } from '../turns.ts'
import { createBrevoParts } from './brevo-parts.ts'
import { createDrafts, type DraftsContext, faultsOf } from './drafts.ts'
import { changedMeanwhile, revisionOf } from './place.ts'

export type SettingsContext = DraftsContext & {
  /** Of everything that writes settings in this process: several connections may share a file. */
  readonly saving: Turns
  /** Puts what was saved to use. */
  readonly onSaved: (connection: string) => Promise<void>
}

export function createSettings(context: SettingsContext): Settings {
  const { config, store, connection, clock, box, place, saving } = context
  /** What is written there now; the settings at work stand in for a text that does not load. */
  const readText = async (): Promise<{
    text: string | null
    loaded: LoadedConfig
    faults: SettingsFault[]
  }> => {
    const text = await place.read()
    try {
      return { text, loaded: place.load(text), faults: [] }
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error
      return { text, loaded: config, faults: faultsOf(error) }
    }
  }
  const view = async (): Promise<SettingsView> => {
    const { text, loaded, faults } = await readText()
    const revision = revisionOf(text)
    const saved = await latestSaving(store.db, connection)
    return {
      place: place.kind,
      file: place.file,
      exists: text !== null,
      revision,
      draft: toDraft(loaded.config),
      faults,
      undo: saved?.revision === revision ? { savedAt: saved.saved_at.toISOString() } : null,
    }
  }
  const readAsBased = async (base: string): Promise<string | null> => {
    const text = await place.read()
    if (revisionOf(text) !== base) throw changedMeanwhile()
    return text
  }
  const { names, forget, ...drafts } = createDrafts(context)
  return {
    read: view,
    ...drafts,
    ...createBrevoParts({ ...context, config: config.config }, forget),
    save: ({ draft, base }) =>
      saving.take({}, async () => {
        const before = await readAsBased(base)
        const after = place.apply(before, draft, names())
        place.load(after)
        if (after !== before) {
          await write(before, after)
          await context.onSaved(connection)
        }
        return view()
      }),
    undo: ({ base }) =>
      saving.take({}, async () => {
        const after = await readAsBased(base)
        const saved = await latestSaving(store.db, connection)
        if (saved === null || saved.revision !== base) throw nothingToUndo(saved)
        const before = saved.before === null ? null : await box.open(saved.before, connection)
        place.load(before)
        await place.write(after, before)
        await dropSaving(store.db, connection, saved.id)
        await context.onSaved(connection)
        return view()
      }),
  }

  /** What was there is kept first: a saving that cannot be taken back is worse than a trace of one that did not happen. */
  async function write(before: string | null, after: string): Promise<void> {
    await readConnection(store.db, connection)
    const kept = await keepSaving(store.db, connection, {
      saved_at: clock.now(),
      before: before === null ? null : await box.seal(before, connection),
      revision: revisionOf(after),
    })
    try {
      await place.write(before, after)
    } catch (error) {
      const isAsBefore = await place.read().then(
        (text) => text === before,
        () => false,
      )
      // Half written, it is all there is of the former text.
      if (isAsBefore) await dropSaving(store.db, connection, kept)
      throw error
    }
  }
}

function nothingToUndo(saved: SettingsSaving | null): TajoError {
  const why =
    saved === null
      ? 'nothing was saved here'
      : 'the settings were changed since the last saving, and what was changed then would be lost'
  return new TajoError({
    code: 'settings_nothing_to_undo',
    message: `There is nothing to take back: ${why}.`,
  })
}
