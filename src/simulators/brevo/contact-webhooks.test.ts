/** Who a contact's webhooks say it was, and what blocklisting sets off: people, recipients, several API keys. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { startBrevo, testSeed } from '../../../test/support/brevo-account.ts'
import type { BrevoSwitches } from './index.ts'

const ANN = 'ann@example.com'
const EVENTS = [
  'unsubscribed',
  'hardBounce',
  'softBounce',
  'spam',
  'contactUpdated',
  'contactDeleted',
  'listAddition',
]

async function start(switches: Partial<BrevoSwitches> = {}) {
  let bodies: Record<string, unknown>[] = []
  const server = createServer(async (request, response) => {
    let text = ''
    for await (const chunk of request) text += chunk
    bodies.push(JSON.parse(text))
    response.end()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.close()
    server.closeAllConnections()
  })
  const brevo = await startBrevo({
    seed: testSeed({ contacts: [{ email: ANN }] }),
    switches,
    apiKeys: [
      { key: 'xkeysib-sandbox', name: 'tajo' },
      { key: 'xkeysib-other', name: 'other' },
    ],
  })
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
  await brevo.call('POST', '/webhooks', { url, type: 'marketing', events: EVENTS })
  /** What came since the last time it was asked: event, content and key of each. */
  const news = async () => {
    await brevo.state.webhooksQuiet()
    const fresh = bodies
    bodies = []
    return fresh.map(({ event, content, api_key_name }) => [event, (content as [object])?.[0], api_key_name])
  }
  return { ...brevo, news }
}

const CAMPAIGN = { email: ANN, campaignId: 1, campaignName: 'Newsletter' }

test.each([
  ['unsubscribed', 'unsubscribed'],
  ['spam', 'spam'],
  ['hard_bounce', 'hard_bounce'],
] as const)('%s sets off its own event and, once, a contact_updated of nobody', async (event, told) => {
  const { news, state } = await start()
  state.emitCampaignEvent({ event, ...CAMPAIGN })
  expect(await news()).toEqual([
    [told, undefined, undefined],
    ['contact_updated', { email: ANN, emailBlacklist: true }, ''],
  ])
  state.emitCampaignEvent({ event, ...CAMPAIGN })
  expect(await news()).toEqual([[told, undefined, undefined]])
})

test('a soft bounce blocklists nobody', async () => {
  const { news, state } = await start()
  state.emitCampaignEvent({ event: 'soft_bounce', ...CAMPAIGN })
  expect(await news()).toEqual([['soft_bounce', undefined, undefined]])
  expect(state.contact(ANN)?.emailBlacklisted).toBe(false)
})

test('people block, resubscribe, rename and renumber by hand, whatever the API may do', async () => {
  const { news, state } = await start({ emailBlacklistedFalse: 'ignored' })
  state.blockContact(ANN)
  state.unblockContact(ANN)
  expect(state.contact(ANN)?.emailBlacklisted).toBe(false)
  state.editContact(ANN, { EMAIL: 'ann.b@example.com', SMS: '+33612345678' })
  state.addContact({ email: 'form@example.com', listIds: [2], attributes: { FIRSTNAME: 'Form' } })
  state.addContact({ email: 'form@example.com', listIds: [3], updateEnabled: true })
  const attributes = { EMAIL: 'ann.b@example.com', SMS: '33612345678' }
  expect(await news()).toEqual([
    ['contact_updated', { email: ANN, emailBlacklist: true }, ''],
    ['contact_updated', { email: ANN, emailBlacklist: false }, ''],
    ['contact_updated', { email: 'ann.b@example.com', list: {}, attributes }, ''],
    ['list_addition', undefined, ''],
    ['contact_updated', { email: 'form@example.com', list: { addition: [3] } }, ''],
  ])
})

test('a contact that is renamed while blocklisted is resubscribed, and the webhook says so', async () => {
  const { call, news, state } = await start()
  state.blockContact(ANN)
  await news()
  await call('PUT', '/contacts/1', { attributes: { EMAIL: 'ann.b@example.com' } })
  expect(state.contact(1)?.emailBlacklisted).toBe(false)
  const content = { email: 'ann.b@example.com', list: {}, attributes: { EMAIL: 'ann.b@example.com' } }
  expect(await news()).toEqual([['contact_updated', { ...content, emailBlacklist: false }, 'tajo']])
})

test('another key has its own name, or the same one; a revoked one has none any more', async () => {
  const { call, news, state } = await start()
  const rename = (FIRSTNAME: string, key: string) =>
    call('PUT', '/contacts/1', { attributes: { FIRSTNAME } }, { 'api-key': key })
  state.addKey({ key: 'xkeysib-twin', name: 'tajo' })
  await rename('A', 'xkeysib-sandbox')
  await rename('B', 'xkeysib-other')
  await rename('C', 'xkeysib-twin')
  state.revokeKey('xkeysib-twin')
  expect((await rename('D', 'xkeysib-twin')).status).toBe(401)
  expect((await news()).map(([, , name]) => name)).toEqual(['tajo', 'other', 'tajo'])
  expect(() => state.addKey({ key: 'xkeysib-other', name: 'again' })).toThrow('the account has this key')
})

test('other processes block, unblock and add keys too', async () => {
  const { state, url } = await start()
  const act = (name: string, body: object) =>
    fetch(`${url}/__sandbox/${name}`, { method: 'POST', body: JSON.stringify(body) })
  await act('block-contact', { email: ANN })
  expect(state.contact(ANN)?.emailBlacklisted).toBe(true)
  await act('unblock-contact', { email: ANN })
  expect(state.contact(ANN)?.emailBlacklisted).toBe(false)
  await act('add-key', { key: 'xkeysib-new', name: 'new' })
  expect((await fetch(`${url}/v3/account`, { headers: { 'api-key': 'xkeysib-new' } })).status).toBe(200)
})
