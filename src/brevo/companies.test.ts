import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import fc from 'fast-check'
import { afterEach, describe, expect, test } from 'vitest'
import { manualClock } from '../base/clock.ts'
import {
  type FaultyServer,
  type Reply,
  type SeenRequest,
  startFaultyServer,
} from '../transport/faulty-server.test-kit.ts'
import { ApiError } from '../transport/index.ts'
import { createBrevoClient } from './client.ts'
import type { BrevoClient } from './client-face.ts'
import type { BrevoCompanyImportRow } from './record/company.ts'

const ID = '61a5cd07ca1347c82306ad06'
const START = new Date('2026-11-24T10:00:00Z')
const REFUSED = { code: 'brevo_request_invalid' }
const open: { close(): Promise<void> }[] = []
afterEach(async () => {
  for (const thing of open.splice(0)) await thing.close()
})

function clientOf(url: string): BrevoClient {
  const clock = manualClock(START)
  const client = createBrevoClient({
    apiUrl: `${url}/v3`,
    credential: { apiKey: 'xkeysib-0123456789abcdef' },
    clock: {
      now: clock.now,
      async sleep(ms, signal) {
        signal?.throwIfAborted()
        await clock.advance(ms)
      },
    },
    random: () => 1,
    timeoutMs: 2_000,
  })
  open.push(client)
  return client
}

async function connect(
  answer: (request: SeenRequest, index: number) => Reply,
): Promise<{ server: FaultyServer; client: BrevoClient }> {
  const server = await startFaultyServer(answer)
  const client = clientOf(server.url)
  open.push(server)
  return { server, client }
}

async function failure(promise: Promise<unknown>): Promise<ApiError> {
  const error: unknown = await promise.then(
    () => undefined,
    (thrown: unknown) => thrown,
  )
  expect(error).toBeInstanceOf(ApiError)
  return error as ApiError
}

const nothing: Reply = { status: 204, text: '' }
const lost: Reply = (response) => response.destroy()

function companies(from: number, count: number): { id: string; attributes: object }[] {
  return Array.from({ length: count }, (_, i) => ({
    id: `c${from + i}`,
    attributes: { name: `C${from + i}` },
  }))
}

describe('pages of companies', () => {
  test('a page asks for a hundred, oldest first, and keeps what it cannot read', async () => {
    const { client, server } = await connect(() => ({
      json: { items: [{ id: ID, attributes: { name: 'A' }, linkedContactsIds: [1] }, { attributes: {} }] },
    }))
    const page = await client.companies.page({ modifiedSince: START })
    expect(page).toMatchObject({
      items: [{ id: ID, linkedContactsIds: [1] }],
      page: 1,
      nextPage: null,
      unreadable: [{ id: null }],
    })
    expect(server.seen[0]?.path).toBe('/v3/companies')
    expect(Object.fromEntries(server.seen[0]?.query ?? [])).toEqual({
      limit: '100',
      modifiedSince: '2026-11-24T10:00:00.000Z',
      sort: 'asc',
    })
    await client.companies.page({ page: 3, limit: 5_000 })
    expect(Object.fromEntries(server.seen[1]?.query ?? [])).toEqual({ page: '3', limit: '100', sort: 'asc' })
    expect(client.usage().byBucket).toEqual({ other: 2 })
  })

  test('pages are read until one is short, each company once', async () => {
    const { client, server } = await connect((request) => {
      const page = Number(request.query.get('page') ?? 1)
      return { json: { items: page === 1 ? companies(0, 100) : companies(99, 5) } }
    })
    const ids: string[] = []
    for await (const page of client.companies.pages()) ids.push(...page.items.map((company) => company.id))
    expect(ids).toEqual(companies(0, 104).map((company) => company.id))
    expect(server.seen).toHaveLength(2)
  })

  test('without companies there is no page', async () => {
    const { client } = await connect(() => ({ json: { items: [] } }))
    for await (const page of client.companies.pages()) expect.unreachable(`page ${page.page}`)
  })

  test('a server that gives the first page again is a failure, not the end', async () => {
    const { client, server } = await connect(() => ({ json: { items: companies(0, 100) } }))
    const read = async () => {
      let count = 0
      for await (const page of client.companies.pages()) count += page.items.length
      return count
    }
    await expect(read()).rejects.toMatchObject({ code: 'brevo_answer_invalid', disposition: 'retry' })
    expect(server.seen).toHaveLength(2)
  })
})

