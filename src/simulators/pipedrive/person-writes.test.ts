/** What a person becomes by POST and PATCH over HTTP: names, arrays, Contact Sync fields, the marketing status, labels. */
import { afterEach, describe, expect, it } from 'vitest'
import { codeOf, type Reply, type Scene, startScene } from '../../../test/support/pipedrive-scene.ts'
import type { PipedriveSwitches } from './switches.ts'

let scene: Scene | undefined
afterEach(() => scene?.stop())

async function start(switches: Partial<PipedriveSwitches> = {}) {
  const started = await startScene({ switches })
  scene = started
  const patch = (id: number, body: unknown): Promise<Reply> =>
    started.call('PATCH', `/api/v2/persons/${id}`, body)
  const post = (body: unknown): Promise<Reply> => started.call('POST', '/api/v2/persons', body)
  const statusOf = async (id: number): Promise<string> =>
    (await started.call('GET', `/api/v2/persons/${id}?include_fields=marketing_status`)).body.data
      .marketing_status
  return { ...started, patch, post, statusOf }
}
const mail = (value: string, rest: object = {}) => ({ value, ...rest })

describe('names', () => {
  it('are split when whole, and put together when in parts', async () => {
    const { patch, post } = await start()
    expect((await patch(1, { name: 'Jane Q Roe' })).body.data).toMatchObject({
      first_name: 'Jane Q',
      last_name: 'Roe',
    })
    expect((await patch(1, { first_name: 'Joan', last_name: 'Lee' })).body.data.name).toBe('Joan Lee')
    expect((await patch(1, { last_name: 'Poe' })).body.data).toMatchObject({
      name: 'Joan Poe',
      first_name: 'Joan',
    })
    expect((await patch(1, { last_name: null })).body.data).toMatchObject({ name: 'Joan', last_name: null })
    expect((await post({ first_name: '', last_name: 'Solo' })).body.data).toMatchObject({ name: 'Solo' })
  })

  it.each([
    ['a blank name', { name: '  ' }],
    ['two blank parts', { first_name: '', last_name: '' }],
    ['a first name that is null', { first_name: null }],
  ])('are refused: %s', async (_, body) => {
    const { patch, simulator } = await start()
    const reply = await patch(1, body)
    expect(reply.status).toBe(400)
    expect(reply.body.code).toBe('ERR_SCHEMA_VALIDATION_FAILED')
    expect(simulator.state.find('person', 1)?.name).toBe('Jane Doe')
  })

  it('in parts are refused by accounts that keep to the reference', async () => {
    const { patch, post } = await start({ nameParts: 'refused', unknownBodyKeys: 'ignore' })
    expect((await patch(1, { last_name: 'Poe' })).body.error).toContain('last_name is not allowed')
    expect((await post({ first_name: 'A', last_name: 'B' })).status).toBe(400)
    expect((await patch(1, { name: 'Jane Poe' })).body.data.last_name).toBe('Poe')
  })
})

describe('arrays of e-mails and phones', () => {
  it('are replaced whole; the first is primary unless another is', async () => {
    const { patch } = await start()
    const { body } = await patch(1, {
      emails: [mail('b@x.example'), mail('c@x.example', { primary: true, label: 'home' })],
      phones: [mail('1'), mail('2')],
    })
    expect(body.data.emails).toEqual([
      { value: 'b@x.example', primary: false, label: 'work' },
      { value: 'c@x.example', primary: true, label: 'home' },
    ])
    expect(body.data.phones.map(({ primary }: { primary: boolean }) => primary)).toEqual([true, false])
    expect((await patch(1, { emails: [] })).body.data).toMatchObject({ emails: [], phones: [{}, {}] })
  })

  it('are added to by accounts that merge them', async () => {
    const { patch } = await start({ contactArrays: 'merge' })
    const { body } = await patch(1, { emails: [mail('new@x.example', { primary: true })] })
    expect(body.data.emails).toEqual([
      { value: 'jane@acme.example', primary: false, label: 'work' },
      { value: 'new@x.example', primary: true, label: 'work' },
    ])
    expect((await patch(1, { emails: [mail('NEW@x.example', { label: 'home' })] })).body.data.emails).toEqual(
      [
        { value: 'jane@acme.example', primary: false, label: 'work' },
        { value: 'NEW@x.example', primary: true, label: 'home' },
      ],
    )
  })
})

