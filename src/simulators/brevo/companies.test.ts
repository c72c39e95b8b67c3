import { expect, test } from 'vitest'
import { startBrevo, testSeed } from '../../../test/support/brevo-account.ts'
import { PLAN_LIMITS } from './rate-buckets.ts'

const ANN = 'ann@example.com'
const BOB = 'bob@example.com'
const TWO = testSeed({ contacts: [{ email: ANN }, { email: BOB }] })
const NOT_VALID = { status: 400, body: { message: 'Not valid data.' } }
const DEAL = 'd'.repeat(24)
const NOBODY = 'f'.repeat(24)

async function start(options: Parameters<typeof startBrevo>[0] = {}) {
  const account = await startBrevo({ seed: TWO, ...options })
  const add = async (name: string, more: object = {}) => {
    const { body } = await account.call('POST', '/companies', { name, ...more })
    return (body as { id: string }).id
  }
  const names = async (query = '') => {
    const { body } = await account.call('GET', `/companies${query}`)
    return (body as { items: { attributes: { name: string } }[] }).items.map(
      ({ attributes }) => attributes.name,
    )
  }
  const attribute = async (label: string, attributeType: string, optionsLabels?: string[]) => {
    const { body } = await account.call('POST', '/crm/attributes', {
      label,
      attributeType,
      objectType: 'companies',
      ...(optionsLabels && { optionsLabels }),
    })
    return (body as { id: string }).id
  }
  const links = (id: string) => account.state.companies().find((each) => each.id === id)?.linkedContactsIds
  return { ...account, add, names, attribute, links }
}

/** Every refusal of these endpoints has a message and nothing else. */
const refused = (status: number, message: string) => ({ status, body: { message } })
const plain = ({ status, body }: { status: number; body: unknown }) => ({ status, body })

test('a company is created, read, changed and deleted', async () => {
  const { call, clock, add } = await start()
  const attributes = { domain: 'acme.example', revenue: 1.5, phone_number: '612345678' }
  const id = await add('Acme', {
    attributes,
    countryCode: 33,
    linkedContactsIds: [2, 1],
    linkedDealsIds: [DEAL],
  })
  expect(id).toMatch(/^[0-9a-f]{24}$/)
  await clock.advance(1000)
  const changed = await call('PATCH', `/companies/${id}`, { name: 'Acme Ltd', attributes: { domain: '' } })
  const company = {
    id,
    attributes: {
      name: 'Acme Ltd',
      revenue: 1.5,
      phone_number: '612345678',
      number_of_contacts: 2,
      created_at: '2026-01-01T00:00:00.000Z',
      last_updated_at: '2026-01-01T00:00:01.000Z',
    },
    linkedContactsIds: [1, 2],
    linkedDealsIds: [DEAL],
  }
  expect(plain(changed)).toEqual({ status: 200, body: company })
  expect((await call('GET', `/companies/${id}`)).body).toEqual(company)
  expect(plain(await call('DELETE', `/companies/${id}`))).toEqual({ status: 204, body: undefined })
  expect(plain(await call('GET', `/companies/${id}`))).toEqual(refused(404, 'Document not found'))
})

test('two companies may have the same name', async () => {
  const { add, names } = await start()
  expect(await add('Acme')).not.toBe(await add('Acme'))
  expect(await names()).toEqual(['Acme', 'Acme'])
})

test('an id that is none is 400, an unknown one 404, both without a code', async () => {
  const { call } = await start()
  for (const method of ['GET', 'PATCH', 'DELETE']) {
    const body = method === 'PATCH' ? {} : undefined
    expect(plain(await call(method, '/companies/12', body))).toEqual(
      refused(400, 'Route company id is not valid.'),
    )
    expect(plain(await call(method, `/companies/${NOBODY}`, body))).toEqual(
      refused(404, 'Document not found'),
    )
  }
})

