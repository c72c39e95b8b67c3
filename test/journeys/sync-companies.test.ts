import { expect, it, onTestFinished } from 'vitest'
import { type Clock, systemClock } from '../../src/base/clock.ts'
import { type BrevoClient, createBrevoClient } from '../../src/brevo/index.ts'
import { createPipedriveClient } from '../../src/pipedrive/index.ts'
import { listFailures, openStore, reopenFailures } from '../../src/store/index.ts'
import {
  type CompanyContext,
  type CompanyOptions,
  type CompanyReport,
  prepareCompanies,
  syncCompanies,
} from '../../src/sync/company/index.ts'
import type { CompanyPlan, CompanySettings } from '../../src/sync/projection/index.ts'
import { readAccount, readCatalogue } from '../../src/sync/source/index.ts'
import { addPerson, contactOf, type Journey, type JourneyOptions, openJourney } from '../support/journey.ts'

const identity = 'pipedrive_organization_id'
const settings: CompanySettings = {
  organizationMapping: [
    { source: 'name', target: 'name', path: 'organization_mapping.name' },
    { source: 'website', target: 'domain', path: 'organization_mapping.website' },
    {
      source: 'custom_fields.customer_code',
      target: 'Customer code',
      path: 'organization_mapping.customer_code',
    },
  ],
  createMissingAttributes: true,
  deleteBehavior: 'soft',
}

type Step = CompanyOptions & { settings?: Partial<CompanySettings>; contacts?: boolean }

/** The service leaves companies alone: the test calls that step itself, to give it a budget and other settings. */
function openBare(options: JourneyOptions): Promise<Journey> {
  const yaml = (text: string): string => text.replace('organizations: true', 'organizations: false')
  const brevo = { switches: { importTime: { queueMs: 0, baseMs: 20, perRowUs: 10 } } }
  return openJourney({ ...options, yaml, brevo: { ...brevo, ...options.brevo } })
}

/** Waits are cut short: the simulator needs no rest. */
const clock: Clock = {
  now: () => new Date(),
  sleep: (ms, signal) => systemClock.sleep(Math.min(ms, 60), signal),
}

/** Takes the store from the service for a while. */
async function using<T>(
  journey: Journey,
  act: (context: CompanyContext, plan: CompanyPlan) => Promise<T>,
  change: Partial<CompanySettings> = {},
): Promise<T> {
  await journey.close()
  const { PIPEDRIVE_API_URL = '', BREVO_API_URL = '', TAJO_DATA_DIR = '' } = journey.environment
  const { PIPEDRIVE_API_TOKEN = '', BREVO_API_KEY = '' } = journey.environment
  const store = await openStore({ dataDir: TAJO_DATA_DIR })
  const credential = { apiToken: PIPEDRIVE_API_TOKEN }
  const pipedrive = createPipedriveClient({ apiUrl: PIPEDRIVE_API_URL, credential })
  const brevo = createBrevoClient({ apiUrl: BREVO_API_URL, credential: { apiKey: BREVO_API_KEY } })
  try {
    const needs = { organizations: true, users: false, stages: false, dealFields: false }
    const catalogue = await readCatalogue(pipedrive, await readAccount(pipedrive), needs)
    const context = { store, connection: 'default', brevo, clock }
    const prepared = await prepareCompanies(context, { ...settings, ...change }, catalogue, { create: true })
    if (prepared.plan === null) throw new Error(`no plan: ${JSON.stringify(prepared.faults)}`)
    return await act(context, prepared.plan)
  } finally {
    await Promise.all([pipedrive.close(), brevo.close()])
    await store.close()
    await journey.reopen()
  }
}

