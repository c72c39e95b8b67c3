/** Brevo's webhooks, as documented and as accounts received them: a hint at one contact, or nothing. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, expect, onTestFinished, test } from 'vitest'
import { startBrevo, testSeed } from '../../../test/support/brevo-account.ts'
import type { BrevoSwitches } from '../../simulators/brevo/switches.ts'
import { brevoDeliveryId, fromBrevoWebhook } from './from-webhook.ts'

type Body = Record<string, unknown>

const ann = 'ann@example.com'
const bob = 'bob@example.com'
/** The account's moment. */
const version = '2026-01-01T00:00:00.000Z'
const campaign = { campaignId: 45, campaignName: 'Spring' }

/** Ann on list 2, Bob on none, and one webhook for everything. `told` gives the bodies of what `act` brings about. */
async function startAccount(switches: Partial<BrevoSwitches> = {}) {
  const bodies: Body[] = []
  const receiver = { status: 200 }
  const server = createServer(async (request, response) => {
    let text = ''
    for await (const chunk of request) text += chunk
    bodies.push(JSON.parse(text))
    response.writeHead(receiver.status).end()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.close()
    server.closeAllConnections()
  })
  const contacts = [{ email: ann, listIds: [2] }, { email: bob }]
  const brevo = await startBrevo({ seed: testSeed({ contacts }), switches })
  const events =
    'unsubscribed hardBounce softBounce spam opened click delivered contactUpdated contactDeleted listAddition'
  const made = await brevo.call('POST', '/webhooks', {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`,
    type: 'marketing',
    events: events.split(' '),
  })
  expect(made.status).toBe(201)
  const told = async (act: () => unknown): Promise<Body[]> => {
    bodies.length = 0
    await act()
    await brevo.state.webhooksQuiet()
    return [...bodies]
  }
  return { ...brevo, receiver, told }
}

describe.each(['observed', 'documented'] as const)('%s bodies', (contactWebhooks) => {
  test('a contact that was changed, moved, made or deleted is to be read again', async () => {
    const { call, state, told } = await startAccount({ contactWebhooks })
    const deeds: readonly [string, string, () => unknown][] = [
      ['contact_updated', bob, () => call('PUT', `/contacts/${bob}`, { attributes: { FIRSTNAME: 'Bob' } })],
      ['contact_updated', bob, () => call('PUT', `/contacts/${bob}`, { emailBlacklisted: true })],
      ['contact_updated', ann, () => state.removeFromList(ann, 2)],
      ['contact_updated', 'rob@example.com', () => state.editContact(bob, { EMAIL: 'rob@example.com' })],
      [
        'list_addition',
        'new@example.com',
        () => state.addContact({ email: 'new@example.com', listIds: [3] }),
      ],
      ['contact_deleted', ann, () => state.deleteContact(ann)],
    ]
    for (const [event, email, deed] of deeds) {
      const bodies = await told(deed)
      expect(bodies.map((body) => body.event)).toEqual([event])
      expect(bodies.map(fromBrevoWebhook)).toMatchObject([{ email, version, blockedBy: null }])
    }
  })

  test('a known contact that joins a list is to be read again', async () => {
    const { state, told } = await startAccount({ contactWebhooks })
    const bodies = await told(() => state.addToList(bob, 3))
    const isObserved = contactWebhooks === 'observed'
    expect(bodies[0]?.event).toBe(isObserved ? 'contact_updated' : 'list_addition')
    expect(bodies.length).toBeGreaterThan(0)
    for (const body of bodies) expect(fromBrevoWebhook(body)).toMatchObject({ email: bob, version })
  })
})

describe('what recipients do', () => {
  test.each(['bounce', 'bounced'] as const)(
    'is a hint where it may have blocklisted the contact; bounces named as in %s',
    async (bounceEvents) => {
      const { state, told } = await startAccount({ bounceEvents })
      const hints: Record<string, unknown> = {}
      for (const event of ['delivered', 'opened', 'click', 'soft_bounce', 'hard_bounce', 'spam'] as const) {
        const bodies = await told(() => state.emitCampaignEvent({ event, email: ann, ...campaign }))
        hints[event] = bodies.filter((body) => 'camp_id' in body).map(fromBrevoWebhook)
      }
      const bodies = await told(() => state.unsubscribe(ann))
      hints.unsubscribed = bodies.filter((body) => body.event === 'unsubscribed').map(fromBrevoWebhook)
      const because = (blockedBy: string) => [expect.objectContaining({ email: ann, version, blockedBy })]
      expect(hints).toEqual({
        delivered: [null],
        opened: [null],
        click: [null],
        soft_bounce: [null],
        hard_bounce: because('bounced'),
        spam: because('complained'),
        unsubscribed: because('unsubscribed'),
      })
    },
  )
})

describe('a body', () => {
  const documented = {
    id: 1,
    email: 'example@domain.com',
    event: 'contact_deleted',
    key: 'xxxxxxxxxxxxxxxxxx',
    list_id: [35],
    date: '2020-10-09 00:00:00',
    ts: 1604937111,
  }

  test('of the documents is understood; of two times the one of the event counts', () => {
    const hint = { email: 'example@domain.com', version: '2020-11-09T15:51:51.000Z' }
    expect(fromBrevoWebhook(documented)).toMatchObject(hint)
    const unsubscribed = { ...documented, event: 'unsubscribed', ts_event: 1604937111, ts: 1604940711 }
    expect(fromBrevoWebhook(unsubscribed)).toMatchObject({ ...hint, blockedBy: 'unsubscribed' })
    const complaint = { ...documented, event: 'complaint' }
    expect(fromBrevoWebhook(complaint)).toMatchObject({ ...hint, blockedBy: 'complained' })
  })

  test('may have its content as an object, and the address in any case', () => {
    const body = { event: 'contact_updated', ts: 1604937111, content: { email: ' Test@GMail.com ' } }
    expect(fromBrevoWebhook(body)?.email).toBe('test@gmail.com')
  })

  test.each([
    ['none', undefined],
    ['a text that is no number', 'now'],
    ['zero', 0],
    ['beyond the calendar', 1e300],
  ])('with a time that is %s is a hint without a version', (_, ts) => {
    expect(fromBrevoWebhook({ ...documented, ts })).toMatchObject({
      email: 'example@domain.com',
      version: null,
    })
  })

  test.each<[string, unknown, string]>([
    ['a text', 'hello', 'it is not an object'],
    ['a list', [documented], 'it is not an object'],
    ['null', null, 'it is not an object'],
    ['an object without event', { email: ann }, 'it has no event'],
    ['a change of nobody', { event: 'contact_updated', content: [] }, 'contact_updated names no e-mail'],
    ['a change of a list of texts', { event: 'contact_updated', content: ['x'] }, 'names no e-mail'],
    ['an empty address', { ...documented, email: '  ' }, 'contact_deleted names no e-mail'],
  ])('that is %s is refused with the reason', (_, body, reason) => {
    expect(() => fromBrevoWebhook(body)).toThrow(reason)
  })

  test.each(['opened', 'proxy_open', 'delivered', 'something_new'])(
    'that tells of %s says nothing of the contact itself',
    (event) => {
      expect(fromBrevoWebhook({ event })).toBeNull()
    },
  )
})

describe('the key that made a change', () => {
  const body = { event: 'contact_updated', ts: 1604937111, content: [{ email: ann }] }

  test.each([
    ['at the top', { ...body, api_key_name: 'Tajo' }, 'Tajo'],
    ['beside the address', { ...body, content: [{ email: ann, api_key_name: 'Tajo' }] }, 'Tajo'],
    ['nowhere', body, null],
    ['as a person would', { ...body, api_key_name: '' }, ''],
  ])('R9.3 is read where it stands: %s', (_, some, keyName) => {
    expect(fromBrevoWebhook(some)?.keyName).toBe(keyName)
  })
})

describe('the id of a delivery', () => {
  test('is the same when it is delivered again, another for another event', async () => {
    const { state, told, receiver, clock } = await startAccount()
    receiver.status = 429
    const bodies = await told(async () => {
      state.deleteContact(bob)
      await state.webhooksQuiet()
      receiver.status = 200
      await clock.advance(24 * 3_600_000)
    })
    expect(bodies.length).toBeGreaterThan(1)
    const ids = new Set(bodies.map(brevoDeliveryId))
    expect(ids.size).toBe(1)
    const [other] = await told(() => state.deleteContact(ann))
    expect(ids).not.toContain(brevoDeliveryId(other))
  })
})
