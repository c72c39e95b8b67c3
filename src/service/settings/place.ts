/** Where the settings of a connection are kept: a file of its own or shared with others, or the store. */
import { createHash } from 'node:crypto'
import { rm } from 'node:fs/promises'
import { TajoError } from '../../base/error.ts'
import {
  type ApplyOptions,
  applyDraft,
  type LoadedConfig,
  readSource,
  type SettingsDraft,
} from '../../config/index.ts'
import { listStoredConnections, replaceConnectionSettings, type Store } from '../../store/index.ts'
import type { SecretBox } from '../secrets.ts'
import { codeOf, HalfWritten, replaceFile } from './replace-file.ts'

export type SettingsPlace = {
  readonly kind: 'file' | 'store'
  /** The path of the file, there or not; null for the store. */
  readonly file: string | null
  /** Null where nothing is kept yet. Throws ConfigError for what is no text. */
  read(): Promise<string | null>
  /** Puts `after` in the place of `before`; null: nothing. Throws `settings_changed`, `config_unwritable`, `config_half_written`. */
  write(before: string | null, after: string | null): Promise<void>
  /** The connection as this text describes it. Throws ConfigError, `connection_unknown`. */
  load(text: string | null): LoadedConfig
  /** The text with the draft in it; everything else of it as it was. Throws `settings_not_editable`. */
  apply(text: string | null, draft: SettingsDraft, names?: Names): string
}

/** They become comments. */
export type Names = Pick<ApplyOptions, 'lists' | 'stages'>

type Loading = Pick<SettingsPlace, 'load'> & {
  /** What `${NAME}` stands for. */
  readonly variables: Readonly<Record<string, string | undefined>>
}

/** Names a text without telling what is in it. */
export function revisionOf(text: string | null): string {
  return text === null ? 'none' : createHash('sha256').update(text).digest('hex').slice(0, 24)
}

/** `within`: the name under which a file with several connections has it; null where it is about this one only. */
export function createFilePlace(
  file: string,
  within: string | null,
  { load, variables }: Loading,
): SettingsPlace {
  return {
    kind: 'file',
    file,
    apply: (text, draft, names) => applyDraft(text ?? '', within, draft, { ...names, variables }),
    read: async () => readSource(file, file),
    load,
    async write(before, after) {
      if (readSource(file, file) !== before) throw changedMeanwhile()
      try {
        if (after === null) await rm(file)
        else await replaceFile(file, before, after)
      } catch (error) {
        throw unwritable(file, error)
      }
    },
  }
}

export function createStorePlace(
  store: Store,
  box: SecretBox,
  name: string,
  { load, variables }: Loading,
): SettingsPlace {
  const sealed = async (): Promise<string> => {
    const kept = (await listStoredConnections(store.db)).find((one) => one.name === name)
    if (kept === undefined) throw changedMeanwhile()
    return kept.settings
  }
  return {
    kind: 'store',
    file: null,
    // The template is for people who open a file.
    apply: (text, draft, names) =>
      applyDraft(text ?? '', null, draft, { ...names, variables, blank: 'bare' }),
    read: async () => box.open(await sealed(), name),
    load,
    async write(before, after) {
      const settings = await sealed()
      if ((await box.open(settings, name)) !== before || after === null) throw changedMeanwhile()
      const isReplaced = await replaceConnectionSettings(
        store.db,
        { name, settings },
        await box.seal(after, name),
      )
      if (!isReplaced) throw changedMeanwhile()
    },
  }
}

export function changedMeanwhile(): TajoError {
  return new TajoError({
    code: 'settings_changed',
    message:
      'The settings were changed by somebody else since they were read. Nothing was written: read them again, and make the change anew.',
  })
}

function unwritable(file: string, error: unknown): TajoError {
  if (error instanceof HalfWritten) {
    return new TajoError({
      code: 'config_half_written',
      message: `${file} could be written in part only (${error.message}), and its former text could not be put back: put it right by hand before the server is started again.`,
      cause: error,
    })
  }
  return new TajoError({
    code: 'config_unwritable',
    message: `${file} cannot be written (${codeOf(error)}): its directory has to be there, and writable for the user that runs the server. Nothing was changed.`,
    cause: error,
  })
}
