/** Rule R2.1: what a source path of `person_mapping` means in this account. Pure. */
import { findSpelled, slug } from '../../base/spelling.ts'
import { nearestName } from '../../base/suggest.ts'
import type { FieldDefinition, FieldType } from '../model/index.ts'
import { type ComputedName, computedNames, isComputedName } from './computed.ts'

export type Source =
  | { readonly kind: 'email' }
  | { readonly kind: 'phone' }
  | { readonly kind: 'organization-name' }
  | { readonly kind: 'computed'; readonly name: ComputedName }
  | { readonly kind: 'field'; readonly of: 'person' | 'organization'; readonly field: FieldDefinition }

export type ResolvedPath = { source: Source; problem: null } | { source: null; problem: string }

type Fields = {
  readonly person: readonly FieldDefinition[]
  readonly organization: readonly FieldDefinition[]
}

/** Fields every account has, in case its field list leaves them out. Codes as Pipedrive's API v2 names them. */
const builtIn: Readonly<Record<'person' | 'organization', Readonly<Record<string, FieldType>>>> = {
  person: {
    id: 'number',
    name: 'text',
    first_name: 'text',
    last_name: 'text',
    job_title: 'text',
    owner_id: 'user',
    org_id: 'organization',
    label_ids: 'options',
    add_time: 'timestamp',
    update_time: 'timestamp',
    birthday: 'date',
    marketing_status: 'text',
    notes: 'text',
    postal_address: 'address',
    visible_to: 'option',
  },
  organization: {
    id: 'number',
    name: 'text',
    owner_id: 'user',
    label_ids: 'options',
    add_time: 'timestamp',
    update_time: 'timestamp',
    address: 'address',
    website: 'text',
    linkedin: 'text',
    industry: 'option',
    annual_revenue: 'money',
    employee_count: 'number',
    visible_to: 'option',
  },
}

/** Resolves one path; the problem names the candidates. */
export function resolvePath(path: string, fields: Fields): ResolvedPath {
  if (isComputedName(path)) return { source: { kind: 'computed', name: path }, problem: null }
  if (path === 'email' || path === 'emails') return { source: { kind: 'email' }, problem: null }
  if (path === 'phone' || path === 'phones') return { source: { kind: 'phone' }, problem: null }
  if (path === 'org_id' || path === 'org_id.name')
    return { source: { kind: 'organization-name' }, problem: null }
  const ofOrganization = path.startsWith('org_id.')
  const of = ofOrganization ? 'organization' : 'person'
  const rest = ofOrganization ? path.slice('org_id.'.length) : path
  const resolved = rest.startsWith('custom_fields.')
    ? findCustom(rest.slice('custom_fields.'.length), fields[of])
    : findBuiltIn(rest, of, fields[of])
  if ('problem' in resolved) return { source: null, problem: `${path}: ${resolved.problem}` }
  return { source: { kind: 'field', of, field: resolved }, problem: null }
}

/** Those of every account, as its own field list has them. */
export function builtInFields(
  of: 'person' | 'organization',
  fields: readonly FieldDefinition[],
): readonly FieldDefinition[] {
  return Object.entries(builtIn[of]).map(
    ([key, type]) => fields.find((field) => !field.custom && field.key === key) ?? standIn(key, type),
  )
}

/** How the configuration names a custom field: by its slug, where that means this field and no other. */
export function customPath(field: FieldDefinition, fields: readonly FieldDefinition[]): string {
  const short = slug(field.name)
  const found = short === '' ? null : findCustom(short, fields)
  return `custom_fields.${found && !('problem' in found) && found.key === field.key ? short : field.key}`
}

function standIn(key: string, type: FieldType): FieldDefinition {
  return { key, name: key, type, custom: false, options: {} }
}

/** By key, else by exact name, else by slug. */
export function findCustom(
  wanted: string,
  fields: readonly FieldDefinition[],
): FieldDefinition | { problem: string } {
  const custom = fields.filter((field) => field.custom)
  const matches = findSpelled(wanted, custom)
  if (matches.length === 1 && matches[0]) return matches[0]
  if (matches.length > 1) {
    const candidates = matches.map((field) => `"${field.name}" (${field.key})`).join(', ')
    return {
      problem: `several custom fields match: ${candidates}; use the 40-character key of the one you mean`,
    }
  }
  if (custom.length === 0) return { problem: 'this account has no custom field here' }
  const near = nearestName(
    slug(wanted),
    custom.map((field) => slug(field.name)),
  )
  const listed = custom.map((field) => slug(field.name)).sort()
  const shown =
    listed.length > 12
      ? `${listed.slice(0, 12).join(', ')}, and ${listed.length - 12} more`
      : listed.join(', ')
  return {
    problem: `no custom field of that key or name${near ? `; did you mean ${near}?` : ''} (there are: ${shown})`,
  }
}

function findBuiltIn(
  wanted: string,
  of: 'person' | 'organization',
  fields: readonly FieldDefinition[],
): FieldDefinition | { problem: string } {
  const key = wanted.endsWith('.name') ? wanted.slice(0, -'.name'.length) : wanted
  const listed = fields.find((field) => !field.custom && field.key === key)
  const type = Object.hasOwn(builtIn[of], key) ? builtIn[of][key] : undefined
  const known: FieldDefinition | undefined = listed ?? (type ? standIn(key, type) : undefined)
  if (
    known &&
    (key === wanted || known.type === 'user' || known.type === 'organization' || known.type === 'person')
  ) {
    return known
  }
  const custom = fields.some((field) => field.custom && slug(field.name) === slug(wanted))
  if (custom && slug(wanted) !== '')
    return { problem: `a custom field is written custom_fields.${slug(wanted)}` }
  const candidates = [
    ...Object.keys(builtIn[of]),
    ...(of === 'person' ? ['email', 'phone', ...computedNames] : []),
  ]
  const near = nearestName(wanted, candidates)
  return {
    problem: `no such ${of} field${near ? `; did you mean ${near}?` : ''} (custom fields are written custom_fields.<key or name>)`,
  }
}