test.each([
  [{ name: undefined }],
  [{ name: ' ' }],
  [{ name: 7 }],
  [{ attributes: [] }],
  [{ attributes: { domain: null } }],
  [{ attributes: { nope: 1 } }],
  [{ attributes: { revenue: '1.5' } }],
  [{ attributes: { number_of_contacts: 3 } }],
  [{ attributes: { phone_number: '612345678' } }],
  [{ attributes: { phone_number: '06 12' }, countryCode: 33 }],
  [{ countryCode: '33' }],
  [{ linkedContactsIds: [99] }],
  [{ linkedContactsIds: ['1'] }],
  [{ linkedDealsIds: ['12'] }],
])('POST %j is refused whole', async (more) => {
  const { call, state } = await start()
  expect(plain(await call('POST', '/companies', { name: 'Acme', ...more }))).toEqual(NOT_VALID)
  expect(state.companies()).toEqual([])
})

test('a refused PATCH changes nothing, and a body that is no JSON object is refused', async () => {
  const { call, add, state } = await start()
  const id = await add('Acme', { linkedContactsIds: [1] })
  const before = state.companies()
  for (const body of [
    { name: '' },
    { name: 'B', linkedContactsIds: [1, 99] },
    { name: 'B', attributes: { x: 1 } },
    '{',
  ]) {
    expect(plain(await call('PATCH', `/companies/${id}`, body))).toEqual(NOT_VALID)
  }
  expect(state.companies()).toEqual(before)
})

test('what does not fit and who does not exist can be left out in silence instead', async () => {
  const { add, state } = await start({
    switches: { unfitCompanyAttribute: 'ignored', unknownLinkedContact: 'ignored' },
  })
  await add('Acme', {
    attributes: { nope: 1, revenue: '1', domain: 'a.example' },
    linkedContactsIds: [1, 99],
  })
  expect(state.companies()).toMatchObject([{ attributes: { domain: 'a.example' }, linkedContactsIds: [1] }])
  expect(state.companies()[0]?.attributes).toEqual({ domain: 'a.example' })
})

test('links that a PATCH names replace all that were there, and those it does not name stay', async () => {
  const { call, add, links } = await start()
  const id = await add('Acme', { linkedContactsIds: [1] })
  await call('PATCH', `/companies/${id}`, { name: 'Acme Ltd' })
  expect(links(id)).toEqual([1])
  await call('PATCH', `/companies/${id}`, { linkedContactsIds: [2] })
  expect(links(id)).toEqual([2])
  await call('PATCH', `/companies/${id}`, { linkedContactsIds: [] })
  expect(links(id)).toEqual([])
})

test('link-unlink adds and takes away, whether or not somebody was linked', async () => {
  const { call, add, links, state } = await start()
  const id = await add('Acme', { linkedContactsIds: [1] })
  const path = `/companies/link-unlink/${id}`
  const moved = await call('PATCH', path, { linkContactIds: [2, 2], unlinkContactIds: [1, 99] })
  expect(plain(moved)).toEqual({ status: 204, body: undefined })
  expect(links(id)).toEqual([2])
  expect(plain(await call('PATCH', path, { linkContactIds: [1, 99] }))).toEqual(NOT_VALID)
  expect(links(id)).toEqual([2])
  const unknown = `/companies/link-unlink/${NOBODY}`
  expect(plain(await call('PATCH', unknown, { linkContactIds: [1] }))).toEqual(NOT_VALID)
  state.switches.linkUnknownCompany = 404
  expect((await call('PATCH', unknown, { linkContactIds: [1] })).status).toBe(404)
})

test('a deleted contact is linked no more', async () => {
  const { call, add, links } = await start()
  const id = await add('Acme', { linkedContactsIds: [1, 2] })
  await call('DELETE', '/contacts/1')
  expect(links(id)).toEqual([2])
  expect((await call('GET', `/companies/${id}`)).body).toMatchObject({
    attributes: { number_of_contacts: 1 },
    linkedContactsIds: [2],
  })
  expect((await call('GET', '/companies?linkedContactsIds=1')).body).toEqual({ items: [] })
})

test('companies are listed newest first, in pages that count from 1; an offset is ignored', async () => {
  const { add, names, state } = await start()
  for (const name of ['a', 'b', 'c']) await add(name)
  expect(await names()).toEqual(['c', 'b', 'a'])
  expect(await names('?sort=asc')).toEqual(['a', 'b', 'c'])
  expect(await names('?limit=2')).toEqual(['c', 'b'])
  expect(await names('?limit=2&page=1')).toEqual(['c', 'b'])
  expect(await names('?limit=2&page=2')).toEqual(['a'])
  expect(await names('?limit=2&page=3')).toEqual([])
  expect(await names('?limit=2&offset=2')).toEqual(['c', 'b'])
  state.switches.companyPage = 'documents'
  expect(await names('?limit=2&page=1')).toEqual(['b', 'a'])
})

