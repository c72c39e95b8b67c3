/** Webhooks on their way to a real receiver: who gets what, how often, when no more. */
import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { ADMIN_TOKEN, type Scene, startScene, USER_TOKEN } from '../../../test/support/pipedrive-scene.ts'

// biome-ignore lint/suspicious/noExplicitAny: tests look into bodies of any shape.
type Received = { path: string; headers: IncomingHttpHeaders; body: any }
/** A status, or a promise of one; never answers while the promise is open. */
type Reply = (received: Received) => number | Promise<number>

async function startReceiver() {
  const received: Received[] = []
  const receiver = { received, reply: (() => 200) as Reply, url: '', stop: async () => {} }
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', async () => {
      const text = Buffer.concat(chunks).toString()
      const one = {
        path: request.url ?? '',
        headers: request.headers,
        body: text === '' ? null : JSON.parse(text),
      }
      received.push(one)
      response.writeHead(await receiver.reply(one), { location: `${receiver.url}/elsewhere` }).end()
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  receiver.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  receiver.stop = () =>
    new Promise((resolve) => {
      server.close(() => resolve())
      server.closeAllConnections()
    })
  return receiver
}

let scene: Scene
let receiver: Awaited<ReturnType<typeof startReceiver>>
beforeEach(async () => {
  scene = await startScene()
  receiver = await startReceiver()
})
afterEach(async () => {
  await scene.stop()
  await receiver.stop()
})

const subscribe = async (wanted: object = {}, token = ADMIN_TOKEN) => {
  const all = { subscription_url: `${receiver.url}/hook`, event_action: '*', event_object: '*', name: 'Test' }
  const made = await scene.call('POST', '/v1/webhooks', { ...all, ...wanted }, { token })
  expect(made.status).toBe(201)
  return made.body.data.id as number
}
const rename = (name: string, id = 1) => scene.simulator.state.patch('person', id, { name })
const settle = () => scene.simulator.settleWebhooks()
const pass = async (ms: number) => {
  await scene.clock.advance(ms)
  await settle()
}
const stored = async () => (await scene.call('GET', '/v1/webhooks')).body.data[0]
const outcomes = () =>
  scene.simulator.webhookDeliveries().map(({ attempt, status, outcome }) => [attempt, status, outcome])
const names = () => receiver.received.map(({ body }) => body.data.name)

describe('an edit', () => {
  it('is one event for every subscription that fits, and for no other', async () => {
    const fitting = [
      await subscribe({ event_action: 'change', event_object: 'person' }),
      await subscribe(),
      await subscribe({ event_action: '*', event_object: 'person' }),
      await subscribe({ event_action: 'change', event_object: '*' }),
      await subscribe({ version: '1.0', event_action: 'updated', event_object: 'person' }),
    ]
    await subscribe({ event_action: 'create', event_object: 'person' })
    await subscribe({ event_action: 'change', event_object: 'deal' })
    await subscribe({ version: '1.0', event_action: 'merged', event_object: '*' })
    await scene.call('PATCH', '/api/v2/persons/1', { name: 'New Name' })
    await settle()
    const ids = receiver.received.map(({ body }) => Number(body.meta.webhook_id))
    expect(ids.sort()).toEqual(fitting)
  })

  it('comes with the credentials of the subscription, or without any', async () => {
    await subscribe({ http_auth_user: 'tajo', http_auth_password: 'päss:word', event_object: 'person' })
    await subscribe({ event_object: 'deal' })
    rename('One')
    scene.simulator.state.patch('deal', 1, { value: 5 })
    await settle()
    const [person, deal] = ['person', 'deal'].map((entity) =>
      receiver.received.find(({ body }) => body.meta.entity === entity),
    )
    const basic = Buffer.from('tajo:päss:word').toString('base64')
    expect(person?.headers).toMatchObject({
      authorization: `Basic ${basic}`,
      'content-type': 'application/json',
    })
    expect(deal?.headers.authorization).toBeUndefined()
  })

  it('is told only to subscriptions whose user may see the record', async () => {
    await subscribe({ event_object: 'person' }, USER_TOKEN)
    rename('Hidden', 4)
    rename('Shown', 1)
    await settle()
    expect(names()).toEqual(['Shown'])
    expect(receiver.received[0]?.body.meta.permitted_user_ids).toEqual(['1', '2'])
  })

  it('goes out without waiting for the answers to those before, in their order', async () => {
    await subscribe()
    let letGo = (_status: number): void => {}
    const allIn = new Promise<number>((resolve) => {
      letGo = resolve
    })
    receiver.reply = () => {
      if (receiver.received.length === 40) letGo(200)
      return allIn
    }
    const wanted = Array.from({ length: 40 }, (_, index) => `Name ${index}`)
    for (const name of wanted) rename(name)
    await settle()
    expect(names()).toEqual(wanted)
    expect(outcomes()).toHaveLength(40)
  })

  it('is told no more once the subscription is gone or inactive', async () => {
    const first = await subscribe()
    await subscribe()
    await scene.call('DELETE', `/v1/webhooks/${first}`)
    await scene.call('POST', '/__sandbox/disable-webhook', { id: first + 1 })
    rename('Unheard')
    await settle()
    expect(receiver.received).toEqual([])
    expect(await stored()).toMatchObject({ id: first + 1, is_active: 0, remove_time: null })
  })
})

