/** Rule R9: what goes back to Pipedrive, resolved against the account; what cannot is a fault before the first write. Pure. */
import { slug } from '../../base/spelling.ts'
import {
  type Attribute,
  type Catalogue,
  type Consent,
  consentWords,
  EMAIL,
  type FieldDefinition,
  type FieldType,
  type PersonPart,
  type ReverseField,
  type ReversePlan,
  type ReverseSettings,
  type SettingFault,
  SMS,
  type SyncSettings,
} from '../model/index.ts'
import type { AccountUser, MappedAttribute } from './plan.ts'
import { findCustom, type Source } from './source-path.ts'

const turnable: readonly FieldType[] = ['text', 'phone', 'number', 'money', 'date', 'option', 'options']
const turnableBuiltIn: readonly string[] = [
  'name',
  'first_name',
  'last_name',
  'job_title',
  'birthday',
  'notes',
  'label_ids',
]

type Account = { readonly catalogue: Catalogue; readonly users: readonly AccountUser[] }
type Fault = (path: string, message: string) => void

/** Null when nothing goes back. `users`: needed only to find the owner of new persons. */
export function resolveReverse(
  settings: SyncSettings,
  mapped: readonly MappedAttribute[],
  sms: Source | null,
  account: Account,
  faults: SettingFault[],
): ReversePlan | null {
  const { reverse } = settings
  if (reverse === null) return null
  const fault: Fault = (path, message) =>
    void faults.push({ path: `reverse_sync.${path}`, message, severity: 'error' })
  if (reverse.createPersons !== 'never' && !settings.entities.persons)
    fault('create_persons', 'new persons need sync.persons: switch it on, or set create_persons: never')
  const consentField = resolveConsent(reverse, account.catalogue, fault)
  const creates = reverse.createPersons !== 'never'
  return {
    fields: resolveFields(reverse, mapped, sms, consentField, fault),
    conflict: reverse.conflict,
    createPersons: reverse.createPersons,
    ownerId: creates ? resolveOwner(reverse.personOwner, account.users, fault) : null,
    labelId: creates ? resolveLabel(reverse.personLabel, account.catalogue, fault) : null,
    consentField,
  }
}

function resolveFields(
  { fields: directions }: ReverseSettings,
  mapped: readonly MappedAttribute[],
  sms: Source | null,
  consentField: FieldDefinition | null,
  fault: Fault,
): readonly ReverseField[] {
  const email: Source = { kind: 'email' }
  const all = [
    { name: EMAIL, attribute: textAttribute(EMAIL), source: email, isIdentity: true },
    ...(sms ? [{ name: SMS, attribute: textAttribute(SMS), source: sms, isIdentity: false }] : []),
    ...mapped.map(({ attribute, source }) => ({
      name: attribute.name,
      attribute,
      source,
      isIdentity: false,
    })),
  ]
  return all.flatMap(({ name, attribute, source, isIdentity }): ReverseField[] => {
    const direction = Object.hasOwn(directions, name) ? directions[name] : undefined
    if (direction === 'to_brevo') return []
    const part = isIdentity ? ({ part: 'email' } as const) : partOf(source, name)
    const own = part?.part === 'field' && part.field.key === consentField?.key
    if (part && !own) return [{ name, attribute, way: direction ?? 'both', ...part }]
    if (direction !== undefined)
      fault(`fields.${name}`, `${name} ${own ? 'is the consent field' : whyNot(source)}`)
    return []
  })
}

function textAttribute(name: string): Attribute {
  return { name, type: 'text', labels: null, labelOfValue: {} }
}

/** Null for what cannot be turned back. */
function partOf(source: Source, name: string): PersonPart | null {
  if (source.kind === 'phone') return { part: 'phone' }
  if (source.kind !== 'field' || source.of !== 'person') return null
  const { field } = source
  // The plus of a number with its country code is lost in a field of numbers.
  if (name === SMS && field.type !== 'text' && field.type !== 'phone') return null
  const fits = field.custom ? turnable.includes(field.type) : turnableBuiltIn.includes(field.key)
  return fits ? { part: 'field', field } : null
}

