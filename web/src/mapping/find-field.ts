/** Which field of the account a source of the mapping means, in whichever of its spellings. Pure. */
import type { ResultOf } from '../../../src/wire/index.ts'

export type Survey = ResultOf<'settings.survey'>
export type SourceField = Survey['pipedrive']['fields'][number]

const OTHER_NAMES: Readonly<Record<string, string>> = {
  emails: 'email',
  phones: 'phone',
  org_id: 'org_id.name',
}
const CUSTOM = /^((?:org_id\.)?custom_fields\.)(.+)$/

/** Undefined where the account has none, or several that may be meant. */
export function findField(source: string, fields: readonly SourceField[]): SourceField | undefined {
  const wanted = OTHER_NAMES[source] ?? source
  const exact = fields.find((field) => (OTHER_NAMES[field.source] ?? field.source) === wanted)
  if (exact !== undefined) return exact
  const [, prefix, name] = CUSTOM.exec(source) ?? []
  if (prefix === undefined || name === undefined) return undefined
  const group = prefix.startsWith('org_id') ? 'organization' : 'person'
  const custom = fields.filter((field) => field.custom && field.group === group)
  for (const matches of [
    custom.filter(({ label }) => label === name),
    custom.filter(({ label }) => toSlug(label) === toSlug(name)),
  ]) {
    if (matches.length > 0) return matches.length === 1 ? matches[0] : undefined
  }
  return undefined
}

/** `lead_source` for "Lead source", as the configuration writes it. */
export function toSlug(name: string): string {
  return name
    .normalize('NFC')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, '_')
    .replace(/^_+|_+$/g, '')
}

/** What a field's attribute may be called: its suggestion, else its name in Latin capitals, else nothing. */
export function suggestTarget(field: SourceField, { suggestion }: Survey): string {
  const suggested = suggestion.personMapping.find(({ source }) => source === field.source)?.target
  if (suggested !== undefined) return suggested
  const name = field.custom ? field.label : (field.source.split('.').at(-1) ?? '')
  const latin = name
    .normalize('NFKD')
    .toUpperCase()
    .replace(/\p{M}/gu, '')
    .replace(/[^A-Z0-9]+/g, '_')
    .replace(/^[_0-9]+|_+$/g, '')
  return field.group === 'organization' && latin !== '' ? `COMPANY_${latin}` : latin
}
