/** Drafts setting by setting: what differs between two, and one person's changes put onto another's. Pure. */
import type { Draft } from './draft-state.ts'

export type SettingKind = 'row' | 'sync' | 'list' | 'stage' | 'country' | 'bothWays'
export type SettingValue = string | number | boolean | null

export type SettingChange = {
  readonly kind: SettingKind
  /** The source, the stage, the part or the role; empty where there is one only. */
  readonly name: string
  /** Null: not set. */
  readonly from: SettingValue
  readonly to: SettingValue
}

/** In the order of `after`, and what is no longer there at the end. */
export function compareDrafts(before: Draft, after: Draft): readonly SettingChange[] {
  const from = toEntries(before)
  const to = toEntries(after)
  return [...new Set([...to.keys(), ...from.keys()])].flatMap((key): SettingChange[] => {
    const change = { from: from.get(key) ?? null, to: to.get(key) ?? null }
    if (change.from === change.to) return []
    const [kind = '', ...name] = key.split(':')
    return [{ kind: kind as SettingKind, name: name.join(':'), ...change }]
  })
}

/** What I changed since `base` goes onto theirs; everything else is as theirs. Where both changed one setting, mine stays. */
export function rebaseDraft({
  base,
  mine,
  theirs,
}: Readonly<Record<'base' | 'mine' | 'theirs', Draft>>): Draft {
  const entries = toEntries(theirs)
  for (const { kind, name, to } of compareDrafts(base, mine)) {
    const key = `${kind}:${name}`
    if (to === null) entries.delete(key)
    else entries.set(key, to)
  }
  return fromEntries(entries)
}

function toEntries(draft: Draft): Map<string, Exclude<SettingValue, null>> {
  const entries: [string, SettingValue][] = [
    ...draft.personMapping.map(({ source, target }): [string, string] => [`row:${source}`, target]),
    ...Object.entries(draft.lists).map(([role, id]): [string, number | null] => [`list:${role}`, id]),
    ...draft.stageLists.map(({ stage, listId }): [string, number] => [`stage:${stage}`, listId]),
    ['country:', draft.defaultCountry],
    ...Object.entries(draft.sync).map(([part, on]): [string, boolean] => [`sync:${part}`, on]),
    ['bothWays:', draft.bothWays],
  ]
  return new Map(entries.filter((entry): entry is [string, Exclude<SettingValue, null>] => entry[1] !== null))
}

function fromEntries(entries: ReadonlyMap<string, SettingValue>): Draft {
  const listOf = (role: string): number | null => (entries.get(`list:${role}`) as number | undefined) ?? null
  const isOn = (key: string): boolean => entries.get(key) === true
  const named = (kind: SettingKind): [string, SettingValue][] =>
    [...entries].flatMap(([key, value]): [string, SettingValue][] =>
      key.startsWith(`${kind}:`) ? [[key.slice(kind.length + 1), value]] : [],
    )
  return {
    personMapping: named('row').map(([source, target]) => ({ source, target: String(target) })),
    sync: {
      persons: isOn('sync:persons'),
      deals: isOn('sync:deals'),
      organizations: isOn('sync:organizations'),
      activities: isOn('sync:activities'),
      leads: isOn('sync:leads'),
    },
    lists: {
      allContacts: listOf('allContacts'),
      qualifiedLeads: listOf('qualifiedLeads'),
      customers: listOf('customers'),
      churned: listOf('churned'),
    },
    stageLists: named('stage').map(([stage, listId]) => ({ stage, listId: Number(listId) })),
    defaultCountry: (entries.get('country:') as string | undefined) ?? null,
    bothWays: isOn('bothWays:'),
  }
}
