/** What a schema found, as faults with their place, what was found there, and the nearest right name. */
import type { z } from 'zod'
import { nearestName } from '../base/suggest.ts'
import type { Position } from './config.ts'
import type { ConfigFault } from './config-error.ts'
import { type Located, locatedAt, type Path, pathText, valuePosition } from './located.ts'
import { isSecretSetting, quoteValue } from './redact.ts'
import { alternativesOf, coreOf, isFreeMapping, knownKeys, schemaAt, settingPaths } from './schema/walk.ts'
import { settingsSchema } from './schema.ts'

const START: Position = { line: 1, column: 1 }

/** One fault per wrong value and per unknown key; none for values that already have one. */
export function schemaFaults(
  root: Located | undefined,
  issues: readonly z.core.$ZodIssue[],
  schema: z.ZodType = settingsSchema,
): ConfigFault[] {
  const faults: ConfigFault[] = []
  const seen = new Set<string>()
  const add = (fault: ConfigFault) => {
    if (seen.has(fault.path)) return
    seen.add(fault.path)
    faults.push(fault)
  }
  const file = { root, schema }
  for (const issue of issues) for (const fault of issueFaults(file, issue, [])) add(fault)
  return faults
}

/** What was read, and what it was read against. */
type Checked = { readonly root: Located | undefined; readonly schema: z.ZodType }

function issueFaults(file: Checked, issue: z.core.$ZodIssue, above: Path): ConfigFault[] {
  const { root } = file
  const path = [...above, ...(issue.path as Path)]
  const found = locatedAt(root, path)
  if (found?.kind === 'scalar' && found.faulty) return []
  if (issue.code === 'unrecognized_keys') return issue.keys.map((key) => unknownKeyFault(file, path, key))
  if (issue.code === 'invalid_key') return [invalidKeyFault(file, path, issue)]
  if (issue.code === 'invalid_union' && found !== undefined && found.kind !== 'scalar') {
    // The alternative that has the right kind of value says more than "none of them".
    const near = issue.errors.find((errors) =>
      errors.every((inner) => inner.path.length > 0 || inner.code === 'unrecognized_keys'),
    )
    if (near !== undefined) return near.flatMap((inner) => issueFaults(file, inner, path))
  }
  return [valueFault(file, path, found, issue)]
}

function valueFault(
  { root, schema }: Checked,
  path: Path,
  found: Located | undefined,
  issue: z.core.$ZodIssue,
): ConfigFault {
  const place = { path: pathText(path), ...positionOf(root, path) }
  if (found === undefined) return { ...place, message: `missing; ${issue.message}` }
  const suggestion = valueSuggestion(schema, path, found, issue)
  return {
    ...place,
    message: `${issue.message}; found ${describeFound(schema, path, found)}`,
    ...(suggestion === undefined ? {} : { suggestion }),
  }
}

function describeFound(schema: z.ZodType, path: Path, found: Located): string {
  if (found.kind === 'map') return 'a block of settings'
  if (found.kind === 'list') return 'a list'
  const { value } = found
  if (value === null) return 'nothing'
  if (found.interpolated) return 'something else in the variable it names'
  if (isSecretSetting(path.at(-1)))
    return typeof value === 'string' ? 'other text' : `a ${typeof value} (put it in quotes)`
  if (typeof value === 'string') return quoteValue(value)
  const core = coreOf(schemaAt(schema, path) ?? schema)
  return core.def.type === 'string' ? `the ${typeof value} ${value}` : String(value)
}

function valueSuggestion(
  schema: z.ZodType,
  path: Path,
  found: Located,
  issue: z.core.$ZodIssue,
): string | undefined {
  const [nested] = found.kind === 'map' ? found.entries.keys() : []
  if (nested !== undefined && isFreeMapping(schemaAt(schema, path.slice(0, -1))))
    return `${path.at(-1)}.${nested}: ...`
  if (found.kind !== 'scalar' || found.interpolated || isSecretSetting(path.at(-1))) return undefined
  const text = String(found.value)
  if (issue.code === 'invalid_value') return nearestName(text, issue.values.map(String))
  if (issue.code === 'invalid_union') {
    const values = issue.errors
      .flat()
      .flatMap((inner) => (inner.code === 'invalid_value' ? inner.values : []))
    return nearestName(
      text,
      values.filter((value) => typeof value === 'string'),
    )
  }
  const last = path.at(-1)
  if (last === 'poll_interval' && typeof found.value === 'number') return `${text}s`
  if (last === 'default_country' && text.toUpperCase() === 'UK') return 'GB'
  if (last === 'company_domain') return /^(?:https?:\/\/)?([a-z0-9-]+)\.pipedrive\.com/i.exec(text)?.[1]
  if (typeof found.value === 'string' && /^(?:true|yes|on)$/i.test(text) && issue.code === 'invalid_type')
    return 'true'
  if (typeof found.value === 'string' && /^(?:false|no|off)$/i.test(text) && issue.code === 'invalid_type')
    return 'false'
  return undefined
}

function unknownKeyFault({ root, schema }: Checked, path: Path, key: string): ConfigFault {
  const full = [...path, key]
  const place = { path: pathText(full), ...keyPosition(root, full) }
  const known = knownKeys(schemaAt(schema, path))
  if (path.length === 1 && path[0] === 'connectors') {
    const suggestion = nearestName(key, known)
    return {
      ...place,
      message: 'only the connector "pipedrive" is supported here',
      ...(suggestion === undefined ? {} : { suggestion }),
    }
  }
  const elsewhere = settingPaths(schema).filter((setting) => setting.split('.').at(-1) === key)
  const suggestion = elsewhere.length > 0 ? elsewhere.join('" or "') : nearestName(key, known)
  return suggestion === undefined
    ? { ...place, message: `unknown setting; known here: ${known.join(', ')}` }
    : { ...place, message: 'unknown setting', suggestion }
}

function invalidKeyFault(
  { root, schema: whole }: Checked,
  path: Path,
  issue: z.core.$ZodIssueInvalidKey<unknown>,
): ConfigFault {
  const key = String(path.at(-1))
  const place = { path: pathText(path), ...keyPosition(root, path) }
  const schema = schemaAt(whole, path.slice(0, -1))
  const keyType = schema === undefined ? undefined : alternativesOf(schema)[0]?.def
  const fits = (text: string) =>
    keyType !== undefined && 'keyType' in keyType && (keyType.keyType as z.ZodType).safeParse(text).success
  const suggestion = [key.trim(), key.toLowerCase(), key.toUpperCase()].find(fits)
  return {
    ...place,
    message: `${issue.issues[0]?.message ?? 'this name cannot be used'}; found ${quoteValue(key)}`,
    ...(suggestion === undefined ? {} : { suggestion }),
  }
}

function keyPosition(root: Located | undefined, path: Path): Position {
  const parent = locatedAt(root, path.slice(0, -1))
  const entry = parent?.kind === 'map' ? parent.entries.get(String(path.at(-1))) : undefined
  return entry?.key ?? positionOf(root, path.slice(0, -1))
}

/** The place of the value, or of the nearest block above it that is written out. */
function positionOf(root: Located | undefined, path: Path): Position {
  const found = locatedAt(root, path)
  if (found === undefined) return path.length === 0 ? START : positionOf(root, path.slice(0, -1))
  if (path.length === 0) return START
  const parent = locatedAt(root, path.slice(0, -1))
  const entry = parent?.kind === 'map' ? parent.entries.get(String(path.at(-1))) : undefined
  return entry === undefined ? found.position : valuePosition(entry.key, found)
}