test('companies can be sorted by an attribute; those without it come last', async () => {
  const { add, names } = await start()
  await add('x', { attributes: { revenue: 2 } })
  await add('none')
  await add('y', { attributes: { revenue: 10 } })
  expect(await names('?sortBy=revenue&sort=asc')).toEqual(['x', 'y', 'none'])
  expect(await names('?sortBy=revenue')).toEqual(['y', 'x', 'none'])
})

test('the name filter finds parts of names; a plain filters is ignored in silence', async () => {
  const { add, names, state } = await start()
  for (const name of ['Acme', 'ACME Ltd', 'Beta']) await add(name)
  const filter = `?${new URLSearchParams({ 'filters[attributes.name]': 'Acme' })}`
  expect(await names(filter)).toEqual(['ACME Ltd', 'Acme'])
  expect(await names('?filters[attributes.name]=Acme')).toEqual(['ACME Ltd', 'Acme'])
  expect(await names('?filters=Acme')).toHaveLength(3)
  state.switches.companyNameFilter = 'equals'
  expect(await names(filter)).toEqual(['Acme'])
})

test('companies are found by owner, contact, deal and moment', async () => {
  const { call, clock, add, names } = await start()
  await add('old', { attributes: { owner: 'o1' }, linkedDealsIds: [DEAL] })
  await clock.advance(1000)
  await add('new', { linkedContactsIds: [2] })
  expect(await names('?filters[attributes.owner]=o1')).toEqual(['old'])
  expect(await names('?linkedContactsIds=2')).toEqual(['new'])
  expect(await names(`?linkedDealsIds=${DEAL}`)).toEqual(['old'])
  const since = '2026-01-01T00:00:00.500Z'
  expect(await names(`?createdSince=${since}`)).toEqual(['new'])
  expect(await names(`?modifiedSince=${since}`)).toEqual(['new'])
  const { body } = await call('GET', '/companies?sort=asc')
  const [old] = (body as { items: { id: string }[] }).items
  await call('PATCH', `/companies/link-unlink/${old?.id}`, { linkContactIds: [1] })
  expect(await names(`?modifiedSince=${since}`)).toEqual(['new', 'old'])
})

test.each([
  '?limit=0',
  '?limit=101',
  '?page=x',
  '?sort=up',
  '?modifiedSince=yesterday',
  '?linkedContactsIds=x',
])('GET /companies%s is refused', async (query) => {
  const { call } = await start()
  expect(plain(await call('GET', `/companies${query}`))).toEqual(NOT_VALID)
})

test('attributes are listed with their types; a new one gets an internal name and can be used', async () => {
  const { call, add, attribute, state } = await start()
  expect(await attribute('Open deals', 'number')).toMatch(/^[0-9a-f]{24}$/)
  await attribute('Size', 'single-select', ['Small', 'Large'])
  await attribute('Areas', 'multi-choice', ['North', 'South'])
  await attribute('Since', 'date')
  await attribute('Key account', 'boolean')
  const { body } = await call('GET', '/crm/attributes/companies')
  expect(body).toContainEqual({
    internalName: 'name',
    label: 'Company Name',
    attributeTypeName: 'text',
    attributeOptions: [],
    isRequired: true,
    isValueReadonly: false,
  })
  expect(body).toContainEqual(
    expect.objectContaining({
      internalName: 'size',
      attributeTypeName: 'single-select',
      attributeOptions: [
        { key: 'option_1', value: 'Small' },
        { key: 'option_2', value: 'Large' },
      ],
    }),
  )
  const attributes = {
    open_deals: 3,
    size: 'Large',
    areas: ['South', 'option_1'],
    since: '2022-05-04T00:00:00+05:30',
    key_account: true,
  }
  await add('Acme', { attributes })
  const kept = { ...attributes, size: 'option_2', areas: ['option_2', 'option_1'] }
  expect(state.companies()[0]?.attributes).toEqual(kept)
  state.switches.companyOptionAnswer = 'label'
  expect(state.companies()[0]?.attributes).toMatchObject({ size: 'Large', areas: ['South', 'North'] })
})