/** Syncs contacts (unless told not to), then the companies over the same store. */
async function companies(journey: Journey, step: Step = {}): Promise<CompanyReport> {
  const { contacts = true, settings: change, ...options } = step
  if (contacts) expect(await journey.sync()).toMatchObject({ contacts: { failed: 0 } })
  return using(
    journey,
    async (context, plan) => {
      const report = await syncCompanies(context, plan, { complete: true, ...options })
      const { read, created, updated, unchanged, failed, waiting } = report
      expect(created + updated + unchanged + failed + waiting).toBe(read)
      for (const count of [created, updated, unchanged, failed, waiting])
        expect(count).toBeGreaterThanOrEqual(0)
      return report
    },
    change,
  )
}

const isCompanyCall = /^\/v3\/(companies|crm)/

function companyCalls({ sandbox }: Journey): string[] {
  return sandbox.brevo.calls
    .all()
    .filter(({ path }) => isCompanyCall.test(path))
    .map(({ method, path }) => `${method} ${path.replace(/[0-9a-f]{24}/, '{id}').replace('/v3', '')}`)
}

async function callsOf(journey: Journey, act: () => Promise<unknown>): Promise<string[]> {
  const before = companyCalls(journey).length
  await act()
  return companyCalls(journey).slice(before)
}

/** What Brevo must hold, from the sandbox's records alone: id of the organization to name and addresses. */
function expected({ sandbox }: Journey): Record<string, { name: string; emails: string[] }> {
  const { tables } = sandbox.pipedrive.state
  const wanted: Record<string, { name: string; emails: string[] }> = {}
  for (const contact of sandbox.brevo.state.snapshot()) {
    const personId = Number(String(contact.attributes.EXT_ID ?? '').replace('pipedrive-person-', ''))
    const person = [...tables.person.all()].find((row) => row.id === personId && !row.is_deleted)
    const organization = [...tables.organization.all()].find(
      (row) => row.id === person?.org_id && !row.is_deleted,
    )
    if (!organization) continue
    const emails = [...(wanted[organization.id]?.emails ?? []), contact.email ?? ''].sort()
    wanted[organization.id] = { name: organization.name.trim(), emails }
  }
  return wanted
}

function actual({ sandbox }: Journey): Record<string, { name: string; emails: string[] }> {
  const emailOf = new Map(sandbox.brevo.state.snapshot().map((contact) => [contact.id, contact.email ?? '']))
  const carrying = sandbox.brevo.state
    .companies()
    .filter(({ attributes }) => attributes[identity] !== undefined)
  const ids = carrying.map(({ attributes }) => String(attributes[identity]))
  expect(new Set(ids).size, 'one company for each organization').toBe(ids.length)
  return Object.fromEntries(
    carrying
      .filter(({ linkedContactsIds }) => linkedContactsIds.length > 0)
      .map(({ name, attributes, linkedContactsIds }) => [
        String(attributes[identity]),
        { name, emails: linkedContactsIds.map((id) => emailOf.get(id) ?? '').sort() },
      ]),
  )
}

function expectInStep(journey: Journey): void {
  expect(actual(journey)).toEqual(expected(journey))
}

async function failuresOf(journey: Journey) {
  await journey.close()
  const store = await openStore({ dataDir: journey.environment.TAJO_DATA_DIR ?? '' })
  const failures = (await listFailures(store.db, 'default')).filter(({ entity }) => entity === 'company')
  await reopenFailures(store.db, 'default', {})
  await store.close()
  await journey.reopen()
  return failures
}

function companyOf(journey: Journey, organizationId: number) {
  const found = journey.sandbox.brevo.state
    .companies()
    .find(({ attributes }) => attributes[identity] === String(organizationId))
  if (!found) throw new Error(`no company for organization ${organizationId}`)
  return found
}

/** An account with nothing but one organization with one person. */
async function openSmall(open = openBare) {
  const journey = await open({ data: { persons: 1 } })
  const { state } = journey.sandbox.pipedrive
  for (const person of state.tables.person.all()) state.delete('person', person.id)
  const organization = state.insert('organization', { name: 'Acme', website: 'https://acme.example' }).id
  const person = addPerson(journey, 'ada@acme.example', { org_id: organization })
  return { journey, organization, person, state, brevo: journey.sandbox.brevo }
}

