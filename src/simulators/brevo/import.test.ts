import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { startBrevo, testSeed } from '../../../test/support/brevo-account.ts'
import type { BrevoSeedContact, BrevoSwitches } from './index.ts'

const ANN = 'ann@example.com'
const LATER = 60_000

async function withImport(contacts: BrevoSeedContact[] = [], switches: Partial<BrevoSwitches> = {}) {
  const account = await startBrevo({ seed: testSeed({ contacts }), switches })
  const send = (body: object) => account.call('POST', '/contacts/import', { listIds: [2], ...body })
  /** Sends, waits until the process is done, answers its reports as texts. */
  const run = async (body: object): Promise<Record<string, string | null>> => {
    const answer = await send(body)
    expect(answer.status).toBe(202)
    await account.clock.advance(LATER)
    const { processId } = answer.body as { processId: number }
    const process = (await account.call('GET', `/processes/${processId}`)).body as {
      info: { import: Record<string, string | null> }
    }
    const texts: Record<string, string | null> = {}
    for (const [name, url] of Object.entries(process.info.import)) {
      texts[name] = url === null ? null : await (await fetch(url)).text()
    }
    return texts
  }
  return { ...account, send, run }
}

const NO_REPORTS = {
  invalid_emails: null,
  duplicate_contact_id: null,
  duplicate_ext_id: null,
  duplicate_email_id: null,
  duplicate_phone_id: null,
  duplicate_whatsapp_id: null,
  duplicate_landline_number_id: null,
}

test('an import waits, runs, completes; nothing is there before, all of it afterwards', async () => {
  const { call, clock, send, state } = await withImport([], {
    importTime: { queueMs: 50, baseMs: 300, perRowUs: 1000 },
  })
  const answer = await send({ jsonBody: [{ email: ANN }, { email: 'b@example.com' }] })
  expect(answer).toMatchObject({ status: 202, body: { processId: 1 } })
  const status = async () => ((await call('GET', '/processes/1')).body as { status: string }).status
  expect(await status()).toBe('queued')
  await clock.advance(50)
  expect(await status()).toBe('in_process')
  await clock.advance(301)
  expect(await status()).toBe('in_process')
  expect(state.contactCount()).toBe(0)
  await clock.advance(1)
  expect((await call('GET', '/processes/1')).body).toEqual({
    id: 1,
    name: 'IMPORTUSER',
    status: 'completed',
    info: { import: NO_REPORTS },
  })
  expect(state.contacts()).toMatchObject([
    { email: ANN, listIds: [2], createdAt: '2026-01-01T00:00:00.352Z' },
    { email: 'b@example.com' },
  ])
})

test('imports run one after the other, or side by side', async () => {
  for (const importsInParallel of [false, true]) {
    const importTime = { queueMs: 0, baseMs: 100, perRowUs: 0 }
    const { clock, send, state } = await withImport([], { importTime, importsInParallel })
    await send({ jsonBody: [{ email: ANN }] })
    await send({ jsonBody: [{ email: 'b@example.com' }] })
    await clock.advance(100)
    expect(state.contactCount()).toBe(importsInParallel ? 2 : 1)
    await clock.advance(100)
    expect(state.contactCount()).toBe(2)
  }
})

test('existing contacts are updated by email, keep what is not mentioned and what is blank', async () => {
  const { run, state } = await withImport([
    { email: ANN, attributes: { FIRSTNAME: 'Ann', LASTNAME: 'Lee', SCORE: 1 }, listIds: [3] },
  ])
  await run({
    jsonBody: [{ email: 'ANN@example.com', attributes: { FIRSTNAME: 'Anna', SCORE: '', VIP: true } }],
  })
  expect(state.snapshot()).toMatchObject([
    { id: 1, listIds: [2, 3], attributes: { FIRSTNAME: 'Anna', LASTNAME: 'Lee', SCORE: 1, VIP: true } },
  ])
})

test('emptyContactsAttributes makes blanks erase', async () => {
  const { run, state } = await withImport([{ email: ANN, attributes: { SCORE: 1, SMS: '33612345678' } }])
  await run({
    jsonBody: [{ email: ANN, attributes: { SCORE: '', SMS: null } }],
    emptyContactsAttributes: true,
  })
  expect(state.contact(ANN)?.attributes).toEqual({})
})