describe('single companies', () => {
  test('creating answers the id and is not repeated when the answer is lost', async () => {
    const { client, server } = await connect((_request, index) => (index === 0 ? { json: { id: ID } } : lost))
    const company = { name: 'Acme', attributes: { domain: 'acme.example' }, linkedContactsIds: [1, 2] }
    expect(await client.companies.create(company)).toEqual({ id: ID })
    expect(server.seen[0]).toMatchObject({ method: 'POST', path: '/v3/companies', body: company })
    expect(await failure(client.companies.create(company))).toMatchObject({ applied: 'maybe', attempts: 1 })
    expect(server.seen).toHaveLength(2)
  })

  test('a creation that names no id says to look before repeating', async () => {
    const { client } = await connect(() => ({ json: {} }))
    await expect(client.companies.create({ name: 'Acme' })).rejects.toThrow('look for it before repeating')
  })

  test('a change is sent as it is, and repeated after a lost answer', async () => {
    const { client, server } = await connect((_request, index) =>
      index === 0 ? lost : { json: { id: ID, attributes: {} } },
    )
    await client.companies.update(ID, { attributes: { city: '' } })
    expect(server.seen).toHaveLength(2)
    expect(server.seen[1]).toMatchObject({
      method: 'PATCH',
      path: `/v3/companies/${ID}`,
      body: { attributes: { city: '' } },
    })
  })

  test('a change cannot carry links, by type and at run time', async () => {
    const { client, server } = await connect(() => nothing)
    // @ts-expect-error links are not part of the type
    const contacts = client.companies.update(ID, { name: 'A', linkedContactsIds: [1] })
    await expect(contacts).rejects.toThrow('companies.link')
    // @ts-expect-error links are not part of the type
    const deals = client.companies.update(ID, { name: 'A', linkedDealsIds: [] })
    await expect(deals).rejects.toMatchObject(REFUSED)
    expect(server.seen).toHaveLength(0)
  })

  test('what Brevo would refuse is not sent', async () => {
    const { client, server } = await connect(() => nothing)
    const calls = [
      () => client.companies.create({ name: ' ' }),
      // @ts-expect-error a name is needed
      () => client.companies.create({ attributes: { city: 'Bonn' } }),
      // @ts-expect-error null is not part of the type
      () => client.companies.create({ name: 'A', attributes: { city: null } }),
      () => client.companies.create({ name: 'A', linkedContactsIds: [1.5] }),
      () => client.companies.update(ID, {}),
      () => client.companies.update(ID, { attributes: {}, countryCode: 49 }),
      () => client.companies.update(ID, { name: '' }),
      () => client.companies.update('', { name: 'A' }),
      () => client.companies.delete('..'),
      () => client.companies.delete('import/1'),
      () => client.companies.link(ID, {}),
      () => client.companies.link(ID, { linkContactIds: [], unlinkContactIds: [] }),
      () => client.companies.link(ID, { linkContactIds: [0] }),
      () => client.companies.link(ID, { linkContactIds: [1, 2], unlinkContactIds: [2] }),
    ]
    for (const call of calls) await expect(call(), String(call)).rejects.toMatchObject(REFUSED)
    expect(server.seen).toHaveLength(0)
  })

  test('linking and unlinking go in one call that names only what changes', async () => {
    const { client, server } = await connect(() => nothing)
    await client.companies.link(ID, { linkContactIds: [1, 2], unlinkContactIds: [3] })
    await client.companies.link(ID, { linkContactIds: [], unlinkContactIds: [3] })
    expect(server.seen[0]).toMatchObject({ method: 'PATCH', path: `/v3/companies/link-unlink/${ID}` })
    expect(server.seen.map((request) => request.body)).toEqual([
      { linkContactIds: [1, 2], unlinkContactIds: [3] },
      { unlinkContactIds: [3] },
    ])
  })

  test('deleting what is gone fails, unless an earlier attempt may have deleted it', async () => {
    const gone: Reply = { status: 404, json: { message: 'Document not found' } }
    const { client, server } = await connect((_request, index) => (index === 1 ? lost : gone))
    const error = await failure(client.companies.delete(ID))
    expect(error).toMatchObject({ code: 'brevo_not_found', disposition: 'reject', vendorCode: null })
    expect(error.message).toBe(
      `Brevo answered DELETE /companies/${ID} with 404 (Document not found): it was deleted, or never existed in this account.`,
    )
    await client.companies.delete(ID)
    expect(server.seen).toHaveLength(3)
  })

  test('the words of a CRM error without a code are kept', async () => {
    const { client } = await connect(() => ({
      status: 400,
      json: { message: 'Route company id is not valid.' },
    }))
    const error = await failure(client.companies.update('x', { name: 'A' }))
    expect(error).toMatchObject({
      code: 'brevo_rejected',
      disposition: 'reject',
      vendorCode: null,
      vendorMessage: 'Route company id is not valid.',
    })
    expect(error.message).toContain('(Route company id is not valid.): correct the values')
  })
})