it('R8.2: the first load goes through one import, is read back, and a second run asks nothing', async () => {
  const journey = await openBare({ data: { persons: 300 } })
  let report: CompanyReport | undefined
  const calls = await callsOf(journey, async () => {
    report = await companies(journey)
  })
  const count = Object.keys(expected(journey)).length
  expect(count).toBeGreaterThan(20)
  expect(report).toMatchObject({ read: count, created: count, failed: 0, waiting: 0, resumeAt: null })
  expectInStep(journey)
  expect(calls.filter((call) => call === 'POST /companies/import')).toHaveLength(1)
  expect(calls.filter((call) => !/attributes|import/.test(call))).toEqual(
    Array.from({ length: Math.floor(count / 100) + 1 }, () => 'GET /companies'),
  )
  const again = await callsOf(journey, async () => {
    report = await companies(journey)
  })
  expect(again).toEqual([])
  expect(report).toMatchObject({ read: count, unchanged: count, created: 0, updated: 0, requests: 0 })
})

it('R8.2: a few are created singly, with attributes and links in one request each', async () => {
  const { journey, organization } = await openSmall()
  const report = await companies(journey)
  expect(report).toMatchObject({ read: 1, created: 1 })
  const { name, attributes, linkedContactsIds } = companyOf(journey, organization)
  expect({ name, attributes }).toEqual({
    name: 'Acme',
    attributes: { domain: 'https://acme.example', [identity]: String(organization) },
  })
  expect(linkedContactsIds).toEqual([contactOf(journey, 'ada@acme.example').id])
  expect(await callsOf(journey, () => companies(journey))).toEqual([])
})

it('R8.2: changes of one organization are one PATCH, and an emptied field is emptied only where Tajo wrote it', async () => {
  const { journey, organization, state, brevo } = await openSmall()
  await companies(journey)
  state.patch('organization', organization, { name: 'Acme Ltd' })
  state.patch('organization', organization, { website: null })
  brevo.state.editCompany(companyOf(journey, organization).id, { attributes: { industry: 'Steel' } })
  const calls = await callsOf(journey, async () => {
    expect(await companies(journey)).toMatchObject({ read: 1, updated: 1 })
  })
  expect(calls).toEqual(['PATCH /companies/{id}'])
  expect(companyOf(journey, organization)).toMatchObject({
    name: 'Acme Ltd',
    attributes: { industry: 'Steel', [identity]: String(organization) },
  })
  expect(companyOf(journey, organization).attributes).not.toHaveProperty('domain')
})

it('R8.2: links follow the persons one by one, and links that a colleague made stay', async () => {
  const { journey, organization, person, state, brevo } = await openSmall()
  const other = state.insert('organization', { name: 'Beta' }).id
  await companies(journey)
  brevo.state.addContact({ email: 'colleague@acme.example' })
  const colleague = contactOf(journey, 'colleague@acme.example').id
  const ada = contactOf(journey, 'ada@acme.example').id
  brevo.state.editCompany(companyOf(journey, organization).id, { linkedContactsIds: [ada, colleague] })
  addPerson(journey, 'bob@acme.example', { org_id: organization })
  await companies(journey)
  const bob = contactOf(journey, 'bob@acme.example').id
  expect(companyOf(journey, organization).linkedContactsIds).toEqual(
    [ada, colleague, bob].sort((a, b) => a - b),
  )
  state.patch('person', person, { org_id: other })
  const calls = await callsOf(journey, () => companies(journey))
  expect(calls.sort()).toEqual(['PATCH /companies/link-unlink/{id}', 'POST /companies'])
  expect(companyOf(journey, organization).linkedContactsIds).toEqual([colleague, bob].sort((a, b) => a - b))
  expect(companyOf(journey, other).linkedContactsIds).toEqual([ada])
  expect(await callsOf(journey, () => companies(journey))).toEqual([])
})

