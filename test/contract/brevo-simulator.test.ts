/**
 * Proof that the Brevo simulator speaks Brevo: the vendor's own SDK drives every endpoint and reads the answers, and
 * where the vendor's OpenAPI document is at hand every exchange is checked against it.
 */
import { type Brevo, BrevoClient, BrevoError } from '@getbrevo/brevo'
import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import { startBrevo, testSeed } from '../support/brevo-account.ts'
import { applyTolerances, type Exchange, findSpec, loadOpenApi, type Tolerance } from '../support/openapi.ts'
import { recordingFetch } from '../support/recording-fetch.ts'

const SPEC = findSpec('brevo-v3.yaml')
const exchanges: Exchange[] = []

const ANN = 'ann@example.com'
const people = [
  { email: ANN, ext_id: 'x1', attributes: { SMS: '33612345678', GENDER: 'Women' }, listIds: [2] },
  { email: 'bob@example.com', attributes: { COUNTRIES: ['USA'], WHATSAPP: '33700000000' } },
]

/** The SDK against a fresh account; retries are off so that one call is one request. */
async function connect(apiKey = 'xkeysib-sandbox') {
  const account = await startBrevo({
    seed: testSeed({
      contacts: people,
      segments: [{ id: 5, segmentName: 'S', categoryName: 'C', updatedAt: '2026-01-01T00:00:00.000Z' }],
    }),
  })
  const recorder = recordingFetch('/v3')
  recorders.push(recorder)
  const brevo = new BrevoClient({
    apiKey,
    baseUrl: `${account.url}/v3`,
    maxRetries: 0,
    fetch: recorder.fetch,
  })
  return { ...account, brevo, contacts: brevo.contacts }
}

let recorders: { exchanges: Exchange[] }[] = []
beforeEach(() => {
  recorders = []
  return () => {
    exchanges.push(...recorders.flatMap((recorder) => recorder.exchanges))
  }
})

