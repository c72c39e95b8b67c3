/**
 * Proof that the Brevo simulator's events, companies and deals speak Brevo: the vendor's own SDK drives them and reads the
 * answers, and where the vendor's OpenAPI document is at hand every JSON exchange is checked against it.
 */
import { type Brevo, BrevoClient, BrevoError } from '@getbrevo/brevo'
import { afterAll, describe, expect, test } from 'vitest'
import { startBrevo, testSeed } from '../support/brevo-account.ts'
import { applyTolerances, type Exchange, findSpec, loadOpenApi, type Tolerance } from '../support/openapi.ts'
import { recordingFetch } from '../support/recording-fetch.ts'

const SPEC = findSpec('brevo-v3.yaml')
const recorded: Exchange[][] = []

const ANN = 'ann@example.com'
const NOBODY = 'f'.repeat(24)

/** The SDK against a fresh account; retries are off so that one call is one request. */
async function connect() {
  const account = await startBrevo({ seed: testSeed({ contacts: [{ email: ANN }, { ext_id: 'p-2' }] }) })
  const { fetch, exchanges } = recordingFetch('/v3')
  recorded.push(exchanges)
  const options = { apiKey: 'xkeysib-sandbox', baseUrl: `${account.url}/v3`, maxRetries: 0 }
  /** `unrecorded`: for requests that are not JSON. */
  return { ...account, brevo: new BrevoClient({ ...options, fetch }), unrecorded: new BrevoClient(options) }
}

async function refusal(call: Promise<unknown>): Promise<{ statusCode: number | undefined; body: unknown }> {
  const error = await call.then(
    () => null,
    (thrown: unknown) => thrown,
  )
  expect(error).toBeInstanceOf(BrevoError)
  const { statusCode, body } = error as BrevoError
  return { statusCode, body }
}

