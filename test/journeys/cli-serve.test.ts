/** `tajo serve` and the commands beside it, all of them real processes against both simulators. */
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openWebhookRelay, type WebhookRelay } from '../support/webhook-relay.ts'
import { openScene, type Scene, startTajo } from './cli-process.ts'

type Server = Awaited<ReturnType<typeof startTajo>> & { readonly url: string }
type LogLine = { level: string; event: string; message: string; [name: string]: unknown }

/** For what never comes; how long it takes is not judged. */
const PATIENCE_MS = 600_000

let scene: Scene
/** Under whose address webhooks reach whatever server runs. */
let relay: WebhookRelay
const servers: Server[] = []
beforeEach(async () => {
  scene = await openScene({ data: { persons: 40 } })
  relay = await openWebhookRelay()
  await configure((yaml) => `${yaml}\nserver:\n  public_url: ${relay.url}\n`)
})
afterEach(async () => {
  for (const { child, ended } of servers.splice(0)) {
    child.kill('SIGKILL')
    await ended
  }
  await scene.end()
  await relay.close()
})

async function configure(change: (yaml: string) => string): Promise<void> {
  const file = join(scene.directory, 'tajo.yaml')
  await writeFile(file, change(await readFile(file, 'utf8')))
}

async function serve(env: Record<string, string> = scene.env): Promise<Server> {
  const args = ['serve', '--host', '127.0.0.1', '--port', '0']
  const started = await startTajo(args, scene.directory, env, /Listening on (http:\/\/[\d.:]+\d)/)
  const server = { ...started, url: started.said[1] ?? '' }
  relay.target = server.url
  servers.push(server)
  return server
}

/** Asks the server to stop; what it ended with, and how long that took. */
async function stop({ child, ended }: Server) {
  const startedAt = performance.now()
  relay.target = null
  child.kill('SIGTERM')
  const { code, stderr } = await ended
  return { code, stderr, seconds: (performance.now() - startedAt) / 1_000 }
}

async function until(what: string, holds: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = performance.now() + PATIENCE_MS
  while (!(await holds())) {
    if (performance.now() > deadline) throw new Error(`It did not come to this: ${what}`)
    await sleep(50)
  }
}

function untilReady({ url }: Server): Promise<void> {
  return until('ready', async () => (await fetch(`${url}/readyz`)).status === 200)
}

async function untilInStep(server: Server): Promise<void> {
  await untilReady(server)
  await until(
    'the first sync is over',
    async () => (await ask('status')).document.lastRun?.status === 'complete',
  )
}

/** Runs with `--json` and returns the one document. */
async function ask(...args: string[]) {
  const { code, stdout, stderr } = await scene.run([...args, '--json'])
  return { code, stderr, document: JSON.parse(stdout) }
}

function logOf(stderr: string): LogLine[] {
  return stderr
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line))
}

/** How Pipedrive's webhooks show who they are, as the simulator was told. */
function authorization(): string {
  const { http_auth_user, http_auth_password } = scene.sandbox.pipedrive.state.webhooks.all()[0] ?? {}
  return `Basic ${Buffer.from(`${http_auth_user}:${http_auth_password}`).toString('base64')}`
}

function post({ url }: Server, body: string, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(`${url}/webhooks/pipedrive`, { method: 'POST', body, headers })
}

/** The id and address of a person that has a contact. */
function somebody(): { id: number; email: string } {
  const { pipedrive, brevo } = scene.sandbox
  for (const { id, emails } of pipedrive.state.tables.person.all()) {
    const email = emails[0]?.value ?? ''
    if (email !== '' && brevo.state.contact(email) !== null) return { id, email }
  }
  throw new Error('nobody has a contact')
}