it.each([
  ['soft: loses our links and stays', 'soft', 1],
  ['hard: is deleted', 'hard', 0],
] as const)('R7.3 R8.2: the company of a deleted organization, %s', async (_, deleteBehavior, left) => {
  const { journey, organization, state, brevo } = await openSmall()
  await companies(journey, { settings: { deleteBehavior } })
  state.delete('organization', organization)
  expect(await journey.sync({ full: true })).toMatchObject({ status: 'complete' })
  expect(await companies(journey, { settings: { deleteBehavior } })).toMatchObject({ read: 0, removed: 1 })
  expect(brevo.state.companies()).toHaveLength(left)
  expect(brevo.state.companies().flatMap((company) => company.linkedContactsIds)).toEqual([])
  expect(await callsOf(journey, () => companies(journey, { settings: { deleteBehavior } }))).toEqual([])
})

it('R8.2: an organization that gets a person again is linked to the company it has', async () => {
  const { journey, organization, person, state, brevo } = await openSmall()
  await companies(journey)
  state.patch('person', person, { org_id: null })
  expect(await companies(journey)).toMatchObject({ read: 0, removed: 1 })
  state.patch('person', person, { org_id: organization })
  expect(await companies(journey)).toMatchObject({ read: 1 })
  expect(brevo.state.companies()).toHaveLength(1)
  expectInStep(journey)
})

it('R8.2: companies that carry our ids already are adopted, and their links count as somebody else’s', async () => {
  const { journey, organization, person, state, brevo } = await openSmall()
  await companies(journey)
  const fresh = await openJourneyOver(journey)
  await companies(fresh)
  expect(brevo.state.companies()).toHaveLength(1)
  expectInStep(fresh)
  state.patch('person', person, { org_id: null })
  await companies(fresh)
  expect(companyOf(fresh, organization).linkedContactsIds).toHaveLength(1)
})

/** The same accounts with an empty store. */
async function openJourneyOver(journey: Journey): Promise<Journey> {
  const { freshDataDir } = await import('../support/stores.ts')
  const { openService } = await import('../../src/service/index.ts')
  const { readEnvironment } = await import('../../src/config/index.ts')
  const environment = { ...journey.environment, TAJO_DATA_DIR: freshDataDir() }
  let service = await openService({ environment: readEnvironment(environment) })
  onTestFinished(() => service.close())
  return {
    ...journey,
    sandbox: journey.sandbox,
    environment,
    get service() {
      return service
    },
    sync: (request = {}) => service.sync(request),
    close: () => service.close(),
    async reopen() {
      service = await openService({ environment: readEnvironment(environment) })
    },
  }
}

it.each([
  ['cut after it was applied', { kind: 'cut-after' }],
  ['cut before it was applied', { kind: 'cut-before' }],
  ['answered with half of the JSON', { kind: 'half-json' }],
  ['answered with 503', { kind: 'status', status: 503 }],
] as const)('R8.2: a creation that was %s never makes a second company', async (_, fault) => {
  const { journey, brevo } = await openSmall()
  brevo.faults.add({ fault, method: 'POST', path: '/companies$' })
  const report = await companies(journey)
  expect(brevo.state.companies()).toHaveLength(1)
  expect(report).toMatchObject({ read: 1, created: 1, failed: 0 })
  expectInStep(journey)
})

it.each([
  ['cut after it was applied', { kind: 'cut-after' }],
  ['cut before it was applied', { kind: 'cut-before' }],
] as const)('R8.2: an import that was %s never makes second companies', async (_, fault) => {
  const journey = await openBare({ data: { persons: 200 } })
  journey.sandbox.brevo.faults.add({ fault, method: 'POST', path: '/companies/import$' })
  await companies(journey)
  const report = await companies(journey, { contacts: false })
  expect(report).toMatchObject({ failed: 0, waiting: 0 })
  expect(journey.sandbox.brevo.state.companies()).toHaveLength(report.read)
  expectInStep(journey)
})

