import { expect, test } from 'vitest'
import { startBrevo, testSeed } from '../../../test/support/brevo-account.ts'

const ANN = 'ann@example.com'
const BOB = 'bob@example.com'

test('a new contact is answered 201 with its id, an updated one 204 without', async () => {
  const { call } = await startBrevo()
  expect(await call('POST', '/contacts', { email: ANN })).toMatchObject({ status: 201, body: { id: 1 } })
  const again = await call('POST', '/contacts', { email: ANN, updateEnabled: true })
  expect(again).toMatchObject({ status: 204, body: undefined })
  expect((await call('POST', '/contacts', { email: BOB })).body).toEqual({ id: 2 })
})

test('a contact is answered with its flags, its moments in milliseconds, its lists and its attributes', async () => {
  const { call, clock } = await startBrevo()
  await call('POST', '/contacts', {
    email: 'Ann@Example.com',
    ext_id: 'p-1',
    attributes: { FIRSTNAME: 'Ann', SMS: '+33612345678', BORN: '1986-05-02' },
    listIds: [2],
  })
  await clock.advance(1234)
  await call('PUT', `/contacts/${ANN}`, { attributes: { LASTNAME: 'Lee' } })
  const { body } = await call('GET', `/contacts/${encodeURIComponent(ANN)}`)
  expect(body).toEqual({
    id: 1,
    email: ANN,
    emailBlacklisted: false,
    smsBlacklisted: false,
    whatsappBlacklisted: false,
    createdAt: '2026-01-01T00:00:00.000Z',
    modifiedAt: '2026-01-01T00:00:01.234Z',
    listIds: [2],
    attributes: {
      EXT_ID: 'p-1',
      FIRSTNAME: 'Ann',
      SMS: '33612345678',
      BORN: '1986-05-02',
      LASTNAME: 'Lee',
    },
    statistics: {},
  })
})

test.each([
  ['email_id', ANN],
  ['contact_id', '1'],
  ['ext_id', 'p 1/ü'],
  ['phone_id', '+33612345678'],
  ['phone_id', '0033612345678'],
  ['whatsapp_id', '33612345679'],
  ['landline_number_id', '33112345678'],
])('GET, PUT and DELETE find a contact by %s (%s)', async (type, value) => {
  const attributes = { SMS: '33612345678', WHATSAPP: '33612345679', LANDLINE_NUMBER: '33112345678' }
  const { call } = await startBrevo({
    seed: testSeed({ contacts: [{ email: ANN, ext_id: 'p 1/ü', attributes }] }),
  })
  const path = `/contacts/${encodeURIComponent(value)}?identifierType=${type}`
  expect((await call('GET', path)).body).toMatchObject({ id: 1 })
  expect((await call('PUT', path, { attributes: { FIRSTNAME: 'A' } })).status).toBe(204)
  expect((await call('DELETE', path)).status).toBe(204)
  expect(await call('GET', path)).toMatchObject({
    status: 404,
    body: { code: 'document_not_found', message: 'Contact does not exist' },
  })
})

test('without identifierType GET takes an SMS number too, PUT and DELETE do not', async () => {
  const { call } = await startBrevo({
    seed: testSeed({ contacts: [{ email: ANN, attributes: { SMS: '33612345678' } }] }),
  })
  expect((await call('GET', '/contacts/33612345678')).status).toBe(200)
  expect((await call('PUT', '/contacts/33612345678', {})).status).toBe(404)
  expect((await call('DELETE', '/contacts/33612345678')).status).toBe(404)
  expect((await call('GET', '/contacts/1?identifierType=nonsense')).status).toBe(400)
})

test('a contact with a phone only has an address made of it, one with an ext_id only has none', async () => {
  const { call, state } = await startBrevo()
  await call('POST', '/contacts', { attributes: { SMS: '0033612345678' } })
  await call('POST', '/contacts', { ext_id: 'x' })
  const [first, second] = state.contacts()
  expect(first).toMatchObject({ email: '33612345678@mailin-sms.com', attributes: { SMS: '33612345678' } })
  expect(second).not.toHaveProperty('email')
  expect((await call('GET', '/contacts/33612345678@mailin-sms.com')).body).toMatchObject({ id: 1 })
  state.switches.syntheticEmail = false
  expect(state.contact(1)).not.toHaveProperty('email')
})

test('a contact needs an email, an ext_id or an SMS number', async () => {
  const { call } = await startBrevo()
  const answer = await call('POST', '/contacts', { attributes: { FIRSTNAME: 'Ann' } })
  expect(answer).toMatchObject({ status: 400, body: { message: expect.stringContaining('Email or SMS') } })
})