type SeenForm = { contentType: string; csv: string; fileName: string; mapping: unknown }

/** Reads forms with the platform's own reader; the kit reads JSON only. */
async function connectForms(answer: () => { status: number; json: unknown } | 'lost') {
  const seen: SeenForm[] = []
  const server = createServer(async (request, response) => {
    const contentType = request.headers['content-type'] ?? ''
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk)
    const form = await new Response(Buffer.concat(chunks), {
      headers: { 'content-type': contentType },
    }).formData()
    const file = form.get('file') as File
    const mapping: unknown = JSON.parse(String(form.get('mapping')))
    seen.push({ contentType, csv: await file.text(), fileName: file.name, mapping })
    const reply = answer()
    if (reply === 'lost') return response.destroy()
    response.writeHead(reply.status, { 'content-type': 'application/json' })
    response.end(JSON.stringify(reply.json))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const client = clientOf(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)
  open.push({
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  })
  return { client, seen }
}

/** Cells of a CSV text by the rules of RFC 4180. */
function readCsv(text: string): string[][] {
  const rows: string[][] = []
  let row: string[] = []
  for (const [, quoted, plain = '', end] of text.matchAll(/(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/g)) {
    row.push(quoted === undefined ? plain : quoted.replaceAll('""', '"'))
    if (end === ',') continue
    rows.push(row)
    row = []
  }
  return rows
}

const accepted = () => ({ status: 200, json: { processId: 50 } })

describe('the import of companies', () => {
  test('rows become a CSV file beside the whole mapping', async () => {
    const { client, seen } = await connectForms(accepted)
    const rows = [
      { name: 'Müller; "Söhne", KG', revenue: 1.5, is_client: true },
      { company_id: ID, city: ' two\nlines' },
    ]
    expect(await client.companies.import({ rows })).toEqual({ processId: 50 })
    expect(seen[0]?.contentType).toMatch(/^multipart\/form-data; boundary=tajo-/)
    expect(seen[0]).toMatchObject({
      fileName: 'companies.csv',
      csv: `name,revenue,is_client,company_id,city\r\n"Müller; ""Söhne"", KG",1.5,true,,\r\n,,,${ID}," two\nlines"\r\n`,
      mapping: {
        link_entities: true,
        unlink_entities: false,
        update_existing_records: true,
        unset_empty_attributes: false,
      },
    })
    expect(client.usage().byBucket).toEqual({ other: 1 })
  })

  test('a CSV text goes as it is, and the mapping overrides only what it names', async () => {
    const { client, seen } = await connectForms(accepted)
    const csv = 'name;associated_contact\nAcme;7'
    await client.companies.import({ csv, mapping: { link_entities: false } })
    expect(seen[0]?.csv).toBe(csv)
    expect(seen[0]?.mapping).toMatchObject({ link_entities: false, update_existing_records: true })
  })

  test('whatever stands in a cell arrives as it was', async () => {
    const { client, seen } = await connectForms(accepted)
    const cell = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.string({ unit: fc.constantFrom('"', ',', ';', '\r', '\n', ' ', '-', 'a') }),
    )
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(cell, cell), { minLength: 1, maxLength: 5 }), async (cells) => {
        const rows = cells.map(([a, b]) => ({ name: `n${a}`, city: b }))
        await client.companies.import({ rows })
        const expected = [['name', 'city'], ...rows.map((row) => [row.name, row.city])]
        expect(readCsv(seen.at(-1)?.csv ?? '')).toEqual(expected)
      }),
      // The bucket has a hundred an hour.
      { numRuns: 60 },
    )
  })

  test('an import is never sent twice, for its rows would be created twice', async () => {
    const { client, seen } = await connectForms(() => 'lost')
    const error = await failure(client.companies.import({ rows: [{ name: 'A', city: 'Bonn' }] }))
    expect(error).toMatchObject({ code: 'brevo_no_answer', applied: 'maybe', attempts: 1 })
    expect(seen).toHaveLength(1)
  })

  test('a refused import keeps the words, one without a process says to look first', async () => {
    const replies = [
      { status: 400, json: { message: 'Bad request : no header' } },
      { status: 200, json: {} },
    ]
    const { client } = await connectForms(() => replies.shift() ?? accepted())
    const rows = [{ name: 'A', city: 'Bonn' }]
    expect(await failure(client.companies.import({ rows }))).toMatchObject({
      code: 'brevo_rejected',
      vendorMessage: 'Bad request : no header',
    })
    await expect(client.companies.import({ rows })).rejects.toThrow('before repeating it')
  })

  test.each<[string, Parameters<BrevoClient['companies']['import']>[0], RegExp]>([
    ['no rows', { rows: [] }, /at least one row/],
    ['neither name nor id', { rows: [{ city: 'Bonn', name: ' ' }] }, /Row 0 .* neither/],
    ['a single column', { rows: [{ name: 'A' }] }, /single column/],
    ['only a header', { csv: 'name,city\r\n' }, /at least one row/],
    ['too much', { csv: `name,city\n${'x'.repeat(8_000_000)}` }, /at most 8000000 bytes/],
    [
      'a known company created again',
      { rows: [{ company_id: ID, name: 'A' }], mapping: { update_existing_records: false } },
      /created again/,
    ],
    [
      'values erased that nobody named',
      { rows: [{ company_id: ID, city: '' }, { name: 'B' }], mapping: { unset_empty_attributes: true } },
      /would erase/,
    ],
    ['null', { rows: [{ name: 'A', city: null } as unknown as BrevoCompanyImportRow] }, /city is null/],
  ])('refuses before sending: %s', async (_name, request, words) => {
    const { client, seen } = await connectForms(accepted)
    const refused = client.companies.import(request)
    await expect(refused).rejects.toMatchObject(REFUSED)
    await expect(refused).rejects.toThrow(words)
    expect(seen).toHaveLength(0)
  })
})