it('R6.2: a company that Brevo refuses stops no other, is kept with its words, and is sent again when asked', async () => {
  const { journey, organization, state, brevo } = await openSmall()
  const second = state.insert('organization', { name: 'Beta' }).id
  addPerson(journey, 'bob@beta.example', { org_id: second })
  brevo.faults.add({
    fault: { kind: 'status', status: 400, body: '{"message":"Not valid data."}' },
    method: 'POST',
    path: '/companies$',
  })
  expect(await companies(journey)).toMatchObject({ read: 2, created: 1, failed: 1, waiting: 0 })
  expect(companyOf(journey, second).name).toBe('Beta')
  // The attributes are looked at again, the company is not sent.
  expect(await callsOf(journey, () => companies(journey))).toEqual(['GET /crm/attributes/companies'])
  expect(await failuresOf(journey)).toMatchObject([
    { record_id: String(organization), code: 'brevo_rejected', vendor_message: 'Not valid data.' },
  ])
  expect(await companies(journey)).toMatchObject({ read: 2, created: 1, unchanged: 1, failed: 0 })
  expect(await failuresOf(journey)).toEqual([])
})

it('R8.2: without requests left it stops, says how much waits, and goes on later without doubling anything', async () => {
  const journey = await openBare({ data: { persons: 300 } })
  let report = await companies(journey, { budgetRequests: 1 })
  expect(report).toMatchObject({ created: 0, requests: 1 })
  expect(report.waiting).toBe(report.read)
  expect(report.resumeAt).not.toBeNull()
  expect(report.reason).toMatch(/used up/)
  for (let turn = 0; turn < 12 && report.waiting > 0; turn++)
    report = await companies(journey, { budgetRequests: 1, contacts: false })
  expect(report.waiting).toBe(0)
  expect(journey.sandbox.brevo.state.companies()).toHaveLength(report.read)
  expectInStep(journey)
})

it('R8.2: twenty requests of the hour are left to the contacts', async () => {
  const journey = await openBare({ data: { persons: 1 }, brevo: { limits: { other: { perHour: 40 } } } })
  const { state } = journey.sandbox.pipedrive
  await companies(journey)
  for (let n = 1; n <= 19; n++) {
    const org_id = state.insert('organization', { name: `Org ${n}` }).id
    addPerson(journey, `p${n}@org${n}.example`, { org_id })
  }
  const report = await companies(journey)
  expect(report.waiting).toBeGreaterThan(0)
  expect(report.resumeAt?.getTime()).toBeGreaterThan(Date.now())
  const shared = journey.sandbox.brevo.calls.all().filter(({ path }) => !path.startsWith('/v3/contacts'))
  expect(shared.length).toBeLessThanOrEqual(22)
  expect(shared.every(({ status }) => status !== 429)).toBe(true)
})

it('R8.2: a company that was deleted in Brevo is made anew when its organization changes', async () => {
  const { journey, organization, state, brevo } = await openSmall()
  await companies(journey)
  brevo.state.deleteCompany(companyOf(journey, organization).id)
  expect(await callsOf(journey, () => companies(journey))).toEqual([])
  addPerson(journey, 'bob@acme.example', { org_id: organization })
  await companies(journey)
  expectInStep(journey)
  brevo.state.deleteCompany(companyOf(journey, organization).id)
  state.patch('organization', organization, { name: 'Acme again' })
  await companies(journey)
  expectInStep(journey)
  expect(brevo.state.companies()).toHaveLength(1)
})

