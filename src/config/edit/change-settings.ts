/** What a draft changes in the settings that are not mappings: switches, lists, the country. Defaults are not added. */
import type { Editing } from './apply-draft.ts'
import type { MapChange } from './rewrite-map.ts'
import { orderIn, withEntry } from './setting-order.ts'
import type { Wanted } from './wanted-entries.ts'
import { type Literal, noteWords } from './write-yaml.ts'

const PIPEDRIVE = ['connectors', 'pipedrive']
const SWITCHES = ['persons', 'deals', 'organizations', 'activities', 'leads'] as const
const LISTS = [
  ['all_contacts', 'allContacts'],
  ['qualified_leads', 'qualifiedLeads'],
  ['customers', 'customers'],
  ['churned', 'churned'],
] as const

export function syncChange({ base, before, after }: Editing): MapChange | null {
  const changed = SWITCHES.filter((name) => before.sync[name] !== after.sync[name])
  const entryOf = (name: (typeof SWITCHES)[number]): Wanted => ({ key: name, value: after.sync[name] })
  return block(base, [...PIPEDRIVE, 'sync'], changed.map(entryOf), () =>
    SWITCHES.filter((name) => !after.sync[name] || changed.includes(name)).map(entryOf),
  )
}

export function listsChange({ base, before, after, options }: Editing): MapChange | null {
  const entries = LISTS.map(([key, name]) => {
    const [old, id] = [before.lists[name], after.lists[name]]
    const note = id === null ? undefined : noteWords(options.lists?.get(id))
    const staleNote = old === null ? undefined : noteWords(options.lists?.get(old))
    return { isChanged: old !== id, entry: { key, value: id ?? undefined, note, staleNote } }
  })
  const changed = entries.flatMap(({ isChanged, entry }) => (isChanged ? [entry] : []))
  return block(base, [...PIPEDRIVE, 'lists'], changed, () =>
    entries.flatMap(({ entry }) => (entry.value === undefined ? [] : [entry])),
  )
}

export function countryChange({ base, isShared, before, after }: Editing): MapChange | null {
  if (before.defaultCountry === after.defaultCountry) return null
  const value = after.defaultCountry
  return setting(base, PIPEDRIVE, 'default_country', (written) => {
    if (value !== null) return value
    // Nothing written would let the common setting through, and an emptied block all of them.
    const isAlone = base.length > 0 && written.length === 1
    return isAlone || isShared([...PIPEDRIVE, 'default_country']) ? null : undefined
  })
}

export function bothWaysChange({ base, before, after }: Editing): MapChange | null {
  if (before.bothWays === after.bothWays) return null
  return setting(base, ['reverse_sync'], 'enabled', () => after.bothWays)
}

/** Some entries of a block; `all` are those of a block that is not there yet. An entry without a value goes. */
function block(
  base: readonly string[],
  path: readonly string[],
  changed: readonly Wanted[],
  all: () => readonly Wanted[],
): MapChange | null {
  if (changed.length === 0) return null
  const orderOf = orderIn(base)
  const full = [...base, ...path]
  const entries = (written: readonly string[]): readonly Wanted[] =>
    written.length === 0
      ? all()
      : changed.reduce((rows, entry) => changedIn(rows, entry, orderOf(full)), kept(written))
  return { path: full, isOrdered: false, entries, orderOf }
}

/** One setting of a block; undefined takes it away. */
function setting(
  base: readonly string[],
  path: readonly string[],
  key: string,
  valueFor: (written: readonly string[]) => Literal | undefined,
): MapChange {
  const orderOf = orderIn(base)
  const full = [...base, ...path]
  const entries = (written: readonly string[]): readonly Wanted[] =>
    changedIn(kept(written), { key, value: valueFor(written), isQuoted: true }, orderOf(full))
  return { path: full, isOrdered: false, entries, orderOf }
}

function changedIn(rows: readonly Wanted[], entry: Wanted, order: readonly string[]): readonly Wanted[] {
  if (entry.value === undefined) return rows.filter(({ key }) => key !== entry.key)
  if (rows.some(({ key }) => key === entry.key))
    return rows.map((row) => (row.key === entry.key ? entry : row))
  return withEntry(rows, entry, order, 'first')
}

function kept(written: readonly string[]): readonly Wanted[] {
  return written.map((key) => ({ key }))
}
