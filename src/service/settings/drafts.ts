/** What both accounts say to a draft of settings. */
import { TajoError } from '../../base/error.ts'
import { ConfigError, diffSettings, type LoadedConfig, type SettingsDraft } from '../../config/index.ts'
import {
  type DraftContext,
  previewDraft,
  type SeenAccounts,
  type SettingFault,
  type SyncSettings,
  seeAccounts,
  surveyAccounts,
  tryOutDraft,
} from '../../sync/index.ts'
import { type ClientsContext, withClients } from '../clients.ts'
import type { Settings, SettingsFault } from '../settings-face.ts'
import { toSyncSettings } from '../sync-settings.ts'
import type { Names, SettingsPlace } from './place.ts'

export type DraftsContext = Omit<ClientsContext, 'config'> & {
  readonly config: LoadedConfig
  readonly place: SettingsPlace
}

/** Whoever edits asks often, and each look at the accounts costs tokens. */
const SEEN_FOR_MS = 120_000

export function createDrafts(context: DraftsContext) {
  const { config, place, clock } = context
  let seen: { readonly at: number; readonly accounts: SeenAccounts } | null = null
  let looking: Promise<SeenAccounts> | null = null
  /** Whoever asks while another looks waits for that look; should it fail, by the other's own signal perhaps, it looks itself. */
  const see = async (asking: DraftContext): Promise<SeenAccounts> => {
    for (;;) {
      if (seen !== null && clock.now().getTime() - seen.at <= SEEN_FOR_MS) return seen.accounts
      if (looking === null) return look(asking)
      await looking.catch(() => null)
      asking.signal?.throwIfAborted()
    }
  }
  const look = async (asking: DraftContext): Promise<SeenAccounts> => {
    const at = clock.now().getTime()
    const own = seeAccounts(asking)
    looking = own
    try {
      const accounts = await own
      // Forgotten meanwhile, it says no more than it did to whoever asked.
      if (looking === own) seen = { at, accounts }
      return accounts
    } finally {
      if (looking === own) looking = null
    }
  }
  const forget = (): void => {
    seen = null
    looking = null
  }
  const ask = <T>(
    settings: SyncSettings,
    signal: AbortSignal | undefined,
    work: (asking: DraftContext) => Promise<T>,
  ): Promise<T> =>
    withClients({ ...context, config: config.config }, (clients) =>
      work({ ...context, ...clients, settings, signal }),
    )

  /** The draft as it would be loaded; what does not load is as near to it as can be asked about. */
  const readDraft = async (draft: SettingsDraft) => {
    const before = await place.read()
    const after = place.apply(before, draft, names())
    const diff = diffSettings(before ?? '', after)
    try {
      const loaded = place.load(after)
      return { diff, loaded, settings: toSyncSettings(loaded.config), faults: [] }
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error
      const settings = { ...toSyncSettings(config.config), personMapping: toRows(draft) }
      return { diff, loaded: config, settings, faults: faultsOf(error) }
    }
  }
  /** Of lists and stages, for comments: as the accounts were last looked at, since a comment is worth no token. */
  const names = (): Names | undefined =>
    seen === null
      ? undefined
      : { lists: seen.accounts.accounts.lists, stages: stageNames(seen.accounts.accounts.catalogue) }
  const parts: Pick<Settings, 'survey' | 'preview' | 'tryOut'> = {
    survey: ({ signal } = {}) => {
      forget()
      return ask(toSyncSettings(config.config), signal, async (asking) =>
        surveyAccounts(asking, await see(asking)),
      )
    },
    async preview(draft, { signal } = {}) {
      const { diff, loaded, settings, faults } = await readDraft(draft)
      const preview = await ask(settings, signal, async (asking) => previewDraft(asking, await see(asking)))
      return {
        ...preview,
        changed: diff.length > 0,
        diff,
        faults: [...faults, ...preview.faults.map((fault) => withLine(loaded, fault))],
      }
    },
    async tryOut(draft, { signal, onProgress } = {}) {
      const { settings, faults } = await readDraft(draft)
      if (faults.length > 0) throw unfit(faults)
      return ask(settings, signal, async (asking) =>
        tryOutDraft({ ...asking, onProgress }, await see(asking)),
      )
    },
  }
  return { ...parts, names, forget }
}

export function faultsOf(error: ConfigError): SettingsFault[] {
  return error.faults.map(({ path, message, suggestion, line }) => ({
    path,
    severity: 'error',
    message: suggestion === undefined ? message : `${message}; did you mean "${suggestion}"?`,
    line,
  }))
}

function withLine(loaded: LoadedConfig, { path, severity, message }: SettingFault): SettingsFault {
  const place = path.startsWith('lists.') ? `connectors.pipedrive.${path}` : path
  return { path, severity, message, line: loaded.position(place)?.line ?? null }
}

function toRows({ personMapping }: SettingsDraft): SyncSettings['personMapping'] {
  return personMapping.map(({ source, target }) => ({ source, target, path: `person_mapping.${source}` }))
}

function stageNames({
  pipelines,
  stages,
}: SeenAccounts['accounts']['catalogue']): ReadonlyMap<string, string> {
  const nameOf = new Map(pipelines.map(({ id, name }) => [id, name]))
  return new Map(
    stages.map(({ id, name, pipelineId }) => [
      String(id),
      `${nameOf.get(pipelineId) ?? pipelineId} / ${name}`,
    ]),
  )
}

function unfit(faults: readonly SettingsFault[]): TajoError {
  return new TajoError({
    code: 'settings_unfit',
    disposition: 'pause',
    message: `The draft cannot be used:\n${faults.map(({ path, message }) => `  ${path}: ${message}`).join('\n')}`,
  })
}