/** What the SDK throws for a refusal. */
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
  test('reads the account', async () => {
    const { brevo } = await connect()
    const account: Brevo.GetAccountResponse = await brevo.account.getAccount()
    expect(account.plan[0]?.type).toBe('subscription')
    expect(account.organization_id).toEqual(expect.any(String))
  })

  test('creates, updates, merges, reads and deletes contacts', async () => {
    const { contacts, state } = await connect()
    const made = await contacts.createContact({
      email: 'new@example.com',
      ext_id: 'x9',
      attributes: { FIRSTNAME: 'Nia', SCORE: 3.5, VIP: true, COUNTRIES: ['India'], BORN: '2000-02-29' },
      listIds: [2],
    })
    expect(made).toEqual({ id: 3 })
    await contacts.createContact({ email: 'new@example.com', updateEnabled: true, emailBlacklisted: true })
    const merged = await contacts.createContact({
      email: 'new@example.com',
      ext_id: 'x1',
      forceMerge: true,
      getId: true,
    })
    expect(merged?.id).toEqual(3)
    await contacts.updateContact({
      identifier: 'new@example.com',
      attributes: { EMAIL: 'nia@example.com', SMS: '+33655555555' },
      emailBlacklisted: true,
      unlinkListIds: [2],
      listIds: [3],
    })
    const read = await contacts.getContactInfo({ identifier: 'x1', identifierType: 'ext_id' })
    expect(read).toMatchObject({
      id: 3,
      email: 'nia@example.com',
      emailBlacklisted: true,
      whatsappBlacklisted: false,
      listIds: [3],
      attributes: { SMS: '33655555555', SCORE: 3.5, VIP: true, COUNTRIES: ['India'], BORN: '2000-02-29' },
      statistics: {},
    })
    expect((await contacts.getContactInfo({ identifier: 3 })).id).toBe(3)
    await contacts.deleteContact({ identifier: 'nia@example.com', identifierType: 'email_id' })
    expect(state.contactCount()).toBe(1)
  })

  test('lists contacts with every filter', async () => {
    const { contacts } = await connect()
    const ids = async (request: Brevo.GetContactsRequest) =>
      (await contacts.getContacts(request)).contacts.map(({ id }) => id)
    expect(await ids({})).toEqual([2, 1])
    expect(await ids({ limit: 1, offset: 1, sort: 'asc' })).toEqual([2])
    expect(await ids({ ids: [1, 2] })).toEqual([2, 1])
    expect(await ids({ listIds: [2] })).toEqual([1])
    expect(await ids({ segmentId: 5 })).toEqual([])
    expect(await ids({ filter: 'equals(GENDER,"Women")' })).toEqual([1])
    expect(
      await ids({ modifiedSince: '2025-12-31T23:59:59.999Z', createdSince: '2025-01-01T00:00:00.000Z' }),
    ).toEqual([2, 1])
    expect(await refusal(contacts.getContacts({ limit: 1001 }))).toMatchObject({
      statusCode: 400,
      body: { code: 'out_of_range' },
    })
  })

  test('meets the refusals as its own error classes', async () => {
    const { contacts, state } = await connect()
    expect(await refusal(contacts.createContact({ email: ANN }))).toEqual({
      statusCode: 400,
      body: {
        code: 'duplicate_parameter',
        message: 'Unable to create contact, email is already associated with another Contact',
        metadata: { duplicate_identifiers: ['email'] },
      },
    })
    const badPhone = contacts.updateContact({ identifier: ANN, attributes: { SMS: '0612' } })
    expect(await refusal(badPhone)).toMatchObject({ body: { message: 'Invalid phone number' } })
    expect(await refusal(contacts.getContactInfo({ identifier: 'no@example.com' }))).toMatchObject({
      statusCode: 404,
      body: { code: 'document_not_found' },
    })
    state.switches.tooEarlyRate = 1
    expect(await refusal(contacts.updateContact({ identifier: ANN }))).toMatchObject({
      statusCode: 425,
      body: { code: 'account_in_process' },
    })
    const stranger = await connect('xkeysib-wrong')
    expect(await refusal(stranger.brevo.account.getAccount())).toMatchObject({
      statusCode: 401,
      body: { code: 'unauthorized', message: 'Key not found' },
    })
  })

  test('finds the batch endpoint withdrawn, or working', async () => {
    const { contacts, state } = await connect()
    expect((await refusal(contacts.updateBatchContacts({ contacts: [] }))).statusCode).toBe(410)
    state.switches.batch = 'works'
    await contacts.updateBatchContacts({ contacts: [{ email: ANN, attributes: { LASTNAME: 'Lee' } }] })
    expect(state.contact(ANN)?.attributes).toMatchObject({ LASTNAME: 'Lee' })
  })

  test('manages attributes', async () => {
    const { contacts } = await connect()
    await contacts.createAttribute({ attributeCategory: 'normal', attributeName: 'DEALS', type: 'float' })
    await contacts.createAttribute({
      attributeCategory: 'category',
      attributeName: 'STAGE',
      type: 'category',
      enumeration: [{ value: 1, label: 'Lead' }],
    })
    await contacts.updateAttribute({
      attributeCategory: 'category',
      attributeName: 'STAGE',
      enumeration: [
        { value: 1, label: 'Lead' },
        { value: 2, label: 'Won' },
      ],
    })
    await contacts.deleteMultiAttributeOptions({
      attributeType: 'multiple-choice',
      multipleChoiceAttribute: 'COUNTRIES',
      multipleChoiceAttributeOption: 'USA',
    })
    await contacts.deleteAttribute({ attributeCategory: 'normal', attributeName: 'DEALS' })
    const { attributes } = await contacts.getAttributes()
    expect(attributes.find(({ name }) => name === 'STAGE')?.enumeration).toEqual([
      { value: 1, valueStr: '1', label: 'Lead' },
      { value: 2, valueStr: '2', label: 'Won' },
    ])
    expect(attributes.find(({ name }) => name === 'COUNTRIES')?.multiCategoryOptions).toEqual([
      'India',
      'France',
    ])
    const twice = contacts.createAttribute({
      attributeCategory: 'normal',
      attributeName: 'VIP',
      type: 'boolean',
    })
    expect((await refusal(twice)).statusCode).toBe(400)
    const unknown = contacts.deleteAttribute({ attributeCategory: 'normal', attributeName: 'NOPE' })
    expect((await refusal(unknown)).statusCode).toBe(404)
  })

  test('manages folders, lists and segments', async () => {
    const { contacts } = await connect()
    const folder = await contacts.createFolder({ name: 'Tajo' })
    await contacts.updateFolder({ folderId: folder.id, body: { name: 'Tajo lists' } })
    const list = await contacts.createList({ name: 'All', folderId: folder.id })
    await contacts.updateList({ listId: list.id, name: 'Everyone' })
    expect(await contacts.getList({ listId: list.id })).toMatchObject({
      name: 'Everyone',
      folderId: folder.id,
    })
    expect((await contacts.getLists({ limit: 50 })).lists).toHaveLength(3)
    expect((await contacts.getFolder({ folderId: folder.id })).name).toBe('Tajo lists')
    expect((await contacts.getFolders()).count).toBe(2)
    expect((await contacts.getFolderLists({ folderId: folder.id })).lists?.[0]?.id).toBe(list.id)
    expect((await contacts.getSegments()).segments?.[0]).toMatchObject({ id: 5, segmentName: 'S' })
    await contacts.deleteList({ listId: list.id })
    await contacts.deleteFolder({ folderId: folder.id })
    expect((await refusal(contacts.getList({ listId: list.id }))).statusCode).toBe(404)
    expect((await refusal(contacts.getLists({ limit: 51 }))).statusCode).toBe(400)
  })

  test('moves contacts on and off lists', async () => {
    const { contacts, state } = await connect()
    const add = (body: Brevo.AddContactToListRequestBody) => contacts.addContactToList({ listId: 3, body })
    const remove = (body: Brevo.RemoveContactFromListRequestBody) =>
      contacts.removeContactFromList({ listId: 3, body })
    expect(await add({ emails: [ANN, 'no@example.com'] })).toEqual({
      contacts: { success: [ANN], failure: ['no@example.com'] },
    })
    expect(await add({ ids: [2] })).toMatchObject({ contacts: { success: [2] } })
    expect((await refusal(add({ extIds: ['x1'] }))).statusCode).toBe(400)
    expect((await contacts.getContactsFromList({ listId: 3, limit: 500 })).count).toBe(2)
    expect(await remove({ extIds: ['x1'] })).toMatchObject({ contacts: { success: ['x1'] } })
    expect(await remove({ all: true })).toEqual({ contacts: { total: 1, processId: 1 } })
    expect(state.listMembers(3)).toEqual([2])
  })

  test('imports contacts and follows the process', async () => {
    const { brevo, contacts, clock, state } = await connect()
    const { processId } = await contacts.importContacts({
      jsonBody: [{ email: 'c@example.com', attributes: { EXT_ID: 'x3' } }, { email: 'bad' }],
      listIds: [3],
      disableNotification: true,
      updateExistingContacts: true,
    })
    expect((await brevo.process.getProcess({ processId })).status).toBe('queued')
    await clock.advance(60_000)
    const done: Brevo.GetProcessResponse = await brevo.process.getProcess({ processId })
    expect(done).toMatchObject({ name: 'IMPORTUSER', status: 'completed' })
    expect(done.info?.import?.invalid_emails).toMatch(/^http:.*\.csv$/)
    expect((await brevo.process.getProcesses({ limit: 50 })).count).toBe(1)
    expect(state.listMembers(3)).toEqual([3])
    expect((await refusal(brevo.process.getProcess({ processId: 99 }))).body).toEqual({
      code: 'invalid_parameter',
      message: 'processId is invalid',
    })
    const csv = await contacts.importContacts({
      fileBody: 'EMAIL;LASTNAME\nd@example.com;Dee',
      newList: { listName: 'N', folderId: 1 },
    })
    await clock.advance(60_000)
    expect((await brevo.process.getProcess({ processId: csv.processId })).status).toBe('completed')
    expect(state.contact('d@example.com')).toMatchObject({ listIds: [4], attributes: { LASTNAME: 'Dee' } })
  })
})