describe('a failed delivery', () => {
  it('is repeated after 3, 30 and 150 seconds, then given up', async () => {
    await subscribe()
    receiver.reply = () => 500
    rename('Refused')
    await settle()
    for (const [before, then] of [
      [2_999, 1],
      [29_999, 1],
      [149_999, 1],
    ] as const) {
      const count = receiver.received.length
      await pass(before)
      expect(receiver.received).toHaveLength(count)
      await pass(then)
      expect(receiver.received).toHaveLength(count + 1)
    }
    await pass(3_600_000)
    expect(receiver.received.map(({ body }) => body.meta.attempt)).toEqual([1, 2, 3, 4])
    expect(new Set(receiver.received.map(({ body }) => body.meta.id)).size).toBe(1)
    expect(await stored()).toMatchObject({ is_active: 1, last_http_status: 500 })
  })

  it('ends with the first success, and the webhook shows it', async () => {
    const id = await subscribe({ version: '1.0', event_action: 'updated' })
    receiver.reply = ({ body }) => (body.retry === 0 ? 503 : 204)
    rename('At the second')
    await settle()
    await pass(3_000)
    await pass(600_000)
    expect(outcomes()).toEqual([
      [1, 503, 'failed'],
      [2, 204, 'delivered'],
    ])
    expect(receiver.received.map(({ body }) => body.retry)).toEqual([0, 1])
    expect(scene.simulator.webhookDeliveries()[1]).toMatchObject({
      webhookId: id,
      object: 'person',
      action: 'updated',
      at: Date.parse('2026-06-15T10:00:03.400Z'),
    })
    expect(await stored()).toMatchObject({
      last_http_status: 204,
      last_delivery_time: '2026-06-15T10:00:03.400Z',
    })
  })

  it('is one that is answered after ten seconds, by a redirect, or by nobody', async () => {
    await subscribe()
    receiver.reply = ({ body }) => (body.data.name === 'Slow' ? new Promise(() => {}) : 302)
    rename('Slow')
    await expect.poll(() => receiver.received.length).toBe(1)
    await scene.clock.advance(9_999)
    expect(outcomes()).toEqual([])
    await pass(1)
    expect(outcomes()).toEqual([[1, null, 'failed']])
    rename('Redirected')
    await settle()
    expect(outcomes()[1]).toEqual([1, 302, 'failed'])
    expect(receiver.received.map(({ path }) => path)).toEqual(['/hook', '/hook'])
    await receiver.stop()
    rename('Nobody there')
    await settle()
    expect(outcomes()[2]).toEqual([1, null, 'failed'])
  })

  it('is one to a host that does not speak TLS with a trusted certificate', async () => {
    await subscribe({ subscription_url: receiver.url.replace('http:', 'https:') })
    rename('Untrusted')
    await settle()
    expect(outcomes()).toEqual([[1, null, 'failed']])
    expect(receiver.received).toEqual([])
  })

  it('is not repeated once the subscription is removed', async () => {
    const id = await subscribe()
    receiver.reply = () => 500
    rename('Refused')
    await settle()
    await scene.call('DELETE', `/v1/webhooks/${id}`)
    await pass(200_000)
    expect(receiver.received).toHaveLength(1)
  })

  it('is not repeated once the simulator is closed', async () => {
    await subscribe()
    receiver.reply = () => 500
    rename('Refused')
    await settle()
    receiver.reply = () => new Promise(() => {})
    rename('Unanswered')
    await expect.poll(() => receiver.received.length).toBe(2)
    await scene.stop()
    rename('After the end')
    await scene.clock.advance(600_000)
    expect(receiver.received).toHaveLength(2)
  })
})

