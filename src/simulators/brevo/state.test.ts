import { expect, test } from 'vitest'
import { startBrevo, testSeed } from '../../../test/support/brevo-account.ts'
import { createBrevoSimulator, emptyBrevoSeed } from './index.ts'

const ANN = 'ann@example.com'

test('a test can do what a colleague does in the pages of Brevo', async () => {
  const { clock, state } = await startBrevo({ seed: testSeed({ contacts: [{ email: ANN }] }) })
  await clock.advance(7)
  state.unsubscribe(ANN)
  state.editContact(ANN, { FIRSTNAME: 'Ann', EXT_ID: 'x' })
  state.addToList(ANN, 3)
  state.addToList(ANN, 2)
  state.removeFromList(ANN, 3)
  expect(state.addContact({ email: 'b@example.com', listIds: [2] })).toBe(2)
  expect(state.contact(ANN)).toMatchObject({ modifiedAt: '2026-01-01T00:00:00.007Z' })
  expect(state.listMembers(2)).toEqual([1, 2])
  expect(state.snapshot()[0]).toEqual({
    id: 1,
    email: ANN,
    emailBlacklisted: true,
    smsBlacklisted: false,
    whatsappBlacklisted: false,
    listIds: [2],
    attributes: { EXT_ID: 'x', FIRSTNAME: 'Ann' },
  })
  state.deleteContact(ANN)
  expect(state.contact(ANN)).toBeNull()
  expect(() => state.unsubscribe(ANN)).toThrow('Contact does not exist')
})

test('a contact is found by each kind of identifier', async () => {
  const attributes = { SMS: '33612345678', WHATSAPP: '33612345679', LANDLINE_NUMBER: '33112345678' }
  const { state } = await startBrevo({
    seed: testSeed({ contacts: [{ email: ANN, ext_id: 'x', attributes }] }),
  })
  expect(state.contact(1)?.id).toBe(1)
  expect(state.contact('ANN@example.com')?.id).toBe(1)
  expect(state.contact('x', 'EXT_ID')?.id).toBe(1)
  expect(state.contact('+33612345678', 'SMS')?.id).toBe(1)
  expect(state.contact('33612345678', 'WHATSAPP')).toBeNull()
})

test('writes counts every try to change something over HTTP, and nothing else', async () => {
  const { call, state } = await startBrevo({ seed: testSeed({ contacts: [{ email: ANN }] }) })
  await call('GET', '/contacts')
  await call('GET', '/account')
  state.unsubscribe(ANN)
  expect(state.writes).toBe(0)
  await call('POST', '/contacts', { email: ANN })
  await call('PUT', '/contacts/1', {})
  await call('DELETE', '/contacts/9')
  await call('POST', '/contacts/lists', {})
  await call('POST', '/contacts/attributes/normal/X', { type: 'text' })
  await call('POST', '/contacts/import', {})
  expect(state.writes).toBe(6)
  state.resetWrites()
  expect(state.writes).toBe(0)
})

test('the same deeds are there for other processes', async () => {
  const { state, url } = await startBrevo({ seed: testSeed({ contacts: [{ email: ANN }] }) })
  const act = async (name: string, body: object = {}) => {
    const response = await fetch(`${url}/__sandbox/${name}`, { method: 'POST', body: JSON.stringify(body) })
    return { status: response.status, body: (await response.json()) as unknown }
  }
  await act('unsubscribe', { email: ANN })
  await act('edit-contact', { email: ANN, attributes: { FIRSTNAME: 'Ann' } })
  await act('add-to-list', { email: ANN, listId: 3 })
  expect((await act('add-contact', { email: 'b@example.com' })).body).toEqual({ id: 2 })
  expect((await act('contact', { identifier: ANN })).body).toMatchObject({
    emailBlacklisted: true,
    listIds: [3],
  })
  await act('delete-contact', { email: 'b@example.com' })
  await act('switches', { duplicateCode: 'invalid_parameter' })
  expect(state.switches.duplicateCode).toBe('invalid_parameter')
  const whole = (await (await fetch(`${url}/__sandbox/state`)).json()) as object
  expect(whole).toMatchObject({
    contacts: [{ email: ANN }],
    lists: [{ id: 2 }, { id: 3, size: 1 }],
    writes: 0,
  })
  await act('revoke-key', { key: 'xkeysib-sandbox' })
  expect((await fetch(`${url}/v3/account`, { headers: { 'api-key': 'xkeysib-sandbox' } })).status).toBe(401)
})

test('a seed that breaks the rules of an account is refused', () => {
  const withContacts =
    (...contacts: object[]) =>
    () =>
      createBrevoSimulator({ seed: { ...emptyBrevoSeed(), contacts: contacts as never } })
  expect(withContacts({ email: 'nonsense' })).toThrow('nonsense')
  expect(withContacts({ email: ANN }, { email: 'ANN@example.com' })).toThrow('belongs to another contact')
  expect(withContacts({ id: 4, email: ANN }, { id: 4 })).toThrow('two contacts with id 4')
  expect(withContacts({ email: ANN, attributes: { NOPE: 1 } })).toThrow('NOPE')
  expect(withContacts({ email: ANN, attributes: { SMS: 'local' } })).toThrow('SMS')
  expect(withContacts({ email: ANN, listIds: [9] })).toThrow('List ID does not exist')
})