const TWO = testSeed({
  contacts: [
    { email: ANN, ext_id: 'p-1', attributes: { SMS: '33612345678' } },
    { email: BOB, attributes: { WHATSAPP: '33700000000', LANDLINE_NUMBER: '33100000000' } },
  ],
})

test.each([
  [{ email: ANN }, 'create', 'email', ['email']],
  [{ email: 'c@example.com', ext_id: 'p-1' }, 'create', 'ext_id', ['ext_id']],
  [{ email: 'c@example.com', attributes: { SMS: '+33612345678' } }, 'create', 'SMS', ['SMS']],
  [{ email: 'c@example.com', attributes: { WHATSAPP: '33700000000' } }, 'create', 'WHATSAPP', ['WHATSAPP']],
  [{ email: BOB, attributes: { SMS: '33612345678' }, updateEnabled: true }, 'update', 'SMS', ['SMS']],
  [
    { email: BOB, ext_id: 'p-1', attributes: { SMS: '33612345678' }, updateEnabled: true },
    'update',
    'SMS',
    ['SMS', 'ext_id'],
  ],
])(
  'POST %j is refused because the identifier is taken, and nothing is written',
  async (body, verb, name, names) => {
    const { call, state } = await startBrevo({ seed: TWO })
    const before = state.snapshot()
    expect(await call('POST', '/contacts', body)).toMatchObject({
      status: 400,
      body: {
        code: 'duplicate_parameter',
        message: `Unable to ${verb} contact, ${name} is already associated with another Contact`,
        metadata: { duplicate_identifiers: names },
      },
    })
    expect(state.snapshot()).toEqual(before)
  },
)

test('PUT refuses a taken address and a taken landline; the code can be the newer one', async () => {
  const { call, state } = await startBrevo({ seed: TWO })
  state.switches.duplicateCode = 'invalid_parameter'
  expect((await call('PUT', '/contacts/1', { attributes: { EMAIL: BOB } })).body).toEqual({
    code: 'invalid_parameter',
    message: 'Unable to update contact, email is already associated with another Contact',
    metadata: { duplicate_identifiers: ['email'] },
  })
  const landline = await call('PUT', '/contacts/1', { attributes: { LANDLINE_NUMBER: '+33100000000' } })
  expect(landline.status).toBe(400)
})

test('a freed identifier can be taken by somebody else', async () => {
  const { call } = await startBrevo({ seed: TWO })
  expect((await call('PUT', '/contacts/1', { ext_id: 'p-9' })).status).toBe(204)
  expect((await call('PUT', '/contacts/2', { ext_id: 'p-1' })).status).toBe(204)
  expect((await call('DELETE', '/contacts/1')).status).toBe(204)
  expect((await call('POST', '/contacts', { email: ANN, ext_id: 'p-9' })).body).toEqual({ id: 3 })
})

test('updateEnabled never merges; forceMerge does, keeps who was modified last and deletes the other', async () => {
  const { call, clock, state } = await startBrevo({ seed: TWO })
  await clock.advance(10)
  await call('PUT', '/contacts/2', { attributes: { FIRSTNAME: 'Bob' } })
  const body = { email: ANN, attributes: { WHATSAPP: '33700000000' } }
  expect((await call('POST', '/contacts', { ...body, updateEnabled: true })).status).toBe(400)
  const merged = await call('POST', '/contacts', { ...body, forceMerge: true, getId: true })
  expect(merged).toMatchObject({ status: 201, body: { id: 2 } })
  expect(state.snapshot()).toMatchObject([
    { id: 2, email: ANN, attributes: { FIRSTNAME: 'Bob', WHATSAPP: '33700000000' } },
  ])
  expect(state.contact(BOB)).toBeNull()
})

test('what the loser of a merge had is gone, unless the account unites', async () => {
  for (const mergeUnites of [false, true]) {
    const seed = testSeed({
      contacts: [
        { email: ANN, listIds: [2], emailBlacklisted: true, attributes: { LASTNAME: 'Lee' } },
        { email: BOB, listIds: [3], modifiedAt: '2026-02-01T00:00:00Z' },
      ],
    })
    const { call, state } = await startBrevo({ seed, switches: { mergeUnites } })
    expect((await call('PUT', '/contacts/2', { attributes: { EMAIL: ANN }, forceMerge: true })).status).toBe(
      204,
    )
    expect(state.contacts()).toMatchObject([
      { id: 2, email: ANN, emailBlacklisted: mergeUnites, listIds: mergeUnites ? [3, 2] : [3] },
    ])
  }
})

const BLOCKED = testSeed({ contacts: [{ email: ANN, emailBlacklisted: true, smsBlacklisted: true }] })