describe('a server', () => {
  it('registers its webhooks, brings an edit to Brevo, and tells how it is', async () => {
    const server = await serve()
    expect((await fetch(`${server.url}/healthz`)).status).toBe(200)
    await untilInStep(server)
    expect(scene.sandbox.pipedrive.state.webhooks.all().length).toBeGreaterThanOrEqual(4)
    expect(scene.sandbox.brevo.state.webhooks()).toHaveLength(1)

    const { id, email } = somebody()
    scene.sandbox.pipedrive.state.patch('person', id, { name: 'Ada Lovelace' })
    const lastName = () => scene.sandbox.brevo.state.contact(email)?.attributes.LASTNAME
    await until('the edit is in Brevo', () => lastName() === 'Lovelace')
    const deal = scene.sandbox.pipedrive.state.insert('deal', { title: 'Live', person_id: id, stage_id: 1 })
    scene.sandbox.pipedrive.state.patch('deal', deal.id, { stage_id: 2 })
    const events = () => scene.sandbox.brevo.state.events().map((event) => event.event_name)
    await until('the event is in Brevo', () => events().length > 0)
    expect(events()).toEqual(['deal_stage_changed'])

    expect((await post(server, '{}')).status).toBe(401)
    const headers = { authorization: authorization() }
    expect((await post(server, '{"meta":', headers)).status).toBe(400)
    expect((await post(server, JSON.stringify('x'.repeat(1_100_000)), headers)).status).toBe(413)

    const readMetrics = async () => (await fetch(`${server.url}/metrics`)).text()
    await until('all is looked at', async () =>
      /^tajo_backlog_age_seconds\{connection="default"\} 0$/m.test(await readMetrics()),
    )
    const metrics = await readMetrics()
    for (const line of [
      /^tajo_requests_total\{vendor="pipedrive",status="200",connection="default"\} [1-9]/m,
      /^tajo_requests_total\{vendor="brevo",status="201",connection="default"\} [1-9]/m,
      /^tajo_budget_left\{vendor="pipedrive",budget="tokens of the day",connection="default"\} [1-9]/m,
      /^tajo_budget_left\{vendor="brevo",budget="other per hour",connection="default"\} /m,
      /^tajo_backlog\{queue="inbox",connection="default"\} 0/m,
      /^tajo_backlog_age_seconds\{connection="default"\} 0/m,
      /^tajo_change_lag_seconds\{quantile="0.99",connection="default"\} [0-9.]+/m,
      /^tajo_events_total\{outcome="sent",connection="default"\} 1/m,
      /^tajo_failures\{connection="default"\} 0/m,
      /^tajo_paused\{connection="default"\} 0/m,
    ]) {
      expect(metrics).toMatch(line)
    }
    const { code, stderr, seconds } = await stop(server)
    expect(code).toBe(0)
    expect(seconds).toBeLessThan(10)
    expect(stderr).not.toContain(email)
    expect(logOf(stderr).filter(({ level }) => level === 'error')).toEqual([])
  })

  it('answers every command on its data directory, and its status says what it does', async () => {
    const server = await serve()
    await untilInStep(server)
    // Brevo tells of what the first sync wrote, and that is looked at too.
    await until('nothing waits', async () => (await ask('status')).document.backlog.oldestAt === null)
    const { document: status } = await ask('status')
    expect(status).toMatchObject({
      mode: 'hybrid',
      backlog: { inbox: 0, dirty: 0, outbox: 0, events: 0, oldestAt: null },
      live: { mode: 'hybrid', paused: null, events: { failed: 0 }, lastPollAt: expect.any(String) },
    })
    expect(status.live.budgets.length).toBeGreaterThan(2)
    const { stdout } = await scene.run(['status'])
    expect(stdout).toMatch(/\nServer\n/)
    expect(stdout).toMatch(/Mode +hybrid/)
    expect(await ask('sync')).toMatchObject({
      code: 0,
      document: { status: 'complete', contacts: { read: 40 } },
    })
    expect((await ask('failures', 'list')).document).toEqual({ failures: [] })
    const { document: webhooks } = await ask('webhooks', 'list')
    expect(webhooks).toMatchObject({ mode: 'look', status: 'complete' })
    expect(new Set(webhooks.items.map((item: { state: string }) => item.state))).toEqual(new Set(['ok']))
    await stop(server)
    expect((await ask('status')).document).toMatchObject({ mode: 'hybrid', live: null })
    expect((await scene.run(['status'])).stdout).toMatch(/None runs on this store/)
  })
})

describe('SIGTERM', () => {
  it('in the middle of the first sync ends the server in time, and the next start goes on', async () => {
    scene.sandbox.brevo.latencyMs = 150
    const server = await serve()
    await until('it writes', () => scene.sandbox.brevo.state.contactCount() > 12)
    const { code, seconds } = await stop(server)
    expect(code).toBe(0)
    expect(seconds).toBeLessThan(10)
    scene.sandbox.brevo.latencyMs = 0
    const next = await serve()
    await untilInStep(next)
    expect(scene.sandbox.brevo.state.listMembers(60)).toHaveLength(40)
    expect((await ask('status')).document.persons).toMatchObject({ live: 40, inStep: 40 })
  })

  it('in the middle of a burst loses nothing, and no event comes twice', async () => {
    const first = await serve()
    await untilInStep(first)
    const { state } = scene.sandbox.pipedrive
    const { id } = somebody()
    const deals = Array.from({ length: 60 }, (_, index) =>
      state.insert('deal', { title: `Burst ${index}`, person_id: id, stage_id: 1 }),
    )
    for (const deal of deals) state.patch('deal', deal.id, { stage_id: 2 })
    await until('the first event', () => scene.sandbox.brevo.state.events().length > 0)
    const { code, seconds } = await stop(first)
    expect(code).toBe(0)
    expect(seconds).toBeLessThan(10)
    await untilReady(await serve())
    const told = () => scene.sandbox.brevo.state.events().map((event) => event.event_properties.deal_id)
    await until('all moves are told', () => told().length >= deals.length)
    expect(told().toSorted()).toEqual(deals.map((deal) => deal.id).toSorted())
  })
})