test.each([
  [{ label: '' }],
  [{ label: 'x'.repeat(51) }],
  [{ label: 'open DEALS' }],
  [{ label: 'Last updated at' }],
  [{ label: 'company_id' }],
  [{ attributeType: 'float' }],
  [{ objectType: 'company' }],
  [{ attributeType: 'single-select' }],
  [{ attributeType: 'multi-choice', optionsLabels: [] }],
])('the attribute %j is refused', async (more) => {
  const { call, attribute } = await start()
  await attribute('Open deals', 'number')
  const before = (await call('GET', '/crm/attributes/companies')).body
  const body = { label: 'Other', attributeType: 'text', objectType: 'companies', ...more }
  expect(plain(await call('POST', '/crm/attributes', body))).toEqual(NOT_VALID)
  expect((await call('GET', '/crm/attributes/companies')).body).toEqual(before)
})

test('labels are unique for each kind of object only, and deals are not listed with companies', async () => {
  const { call, attribute } = await start()
  await attribute('Region', 'text')
  const body = { label: 'Region', attributeType: 'text', objectType: 'deals' }
  expect((await call('POST', '/crm/attributes', body)).status).toBe(200)
  const { body: listed } = await call('GET', '/crm/attributes/companies')
  expect((listed as { label: string }[]).filter(({ label }) => label === 'Region')).toHaveLength(1)
})

test('an attribute is renamed without its internal name, and deleted with its values', async () => {
  const { call, add, attribute, state } = await start()
  const id = await attribute('Size', 'single-select', ['Small'])
  await add('Acme', { attributes: { size: 'Small' } })
  const change = { label: 'Company size', optionsLabels: [{ key: 'option_1', value: 'Tiny' }] }
  expect((await call('PATCH', `/crm/attributes/${id}`, change)).status).toBe(204)
  expect((await call('GET', '/crm/attributes/companies')).body).toContainEqual(
    expect.objectContaining({
      internalName: 'size',
      label: 'Company size',
      attributeOptions: [{ key: 'option_1', value: 'Tiny' }],
    }),
  )
  expect((await call('DELETE', `/crm/attributes/${id}`)).status).toBe(204)
  expect(state.companies()[0]?.attributes).toEqual({})
  expect(plain(await call('DELETE', `/crm/attributes/${id}`))).toEqual(refused(404, 'Document not found'))
  expect(plain(await call('DELETE', '/crm/attributes/x'))).toEqual(
    refused(400, 'Route attribute id is not valid.'),
  )
})

test('companies and their attributes count among the hundred requests of everything else', async () => {
  const { call } = await start({ limits: { ...PLAN_LIMITS.starter, other: { perHour: 2 } } })
  expect((await call('GET', '/companies')).status).toBe(200)
  expect((await call('GET', '/crm/attributes/companies')).status).toBe(200)
  expect((await call('POST', '/companies', { name: 'Acme' })).status).toBe(429)
})

test('a foreign company can be there, change and go, for tests and for other processes', async () => {
  const { state, url } = await start()
  const id = state.addCompany({ name: 'Foreign', linkedContactsIds: [1] })
  state.editCompany(id, { attributes: { domain: 'f.example' }, linkedContactsIds: [2] })
  expect(state.companies()).toEqual([
    { id, name: 'Foreign', attributes: { domain: 'f.example' }, linkedContactsIds: [2] },
  ])
  expect(() => state.addCompany({})).toThrow('Not valid data.')
  const act = async (name: string, body: object) => {
    const response = await fetch(`${url}/__sandbox/${name}`, { method: 'POST', body: JSON.stringify(body) })
    return (await response.json()) as { id: string }
  }
  const other = await act('add-company', { name: 'Other' })
  await act('edit-company', { id: other.id, name: 'Another' })
  await act('delete-company', { id })
  const whole = (await (await fetch(`${url}/__sandbox/state`)).json()) as object
  expect(whole).toMatchObject({ companies: [{ id: other.id, name: 'Another' }], events: [] })
})