/** Where the simulator knowingly leaves the document of 2025, and why. */
const TOLERANCES: Tolerance[] = [
  {
    part: 'query',
    at: 'ids',
    operation: 'GET /contacts',
    reason: 'the filter by ids came after the document; the SDK sends it',
  },
  {
    operation: /^POST \/contacts\/lists\/\{listId\}\/contacts\/(add|remove)$/,
    message: /^oneOf: must match exactly one schema/,
    reason:
      'the alternatives overlap: bodies have only optional members, and an empty array is of every type',
  },
  {
    operation: 'POST /contacts/lists/{listId}/contacts/remove',
    part: 'response',
    at: '/contacts/success/*',
    reason: 'success is typed as emails or numbers only, though ext_ids are allowed and shown in its example',
  },
  {
    part: 'status',
    at: '401',
    reason: 'the document declares no 401 per endpoint; it is described in its introduction',
  },
  {
    operation: 'POST /contacts/batch',
    part: 'status',
    at: '410',
    reason: 'the document is older than the withdrawal of the endpoint',
  },
]

describe.runIf(SPEC !== null)('the OpenAPI document', () => {
  const document = SPEC === null ? null : loadOpenApi(SPEC)

  test('agrees with every exchange of the SDK, but for the listed tolerances', () => {
    expect(exchanges.length).toBeGreaterThan(50)
    const problems = exchanges.flatMap((exchange) => {
      const isRefused = exchange.status >= 400
      return (isRefused ? document?.checkResponse(exchange) : document?.check(exchange)) ?? []
    })
    const { left, used } = applyTolerances(problems, TOLERANCES)
    expect(left).toEqual([])
    expect(TOLERANCES.filter((tolerance) => !used.has(tolerance))).toEqual([])
  })

  test('has no contact, account or process operation that was not tried, but for three', () => {
    const tried = new Set(exchanges.map(({ method, path }) => document?.operationOf(method, path)))
    const ours = document?.operations.filter((each) => /^\w+ \/(contacts|account|processes)/.test(each))
    expect(ours?.filter((operation) => !tried.has(operation))).toEqual([
      'POST /contacts/doubleOptinConfirmation',
      'GET /contacts/{identifier}/campaignStats',
      'POST /contacts/export',
    ])
  })
})

afterAll(() => {
  if (SPEC === null) console.info("skipped: the vendor's OpenAPI document is not beside this checkout")
})