it('a webhook that nobody understands is kept, shown, and looked at again on request', async () => {
  const server = await serve()
  await untilInStep(server)
  const body = JSON.stringify({ meta: { version: '2.0', entity: 'person' }, data: 7 })
  expect((await post(server, body, { authorization: authorization() })).status).toBe(200)
  const failures = async () => (await ask('failures', 'list')).document.failures
  await until('the failure shows', async () => (await failures()).length === 1)
  const [failure] = await failures()
  expect(failure).toMatchObject({ entity: 'webhook', code: 'webhook_unreadable', attempts: 1 })
  const retried = await ask('failures', 'retry', failure.id)
  expect(retried).toMatchObject({ document: { retried: 1, report: { status: 'complete' } } })
  expect(await failures()).toMatchObject([{ id: failure.id, code: 'webhook_unreadable', attempts: 2 }])
  await stop(server)
  // Without a server too.
  expect(await ask('failures', 'retry', '--code', 'webhook_unreadable')).toMatchObject({
    document: { retried: 1 },
  })
  expect(await failures()).toMatchObject([{ attempts: 3 }])
})

describe('a refused Pipedrive token', () => {
  const pauses = (log: LogLine[]) => log.filter(({ event }) => event === 'connection.paused')
  const resumes = (log: LogLine[]) => log.filter(({ event }) => event === 'connection.resumed')

  async function pauseBy(server: Server, token: string): Promise<void> {
    scene.sandbox.pipedrive.state.revokeToken(token)
    scene.sandbox.pipedrive.state.patch('person', somebody().id, { name: 'Grace Hopper' })
    await until('it is not ready', async () => (await fetch(`${server.url}/readyz`)).status === 503)
  }

  it('pauses with one clear line, and a new token from `connectors connect` ends the pause at once', async () => {
    const { PIPEDRIVE_API_TOKEN: token = '', ...env } = scene.env
    await configure((yaml) => yaml.replace(/^ +api_token: .*\n/m, ''))
    const connect = (apiToken: string) =>
      scene.run(['connectors', 'connect', 'pipedrive', '--api-token', apiToken], { PIPEDRIVE_API_TOKEN: '' })
    expect((await connect(token)).code).toBe(0)
    const server = await serve(env)
    await untilInStep(server)
    const { email } = somebody()
    await pauseBy(server, token)
    const paused = (await ask('status')).document.live.paused
    expect(paused.reason).toMatch(/token/i)
    expect((await scene.run(['status'])).stdout).toMatch(/! Paused: /)

    const renewed = 'f'.repeat(40)
    scene.sandbox.pipedrive.state.addToken(renewed, 1)
    expect((await connect(renewed)).code).toBe(0)
    await until('the edit is in Brevo', () => {
      return scene.sandbox.brevo.state.contact(email)?.attributes.LASTNAME === 'Hopper'
    })
    await untilReady(server)
    const log = logOf((await stop(server)).stderr)
    expect(pauses(log)).toHaveLength(1)
    expect(resumes(log)).toHaveLength(1)
    expect(JSON.stringify(log)).not.toContain(token)
  })

  it('that is accepted again ends the pause by itself', async () => {
    const token = scene.env.PIPEDRIVE_API_TOKEN ?? ''
    const server = await serve()
    await untilInStep(server)
    const { email } = somebody()
    await pauseBy(server, token)
    await sleep(6_000)
    scene.sandbox.pipedrive.state.addToken(token, 1)
    await until('the edit is in Brevo', () => {
      return scene.sandbox.brevo.state.contact(email)?.attributes.LASTNAME === 'Hopper'
    })
    await untilReady(server)
    const log = logOf((await stop(server)).stderr)
    expect(pauses(log)).toHaveLength(1)
    expect(resumes(log)).toHaveLength(1)
  })
})
