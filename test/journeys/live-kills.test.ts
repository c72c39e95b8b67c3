import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, describe, expect, it, onTestFinished } from 'vitest'
import { seededRandom } from '../../src/simulators/kit/random.ts'
import { differences, onlyPresent } from '../support/contact-differences.ts'
import { brevoNow, expectedBrevo } from '../support/contact-oracle.ts'
import { type Journey, openJourney, writesOf } from '../support/journey.ts'
import { createLoad, type LiveLoad } from '../support/live-load.ts'
import { type PostgresServer, startPostgres, whyNoPostgres } from '../support/postgres-server.ts'
import { openWebhookRelay, type WebhookRelay } from '../support/webhook-relay.ts'
import { MAIN } from './cli-process.ts'

const seed = Number(process.env.TAJO_TEST_SEED ?? Date.now() % 1_000_000)
console.warn(`kills of a server by TAJO_TEST_SEED=${seed}`)

const KILLS = Number(process.env.TAJO_TEST_KILLS ?? 6)
const BETWEEN_ACTS_MS = 40
/** Between two kills: on a slow machine no more is done than on a quick one. */
const ACTS_AT_MOST = 120
/** Milliseconds until a server may be killed first, and last. */
const LIVES_MS = [200, 4_500] as const

type Serving = { child: ChildProcess; ended: Promise<unknown>; url: string; log: () => string }

