/**
 * What the model maps, and what a value of either side means. Two values with one meaning are in step, however they are written;
 * a meaning that begins with `?` has no counterpart on the other side. Written from the rules, with nothing of the product.
 */
import type { BrevoSeedContact } from '../../../src/simulators/brevo/seed.ts'
import { createAccount } from '../../../src/simulators/data/account.ts'
import type { PipedriveSeed, SeedPerson } from '../../../src/simulators/pipedrive/seed.ts'
import { identityOf } from '../contact-oracle.ts'

/** Those that go both ways, by attribute. */
export const bothWays = [
  'EMAIL',
  'SMS',
  'FIRSTNAME',
  'LASTNAME',
  'INDUSTRY',
  'LEAD_SOURCE',
  'COMPANY_SIZE',
  'FIRST_MET',
] as const
export type FieldName = (typeof bothWays)[number] | 'BACKGROUND'
/** And the one in which Brevo is always right. */
export const allFields: readonly FieldName[] = [...bothWays, 'BACKGROUND']

export type Meaning = string | number | null
export type Meanings = Readonly<Record<FieldName, Meaning>>

export type Conflict = 'newest' | 'pipedrive' | 'brevo'

export type Setting = {
  readonly conflict: Conflict
  readonly create: 'never' | 'all'
  /** Whether Tajo knows under which name its own key is told in webhooks. */
  readonly keyName: boolean
}

export const foreignList = 2
export const ourList = 60

export function toYaml({ conflict, create, keyName }: Setting): string {
  return `connectors:
  pipedrive:
    enabled: true
    api_token: "unused"
    company_domain: "yourcompany"
    sync: { persons: true, deals: false, organizations: false, activities: false, leads: false }
    lists: { all_contacts: ${ourList} }
    default_country: KR
brevo:
  api_key: "unused"${keyName ? '\n  api_key_name: "sandbox"' : ''}
reverse_sync:
  enabled: true
  conflict: ${conflict}
  create_persons: ${create}
  consent_field: "Brevo consent"
  fields: { FULLNAME: to_brevo, BACKGROUND: to_pipedrive }
person_mapping:
  email: email
  name: FULLNAME
  first_name: FIRSTNAME
  last_name: LASTNAME
  phone: SMS
  custom_fields.industry: INDUSTRY
  custom_fields.lead_source: LEAD_SOURCE
  custom_fields.company_size: COMPANY_SIZE
  custom_fields.first_met_on: FIRST_MET
  custom_fields.background: BACKGROUND
`
}

const { codes, ...account } = createAccount(1, 'KRW', new Date('2026-11-02T08:00:00Z'))

/** The code of the custom field that is mapped to this attribute. */
export const codeOf = {
  INDUSTRY: codes.Industry,
  LEAD_SOURCE: codes['Lead source'],
  COMPANY_SIZE: codes['Company size'],
  FIRST_MET: codes['First met on'],
  BACKGROUND: codes.Background,
} as const
const consentCode = codes['Brevo consent']

export type Option = { readonly id: number; readonly label: string }
export const sources: readonly Option[] =
  account.fields.find(({ field_code }) => field_code === codeOf.LEAD_SOURCE)?.options ?? []

export function pipedriveSeed(persons: readonly SeedPerson[]): PipedriveSeed {
  return { ...account, persons, organizations: [], deals: [], activities: [], leads: [], notes: [] }
}

type Contact = Pick<BrevoSeedContact, 'email'> & { readonly attributes: Readonly<Record<string, unknown>> }

export function ofPerson(person: SeedPerson): Meanings {
  const custom = (name: keyof typeof codeOf): unknown => person.custom_fields?.[codeOf[name]]
  const source = custom('LEAD_SOURCE')
  return {
    EMAIL: identityOf(person),
    SMS: numberOf(primary(person.phones)),
    FIRSTNAME: text(person.first_name),
    LASTNAME: text(person.last_name),
    INDUSTRY: text(custom('INDUSTRY')),
    LEAD_SOURCE: sources.find(({ id }) => id === source)?.label ?? null,
    COMPANY_SIZE: number(custom('COMPANY_SIZE')),
    FIRST_MET: text(custom('FIRST_MET')),
    BACKGROUND: text(custom('BACKGROUND')),
  }
}

export function ofContact({ email, attributes }: Contact): Meanings {
  return {
    EMAIL: text(email)?.toLowerCase() ?? null,
    SMS: numberOf(String(attributes.SMS ?? '')),
    FIRSTNAME: text(attributes.FIRSTNAME),
    LASTNAME: text(attributes.LASTNAME),
    INDUSTRY: text(attributes.INDUSTRY),
    LEAD_SOURCE: optionOf(text(attributes.LEAD_SOURCE)),
    COMPANY_SIZE: number(attributes.COMPANY_SIZE),
    FIRST_MET: text(attributes.FIRST_MET)?.slice(0, 10) ?? null,
    BACKGROUND: text(attributes.BACKGROUND),
  }
}

/** Nothing that the other side could have. */
export function isUnfit(meaning: Meaning): boolean {
  return typeof meaning === 'string' && meaning.startsWith('?')
}

const words = ['subscribed', 'bounced', 'unsubscribed', 'complained']

/** How far towards "no" the consent of a person is; -1: nothing is said. */
export function consentOf(person: Pick<SeedPerson, 'custom_fields'>): number {
  const field = account.fields.find(({ field_code }) => field_code === consentCode)
  const value = person.custom_fields?.[consentCode]
  return words.indexOf(field?.options?.find(({ id }) => id === value)?.label ?? '')
}

/** The person to which a contact says it belongs. */
export function personIdOf({ attributes }: Pick<Contact, 'attributes'>): number | null {
  const [, id] = /^pipedrive-person-(\d+)$/.exec(String(attributes.EXT_ID ?? '')) ?? []
  return id === undefined ? null : Number(id)
}

function primary(entries: SeedPerson['phones']): string {
  const filled = entries.filter(({ value }) => value.trim() !== '')
  return (filled.find((entry) => entry.primary) ?? filled[0])?.value ?? ''
}

/** Korean numbers as Brevo has them. */
function numberOf(value: string): Meaning {
  if (value.trim() === '') return null
  const digits = value.replace(/\D/g, '').replace(/^0/, '82')
  return /^8210[2-9]\d{7}$/.test(digits) ? digits : `?${value}`
}

function optionOf(label: string | null): Meaning {
  if (label === null) return null
  return sources.find((option) => option.label.toLowerCase() === label.toLowerCase())?.label ?? `?${label}`
}

function text(value: unknown): string | null {
  return String(value ?? '').trim() || null
}

function number(value: unknown): number | null {
  return value === undefined || value === null || value === '' ? null : Number(value)
}
