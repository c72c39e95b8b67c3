/** What a person edits of a connection's settings without a file. Credentials and addresses are no part of it. */
import type { Config } from '../config.ts'

/** Everything else of the settings stays as it is. */
export type SettingsDraft = {
  /** In the order of the file. The identity `email: email` is always part of it. */
  readonly personMapping: readonly { readonly source: string; readonly target: string }[]
  readonly sync: {
    readonly persons: boolean
    readonly deals: boolean
    readonly organizations: boolean
    readonly activities: boolean
    readonly leads: boolean
  }
  readonly lists: {
    readonly allContacts: number | null
    readonly qualifiedLeads: number | null
    readonly customers: number | null
    readonly churned: number | null
  }
  /** The stage as a key of `deal_stage_mapping`: `3`, `Sales/Proposal made`, `won`, `lost`. */
  readonly stageLists: readonly { readonly stage: string; readonly listId: number }[]
  /** ISO 3166 alpha-2, upper case. */
  readonly defaultCountry: string | null
  /** `reverse_sync.enabled`. */
  readonly bothWays: boolean
}

/** The settings in effect: what a switched-off skill takes away is not in it. */
export function toDraft(config: Config): SettingsDraft {
  const { pipedrive, personMapping, dealStageMapping, reverseSync } = config
  return {
    personMapping: personMapping.map(({ source, target }) => ({ source, target })),
    sync: { ...pipedrive.sync },
    lists: { ...pipedrive.lists },
    stageLists: dealStageMapping.map(({ key, listId }) => ({ stage: key, listId })),
    defaultCountry: pipedrive.defaultCountry,
    bothWays: reverseSync.enabled,
  }
}