it('R8.2: a sync of the whole brings companies too, accounts for them, and writes nothing the second time', async () => {
  const journey = await openJourney({
    data: { persons: 200 },
    yaml: (text) =>
      `${text}\norganization_mapping:\n  website: Domain\n  custom_fields.customer_code: Customer code\n`,
  })
  const count = (await journey.sync({ full: true })).companies.read
  expect(count).toBe(Object.keys(expected(journey)).length)
  expectInStep(journey)
  const calls = await callsOf(journey, async () => {
    const { companies: again } = await journey.sync({ full: true })
    expect(again).toMatchObject({ read: count, unchanged: count, created: 0, updated: 0, failed: 0 })
  })
  expect(calls).toEqual([])
})

it('R8.2: a mapping that does not fit is a fault before any contact or company is written', async () => {
  const journey = await openJourney({
    data: { persons: 1 },
    yaml: (text) => `${text}\norganization_mapping:\n  websit: Domain\n  owner_id.name: owner\n`,
  })
  const words =
    /organization_mapping.websit: .*did you mean website.*organization_mapping.owner_id.name: .*cannot write/s
  await expect(journey.sync()).rejects.toThrow(words)
  const { state } = journey.sandbox.brevo
  expect(state.snapshot().filter(({ attributes }) => attributes.EXT_ID !== undefined)).toEqual([])
  expect(state.companies()).toEqual([])
})

/** The process ends at the given call, counted from 1: right before it, or as soon as Brevo has answered. */
function dyingAt(brevo: BrevoClient, call: number, when: 'before' | 'after'): BrevoClient {
  let calls = 0
  const dying = <T extends object>(target: T, name: string | symbol): unknown => {
    const original = Reflect.get(target, name)
    if (typeof original !== 'function') return original
    return async (...values: unknown[]) => {
      calls += 1
      if (calls === call && when === 'before') throw new Error('killed')
      const answer = await Reflect.apply(original, target, values)
      if (calls === call) throw new Error('killed')
      return answer
    }
  }
  return {
    ...brevo,
    companies: new Proxy<BrevoClient['companies']>(brevo.companies, { get: dying }),
    processes: new Proxy<BrevoClient['processes']>(brevo.processes, { get: dying }),
  }
}

/** Runs again and again, each time to one request further. Returns how many runs that took. */
function killEachInTurn(journey: Journey, when: 'before' | 'after'): Promise<number> {
  return using(journey, async (context, plan) => {
    for (let call = 1; call < 60; call++) {
      const brevo = dyingAt(context.brevo, call, when)
      try {
        await syncCompanies({ ...context, brevo }, plan, { complete: true })
        expect(await syncCompanies(context, plan, { complete: true })).toMatchObject({
          waiting: 0,
          requests: 0,
        })
        return call
      } catch (error) {
        expect(error).toMatchObject({ message: 'killed' })
      }
    }
    throw new Error('it never came to an end')
  })
}

it.each(['before', 'after'] as const)(
  'R8.2: ended %s every request in turn, it makes one company for each organization and loses no link',
  async (when) => {
    const journey = await openBare({ data: { persons: 150 } })
    const { state } = journey.sandbox.pipedrive
    await journey.sync()
    expect(await killEachInTurn(journey, when)).toBeGreaterThanOrEqual(3)
    expectInStep(journey)
    const organizations = [...state.tables.organization.all()].map(({ id }) => id)
    for (const id of organizations.slice(0, 4)) state.patch('organization', id, { name: `Renamed ${id}` })
    for (const person of [...state.tables.person.all()].slice(0, 5))
      state.patch('person', person.id, { org_id: organizations.at(-1) ?? null })
    for (const n of [1, 2]) {
      const org_id = state.insert('organization', { name: `New ${n}` }).id
      addPerson(journey, `p${n}@new${n}.example`, { org_id })
    }
    await journey.sync()
    expect(await killEachInTurn(journey, when)).toBeGreaterThanOrEqual(6)
    expectInStep(journey)
  },
)