it('Contact Sync fields may be forgotten instead of refused', async () => {
  const { patch, simulator } = await start({ contactSyncWrites: 'ignored' })
  const { status, body } = await patch(1, { job_title: 'Boss', notes: 'x', name: 'Jane Boss' })
  expect(status).toBe(200)
  expect(body.data).not.toHaveProperty('job_title')
  expect(simulator.state.find('person', 1)).toMatchObject({ name: 'Jane Boss' })
  expect(simulator.state.find('person', 1)).not.toHaveProperty('job_title')
})

it.each([
  ['text for a number', { [codeOf('double')]: '5' }],
  ["an option's id as text", { [codeOf('enum')]: '11' }],
  ["an option's label", { [codeOf('enum')]: 'Eleven' }],
  ['an unknown option of a set', { [codeOf('set')]: [11, 99] }],
  ['an empty set', { [codeOf('set')]: [] }],
  ['bare money', { [codeOf('monetary')]: 5 }],
  ['a time in a date', { [codeOf('date')]: '2026-01-01T00:00:00Z' }],
  ['an unknown field', { ['e'.repeat(40)]: 'x' }],
])('%s refuses the whole PATCH', async (_, custom_fields) => {
  const { patch, simulator } = await start()
  const before = simulator.state.find('person', 1)
  const reply = await patch(1, { name: 'Not Jane', custom_fields })
  expect(reply.status).toBe(400)
  expect(reply.body.code).toBe('ERR_SCHEMA_VALIDATION_FAILED')
  expect(simulator.state.find('person', 1)).toBe(before)
})

it('null empties a field of any type, and an answer shows the whole person', async () => {
  const { patch, call } = await start()
  const filled = { [codeOf('set')]: [11, 12], [codeOf('monetary')]: { value: 1, currency: 'EUR' } }
  await patch(1, { custom_fields: filled })
  const cleared = await patch(1, { custom_fields: { [codeOf('set')]: null, [codeOf('monetary')]: null } })
  expect(cleared.body.data.custom_fields).toMatchObject({
    [codeOf('set')]: null,
    [codeOf('monetary')]: null,
  })
  expect(cleared.body.data).toEqual((await call('GET', '/api/v2/persons/1')).body.data)
  expect(cleared.body.data).not.toHaveProperty('marketing_status')
})

it('a PATCH that changes nothing counts as an update all the same', async () => {
  const { patch, clock } = await start()
  await clock.advance(2000)
  expect((await patch(1, { name: 'Jane Doe' })).body.data.update_time).toBe('2026-06-15T10:00:02Z')
})

describe('the marketing status', () => {
  it('changes once, and every further change is ignored in silence', async () => {
    const { patch, statusOf } = await start()
    expect((await patch(1, { marketing_status: 'no_consent' })).status).toBe(200)
    await patch(1, { marketing_status: 'subscribed' })
    expect(await statusOf(1)).toBe('subscribed')
    const again = await patch(1, { marketing_status: 'unsubscribed', name: 'Jane Roe' })
    expect(again).toMatchObject({ status: 200, body: { data: { name: 'Jane Roe' } } })
    expect(await statusOf(1)).toBe('subscribed')
  })

  it('is not for persons without an address, nor for companies without Campaigns', async () => {
    const { patch, post, statusOf, simulator } = await start()
    await patch(3, { marketing_status: 'subscribed' })
    expect(await statusOf(3)).toBe('no_consent')
    const { id } = (await post({ name: 'New', marketing_status: 'subscribed' })).body.data
    expect(await statusOf(id)).toBe('no_consent')
    simulator.state.switches.campaigns = false
    expect((await patch(1, { marketing_status: 'subscribed' })).status).toBe(400)
  })

  it('may be changed in the web application as often as a user likes', async () => {
    const { simulator, statusOf } = await start()
    for (const marketing_status of ['subscribed', 'unsubscribed', 'subscribed'])
      simulator.state.patch('person', 1, { marketing_status })
    expect(await statusOf(1)).toBe('subscribed')
  })
})