describe('a ban', () => {
  const failOnce = async (name: string) => {
    rename(name)
    await settle()
  }

  it('comes with the tenth failed first attempt, lasts 30 minutes, and what happens meanwhile is lost', async () => {
    await subscribe()
    receiver.reply = () => 500
    for (let i = 0; i < 9; i++) await failOnce(`Fails ${i}`)
    for (const pause of [3_000, 30_000, 150_000]) await pass(pause)
    expect(outcomes()).toHaveLength(36)
    await failOnce('The tenth')
    receiver.reply = () => 200
    await failOnce('Lost')
    await pass(30 * 60_000 - 1)
    await failOnce('Lost too')
    const lost = outcomes().slice(37)
    // The retry of the tenth falls into the ban as well.
    expect(lost).toEqual(Array.from({ length: 3 }, () => [0, null, 'banned']))
    await pass(1)
    await failOnce('Heard again')
    expect(names().at(-1)).toBe('Heard again')
    expect(outcomes().at(-1)).toEqual([1, 200, 'delivered'])
  })

  it('can leave the retries of earlier events alone', async () => {
    await scene.call('POST', '/__sandbox/switches', { webhookRetriesInBan: true })
    await subscribe()
    receiver.reply = () => 500
    for (let i = 0; i < 10; i++) await failOnce(`Fails ${i}`)
    receiver.reply = () => 200
    await failOnce('Lost')
    await pass(3_000)
    expect(receiver.received.slice(10).map(({ body }) => body.meta.attempt)).toEqual(Array(10).fill(2))
  })

  it('is of one webhook, not of its neighbours', async () => {
    await subscribe({ subscription_url: `${receiver.url}/bad` })
    await subscribe({ subscription_url: `${receiver.url}/good` })
    receiver.reply = ({ path }) => (path === '/bad' ? 500 : 200)
    for (let i = 0; i < 12; i++) await failOnce(`Name ${i}`)
    const to = (path: string) => receiver.received.filter((one) => one.path === path)
    expect(to('/bad')).toHaveLength(10)
    expect(to('/good')).toHaveLength(12)
  })
})

describe('three days without success', () => {
  const DAY = 86_400_000
  const fail = async () => {
    receiver.reply = () => 500
    rename('Refused')
    await settle()
    for (const pause of [3_000, 30_000, 150_000]) await pass(pause)
  }

  it('end a webhook, which says so in the list', async () => {
    await subscribe()
    await fail()
    await pass(2 * DAY)
    await fail()
    expect((await stored()).is_active).toBe(1)
    await pass(DAY)
    await fail()
    expect(await stored()).toMatchObject({
      is_active: 0,
      remove_time: '2026-06-18T10:06:06.400Z',
      remove_reason: expect.stringContaining('3 days'),
      last_http_status: 500,
    })
    receiver.reply = () => 200
    const count = receiver.received.length
    rename('Unheard')
    await settle()
    expect(receiver.received).toHaveLength(count)
  })

  it('can take it out of the list', async () => {
    await scene.call('POST', '/__sandbox/switches', { webhookDeletedListed: false })
    await subscribe()
    await fail()
    await pass(3 * DAY)
    await fail()
    expect(await stored()).toBeUndefined()
  })

  it('begin anew with every success', async () => {
    await subscribe()
    await fail()
    await pass(2 * DAY)
    receiver.reply = () => 200
    rename('Heard')
    await settle()
    await pass(2 * DAY)
    await fail()
    expect((await stored()).is_active).toBe(1)
  })
})