describe('attributes of companies', () => {
  test('are answered as a bare list; any other list without an object is refused', async () => {
    const { client, server } = await connect(() => ({
      json: [{ internalName: 'city', label: 'City', attributeTypeName: 'text', isRequired: false }],
    }))
    expect(await client.companyAttributes.list()).toMatchObject([{ internalName: 'city' }])
    expect(server.seen[0]?.path).toBe('/v3/crm/attributes/companies')
    expect(await failure(client.companies.page())).toMatchObject({ code: 'brevo_answer_invalid' })
    expect(client.usage().byBucket).toEqual({ other: server.seen.length })
  })

  test('an object where the list should stand is not taken for an empty list', async () => {
    const { client } = await connect(() => ({ json: {} }))
    expect(await failure(client.companyAttributes.list())).toMatchObject({ code: 'brevo_answer_invalid' })
  })

  test('are created for companies, with options where the type has them', async () => {
    const { client, server } = await connect(() => ({ json: { id: ID } }))
    expect(await client.companyAttributes.create('City', 'text')).toEqual({ id: ID })
    await client.companyAttributes.create('Size', 'single-select', { optionsLabels: ['S', 'L'] })
    expect(server.seen.map((request) => [request.path, request.body])).toEqual([
      ['/v3/crm/attributes', { label: 'City', attributeType: 'text', objectType: 'companies' }],
      [
        '/v3/crm/attributes',
        {
          label: 'Size',
          attributeType: 'single-select',
          objectType: 'companies',
          optionsLabels: ['S', 'L'],
        },
      ],
    ])
  })

  test('labels that are blank or too long, and missing or needless options, are not sent', async () => {
    const { client, server } = await connect(() => ({ json: { id: ID } }))
    const { create } = client.companyAttributes
    const calls = [
      () => create(' ', 'text'),
      () => create('x'.repeat(51), 'text'),
      () => create('Size', 'multi-choice'),
      () => create('Size', 'single-select', { optionsLabels: ['S', ''] }),
      () => create('City', 'text', { optionsLabels: ['Bonn'] }),
    ]
    for (const call of calls) await expect(call(), String(call)).rejects.toMatchObject(REFUSED)
    expect(server.seen).toHaveLength(0)
    await create('x'.repeat(50), 'text')
    expect(server.seen).toHaveLength(1)
  })
})

