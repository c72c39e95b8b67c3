/** What the data sets promise: repeatable, connected, and full of exactly the trouble they are named for. */
import { describe, expect, it } from 'vitest'
import { CUSTOM_FIELD_TYPES, type PipedriveSeed } from '../pipedrive/seed.ts'
import { createDataSet, type DataSetName } from './data-set.ts'

const NOW = new Date('2026-06-15T10:00:00Z')
const set = (name: DataSetName, seed = 1) => createDataSet(name, seed, NOW)

function expectConnected(seed: PipedriveSeed): void {
  const ids = (records: readonly { id: number }[]): Set<number> => new Set(records.map(({ id }) => id))
  const [persons, organizations, deals, stages] = [
    seed.persons,
    seed.organizations,
    seed.deals,
    seed.stages,
  ].map(ids)
  const fits = (known: Set<number> | undefined, id: number | null | undefined): boolean =>
    id === null || id === undefined || known?.has(id) === true
  expect(seed.persons.filter((person) => !fits(organizations, person.org_id))).toEqual([])
  expect(
    seed.deals.filter((deal) => !fits(persons, deal.person_id) || !fits(organizations, deal.org_id)),
  ).toEqual([])
  expect(seed.deals.filter((deal) => !stages?.has(deal.stage_id))).toEqual([])
  expect(seed.activities.filter((one) => !fits(persons, one.person_id) || !fits(deals, one.deal_id))).toEqual(
    [],
  )
  const codes = new Set(seed.fields.map(({ field_code }) => field_code))
  const used = [...seed.persons, ...seed.deals, ...seed.organizations].flatMap((one) =>
    Object.keys(one.custom_fields ?? {}),
  )
  expect([...new Set(used)].filter((code) => !codes.has(code))).toEqual([])
}

describe.each(['agency', 'messy', { persons: 300 }] as const)('%j', (name) => {
  it('is the same for the same seed and another for another', () => {
    expect(set(name)).toEqual(set(name))
    expect(set(name, 2).pipedrive.persons).not.toEqual(set(name).pipedrive.persons)
  })

  it('is connected and lies in the past', () => {
    const { pipedrive } = set(name)
    expectConnected(pipedrive)
    const late = [...pipedrive.persons, ...pipedrive.deals, ...pipedrive.activities].filter(
      ({ add_time, update_time }) => Date.parse(update_time) > NOW.getTime() || add_time > update_time,
    )
    expect(late.filter((record) => !('is_deleted' in record))).toEqual([])
  })

  it('has a field of every type, and the three that the configuration names', () => {
    const { fields } = set(name).pipedrive
    expect(new Set(fields.map(({ field_type }) => field_type))).toEqual(new Set(CUSTOM_FIELD_TYPES))
    const named = fields.filter(({ entity }) => entity === 'person').map(({ field_name }) => field_name)
    for (const wanted of ['Lead source', 'Industry', 'Company size'])
      expect(named.filter((one) => one === wanted)).toHaveLength(1)
    expect(named.length - new Set(named).size).toBe(name === 'messy' ? 1 : 0)
  })

  it('has a field for the consent that comes back from Brevo, named in the configuration, with nothing in it', () => {
    const { pipedrive, yaml } = set(name)
    const consent = pipedrive.fields.filter(({ field_name }) => field_name === 'Brevo consent')
    expect(consent).toMatchObject([{ entity: 'person', field_type: 'enum' }])
    const [{ field_code = '', options = [] } = {}] = consent
    expect(options.map(({ label }) => label)).toEqual(['subscribed', 'bounced', 'unsubscribed', 'complained'])
    const ids = pipedrive.fields.flatMap((field) => field.options?.map(({ id }) => id) ?? [])
    expect(new Set(ids).size).toBe(ids.length)
    expect(pipedrive.persons.filter(({ custom_fields }) => custom_fields?.[field_code])).toEqual([])
    expect(yaml).toContain('consent_field: "Brevo consent"')
  })

  it('has a Brevo account with the lists 60 to 64 and contacts of every sort', () => {
    const { brevo, pipedrive } = set(name)
    expect(brevo.lists.map(({ id }) => id)).toEqual([2, 60, 61, 62, 63, 64])
    const addresses = new Set(
      pipedrive.persons.flatMap(({ emails }) => emails.map(({ value }) => value.toLowerCase())),
    )
    const known = brevo.contacts.filter(({ email }) => email !== undefined && addresses.has(email))
    expect(known.some(({ emailBlacklisted }) => emailBlacklisted)).toBe(true)
    expect(known.some(({ emailBlacklisted }) => !emailBlacklisted)).toBe(true)
    expect(brevo.contacts.some(({ attributes }) => attributes?.SMS !== undefined)).toBe(true)
    expect(brevo.contacts.length).toBeGreaterThan(known.length + 1)
  })
})

