/** Whether two drafts, or two configurations beside what a draft says, mean the same. Places in the text count for nothing. */
import type { Config } from '../config.ts'
import { IDENTITY_TARGET } from '../config.ts'
import type { LoadedConnections } from '../load.ts'
import { toStageKey } from '../stage-mapping.ts'
import type { SettingsDraft } from './settings-draft.ts'

/** As the configuration would have it: attributes in capitals, the identity among them. */
export function tidyDraft(draft: SettingsDraft): SettingsDraft {
  const rows = draft.personMapping.map(({ source, target }) => ({
    source,
    target: target.toLowerCase() === IDENTITY_TARGET ? IDENTITY_TARGET : target.toUpperCase(),
  }))
  const hasIdentity = rows.some(({ target }) => target === IDENTITY_TARGET)
  return {
    ...draft,
    personMapping: hasIdentity ? rows : [{ source: 'email', target: IDENTITY_TARGET }, ...rows],
    defaultCountry: draft.defaultCountry?.toUpperCase() ?? null,
  }
}

export function isSameDraft(one: SettingsDraft, other: SettingsDraft): boolean {
  return draftText(one) === draftText(other)
}

/** Everything but what a draft says of the connection `edited`. */
export function hasSameRest(one: LoadedConnections, other: LoadedConnections, edited: string): boolean {
  return restText(one, edited) === restText(other, edited)
}

/** One stage in two spellings is the same stage. */
export function stageIdentity(key: string): string {
  return JSON.stringify(toStageKey(key) ?? key)
}

function draftText({
  personMapping,
  sync,
  lists,
  stageLists,
  defaultCountry,
  bothWays,
}: SettingsDraft): string {
  return JSON.stringify([
    personMapping.map(({ source, target }) => [source, target]),
    [sync.persons, sync.deals, sync.organizations, sync.activities, sync.leads],
    [lists.allContacts, lists.qualifiedLeads, lists.customers, lists.churned],
    stageLists.map(({ stage, listId }) => [stageIdentity(stage), listId]),
    defaultCountry,
    bothWays,
  ])
}

function restText({ server, connections }: LoadedConnections, edited: string): string {
  const configs = [...connections].map(([name, { config }]) => [
    name,
    name === edited ? restOf(config) : config,
  ])
  return JSON.stringify([server, configs], (key, value) =>
    ['path', 'line', 'column', 'position'].includes(key) ? undefined : value,
  )
}

function restOf(config: Config) {
  const { personMapping: _, dealStageMapping: __, reverseSync, pipedrive, ...rest } = config
  const { sync: ___, lists: ____, defaultCountry: _____, ...others } = pipedrive
  return { ...rest, pipedrive: others, reverseSync: { ...reverseSync, enabled: null } }
}
