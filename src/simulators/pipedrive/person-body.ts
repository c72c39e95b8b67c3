/**
 * What the vendor makes of a person's body beyond the types of its values: names, Contact Sync fields, the marketing
 * status, arrays of addresses (https://developers.pipedrive.com/docs/api/v1/Persons#updatePerson). Stores no records.
 */
import { CONTACT_SYNC_KEYS } from './body-rules.ts'
import type { Values } from './records.ts'
import { invalidV2, noPermission } from './refusal.ts'
import type { ContactValue, SeedPerson } from './seed.ts'
import type { PipedriveState } from './state.ts'
import type { PipedriveSwitches } from './switches.ts'

type Draft = Record<string, unknown>

/** For POST and PATCH: refuses what this account does not take, and leaves out what it ignores. */
export function checkPersonBody(values: Values, switches: PipedriveSwitches): Draft {
  const part = ['first_name', 'last_name'].find((key) => key in values)
  if (switches.nameParts === 'refused' && part !== undefined) throw invalidV2(`${part} is not allowed`)
  if (typeof values.name === 'string' && values.name.trim() === '') throw invalidV2('name must not be empty')
  const kept: Draft = { ...values }
  const contactSync = switches.contactSync ? [] : CONTACT_SYNC_KEYS.filter((key) => key in values)
  if (contactSync.length > 0 && switches.contactSyncWrites === 403) throw noPermission()
  for (const key of contactSync) delete kept[key]
  if (!switches.campaigns && 'marketing_status' in values) {
    if (switches.unknownBodyKeys === 'reject') throw invalidV2('marketing_status is not allowed')
    delete kept.marketing_status
  }
  return kept
}

/** A new person with this body; without an address there is nothing to consent to. */
export function settleNewPerson(values: Values): Values {
  checkWholeName({}, values)
  return hasAddress(values.emails) ? values : without(values, 'marketing_status')
}

/** What a PATCH comes to for this person. */
export function settlePersonChange(before: SeedPerson, values: Values, state: PipedriveState): Values {
  checkWholeName(before, values)
  const settled: Draft = { ...values }
  if (state.switches.contactArrays === 'merge') {
    for (const key of ['emails', 'phones'] as const) {
      if (key in values) settled[key] = united(before[key], values[key] as Partial<ContactValue>[])
    }
  }
  return withAllowedStatus(before, settled, state)
}

/** Both parts, or the one that is given and the one that is there, must come to a name. */
function checkWholeName(before: Partial<SeedPerson>, values: Values): void {
  if (values.name !== undefined || !('first_name' in values || 'last_name' in values)) return
  const parts: Values = { ...before, ...values }
  if (![parts.first_name, parts.last_name].some((each) => typeof each === 'string' && each.trim() !== ''))
    throw invalidV2('name must not be empty')
}

/** The status changes once from an old one to a new one; every further call leaves it as it is, silently. */
function withAllowedStatus(before: SeedPerson, values: Values, state: PipedriveState): Values {
  const { marketing_status: wanted } = values
  if (wanted === undefined) return values
  if (wanted === (before.marketing_status ?? 'no_consent')) return values
  const emails = values.emails ?? before.emails
  if (state.marketingChanged.has(before.id) || !hasAddress(emails)) return without(values, 'marketing_status')
  state.marketingChanged.add(before.id)
  return values
}

function hasAddress(emails: unknown): boolean {
  return Array.isArray(emails) && emails.some((item: Partial<ContactValue>) => item.value?.includes('@'))
}

/** What is there stays, with what is given of it; what is new comes behind; a primary one among the given takes over. */
function united(
  own: readonly ContactValue[],
  given: readonly Partial<ContactValue>[],
): Partial<ContactValue>[] {
  const fold = (value: string | undefined): string => value?.trim().toLowerCase() ?? ''
  const named = new Set(given.map(({ value }) => fold(value)))
  const takesOver = given.some(({ primary }) => primary)
  const kept = own
    .filter(({ value }) => !named.has(fold(value)))
    .map((item) => (takesOver ? { ...item, primary: false } : item))
  const known = new Map(own.map((item) => [fold(item.value), takesOver ? { ...item, primary: false } : item]))
  return [...kept, ...given.map((item) => ({ ...known.get(fold(item.value)), ...item }))]
}

function without(values: Values, key: string): Values {
  const { [key]: _, ...rest } = values
  return rest
}