function whyNot(source: Source): string {
  if (source.kind === 'computed') return `is computed from ${source.name}: it can only go to_brevo`
  if (source.kind === 'organization-name' || (source.kind === 'field' && source.of === 'organization'))
    return 'belongs to the organization: it can only go to_brevo'
  if (source.kind === 'email') return 'is a copy of the address: name EMAIL instead'
  const what = source.kind === 'field' ? `the field "${source.field.name}"` : 'its field'
  return `comes from ${what}, which is of a kind that Tajo does not write to: it can only go to_brevo`
}

/** What is there for the consent: a field that fits, none, one that lacks options, or one of the wrong kind. */
export type ConsentFieldState =
  | { readonly kind: 'fits'; readonly field: FieldDefinition }
  | { readonly kind: 'missing'; readonly problem: string }
  | { readonly kind: 'lacks'; readonly field: FieldDefinition; readonly words: readonly Consent[] }
  | { readonly kind: 'unfit'; readonly problem: string }

/** `wanted`: key, name or slug of a custom person field. */
export function consentFieldState(
  wanted: string,
  personFields: readonly FieldDefinition[],
): ConsentFieldState {
  const path = wanted.replace(/^custom_fields\./, '')
  const found = findCustom(path, personFields)
  if ('problem' in found) {
    const several = findSeveral(path, personFields)
    return { kind: several ? 'unfit' : 'missing', problem: `${wanted}: ${found.problem}` }
  }
  if (found.type === 'text') return { kind: 'fits', field: found }
  if (found.type !== 'option') {
    const words = consentWords.join(', ')
    const problem = `"${found.name}" is of a kind that cannot hold it: take a text field, or one with the options ${words}`
    return { kind: 'unfit', problem }
  }
  const labels = Object.values(found.options).map((label) => label.trim().toLowerCase())
  const words = consentWords.filter((word) => !labels.includes(word))
  return words.length === 0 ? { kind: 'fits', field: found } : { kind: 'lacks', field: found, words }
}

function findSeveral(path: string, fields: readonly FieldDefinition[]): boolean {
  return fields.filter((field) => field.custom && slug(field.name) === slug(path)).length > 1
}

function resolveConsent(
  { consentField: wanted }: ReverseSettings,
  { personFields }: Catalogue,
  fault: Fault,
): FieldDefinition | null {
  if (wanted === null) return null
  const state = consentFieldState(wanted, personFields)
  if (state.kind === 'fits') return state.field
  if (state.kind === 'unfit') fault('consent_field', state.problem)
  else if (state.kind === 'missing')
    fault('consent_field', `${state.problem}; \`tajo check --fix\` creates the field`)
  else
    fault(
      'consent_field',
      `"${state.field.name}" has no option ${state.words.join(', ')}; \`tajo check --fix\` adds ${state.words.length === 1 ? 'it' : 'them'}`,
    )
  return null
}

function resolveOwner(wanted: string | null, users: readonly AccountUser[], fault: Fault): number | null {
  if (wanted === null) return null
  const word = wanted.trim().toLowerCase()
  const found = users.filter(
    ({ id, name, email }) =>
      String(id) === word || name.toLowerCase() === word || (email ?? '').toLowerCase() === word,
  )
  if (found.length === 1) return found[0]?.id ?? null
  const listed = users
    .slice(0, 12)
    .map(({ id, name }) => `${id} ${name}`)
    .join(', ')
  fault(
    'person_owner',
    `${found.length === 0 ? 'Pipedrive has no user' : 'Pipedrive has several users'} "${wanted}"; name one by id (there are: ${listed})`,
  )
  return null
}

function resolveLabel(wanted: string | null, { personFields }: Catalogue, fault: Fault): number | null {
  if (wanted === null) return null
  const options = personFields.find((field) => !field.custom && field.key === 'label_ids')?.options ?? {}
  const word = wanted.trim().toLowerCase()
  const found = Object.entries(options).filter(
    ([id, label]) => id === word || label.trim().toLowerCase() === word,
  )
  if (found.length === 1 && found[0]) return Number(found[0][0])
  const listed = Object.entries(options)
    .slice(0, 12)
    .map(([id, label]) => `${id} ${label}`)
    .join(', ')
  fault(
    'person_label',
    `${found.length === 0 ? 'persons have no label' : 'persons have several labels'} "${wanted}" (there are: ${listed || 'none'})`,
  )
  return null
}
