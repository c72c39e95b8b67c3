/**
 * Several connections in one file: each under `connections:` with blocks of its own. What stands beside them holds for
 * all; what a connection writes itself wins, setting by setting in the blocks below, and as a whole in mappings and lists.
 */
import type { ConfigFault } from './config-error.ts'
import type { Variables } from './interpolate.ts'
import { type Located, type LocatedMap, pathText } from './located.ts'

export const DEFAULT_CONNECTION = 'default'

/** It stands in addresses and file names. */
export const CONNECTION_NAME = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/
export const CONNECTION_NAME_EXPECTATION =
  'expected 1 to 63 lower-case letters, digits and hyphens, with no hyphen at either end'

const JOINED = new Set([
  '',
  'connectors',
  'connectors.pipedrive',
  'brevo',
  'reverse_sync',
  'events',
  'dedupe',
  'skills',
])
/** Of the whole process. */
const SHARED_ONLY = ['server', 'connections']
const MOVABLE = ['person_mapping', 'field_mapping', 'deal_stage_mapping', 'webhooks']
/** They name one account: with several connections nobody could say which. */
const ACCOUNT_VARIABLES = [
  'PIPEDRIVE_API_TOKEN',
  'PIPEDRIVE_COMPANY_DOMAIN',
  'BREVO_API_KEY',
  'BREVO_CLIENT_ID',
  'BREVO_CLIENT_SECRET',
]

/** By name, in the order of the file; null where there is no `connections:` block. */
export function splitConnections(
  root: Located | undefined,
  faults: ConfigFault[],
): ReadonlyMap<string, LocatedMap> | null {
  const block = root?.kind === 'map' ? root.entries.get('connections') : undefined
  if (root?.kind !== 'map' || block === undefined) return null
  const shared: LocatedMap = {
    ...root,
    entries: new Map([...root.entries].filter(([name]) => name !== 'connections')),
  }
  const found = new Map<string, LocatedMap>()
  if (block.value.kind !== 'map' || block.value.entries.size === 0) {
    faults.push({
      path: 'connections',
      message: 'expected a block with the name of a connection and its settings',
      ...block.key,
    })
    return found
  }
  for (const [name, { key, value }] of block.value.entries) {
    const path = pathText(['connections', name])
    if (!CONNECTION_NAME.test(name)) faults.push({ path, message: CONNECTION_NAME_EXPECTATION, ...key })
    const own = emptyAsMap(value)
    if (own.kind !== 'map') {
      faults.push({ path, message: 'expected a block of settings', ...key })
      continue
    }
    for (const setting of SHARED_ONLY) {
      const misplaced = own.entries.get(setting)
      if (misplaced !== undefined)
        faults.push({
          path: `${path}.${setting}`,
          message: 'belongs at the top of the file: all connections have it in common',
          ...misplaced.key,
        })
    }
    found.set(name, join(withoutReplaced(shared, own), own, '') as LocatedMap)
  }
  return found
}

export function connectionVariables(variables: Variables, connections: number): Variables {
  if (connections <= 1) return variables
  return Object.fromEntries(Object.entries(variables).filter(([name]) => !ACCOUNT_VARIABLES.includes(name)))
}

/** A name with nothing behind it has all its settings from the top of the file. */
function emptyAsMap(value: Located): Located {
  const empty = value.kind === 'scalar' && value.value === null && !value.faulty
  return empty ? { kind: 'map', entries: new Map(), position: value.position } : value
}

/** A mapping may stand in two places and under two names: one of its own takes the place of the shared one, wherever that is. */
function withoutReplaced(shared: LocatedMap, own: LocatedMap): LocatedMap {
  const names = MOVABLE.filter((name) => own.entries.has(name) || inPipedrive(own)?.entries.has(name))
  const replaced = names.some((name) => name.endsWith('_mapping') && name !== 'deal_stage_mapping')
    ? [...names, 'person_mapping', 'field_mapping']
    : names
  if (replaced.length === 0) return shared
  const drop = (map: LocatedMap): LocatedMap => ({
    ...map,
    entries: new Map([...map.entries].filter(([name]) => !replaced.includes(name))),
  })
  const kept = drop(shared)
  const [connectors, pipedrive] = [kept.entries.get('connectors'), inPipedrive(kept)]
  if (connectors?.value.kind !== 'map' || pipedrive === null) return kept
  const at = connectors.value.entries.get('pipedrive')
  if (at === undefined) return kept
  const inner = new Map(connectors.value.entries).set('pipedrive', { ...at, value: drop(pipedrive) })
  kept.entries.set('connectors', { ...connectors, value: { ...connectors.value, entries: inner } })
  return kept
}

function inPipedrive(root: LocatedMap): LocatedMap | null {
  const connectors = root.entries.get('connectors')?.value
  const pipedrive = connectors?.kind === 'map' ? connectors.entries.get('pipedrive')?.value : undefined
  return pipedrive?.kind === 'map' ? pipedrive : null
}

function join(shared: Located, own: Located, path: string): Located {
  if (shared.kind !== 'map' || own.kind !== 'map' || !JOINED.has(path)) return own
  const entries = new Map(shared.entries)
  for (const [name, entry] of own.entries) {
    const common = shared.entries.get(name)
    const below = path === '' ? name : `${path}.${name}`
    entries.set(
      name,
      common === undefined ? entry : { key: entry.key, value: join(common.value, entry.value, below) },
    )
  }
  return { ...own, entries }
}
