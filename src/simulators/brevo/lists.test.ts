import { expect, test } from 'vitest'
import { startBrevo, testSeed } from '../../../test/support/brevo-account.ts'

const people = (count: number) =>
  Array.from({ length: count }, (_, i) => ({ email: `p${i + 1}@example.com`, ext_id: `x${i + 1}` }))

test('folders and lists are made, read, renamed, moved and deleted; contacts stay', async () => {
  const { call, state } = await startBrevo({ seed: testSeed({ contacts: people(1) }) })
  expect((await call('POST', '/contacts/folders', { name: 'Tajo' })).body).toEqual({ id: 2 })
  expect((await call('POST', '/contacts/lists', { name: 'All', folderId: 2 })).body).toEqual({ id: 4 })
  await call('PUT', '/contacts/1', { listIds: [4] })
  expect((await call('PUT', '/contacts/lists/4', { name: 'Everyone' })).status).toBe(204)
  expect((await call('GET', '/contacts/lists/4')).body).toMatchObject({
    id: 4,
    name: 'Everyone',
    folderId: 2,
    createdAt: '2026-01-01T00:00:00.000Z',
    totalSubscribers: 0,
    uniqueSubscribers: 1,
  })
  expect((await call('GET', '/contacts/folders/2')).body).toMatchObject({
    name: 'Tajo',
    uniqueSubscribers: 1,
  })
  expect((await call('PUT', '/contacts/lists/4', { folderId: 1 })).status).toBe(204)
  expect((await call('GET', '/contacts/folders/2/lists')).body).toEqual({ lists: [], count: 0 })
  expect((await call('DELETE', '/contacts/folders/1')).status).toBe(204)
  expect(state.lists()).toEqual([])
  expect(state.snapshot()).toMatchObject([{ id: 1, listIds: [] }])
})

test.each([
  ['POST', '/contacts/lists', { name: 'x' }, 400, 'folderId is missing'],
  ['POST', '/contacts/lists', { folderId: 1 }, 400, 'name is missing'],
  ['POST', '/contacts/lists', { name: 'x', folderId: 99 }, 404, 'Folder ID does not exist'],
  ['GET', '/contacts/lists/99', undefined, 404, 'List ID does not exist'],
  ['GET', '/contacts/lists/abc', undefined, 400, 'Invalid listId'],
  ['PUT', '/contacts/lists/2', {}, 400, 'Either name or folderId can be updated at a time'],
  ['DELETE', '/contacts/lists/99', undefined, 404, 'List ID does not exist'],
  ['GET', '/contacts/folders/99', undefined, 404, 'Folder ID does not exist'],
  ['POST', '/contacts/folders', {}, 400, 'name is missing'],
  ['GET', '/contacts/lists?limit=51', undefined, 400, 'Limit exceeds max value'],
  ['GET', '/contacts/lists/2/contacts?limit=501', undefined, 400, 'Limit exceeds max value'],
])('%s %s %j is refused', async (method, path, body, status, message) => {
  const { call } = await startBrevo()
  expect(await call(method, path, body)).toMatchObject({ status, body: { message } })
})

test('lists come in pages of 10 by default and 50 at most, newest first', async () => {
  const lists = Array.from({ length: 60 }, (_, i) => ({ id: i + 1, name: `L${i + 1}`, folderId: 1 }))
  const { call } = await startBrevo({ seed: testSeed({ lists }) })
  const page = async (query: string) => {
    const { body } = await call('GET', `/contacts/lists${query}`)
    const { lists: shown, count } = body as { lists: { id: number }[]; count: number }
    return { ids: shown.map(({ id }) => id), count }
  }
  expect(await page('')).toEqual({ ids: [60, 59, 58, 57, 56, 55, 54, 53, 52, 51], count: 60 })
  expect((await page('?limit=50&offset=50')).ids).toHaveLength(10)
  expect((await page('?limit=2&sort=asc&offset=1')).ids).toEqual([2, 3])
})

test('adding takes emails, ids or extIds; part may fail inside the 201', async () => {
  const { call, state } = await startBrevo({ seed: testSeed({ contacts: people(3) }) })
  const add = (body: object) => call('POST', '/contacts/lists/2/contacts/add', body)
  expect(await add({ emails: ['p1@example.com', 'nobody@example.com'] })).toMatchObject({
    status: 201,
    body: { contacts: { success: ['p1@example.com'], failure: ['nobody@example.com'] } },
  })
  expect((await add({ ids: [1, 2] })).body).toEqual({ contacts: { success: [2], failure: [1] } })
  expect((await add({ extIds: ['x3'] })).body).toEqual({ contacts: { success: ['x3'], failure: [] } })
  expect(state.listMembers(2)).toEqual([1, 2, 3])
})