test('changing the address of a blocklisted contact resubscribes it, unless the same request blocks it', async () => {
  const { call, state } = await startBrevo({ seed: BLOCKED })
  const rename = (EMAIL: string, extra = {}) =>
    call('PUT', '/contacts/1', { attributes: { EMAIL }, ...extra })
  await rename(ANN.toUpperCase())
  expect(state.contact(1)).toMatchObject({ emailBlacklisted: true })
  await rename('ann.b@example.com', { emailBlacklisted: true })
  expect(state.contact(1)).toMatchObject({ email: 'ann.b@example.com', emailBlacklisted: true })
  await rename('ann.c@example.com')
  expect(state.contact(1)).toMatchObject({ emailBlacklisted: false, smsBlacklisted: true })
})

test('other updates keep the blocklisting, and emailBlacklisted: false takes it away', async () => {
  const { call, state } = await startBrevo({ seed: BLOCKED })
  await call('POST', '/contacts', {
    email: ANN,
    updateEnabled: true,
    attributes: { FIRSTNAME: 'A' },
    listIds: [2],
  })
  expect(state.contact(ANN)).toMatchObject({ emailBlacklisted: true, listIds: [2] })
  state.switches.emailBlacklistedFalse = 'ignored'
  await call('PUT', '/contacts/1', { emailBlacklisted: false })
  expect(state.contact(ANN)).toMatchObject({ emailBlacklisted: true })
  state.switches.emailBlacklistedFalse = 'resubscribes'
  await call('PUT', '/contacts/1', { emailBlacklisted: false })
  expect(state.contact(ANN)).toMatchObject({ emailBlacklisted: false })
})

test('the account owner is not deletable', async () => {
  const { call } = await startBrevo({ seed: testSeed({ contacts: [{ email: 'owner@example.com' }] }) })
  expect(await call('DELETE', '/contacts/1')).toMatchObject({
    status: 405,
    body: {
      code: 'method_not_allowed',
      message: "You're not allowed to delete registered email contact with Brevo",
    },
  })
})

test.each([
  [{ email: 'no address' }, 'Invalid email address'],
  [{ email: null }, 'Invalid email format'],
  [{ email: ANN, smtpBlacklistSender: null }, 'Invalid smtpBlacklistSender format'],
  [{ email: ANN, attributes: { FIRSTNAME: null } }, 'Invalid FIRSTNAME format'],
  [{ email: ANN, emailBlacklisted: 'yes' }, 'Invalid emailBlacklisted format'],
  [{ email: ANN, listIds: ['2'] }, 'Invalid listIds format'],
  [{ email: ANN, listIds: [99] }, 'List ID does not exist'],
  [{ email: ANN, attributes: { SMS: '0612345678' } }, 'Invalid phone number'],
  [{ email: ANN, attributes: { WHATSAPP: '+33 6 12 34' } }, 'Invalid phone number'],
])('POST %j is refused whole', async (body, message) => {
  const { call, state } = await startBrevo()
  expect(await call('POST', '/contacts', body)).toMatchObject({
    status: 400,
    body: { code: 'invalid_parameter', message },
  })
  expect(state.contactCount()).toBe(0)
})

test('listIds join and unlinkListIds leave, and both bump modifiedAt', async () => {
  const { call, clock, state } = await startBrevo({
    seed: testSeed({ contacts: [{ email: ANN, listIds: [2] }] }),
  })
  await clock.advance(5)
  await call('PUT', '/contacts/1', { listIds: [3], unlinkListIds: [2] })
  expect(state.contact(ANN)).toMatchObject({ listIds: [3], modifiedAt: '2026-01-01T00:00:00.005Z' })
})

test('the batch endpoint is gone, or works all or nothing', async () => {
  const { call, state } = await startBrevo({ seed: TWO })
  expect((await call('POST', '/contacts/batch', { contacts: [] })).status).toBe(410)
  state.switches.batch = 404
  expect((await call('POST', '/contacts/batch', { contacts: [] })).status).toBe(404)
  state.switches.batch = 'works'
  const set = (LASTNAME: string) => ({ attributes: { LASTNAME } })
  const missing = { contacts: [{ id: 1, ...set('X') }, { email: 'no@example.com' }, { sms: '331234567' }] }
  expect(await call('POST', '/contacts/batch', missing)).toMatchObject({
    status: 404,
    body: { code: 'document_not_found', message: 'No contact found for indexes 1,2' },
  })
  expect(state.contact(1)?.attributes).not.toHaveProperty('LASTNAME')
  const good = {
    contacts: [
      { sms: '+33612345678', ...set('One') },
      { email: BOB, unlinkListIds: [2] },
    ],
  }
  expect((await call('POST', '/contacts/batch', good)).status).toBe(204)
  expect(state.contact(1)).toMatchObject({ attributes: { LASTNAME: 'One' } })
})
