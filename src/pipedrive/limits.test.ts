/** The client, with the real clock, against a server that counts strictly. Sends some forty requests: a few seconds. */
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { afterEach, expect, test } from 'vitest'
import { type Reply, type SeenRequest, startFaultyServer } from '../transport/faulty-server.test-kit.ts'
import { createPipedriveClient, type PipedriveClientOptions } from './client.ts'

const open: { close(): Promise<void> }[] = []
afterEach(async () => {
  for (const thing of open.splice(0)) await thing.close()
})

async function connect(
  answer: (request: SeenRequest) => Reply | Promise<Reply>,
  more: Partial<PipedriveClientOptions> = {},
) {
  const server = await startFaultyServer(answer)
  const client = createPipedriveClient({
    apiUrl: server.url,
    credential: { apiToken: 'a-test-token' },
    ...more,
  })
  open.push(client, server)
  return { server, client }
}

/** Five hundredths of the window: what the client allows for. */
const allowanceMs = 100

const tooMany: Reply = {
  status: 429,
  headers: { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '1' },
  json: { success: false, error: 'request over limit', errorCode: 429 },
}

test('a strict rolling window is not overrun, though requests travel unevenly', async () => {
  const arrivals: number[] = []
  let refusals = 0
  const travelMs = 30
  // What this process itself is late with counts as travel too.
  const lateness = monitorEventLoopDelay({ resolution: 5 })
  lateness.enable()
  const { client } = await connect(async () => {
    await new Promise((resolve) => setTimeout(resolve, Math.random() * travelMs))
    const now = performance.now()
    arrivals.push(now)
    const inWindow = arrivals.filter((time) => time > now - 2_000).length
    if (inWindow > 20) {
      refusals += 1
      return tooMany
    }
    return {
      json: { success: true, data: { id: 1 } },
      headers: {
        'x-ratelimit-limit': '20',
        'x-ratelimit-remaining': String(20 - inWindow),
        'x-ratelimit-reset': '2',
      },
    }
  })
  await Promise.all(Array.from({ length: 35 }, () => client.deals.get(1, { lane: 'backfill' })))
  lateness.disable()
  const unevenMs = travelMs + lateness.max / 1e6
  expect(arrivals.length - refusals).toBe(35)
  expect(refusals).toBeLessThanOrEqual(unevenMs < allowanceMs ? 0 : 15)
})

test('no storm: when others have used the limit up, one burst is refused and one request asks again', async () => {
  let closedUntil = performance.now() + 900
  let refusals = 0
  const { client, server } = await connect(
    () => {
      if (performance.now() >= closedUntil) return { json: { success: true, data: { id: 1 } } }
      refusals += 1
      // Whoever insists is kept out longer.
      if (refusals > 8) closedUntil = Number.POSITIVE_INFINITY
      return tooMany
    },
    { concurrency: 6 },
  )
  await Promise.all(Array.from({ length: 15 }, () => client.deals.get(1)))
  expect(refusals).toBeLessThanOrEqual(6)
  expect(server.seen.length - refusals).toBe(15)
})

test("a search call's headers do not widen the search limit", async () => {
  const { client } = await connect(() => ({
    json: { data: { items: [] } },
    headers: { 'x-ratelimit-limit': '80', 'x-ratelimit-remaining': '79', 'x-ratelimit-reset': '2' },
  }))
  for await (const _page of client.itemSearch.pages('jane')) break
  const limits = Object.fromEntries(client.governor().windows.map((window) => [window.name, window.limit]))
  expect(limits).toEqual({ burst: 80, search: 10 })
})

test('a closed client fails at once and says that nothing was sent', async () => {
  const { client } = await connect(() => ({ json: {} }))
  await client.close()
  await expect(
    client.persons.create({ name: 'A' }, { signal: AbortSignal.timeout(5_000) }),
  ).rejects.toMatchObject({
    code: expect.stringMatching(/^pipedrive_/),
    applied: 'no',
    attempts: 1,
  })
})

test('the password of a webhook stays outside', async () => {
  const { client } = await connect(() => ({
    json: { data: [{ id: 1, http_auth_user: 'u', http_auth_password: 'p' }] },
  }))
  expect(await client.webhooks.list()).toEqual([{ id: 1, http_auth_user: 'u' }])
})