async function serve(journey: Journey): Promise<Serving> {
  const child = spawn(process.execPath, [MAIN, 'serve', '--port', '0', '--host', '127.0.0.1'], {
    env: { ...journey.environment, LOG_LEVEL: 'info' },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let [out, log] = ['', '']
  child.stderr.on('data', (chunk) => {
    log += chunk
  })
  const ended = once(child, 'close')
  const url = await new Promise<string>((resolve, reject) => {
    child.stdout.on('data', (chunk) => {
      out += chunk
      const found = /Listening on (http:\S+)/.exec(out)?.[1]
      if (found !== undefined) resolve(found)
    })
    child.once('close', () => reject(new Error(`The server ended before it was ready:\n${log}`)))
  })
  return { child, ended, url, log: () => log }
}

/** Edits go on all the time, also while nobody listens. */
async function killRepeatedly(journey: Journey, relay: WebhookRelay, load: LiveLoad): Promise<string[]> {
  const random = seededRandom(seed + 1)
  const lives: string[] = []
  let acts = 0
  const busy = setInterval(() => {
    if (acts++ < ACTS_AT_MOST) load.act()
  }, BETWEEN_ACTS_MS)
  try {
    for (let kill = 1; kill <= KILLS; kill++) {
      acts = 0
      const { child, ended, url, log } = await serve(journey)
      relay.target = url
      const ms = random.int(...LIVES_MS)
      await sleep(ms)
      relay.target = null
      // A server that ends by itself under load is no proof of anything.
      expect([child.exitCode, child.signalCode], log()).toEqual([null, null])
      child.kill('SIGKILL')
      await ended
      lives.push(`${kill}: ${ms} ms`)
    }
  } finally {
    clearInterval(busy)
  }
  return lives
}

async function untilReady(url: string): Promise<void> {
  while ((await fetch(`${url}/readyz`)).status !== 200) await sleep(100)
}

/** Serves on until nothing waits any more, then stops in order. */
async function settle(journey: Journey, relay: WebhookRelay, load: LiveLoad): Promise<void> {
  const { child, ended, url, log } = await serve(journey)
  relay.target = url
  await untilReady(url)
  expect(await Promise.all(load.posted)).toEqual(load.posted.map(() => 200))
  await journey.sandbox.pipedrive.settleWebhooks()
  const { state } = journey.sandbox.brevo
  for (let still = 0; still < 4; ) {
    const [writes, events] = [state.writes, state.events().length]
    await sleep(2_000)
    const text = await (await fetch(`${url}/metrics`)).text()
    const waiting = [...text.matchAll(/^tajo_backlog\{queue="(\w+)",connection="\w+"\} (\d+)/gm)]
    expect(waiting.map(([, queue]) => queue)).toEqual(expect.arrayContaining(['inbox', 'outbox', 'events']))
    const open = waiting.filter(([, queue, count]) => queue !== 'companies' && Number(count) > 0)
    still = open.length === 0 && state.writes === writes && state.events().length === events ? still + 1 : 0
  }
  child.kill('SIGTERM')
  await ended
  expect(child.exitCode, log()).toBe(0)
}

/** Each true move once: a chain from the first stage to the last one, and move by move where all of them were accepted. */
function expectMovesTold({ sandbox }: Journey, load: LiveLoad, message: string): void {
  const events = sandbox.brevo.state.events()
  const keys = events.map(({ event_properties: properties }) => properties.event_id)
  expect(keys.length - new Set(keys).size, `${message}: events came twice`).toBe(0)
  const toldMoves = Map.groupBy(
    events.filter((event) => event.event_name === 'deal_stage_changed'),
    (event) => Number(event.event_properties.deal_id),
  )
  const complete = load.told()
  const wrong: unknown[] = []
  for (const [deal, moves] of Map.groupBy(load.moves, (move) => move.deal)) {
    const told = (toldMoves.get(deal) ?? [])
      .toSorted((a, b) => a.event_date.localeCompare(b.event_date))
      .map(({ event_properties: { previous_stage_id: from, stage_id: to } }) => `${from} > ${to}`)
    const truth = moves.map(({ from, to }) => `${from} > ${to}`)
    const right = complete.has(deal) ? told.join() === truth.join() : isChain(told, truth)
    if (!right) wrong.push({ deal, complete: complete.has(deal), told, truth, at: moves.map(({ at }) => at) })
  }
  expect(wrong, message).toEqual([])
  expect(complete.size).toBeGreaterThan(10)
}

function isChain(told: readonly string[], truth: readonly string[]): boolean {
  const first = truth[0]?.split(' > ')[0]
  const last = truth.at(-1)?.split(' > ')[1]
  let at = first
  for (const move of told) {
    const [from, to] = move.split(' > ')
    if (from !== at) return false
    at = to
  }
  return at === last
}

async function proveKills(databaseUrl?: string): Promise<void> {
  const relay = await openWebhookRelay()
  onTestFinished(() => relay.close())
  const journey = await openJourney({
    data: { persons: 60 },
    ...(databaseUrl === undefined ? {} : { databaseUrl }),
    yaml: (text) => `${text}\nserver:\n  public_url: ${relay.url}\n`,
    pipedrive: { switches: { webhookDuplicateRate: 0.1, webhookReorderMs: 300 } },
    brevo: { switches: { eventVisibleAfterMs: 1_000, webhookDuplicateRate: 0.1 } },
  })
  const { sandbox } = journey
  const random = seededRandom(seed)
  const load = createLoad(journey, relay, random)
  onTestFinished(() => load.stop())
  const before = brevoNow(sandbox)
  expect(await journey.sync()).toMatchObject({ status: 'complete' })
  await journey.close()
  // One answer in so many to an event is lost after it was taken.
  for (let after = 3; after < 600; after += random.int(3, 10))
    sandbox.brevo.faults.add({ method: 'POST', path: '/events$', after, fault: { kind: 'cut-after' } })
  const lives = await killRepeatedly(journey, relay, load)
  const message = `seed ${seed}, kills ${lives.join(', ')}`
  await settle(journey, relay, load)
  expectMovesTold(journey, load, message)
  const now = brevoNow(sandbox)
  expect(differences(now, expectedBrevo(sandbox, onlyPresent(before, now))), message).toEqual([])
  await journey.reopen()
  expect(await writesOf(journey, () => journey.sync({ full: true }))).toBe(0)
}

describe('a server that is killed at random moments under load', () => {
  let server: PostgresServer | undefined
  afterAll(() => server?.stop())

  it('R5.7 R6.3: loses no accepted webhook and doubles no event, embedded store', () => proveKills())

  const reason = whyNoPostgres()
  if (reason) console.warn(`kills of a server are not tried on a PostgreSQL server: ${reason}`)
  it.skipIf(reason)(
    'R5.7 R6.3: loses no accepted webhook and doubles no event, PostgreSQL server',
    async () => {
      server = await startPostgres()
      await proveKills(await server.createDatabase())
    },
  )
})
