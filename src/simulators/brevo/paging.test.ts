import { expect, test } from 'vitest'
import { startBrevo, testSeed } from '../../../test/support/brevo-account.ts'
import { ContactStore } from './contact-store.ts'

const people = (count: number) =>
  Array.from({ length: count }, (_, i) => ({
    email: `p${i + 1}@example.com`,
    attributes: {
      FIRSTNAME: i % 2 ? 'Odd' : 'Even',
      SCORE: i,
      COUNTRIES: ['USA', 'India'].slice(0, (i % 2) + 1),
    },
    listIds: i < 3 ? [2] : [],
  }))

async function listing(count: number) {
  const account = await startBrevo({ seed: testSeed({ contacts: people(count) }) })
  const page = async (query: Record<string, string>) => {
    const { status, body } = await account.call('GET', `/contacts?${new URLSearchParams(query)}`)
    const { contacts = [], count: total } = body as { contacts?: { id: number }[]; count: number }
    return { status, ids: contacts.map(({ id }) => id), total }
  }
  return { ...account, page }
}

test('contacts come newest first, 50 to a page, up to 1000', async () => {
  const { page } = await listing(1005)
  expect(await page({})).toMatchObject({ total: 1005, ids: Array.from({ length: 50 }, (_, i) => 1005 - i) })
  expect((await page({ limit: '1000' })).ids).toHaveLength(1000)
  expect((await page({ limit: '1000', offset: '1000' })).ids).toEqual([5, 4, 3, 2, 1])
  expect((await page({ limit: '2', offset: '3', sort: 'asc' })).ids).toEqual([4, 5])
  expect(await page({ offset: '9999' })).toMatchObject({ ids: [], total: 1005 })
  expect((await page({ limit: '0' })).ids).toEqual([])
})

test.each([
  [{ limit: '1001' }, 'out_of_range'],
  [{ limit: '-1' }, 'invalid_parameter'],
  [{ limit: 'ten' }, 'invalid_parameter'],
  [{ offset: '1.5' }, 'invalid_parameter'],
  [{ sort: 'up' }, 'invalid_parameter'],
  [{ modifiedSince: 'yesterday' }, 'invalid_parameter'],
  [{ modifiedSince: '2026-01-01T00:00:00 01:00' }, 'invalid_parameter'],
  [{ ids: Array.from({ length: 21 }, (_, i) => i + 1).join(',') }, 'invalid_parameter'],
  [{ listIds: '2', segmentId: '1' }, 'invalid_parameter'],
  [{ listIds: '99' }, 'invalid_parameter'],
  [{ filter: 'FIRSTNAME=Odd' }, 'invalid_parameter'],
])('GET /contacts with %j is refused', async (query, code) => {
  const { call } = await startBrevo()
  expect(await call('GET', `/contacts?${new URLSearchParams(query as never)}`)).toMatchObject({
    status: 400,
    body: { code },
  })
})

test('filters narrow the list and its count', async () => {
  const { page } = await listing(6)
  expect((await page({ ids: '2,5' })).ids).toEqual([5, 2])
  expect(await page({ listIds: '2' })).toMatchObject({ ids: [3, 2, 1], total: 3 })
  expect((await page({ filter: 'equals(FIRSTNAME,"Odd")' })).ids).toEqual([6, 4, 2])
  expect((await page({ filter: 'equals(SCORE, 3)' })).ids).toEqual([4])
  expect((await page({ filter: 'equals(COUNTRIES,"USA, India")' })).ids).toEqual([6, 4, 2])
  expect((await page({ filter: 'equals(COUNTRIES,"USA")' })).total).toBe(6)
})

test('modifiedSince sees attribute edits, list changes and touches alike; createdSince only new contacts', async () => {
  const { call, clock, page } = await listing(5)
  await clock.advance(10)
  await call('PUT', '/contacts/1', { attributes: { FIRSTNAME: 'x' } })
  await call('POST', '/contacts/lists/3/contacts/add', { ids: [2] })
  await call('PUT', '/contacts/3', {})
  await call('POST', '/contacts', { email: 'new@example.com' })
  const since = '2026-01-01T00:00:00.000Z'
  expect(await page({ modifiedSince: since })).toMatchObject({ ids: [6, 3, 2, 1], total: 4 })
  expect((await page({ modifiedSince: since, sort: 'asc', offset: '1', limit: '2' })).ids).toEqual([2, 3])
  expect((await page({ createdSince: since })).ids).toEqual([6])
  expect((await page({ modifiedSince: '2026-01-01T01:00:00.005+01:00' })).total).toBe(4)
  await call('DELETE', '/contacts/1')
  expect((await page({ modifiedSince: since })).ids).toEqual([6, 3, 2])
})

test('startDate and endDate go together', async () => {
  const { call } = await listing(1)
  expect((await call('GET', '/contacts/1?startDate=2026-01-01')).status).toBe(400)
  expect((await call('GET', '/contacts/1?startDate=2026-01-02&endDate=2026-01-01')).status).toBe(400)
  expect((await call('GET', '/contacts/1?startDate=2026-01-01&endDate=2026-01-02')).status).toBe(200)
})

test('pages of one filtered listing look at every contact once, not once per page', () => {
  const store = new ContactStore()
  for (let i = 0; i < 1000; i++) store.insert(0)
  let looked = 0
  const selection = { key: 'all', matches: () => ++looked > 0 }
  for (let page = 0; page < 10; page++) expect(store.select(selection)).toHaveLength(1000)
  expect(looked).toBe(1000)
  store.insert(0)
  expect(store.select(selection)).toHaveLength(1001)
})