test('adding nobody at all is 400, or 201 with failures only', async () => {
  const { call, state } = await startBrevo({ seed: testSeed({ contacts: people(1) }) })
  const add = () => call('POST', '/contacts/lists/2/contacts/add', { ids: [7] })
  expect(await add()).toMatchObject({
    status: 400,
    body: { code: 'invalid_parameter', message: 'Contact already in list and/or does not exist' },
  })
  state.switches.noneMovedIs400 = false
  expect(await add()).toMatchObject({ status: 201, body: { contacts: { success: [], failure: [7] } } })
})

test('list endpoints do not find an address in another case, unless the account is lenient', async () => {
  const { call, state } = await startBrevo({ seed: testSeed({ contacts: people(1) }) })
  const add = async () =>
    (await call('POST', '/contacts/lists/2/contacts/add', { emails: ['P1@example.com'] })).status
  expect(await add()).toBe(400)
  state.switches.listEmailsExact = false
  expect(await add()).toBe(201)
})

test.each([
  [{ emails: ['p1@example.com'], ids: [1] }, 'exactly one'],
  [{}, 'exactly one'],
  [{ ids: ['1'] }, 'Invalid ids format'],
  [{ emails: [] }, 'Invalid emails format'],
  [{ ids: Array.from({ length: 151 }, (_, i) => i + 1) }, '150'],
])('add %j is refused', async (body, words) => {
  const { call } = await startBrevo({ seed: testSeed({ contacts: people(1) }) })
  for (const verb of ['add', 'remove']) {
    expect(await call('POST', `/contacts/lists/2/contacts/${verb}`, body)).toMatchObject({
      status: 400,
      body: { message: expect.stringContaining(words) },
    })
  }
})

test('removing bumps modifiedAt; removing all is a process', async () => {
  const contacts = people(4).map((each) => ({ ...each, listIds: [2] }))
  const { call, clock, state } = await startBrevo({ seed: testSeed({ contacts }) })
  await clock.advance(10)
  const remove = (body: object) => call('POST', '/contacts/lists/2/contacts/remove', body)
  expect((await remove({ ids: [2, 9] })).body).toEqual({ contacts: { success: [2], failure: [9] } })
  expect(state.contact(2)).toMatchObject({ modifiedAt: '2026-01-01T00:00:00.010Z', listIds: [] })
  expect(await remove({ all: true })).toMatchObject({
    status: 201,
    body: { contacts: { total: 3, processId: 1 } },
  })
  expect(state.listMembers(2)).toHaveLength(3)
  await clock.advance(10_000)
  expect(state.listMembers(2)).toEqual([])
  expect((await call('GET', '/processes/1')).body).toMatchObject({ status: 'completed' })
})

test('members are listed in pages of 50 by default and 500 at most, and by modifiedSince', async () => {
  const contacts = people(600).map((each) => ({ ...each, listIds: [2] }))
  const { call, clock } = await startBrevo({ seed: testSeed({ contacts }) })
  await clock.advance(10)
  await call('PUT', '/contacts/7', { attributes: { FIRSTNAME: 'x' } })
  const page = async (query: string) =>
    (await call('GET', `/contacts/lists/2/contacts${query}`)).body as {
      contacts: { id: number }[]
      count: number
    }
  expect((await page('')).contacts).toHaveLength(50)
  expect((await page('?limit=500')).contacts).toHaveLength(500)
  const changed = await page('?modifiedSince=2026-01-01T00:00:00.005Z')
  expect(changed).toMatchObject({ count: 1, contacts: [{ id: 7 }] })
})

test('totals can be counted instead of retired', async () => {
  const contacts = [
    { email: 'a@example.com', listIds: [2] },
    { email: 'b@example.com', listIds: [2, 3], emailBlacklisted: true },
  ]
  const { call } = await startBrevo({ seed: testSeed({ contacts }), switches: { listTotals: 'counted' } })
  const counted = { totalSubscribers: 1, totalBlacklisted: 1, uniqueSubscribers: 2 }
  expect((await call('GET', '/contacts/folders')).body).toMatchObject({ folders: [counted], count: 1 })
  expect((await call('GET', '/contacts/lists/2')).body).toMatchObject(counted)
})

test('segments are read only', async () => {
  const segments = [
    { id: 5, segmentName: 'S', categoryName: 'C', updatedAt: '2026-01-01T00:00:00.000Z', contactIds: [1] },
  ]
  const { call } = await startBrevo({ seed: testSeed({ segments, contacts: people(2) }) })
  const { contactIds: _, ...shown } = segments[0] as (typeof segments)[0]
  expect((await call('GET', '/contacts/segments')).body).toEqual({ segments: [shown], count: 1 })
  expect((await call('POST', '/contacts/segments', {})).status).toBe(405)
  expect((await call('GET', '/contacts?segmentId=5')).body).toMatchObject({ count: 1, contacts: [{ id: 1 }] })
})