test('with updateExistingContacts: false known contacts are only put on the list', async () => {
  const { run, state } = await withImport([{ email: ANN }])
  const attributes = { FIRSTNAME: 'x' }
  await run({
    jsonBody: [
      { email: ANN, attributes },
      { email: 'b@example.com', attributes },
    ],
    updateExistingContacts: false,
  })
  expect(state.snapshot()).toMatchObject([
    { email: ANN, listIds: [2], attributes: {} },
    { email: 'b@example.com', attributes },
  ])
})

test('unknown attributes, unfitting values and bad phones are dropped in silence', async () => {
  const { run, state } = await withImport()
  const attributes = { NOPE: 1, SCORE: 'ten', BORN: '11/02/1989', SMS: '061234', LASTNAME: 'Lee' }
  expect(await run({ jsonBody: [{ email: ANN, attributes }] })).toEqual(NO_REPORTS)
  expect(state.contact(ANN)?.attributes).toEqual({ LASTNAME: 'Lee' })
})

test('bad addresses and taken identifiers are reported in files, and those rows are left out', async () => {
  const { run, state } = await withImport([
    { email: ANN, ext_id: 'x1', attributes: { SMS: '33612345678', WHATSAPP: '33700000000' } },
  ])
  const reports = await run({
    jsonBody: [
      { email: 'not an address' },
      { email: 'b@example.com', attributes: { EXT_ID: 'x1' } },
      { email: 'c@example.com', attributes: { SMS: '+33612345678', WHATSAPP: '33700000000' } },
      { email: 'd@example.com', attributes: { SMS: '33655555555' } },
    ],
  })
  expect(reports).toEqual({
    ...NO_REPORTS,
    invalid_emails: 'EMAIL\nnot an address\n',
    duplicate_ext_id: 'EMAIL;EXT_ID\nb@example.com;x1\n',
    duplicate_phone_id: 'EMAIL;SMS\nc@example.com;33612345678\n',
    duplicate_whatsapp_id: 'EMAIL;WHATSAPP\nc@example.com;33700000000\n',
  })
  expect(state.contacts().map(({ email }) => email)).toEqual([ANN, 'd@example.com'])
})

test('a taken identifier can cost the value instead of the row', async () => {
  const { run, state } = await withImport([{ email: ANN, ext_id: 'x1' }], { importDuplicate: 'drop-value' })
  await run({ jsonBody: [{ email: 'b@example.com', attributes: { EXT_ID: 'x1', LASTNAME: 'Bo' } }] })
  expect(state.contact('b@example.com')?.attributes).toEqual({ LASTNAME: 'Bo' })
})

test('a row without email finds its contact by ext_id', async () => {
  const { run, state } = await withImport([{ email: ANN, ext_id: 'x1' }])
  await run({
    jsonBody: [{ attributes: { EXT_ID: 'x1', LASTNAME: 'Lee' } }, { attributes: { EXT_ID: 'x2' } }],
  })
  expect(state.snapshot()).toMatchObject([{ email: ANN, attributes: { LASTNAME: 'Lee' } }, { id: 2 }])
})

test('an import blocklists everybody on request, and resubscribes nobody unless the account does', async () => {
  const blocked = { email: ANN, emailBlacklisted: true }
  const { run, state } = await withImport([blocked])
  await run({ jsonBody: [{ email: ANN }] })
  expect(state.contact(ANN)).toMatchObject({ emailBlacklisted: true })
  await run({ jsonBody: [{ email: 'b@example.com' }], emailBlacklist: true, smsBlacklist: true })
  expect(state.contact('b@example.com')).toMatchObject({ emailBlacklisted: true, smsBlacklisted: true })
  state.switches.importUnblocklists = true
  await run({ jsonBody: [{ email: ANN }] })
  expect(state.contact(ANN)).toMatchObject({ emailBlacklisted: false })
})

test('booleans in jsonBody can be ignored, in a CSV they count', async () => {
  const { run, state } = await withImport([], { importIgnoresBooleans: true })
  await run({ jsonBody: [{ email: ANN, attributes: { VIP: true } }] })
  expect(state.contact(ANN)?.attributes).toEqual({})
  await run({ fileBody: `EMAIL;VIP\n${ANN};true` })
  expect(state.contact(ANN)?.attributes).toEqual({ VIP: true })
})