it('labels and owners can be looked up by what people call them', async () => {
  const { call, post } = await start()
  const fields = (await call('GET', '/api/v2/personFields?limit=500')).body.data
  const labels = fields.find(({ field_code }: { field_code: string }) => field_code === 'label_ids').options
  expect(labels).toEqual([{ id: 1, label: 'Customer', color: 'green' }])
  const users = (await call('GET', '/v1/users')).body.data
  const sam = users.find(({ email }: { email: string }) => email === 'sam@example.com')
  const made = await post({ name: 'Nora New', label_ids: [labels[0].id], owner_id: sam.id })
  expect(made.body.data).toMatchObject({ label_ids: [1], owner_id: 2 })
})

describe('a merge', () => {
  it('fills only what the survivor lacks, moves all that hangs on the loser, and cannot be done twice', async () => {
    const { call, simulator } = await start()
    const { state } = simulator
    state.patch('person', 1, { custom_fields: { [codeOf('varchar')]: 'loser', [codeOf('text')]: 'loser' } })
    state.patch('person', 2, { custom_fields: { [codeOf('varchar')]: 'survivor' }, label_ids: [] })
    state.patch('activity', 2, { person_id: 3, other_person_ids: [1] })
    const merge = () => call('PUT', '/v1/persons/1/merge', { merge_with_id: 2 })
    expect((await merge()).status).toBe(200)
    expect(state.find('person', 2)).toMatchObject({
      name: '김민준',
      owner_id: 2,
      org_id: 1,
      label_ids: [1],
      emails: [
        { value: 'minjun@acme.example', primary: true },
        { value: 'jane@acme.example', primary: false },
      ],
      phones: [{ value: '+82 10-1111-2222', primary: true }],
      custom_fields: { [codeOf('varchar')]: 'survivor', [codeOf('text')]: 'loser' },
    })
    const owners = (['deal', 'lead', 'note'] as const).flatMap((entity) =>
      [...state.tables[entity].all()].map(({ person_id }) => person_id),
    )
    expect(new Set(owners)).toEqual(new Set([2]))
    expect(state.find('activity', 1)?.person_id).toBe(2)
    expect(state.find('activity', 2)).toMatchObject({ person_id: 3, other_person_ids: [2] })
    expect(state.find('person', 1)?.is_deleted).toBe(true)
    expect((await merge()).status).toBe(404)
    expect((await call('PUT', '/v1/persons/2/merge', { merge_with_id: 1 })).status).toBe(404)
    expect((await call('PUT', '/v1/persons/2/merge', { merge_with_id: 2 })).status).toBe(400)
  })

  it('needs the right scope', async () => {
    const { call, simulator } = await start()
    simulator.state.addToken('d'.repeat(40), 1, ['contacts:read'])
    const token = { token: 'd'.repeat(40) }
    expect((await call('PUT', '/v1/persons/1/merge', { merge_with_id: 2 }, token)).status).toBe(403)
    expect(simulator.state.find('person', 1)?.is_deleted).toBeUndefined()
  })
})

describe('searching', () => {
  it('may lag behind writes', async () => {
    const { call, clock, post } = await start({ searchLagMs: 5000 })
    const found = async (term: string): Promise<number[]> => {
      const path = `/api/v2/persons/search?term=${term}&fields=email&exact_match=true`
      const { items } = (await call('GET', path)).body.data
      return items.map(({ item }: { item: { id: number } }) => item.id)
    }
    expect(await found('jane@acme.example')).toEqual([1])
    const { id } = (await post({ name: 'New', emails: [mail('new@x.example')] })).body.data
    expect(await found('new@x.example')).toEqual([])
    await clock.advance(4999)
    expect(await found('new@x.example')).toEqual([])
    await clock.advance(1)
    expect(await found('new@x.example')).toEqual([id])
    await call('PATCH', `/api/v2/persons/${id}`, { emails: [mail('newer@x.example')] })
    expect(await found('newer@x.example')).toEqual([])
    await clock.advance(5000)
    expect(await found('newer@x.example')).toEqual([id])
  })
})