describe('on demand', () => {
  const faults = (body: object) => scene.call('POST', '/__sandbox/webhook-faults', body)
  const editMany = (count: number) => {
    const wanted = Array.from({ length: count }, (_, index) => `Name ${index}`)
    for (const name of wanted) rename(name)
    return wanted
  }

  it('events come twice, the same both times', async () => {
    await faults({ duplicateRate: 1 })
    await subscribe()
    rename('Twice')
    await settle()
    expect(receiver.received).toHaveLength(2)
    expect(receiver.received[0]?.body).toEqual(receiver.received[1]?.body)
  })

  it('events overtake each other, and all arrive', async () => {
    await faults({ reorderMs: 5_000 })
    await subscribe()
    const wanted = editMany(30)
    let isDone = false
    const done = scene.simulator.settleWebhooks({ waits: true }).then(() => {
      isDone = true
    })
    await settle()
    expect(isDone).toBe(false)
    for (let ms = 0; ms < 5_000; ms += 100) await pass(100)
    await done
    expect(names()).not.toEqual(wanted)
    expect([...names()].sort()).toEqual([...wanted].sort())
  })

  it('events come late', async () => {
    await faults({ delayMs: 2_000 })
    await subscribe()
    rename('Late')
    await pass(1_999)
    expect(receiver.received).toEqual([])
    await pass(1)
    expect(names()).toEqual(['Late'])
  })

  it('events get lost: a share of them, or the next ones', async () => {
    await faults({ dropRate: 0.5 })
    await subscribe()
    editMany(60)
    await settle()
    const kept = receiver.received.length
    expect(kept).toBeGreaterThan(10)
    expect(kept).toBeLessThan(50)
    const log = (await scene.call('POST', '/__sandbox/webhook-deliveries', { clear: true })).body
    expect(log.filter(({ outcome }: { outcome: string }) => outcome === 'dropped')).toHaveLength(60 - kept)
    await faults({ dropRate: 0 })
    await scene.call('POST', '/__sandbox/drop-webhooks', { count: 2 })
    const wanted = editMany(5)
    await settle()
    expect(names().slice(kept)).toEqual(wanted.slice(2))
    expect(scene.simulator.webhookDeliveries()).toHaveLength(5)
  })

  it('URLs are asked first whether they answer', async () => {
    await scene.call('POST', '/__sandbox/switches', { webhookReachabilityCheck: true })
    receiver.reply = () => 405
    await subscribe()
    expect(receiver.received).toHaveLength(1)
    const wanted = {
      subscription_url: `${receiver.url}/hook`,
      event_action: '*',
      event_object: '*',
      name: 'T',
    }
    receiver.reply = () => 301
    expect((await scene.call('POST', '/v1/webhooks', wanted)).status).toBe(400)
    await receiver.stop()
    const { status, body } = await scene.call('POST', '/v1/webhooks', wanted)
    expect(status).toBe(400)
    expect(body.errors).toEqual({ subscription_url: ['invalid or non-reachable URL'] })
  })

  it('plain http is refused even on loopback', async () => {
    await scene.call('POST', '/__sandbox/switches', { webhookPlainHttp: 'none' })
    const wanted = {
      subscription_url: `${receiver.url}/hook`,
      event_action: '*',
      event_object: '*',
      name: 'T',
    }
    expect((await scene.call('POST', '/v1/webhooks', wanted)).status).toBe(400)
  })
})