it('agency has 50 persons and 30 deals in won', () => {
  const { pipedrive } = set('agency')
  expect(pipedrive.persons).toHaveLength(50)
  expect(pipedrive.deals).toHaveLength(30)
  expect(pipedrive.company).toMatchObject({ domain: 'yourcompany', default_currency: 'KRW' })
  expect(pipedrive.stages.map(({ id, name }) => `${id} ${name}`).slice(0, 4)).toEqual([
    '1 Lead In',
    '2 Contact Made',
    '3 Proposal Made',
    '4 Negotiations Started',
  ])
})

it('messy has every trouble it is named for', () => {
  const { persons, deals, leads, activities } = set('messy').pipedrive
  expect(persons).toHaveLength(1000)
  const emails = persons.map((person) => person.emails)
  const values = emails.flat().map(({ value }) => value)
  const count = (of: readonly unknown[], that: (one: never) => boolean): number =>
    of.filter(that as (one: unknown) => boolean).length
  expect(count(emails, (one: unknown[]) => one.length === 0)).toBeGreaterThan(30)
  expect(
    count(emails, (one: { primary: boolean }[]) => one.length > 1 && one[0]?.primary === false),
  ).toBeGreaterThan(30)
  expect(count(values, (one: string) => /[A-Z]/.test(one))).toBeGreaterThan(15)
  expect(count(values, (one: string) => one !== one.trim())).toBeGreaterThan(15)
  expect(count(values, (one: string) => one === '')).toBeGreaterThan(15)
  expect(values.length - new Set(values.map((one) => one.trim().toLowerCase())).size).toBeGreaterThan(15)
  const phones = persons.flatMap((person) => person.phones.map(({ value }) => value))
  expect(count(phones, (one: string) => /^0\d/.test(one))).toBeGreaterThan(40)
  expect(phones.filter((one) => one.replace(/\D/g, '').endsWith('1077770001'))).not.toHaveLength(0)
  expect(count(persons, (one: { name: string }) => one.name.includes('🚀'))).toBeGreaterThan(15)
  expect(count(persons, (one: { name: string }) => /[가-힣]/.test(one.name))).toBeGreaterThan(100)
  expect(persons.some(({ is_deleted }) => is_deleted)).toBe(true)
  expect(new Set(deals.map(({ currency }) => currency)).size).toBeGreaterThan(3)
  for (const that of ['is_archived', 'is_deleted'] as const)
    expect(deals.some((deal) => deal[that])).toBe(true)
  expect(deals.some(({ person_id }) => person_id === null)).toBe(true)
  expect(new Set(leads.map(({ is_archived }) => is_archived === true))).toEqual(new Set([true, false]))
  expect(new Set(activities.map(({ done }) => done))).toEqual(new Set([true, false]))
})

it('scales the proportions of large', () => {
  const { pipedrive } = set({ persons: 1000 })
  expect(pipedrive.persons).toHaveLength(1000)
  expect(pipedrive.deals).toHaveLength(400)
  expect(pipedrive.organizations).toHaveLength(200)
  expect(pipedrive.activities).toHaveLength(600)
})