describe('new fields', () => {
  const CONSENT = { field_name: 'Consent', field_type: 'enum', options: [{ label: 'yes' }, { label: 'no' }] }

  it('may share a name, each with a code of its own, in every list of fields, at five tokens', async () => {
    const { call, simulator } = await start()
    const codes: string[] = []
    for (const kind of ['person', 'person', 'organization', 'deal'])
      codes.push((await call('POST', `/api/v2/${kind}Fields`, CONSENT)).body.data.field_code)
    expect(new Set(codes).size).toBe(4)
    expect(codes.every((code) => /^[0-9a-f]{40}$/.test(code))).toBe(true)
    expect(simulator.calls.find('POST', /Fields$/).map(({ tokens }) => tokens)).toEqual([5, 5, 5, 5])
    const { data } = (await call('GET', '/api/v2/personFields?limit=500')).body
    const listed = data.filter(({ field_name }: { field_name: string }) => field_name === 'Consent')
    expect(listed.map(({ field_code }: { field_code: string }) => field_code)).toEqual(codes.slice(0, 2))
  })

  it('take a value of an option at once, and get options all or none', async () => {
    const { call, patch, simulator } = await start()
    const { field_code, options } = (await call('POST', '/api/v2/personFields', CONSENT)).body.data
    const value = { custom_fields: { [field_code]: options[1].id } }
    expect((await patch(1, value)).body.data.custom_fields[field_code]).toBe(options[1].id)
    const path = `/api/v2/personFields/${field_code}/options`
    expect((await call('POST', path, [{ label: 'maybe' }, { label: '' }])).status).toBe(400)
    expect((await call('POST', path, [{ label: 'maybe' }, { label: 'x'.repeat(256) }])).status).toBe(400)
    expect(simulator.state.fields.get('person', field_code)?.options).toHaveLength(2)
    expect((await call('POST', path, [{ label: 'maybe' }])).status).toBe(200)
    expect(simulator.calls.find('POST', path).at(-1)?.tokens).toBe(5)
    const text = `/api/v2/personFields/${codeOf('text')}/options`
    expect((await call('POST', text, [{ label: 'maybe' }])).status).toBe(400)
  })

  it.each([
    ['no name', { ...CONSENT, field_name: '' }],
    ['a name of 256 characters', { ...CONSENT, field_name: 'x'.repeat(256) }],
    ['a type that is not there', { ...CONSENT, field_type: 'choice' }],
    ['labels that are no objects', { ...CONSENT, options: ['yes'] }],
  ])('are refused with %s', async (_, body) => {
    const { call } = await start()
    expect((await call('POST', '/api/v2/personFields', body)).status).toBe(400)
  })

  it('are for admins; their options need a smaller scope than they do', async () => {
    const { call, simulator } = await start()
    simulator.state.addToken('d'.repeat(40), 1, ['contacts:full'])
    simulator.state.addToken('e'.repeat(40), 1, ['contact-fields:full'])
    simulator.state.addToken('f'.repeat(40), 2)
    const make = (token: string) => call('POST', '/api/v2/personFields', CONSENT, { token })
    expect((await make('d'.repeat(40))).body.error).toBe('Scope and URL mismatch')
    expect((await make('f'.repeat(40))).body.error).toBe('You do not have permissions to do this.')
    const made = await make('e'.repeat(40))
    expect(made.status).toBe(200)
    const path = `/api/v2/personFields/${made.body.data.field_code}/options`
    const token = { token: 'd'.repeat(40) }
    expect((await call('POST', path, [{ label: 'maybe' }], token)).status).toBe(200)
  })
})