describe('the official SDK', () => {
  test('sends events, one and many, and reads them back', async () => {
    const { brevo } = await connect()
    await brevo.event.createEvent({
      event_name: 'deal_won',
      event_date: '2025-12-31T10:00:00+01:00',
      identifiers: { email_id: ANN },
      contact_properties: { SCORE: 5 },
      event_properties: { deal: 'Big', amount: 12, lines: [{ sku: 'a' }] },
    })
    const accepted = await brevo.event.createBatchEvents({
      events: [{ event_name: 'deal_lost', identifiers: { ext_id: 'p-2' } }],
    })
    expect(accepted.count).toBe(1)
    const all: Brevo.GetEventsList = await brevo.event.getEvents()
    expect(all).toMatchObject({
      count: 2,
      events: [
        { contact_id: 2, event_name: 'deal_lost' },
        { contact_id: 1, event_name: 'deal_won', event_date: '2025-12-31T09:00:00.000Z' },
      ],
    })
    const some = await brevo.event.getEvents({
      contact_id: [1, 2],
      event_name: 'deal_won',
      startDate: '2025-12-01',
      endDate: '2026-01-01',
      limit: 1,
      offset: 0,
    })
    expect(some).toMatchObject({ count: 1, events: [{ event_properties: { deal: 'Big' } }] })
  })

  test('gets a batch that failed in part as if it were accepted, and throws where all failed', async () => {
    const { brevo } = await connect()
    const bad = { event_name: '', identifiers: {} }
    const good = { event_name: 'call', identifiers: { contact_id: 1 } }
    const partial: unknown = await brevo.event.createBatchEvents({ events: [good, bad] })
    expect(partial).toMatchObject({ status: 'partiallyQueued', successful_events: 1, failed_events: 1 })
    expect(await refusal(brevo.event.createBatchEvents({ events: [bad] }))).toMatchObject({
      statusCode: 400,
      body: { status: 'failed', errors: [{ eventIndex: [0], message: 'undefined event_name' }] },
    })
    expect((await refusal(brevo.event.createEvent(bad))).statusCode).toBe(400)
  })

  test('manages companies and their links', async () => {
    const { brevo, state } = await connect()
    const { companies } = brevo
    const { id } = await companies.createACompany({
      name: 'Acme',
      attributes: { domain: 'acme.example', phone_number: '612345678' },
      countryCode: 33,
      linkedContactsIds: [1],
    })
    const changed = await companies.updateACompany({ id, name: 'Acme Ltd', linkedContactsIds: [2] })
    expect(changed).toMatchObject({ id, attributes: { name: 'Acme Ltd' }, linkedContactsIds: [2] })
    await companies.linkAndUnlinkCompanyWithContactAndDeal({ id, linkContactIds: [1], unlinkContactIds: [2] })
    expect((await companies.getACompany({ id })).linkedContactsIds).toEqual([1])
    const found = await companies.getAllCompanies({
      'filters[attributes.name]': 'acme',
      linkedContactsIds: 1,
      modifiedSince: '2025-12-31T00:00:00.000Z',
      page: 1,
      limit: 50,
      sort: 'asc',
    })
    expect(found.items?.map((each) => each.id)).toEqual([id])
    expect(await refusal(companies.getACompany({ id: 'x' }))).toEqual({
      statusCode: 400,
      body: { message: 'Route company id is not valid.' },
    })
    await companies.deleteACompany({ id })
    expect(await refusal(companies.updateACompany({ id }))).toEqual({
      statusCode: 404,
      body: { message: 'Document not found' },
    })
    const gone = companies.linkAndUnlinkCompanyWithContactAndDeal({ id: NOBODY, linkContactIds: [1] })
    expect((await refusal(gone)).statusCode).toBe(400)
    expect((await refusal(companies.createACompany({ name: '' }))).statusCode).toBe(400)
    expect(state.companies()).toEqual([])
  })

  test('makes, reads and changes deals', async () => {
    const { brevo, state } = await connect()
    const { deals } = brevo
    const company = state.addCompany({ name: 'Acme' })
    const { id } = await deals.createADeal({
      name: 'Big',
      attributes: { amount: 12 },
      linkedContactsIds: [1],
      linkedCompaniesIds: [company],
    })
    const moved = { pipeline: '6093d296ad1e9c5cf2140a58', deal_stage: '9e577ff7-8e42-4ab3-be26-2b5e01b42518' }
    await deals.updateADeal({ id, name: 'Bigger', attributes: { amount: 13, ...moved } })
    const changed = { id, attributes: { deal_name: 'Bigger', amount: 13, ...moved }, linkedContactsIds: [1] }
    expect(await deals.getADeal({ id })).toMatchObject({ ...changed, linkedCompaniesIds: [company] })
    const found = await deals.getAllDeals({ 'filters[attributes.deal_name]': 'big', offset: 0, limit: 50 })
    expect(found.items).toMatchObject([changed])
    expect(await deals.getDealAttributes()).toContainEqual(
      expect.objectContaining({ internalName: 'amount' }),
    )
    expect(await refusal(deals.updateADeal({ id: 'x' }))).toEqual({
      statusCode: 400,
      body: { message: 'Route attribute id is not valid.' },
    })
    expect(await refusal(deals.updateADeal({ id: NOBODY }))).toEqual({
      statusCode: 404,
      body: { message: 'Document not found' },
    })
    expect((await refusal(deals.createADeal({ name: '' }))).statusCode).toBe(400)
  })

  test('manages the attributes of companies', async () => {
    const { brevo } = await connect()
    const { companies } = brevo
    const { id } = await companies.createACompanyDealAttribute({
      label: 'Size',
      attributeType: 'single-select',
      objectType: 'companies',
      optionsLabels: ['Small', 'Large'],
    })
    await companies.updateAnAttribute({ id, label: 'Company size' })
    const listed: Brevo.GetCrmAttributesCompaniesResponseItem[] = await companies.getCompanyAttributes()
    expect(listed.find(({ label }) => label === 'Company size')?.attributeOptions).toHaveLength(2)
    await companies.deleteAnAttribute({ id })
    expect((await refusal(companies.deleteAnAttribute({ id }))).statusCode).toBe(404)
  })

  test('imports companies from a file', async () => {
    const { unrecorded, clock, state } = await connect()
    const id = state.addCompany({ name: 'Acme' })
    const { processId } = await unrecorded.companies.importCompaniesCreationAndUpdation({
      file: {
        data: Buffer.from(`company_id,name,associated_contact\n${id},Acme Ltd,1\n`),
        filename: 'c.csv',
      },
      mapping: { update_existing_records: true, link_entities: true },
    })
    await clock.advance(60_000)
    const process = await unrecorded.process.getProcess({ processId: processId as number })
    expect(process.status).toBe('completed')
    expect(state.companies()).toEqual([{ id, name: 'Acme Ltd', attributes: {}, linkedContactsIds: [1] }])
  })
})

/** Where the simulator knowingly leaves the document of 2025, and why. */
const TOLERANCES: Tolerance[] = [
  {
    operation: /^(GET \/events|POST \/events\/batch|(PATCH|DELETE) \/crm\/attributes\/\w+)$/,
    part: 'operation',
    reason: 'these operations came after the document; the SDK has them',
  },
  {
    operation: 'GET /companies',
    part: 'query',
    at: 'filters[attributes.name]',
    reason: 'the filter was renamed after the document; the old name is ignored by the vendor',
  },
  {
    operation: /^\w+ \/(companies|crm\/deals)/,
    part: 'response',
    at: '',
    message: /required property 'code'/,
    reason: 'the model of an error demands a code, which every example of these endpoints leaves out',
  },
  {
    operation: 'POST /crm/deals',
    part: 'response',
    at: '',
    message: /declares none/,
    reason: 'the document names the refusal of a deal and forgets its body, which the other endpoints have',
  },
]

describe.runIf(SPEC !== null)('the OpenAPI document', () => {
  test('agrees with every exchange of the SDK, but for the listed tolerances', () => {
    const document = loadOpenApi(SPEC as string)
    const exchanges = recorded.flat()
    expect(exchanges.length).toBeGreaterThan(20)
    const problems = exchanges.flatMap((exchange) =>
      exchange.status >= 400 ? document.checkResponse(exchange) : document.check(exchange),
    )
    const { left, used } = applyTolerances(problems, TOLERANCES)
    expect(left).toEqual([])
    expect(TOLERANCES.filter((tolerance) => !used.has(tolerance))).toEqual([])
  })
})

afterAll(() => {
  if (SPEC === null) console.info("skipped: the vendor's OpenAPI document is not beside this checkout")
})