test('a CSV has a header, semicolons, quotes, and texts that fit numbers and options', async () => {
  const { run, state } = await withImport()
  const fileBody = `\uFEFFemail;LASTNAME;SCORE;COUNTRIES;BORN\r\n${ANN};"Lee; ""the\nsecond""";1.5;USA,India;2020-01-02\r\n`
  await run({ fileBody })
  expect(state.contact(ANN)?.attributes).toEqual({
    LASTNAME: 'Lee; "the\nsecond"',
    SCORE: 1.5,
    COUNTRIES: ['USA', 'India'],
    BORN: '2020-01-02',
  })
})

test('newList makes the list and puts everybody on it', async () => {
  const { run, state } = await withImport()
  await run({ listIds: undefined, newList: { listName: 'New', folderId: 1 }, jsonBody: [{ email: ANN }] })
  expect(state.lists()).toContainEqual({ id: 4, name: 'New', folderId: 1, size: 1 })
})

const ROWS = [{ email: ANN }]
test.each([
  [{ jsonBody: ROWS, listIds: [] }, 'listIds or newList is missing'],
  [{ jsonBody: ROWS, listIds: [99] }, 'List ID does not exist'],
  [{ jsonBody: ROWS, listIds: [], newList: { listName: 'x' } }, 'folderId is missing'],
  [{ jsonBody: ROWS, listIds: [], newList: { folderId: 1 } }, 'listName is missing'],
  [{}, 'fileUrl, fileBody or jsonBody is missing'],
  [{ jsonBody: ROWS, fileBody: 'EMAIL' }, 'Pass only one of fileUrl, fileBody and jsonBody'],
  [{ jsonBody: [] }, 'Invalid jsonBody format'],
  [{ jsonBody: ['x'] }, 'Invalid jsonBody format'],
  [{ fileBody: 'FIRSTNAME\nAnn' }, 'Invalid fileBody format'],
  [{ jsonBody: ROWS, emailBlacklist: 'no' }, 'Invalid emailBlacklist format'],
])('import %j is refused: %s', async (body, message) => {
  const { send } = await withImport()
  expect(await send(body)).toMatchObject({ status: 400, body: { message } })
})

test('10 MB is the most', async () => {
  const { send } = await withImport()
  const rows = (bytes: number) => [{ email: ANN, attributes: { LASTNAME: 'x'.repeat(bytes) } }]
  expect((await send({ jsonBody: rows(10 * 1024 * 1024) })).status).toBe(400)
  expect((await send({ jsonBody: rows(10 * 1024 * 1024 - 200) })).status).toBe(202)
})

test('an import can break on demand, with part of the rows done', async () => {
  const { call, clock, send, state } = await withImport()
  state.breakNextImport({ rows: 1 })
  await send({ jsonBody: [{ email: ANN }, { email: 'b@example.com' }] })
  await send({ jsonBody: [{ email: 'c@example.com' }] })
  await clock.advance(LATER)
  expect((await call('GET', '/processes/1')).body).toEqual({ id: 1, name: 'IMPORTUSER', status: 'failed' })
  expect(state.contacts().map(({ email }) => email)).toEqual([ANN, 'c@example.com'])
})

test('processes are listed newest first; an unknown one is 404 with the code of a 400', async () => {
  const { call, send } = await withImport()
  for (let i = 0; i < 3; i++) await send({ jsonBody: ROWS })
  expect((await call('GET', '/processes?limit=2')).body).toMatchObject({
    count: 3,
    processes: [{ id: 3 }, { id: 2 }],
  })
  for (const id of ['99', 'x']) {
    expect(await call('GET', `/processes/${id}`)).toMatchObject({
      status: 404,
      body: { code: 'invalid_parameter', message: 'processId is invalid' },
    })
  }
  expect((await call('GET', '/processes?limit=51')).status).toBe(400)
})

test('notifyUrl is called when the import has ended', async () => {
  let received: (body: string) => void
  const body = new Promise<string>((resolve) => {
    received = resolve
  })
  const server = createServer((request, response) => {
    let text = ''
    request.on('data', (chunk) => {
      text += chunk
    })
    request.on('end', () => {
      response.end()
      received(text)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  const { clock, send } = await withImport()
  const notifyUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/done`
  await send({ jsonBody: ROWS, notifyUrl })
  await clock.advance(LATER)
  expect(JSON.parse(await body)).toEqual({ processId: 1 })
})