describe('webhooks and stored events', () => {
  test.each([[{}], [{ webhooks: [] }], [{ webhooks: null }]])('no webhooks: %j', async (json) => {
    const { client, server } = await connect(() => ({ json }))
    expect(await client.webhooks.list('marketing')).toEqual([])
    expect(server.seen[0]?.query.get('type')).toBe('marketing')
  })

  test.each([
    [400, 'brevo_rejected'],
    [404, 'brevo_not_found'],
  ])('an answer of %i is not taken for an account without webhooks', async (status, code) => {
    const { client } = await connect(() => ({ status, json: { message: 'm' } }))
    expect(await failure(client.webhooks.list('marketing'))).toMatchObject({ code })
  })

  test('a webhook is changed in place, and repeated after a lost answer', async () => {
    const { client, server } = await connect((_request, index) => (index === 0 ? lost : nothing))
    await client.webhooks.update(7, { events: ['unsubscribed'], batched: true })
    expect(server.seen).toHaveLength(2)
    expect(server.seen[1]).toMatchObject({
      method: 'PUT',
      path: '/v3/webhooks/7',
      body: { events: ['unsubscribed'], batched: true },
    })
    await expect(client.webhooks.update(7, {})).rejects.toMatchObject(REFUSED)
    // @ts-expect-error the type of a webhook is fixed
    await client.webhooks.update(7, { type: 'marketing' })
  })

  test('a stored event carries its properties, so that an uncertain one can be recognised', async () => {
    const event = {
      contact_id: 3,
      event_name: 'deal_won',
      event_date: '2026-11-24T09:00:00Z',
      event_properties: { tajo_id: 'd-17', deal: { value: 5 } },
    }
    const { client, server } = await connect(() => ({ json: { events: [event], count: 1 } }))
    const filter = { contactId: 3, eventName: 'deal_won', since: START }
    const events = await client.events.list({ ...filter, until: new Date('2026-11-25T10:00:00Z') })
    expect(events.find((stored) => stored.event_properties?.tajo_id === 'd-17')).toEqual(event)
    expect(Object.fromEntries(server.seen[0]?.query ?? [])).toMatchObject({
      startDate: '2026-11-24T10:00:00.000Z',
      endDate: '2026-11-25T10:00:00.000Z',
    })
    await expect(client.events.list(filter)).rejects.toMatchObject(REFUSED)
    expect(server.seen).toHaveLength(1)
  })
})
