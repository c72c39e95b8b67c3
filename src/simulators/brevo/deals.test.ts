import { expect, test } from 'vitest'
import { startBrevo, testSeed } from '../../../test/support/brevo-account.ts'
import { PLAN_LIMITS } from './rate-buckets.ts'

const NOBODY = 'f'.repeat(24)
const STAGE = { pipeline: '6093d296ad1e9c5cf2140a58', deal_stage: '9e577ff7-8e42-4ab3-be26-2b5e01b42518' }
const seed = testSeed({ contacts: [{ email: 'ann@example.com' }, { email: 'bob@example.com' }] })

async function start(options: Parameters<typeof startBrevo>[0] = {}) {
  const account = await startBrevo({ seed, ...options })
  const add = async (name: string, more: object = {}) => {
    const { body } = await account.call('POST', '/crm/deals', { name, ...more })
    return (body as { id: string }).id
  }
  const names = async (query = '') => {
    const { body } = await account.call('GET', `/crm/deals${query}`)
    return (body as { items: { attributes: { deal_name: string } }[] }).items.map(
      ({ attributes }) => attributes.deal_name,
    )
  }
  return { ...account, add, names }
}

const refused = (status: number, message: string) => ({ status, body: { message } })
const plain = ({ status, body }: { status: number; body: unknown }) => ({ status, body })

test('a deal is created, read and changed; its companies know it', async () => {
  const { call, clock, state } = await start()
  const company = state.addCompany({ name: 'Acme' })
  const created = await call('POST', '/crm/deals', {
    name: 'Big',
    attributes: { amount: 12 },
    linkedContactsIds: [2, 1],
    linkedCompaniesIds: [company],
  })
  expect(created.status).toBe(201)
  const { id } = created.body as { id: string }
  expect(id).toMatch(/^[0-9a-f]{24}$/)
  await clock.advance(1000)
  const change = { name: 'Bigger', attributes: { amount: 13, ...STAGE } }
  expect(plain(await call('PATCH', `/crm/deals/${id}`, change))).toEqual({ status: 204, body: undefined })
  expect((await call('GET', `/crm/deals/${id}`)).body).toEqual({
    id,
    attributes: {
      deal_name: 'Bigger',
      amount: 13,
      ...STAGE,
      number_of_contacts: 2,
      created_at: '2026-01-01T00:00:00.000Z',
      last_updated_date: '2026-01-01T00:00:01.000Z',
    },
    linkedContactsIds: [1, 2],
    linkedCompaniesIds: [company],
  })
  expect((await call('GET', `/companies/${company}`)).body).toMatchObject({ linkedDealsIds: [id] })
  expect(state.deals()).toEqual([{ id, name: 'Bigger', attributes: { amount: 13, ...STAGE } }])
})

test.each(['linkedContactsIds', 'linkedContactIds'])(
  'links that a change names as %s replace',
  async (name) => {
    const { call, add } = await start()
    const id = await add('Big', { linkedContactsIds: [1] })
    await call('PATCH', `/crm/deals/${id}`, { [name]: [2], linkedCompaniesIds: [] })
    expect((await call('GET', `/crm/deals/${id}`)).body).toMatchObject({
      linkedContactsIds: [2],
      linkedCompaniesIds: [],
    })
  },
)

test('an id that is none is 400, an unknown one 404, both without a code', async () => {
  const { call } = await start()
  for (const method of ['GET', 'PATCH']) {
    const body = method === 'PATCH' ? {} : undefined
    expect(plain(await call(method, '/crm/deals/12', body))).toEqual(
      refused(400, 'Route attribute id is not valid.'),
    )
    expect(plain(await call(method, `/crm/deals/${NOBODY}`, body))).toEqual(
      refused(404, 'Document not found'),
    )
  }
})

test.each([
  { name: '' },
  { name: null },
  { attributes: { amount: 'much' } },
  { attributes: { amount: null } },
  { attributes: { surprise: 'x' } },
  { attributes: { created_at: '2026-01-01' } },
  { attributes: { pipeline: STAGE.pipeline } },
  { attributes: { deal_stage: STAGE.deal_stage } },
  { linkedContactsIds: [99] },
  { linkedCompaniesIds: [NOBODY] },
])('%j is refused and changes nothing', async (change) => {
  const { call, add, state } = await start()
  const id = await add('Big', { attributes: { amount: 12 } })
  const body = { ...change, attributes: { deal_owner: 'x', ...change.attributes } }
  expect(plain(await call('PATCH', `/crm/deals/${id}`, body))).toEqual(refused(400, 'Not valid data.'))
  expect(state.deals()).toEqual([{ id, name: 'Big', attributes: { amount: 12 } }])
})

test('by switch, a stage may come without its pipeline', async () => {
  const { call, add } = await start({ switches: { dealStageAlone: 'accepted' } })
  const attributes = { deal_stage: STAGE.deal_stage }
  expect((await call('PATCH', `/crm/deals/${await add('Big')}`, { attributes })).status).toBe(204)
})

test('a created attribute of deals takes values, and takes them along when it goes', async () => {
  const { call, add, state } = await start()
  const { body } = await call('POST', '/crm/attributes', {
    label: 'Health',
    attributeType: 'text',
    objectType: 'deals',
  })
  const id = await add('Big', { attributes: { health: 'good' } })
  const listed = (await call('GET', '/crm/attributes/deals')).body as { internalName: string }[]
  expect(listed.map(({ internalName }) => internalName)).toEqual(
    expect.arrayContaining(['deal_name', 'amount', 'health']),
  )
  await call('DELETE', `/crm/attributes/${(body as { id: string }).id}`)
  expect(state.deals()).toEqual([{ id, name: 'Big', attributes: {} }])
})

test('deals are listed newest first by offset, and found by name, contact and company', async () => {
  const { call, add, names, state } = await start()
  const company = state.addCompany({ name: 'Acme' })
  await add('One', { linkedContactsIds: [1] })
  await add('Two', { linkedCompaniesIds: [company] })
  await add('Three')
  expect(await names()).toEqual(['Three', 'Two', 'One'])
  expect(await names('?sort=asc&offset=1&limit=1')).toEqual(['Two'])
  expect(await names('?filters[attributes.deal_name]=thr')).toEqual(['Three'])
  expect(await names('?filters[linkedContactsIds]=1')).toEqual(['One'])
  expect(await names(`?filters[linkedCompaniesIds]=${company}`)).toEqual(['Two'])
  expect(await names('?modifiedSince=2026-01-02T00:00:00.000Z')).toEqual([])
  expect(plain(await call('GET', '/crm/deals?limit=0'))).toEqual(refused(400, 'Not valid data.'))
})

test('deals are in the bucket of a hundred an hour', async () => {
  const { call } = await start({ limits: PLAN_LIMITS.starter })
  const { headers } = await call('GET', '/crm/deals')
  expect(headers.get('x-sib-ratelimit-limit')).toBe('100')
})
