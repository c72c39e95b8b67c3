/** One real service with its doorway, asked through its real socket by visitors of all manners. */
import { once } from 'node:events'
import fs from 'node:fs'
import type net from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { freshDataDir } from '../../../test/support/stores.ts'
import { readEnvironment } from '../../config/index.ts'
import { createSandbox, type Sandbox } from '../../simulators/index.ts'
import { visitDataDirectory } from '../../store/index.ts'
import { openService } from '../open-service.ts'
import type { RunProgress, Service } from '../service-face.ts'
import type { RemoteService } from './remote-service.ts'

let sandbox: Sandbox
let dataDir: string
let variables: Record<string, string>
let server: Service
const opened: { close(): unknown }[] = []

beforeAll(async () => {
  sandbox = await createSandbox({ data: { persons: 30 } })
  const started = await sandbox.start()
  dataDir = freshDataDir()
  const configFile = join(dataDir, 'tajo.yaml')
  fs.writeFileSync(configFile, started.yaml)
  variables = { ...started.environment, TAJO_DATA_DIR: dataDir, TAJO_CONFIG: configFile }
  server = await openService({ environment: readEnvironment(variables), serve: true })
}, 60_000)
afterAll(async () => {
  await server?.close()
  await sandbox?.stop()
  fs.rmSync(dataDir, { recursive: true, force: true })
})
afterEach(async () => {
  sandbox.pipedrive.faults.clear()
  for (const each of opened.splice(0)) await each.close()
})

/** The service as another command would have it; notices are collected. */
async function ask(more: Record<string, string> = {}): Promise<Service & { notices: string[] }> {
  const notices: string[] = []
  const service = await openService({
    environment: readEnvironment({ ...variables, ...more }),
    onNotice: (text) => notices.push(text),
  })
  opened.push(service)
  return { ...service, notices }
}

type Visitor = {
  socket: net.Socket
  say(message: unknown): void
  /** The next message; null when the server has hung up. */
  hear(): Promise<Record<string, unknown> | null>
}

/** A visitor that speaks the protocol by hand. */
async function visit(): Promise<Visitor> {
  const socket = await visitDataDirectory(dataDir)
  if (socket === null) throw new Error('nobody serves')
  opened.push({ close: () => socket.destroy() })
  let text = ''
  let over = false
  let wake = (): void => {}
  socket.on('data', (chunk) => {
    text += chunk
    wake()
  })
  socket.on('close', () => {
    over = true
    wake()
  })
  socket.resume()
  return {
    socket,
    say: (message) => socket.write(`${typeof message === 'string' ? message : JSON.stringify(message)}\n`),
    async hear() {
      while (!text.includes('\n') && !over) {
        await new Promise<void>((resolve) => {
          wake = resolve
        })
      }
      const end = text.indexOf('\n')
      if (end === -1) return null
      const line = text.slice(0, end)
      text = text.slice(end + 1)
      return JSON.parse(line)
    },
  }
}

const hello = { hello: { protocol: 2, connection: 'default', configuration: '' } }

async function greeted(): Promise<Visitor> {
  const visitor = await visit()
  visitor.say(hello)
  expect(await visitor.hear()).toMatchObject({ hello: { protocol: 2, pid: process.pid } })
  return visitor
}

/** The next pass gets one answer of Pipedrive, and no second one for as long as any test takes. */
function makePassHang(): { untilBegun(): Promise<void> } {
  const { calls, faults } = sandbox.pipedrive
  faults.add({ fault: { kind: 'slow', ms: 20_000 }, after: 1, times: 1_000 })
  const before = calls.all().length
  return {
    async untilBegun() {
      while (calls.all().length === before) await sleep(5)
    },
  }
}

describe('a command on the data directory of a server', () => {
  test('gets the same answers as the server itself', async () => {
    const remote = await ask()
    const stages: RunProgress['stage'][] = []
    const report = await remote.sync({ onProgress: ({ stage }) => stages.push(stage) })
    expect(report).toMatchObject({ status: 'complete', contacts: { read: 30 } })
    expect(stages).toContain('read')
    expect(await remote.status()).toEqual(await server.status())
    expect(await remote.explain('1')).toEqual(await server.explain('1'))
    expect(await remote.failures.list()).toEqual(await server.failures.list())
    expect(await remote.failures.retry({ code: 'none_such' }, {})).toEqual({ retried: 0, report: null })
    expect(await remote.failures.discard({ ids: ['999'] })).toBe(0)
    expect(await remote.connections.list()).toEqual(await server.connections.list())
    expect(await remote.connections.test('brevo')).toMatchObject({ name: 'brevo', state: 'ok' })
    expect(await remote.check({ fix: false })).toMatchObject({ status: 'ok' })
    expect(remote.notices).toEqual([])
  })

  test('connects and disconnects accounts for the server, and a refusal is the same error', async () => {
    const remote = await ask()
    const { BREVO_API_KEY: apiKey = '' } = variables
    expect(await remote.connections.connectBrevo({ apiKey })).toMatchObject({ credentials: 'stored' })
    expect(await remote.connections.disconnect('brevo')).toMatchObject({ forgotten: true })
    expect(await server.connections.disconnect('brevo')).toMatchObject({ forgotten: false })
    const apiToken = 'e'.repeat(40)
    await expect(
      remote.connections.connectPipedrive({ apiToken, companyDomain: null }),
    ).rejects.toMatchObject({ name: 'TajoError', code: 'pipedrive_unauthorized', disposition: 'pause' })
    await expect(remote.explain('nobody@test.example')).rejects.toMatchObject({ code: 'person_unknown' })
  })

  test('lists, registers and removes webhooks as the server would', async () => {
    const remote = await ask()
    expect(await remote.webhooks.list()).toEqual(await server.webhooks.list())
    await expect(remote.webhooks.register()).rejects.toMatchObject({ code: 'webhook_no_public_url' })
    const publicUrl = 'https://tajo.example'
    expect(await remote.webhooks.register({ publicUrl })).toMatchObject({ publicUrl })
    expect(sandbox.pipedrive.calls.find('POST', /webhooks$/).length).toBeGreaterThan(0)
    expect(await remote.webhooks.list()).toEqual(await server.webhooks.list())
    await remote.webhooks.remove()
    expect(await remote.webhooks.list()).toEqual(await server.webhooks.list())
  })

  test('cannot become a second server, and is told whose directory it is', async () => {
    const second = await openService({ environment: readEnvironment(variables), serve: true })
    opened.push(second)
    await expect((second as RemoteService).live()).rejects.toMatchObject({
      code: 'server_running',
      disposition: 'pause',
      message: expect.stringContaining(`process ${process.pid}`),
    })
  })

  test('is told when the server works with another configuration, and not otherwise', async () => {
    const same = await ask()
    await same.check({ fix: false })
    expect(same.notices).toEqual([])
    const other = await ask({ PIPEDRIVE_API_TOKEN: 'f'.repeat(40) })
    expect(await other.status()).toMatchObject({ connection: 'default' })
    expect(other.notices).toEqual([])
    // Only the server's token opens the account: the pass is the server's.
    expect(await other.check({ fix: false })).toMatchObject({ status: 'ok' })
    expect(other.notices).toHaveLength(1)
    expect(other.notices[0]).toMatch(new RegExp(`process ${process.pid}.*Restart it`))
    expect(other.notices[0]).not.toContain('ffff')
  })

  test('waits its turn for a pass while another one is under way, and says so', async () => {
    const pass = makePassHang()
    const [one, two] = [await ask(), await ask()]
    const stop = new AbortController()
    const first = one.sync({ signal: stop.signal })
    await pass.untilBegun()
    const second = two.sync({})
    expect(await one.status()).toMatchObject({ connection: 'default' })
    while (two.notices.length === 0) await sleep(5)
    expect(two.notices[0]).toMatch(/Another pass is under way/)
    sandbox.pipedrive.faults.clear()
    stop.abort(new Error('enough'))
    await expect(first).rejects.toThrow('enough')
    expect(await second).toMatchObject({ status: 'complete' })
  })

  test('stops its pass by its signal and by leaving, and the server goes on', async () => {
    const pass = makePassHang()
    const leaving = await ask()
    const left = leaving.sync({})
    await pass.untilBegun()
    await leaving.close()
    await expect(left).rejects.toMatchObject({ code: 'server_gone' })
    sandbox.pipedrive.faults.clear()
    // It gets its turn only because the pass of the one who left has been stopped.
    expect(await server.sync({})).toMatchObject({ status: 'complete' })
    await expect(leaving.status()).rejects.toMatchObject({ code: 'server_gone' })
  })
})

describe('a visitor', () => {
  test('of another version is told to restart the server or to use its version', async () => {
    const visitor = await visit()
    visitor.say({ hello: { protocol: 99, something: 'new' } })
    expect(await visitor.hear()).toMatchObject({
      id: null,
      error: { code: 'service_version_mismatch', message: expect.stringMatching(/Restart the server/) },
    })
    expect(await visitor.hear()).toBeNull()
  })

  test('for another connection is turned away', async () => {
    const visitor = await visit()
    visitor.say({ hello: { ...hello.hello, connection: 'other' } })
    expect(await visitor.hear()).toMatchObject({ error: { code: 'connection_unknown' } })
    expect(await visitor.hear()).toBeNull()
  })

  test('that asks for something unknown, or wrongly, hears what, and may ask again', async () => {
    const visitor = await greeted()
    visitor.say({ id: 1, method: 'failures.lst', params: {} })
    expect(await visitor.hear()).toMatchObject({
      id: 1,
      error: { code: 'request_unknown', message: expect.stringContaining('failures.list') },
    })
    visitor.say({ id: 2, method: 'constructor', params: {} })
    expect(await visitor.hear()).toMatchObject({ id: 2, error: { code: 'request_unknown' } })
    visitor.say({ id: 3, method: 'connectors.connectBrevo', params: { apiKey: ['secret'] } })
    const refused = await visitor.hear()
    expect(refused).toMatchObject({ id: 3, error: { code: 'request_invalid' } })
    expect(JSON.stringify(refused)).not.toContain('secret')
    visitor.say({ id: 4, method: 'sync.run', params: { dryRun: true, signal: {} } })
    expect(await visitor.hear()).toMatchObject({ id: 4, error: { code: 'request_invalid' } })
    visitor.say({ id: 5, method: 'close', params: {} })
    expect(await visitor.hear()).toMatchObject({ id: 5, error: { code: 'request_unknown' } })
    visitor.say({ id: 6, method: 'status.read', params: {} })
    expect(await visitor.hear()).toMatchObject({ id: 6, result: { connection: 'default' } })
  })

  test('that speaks nonsense, or too much, is sent away with the reason', async () => {
    for (const [message, code] of [
      ['no JSON', 'message_invalid'],
      [{ id: 'one', method: 'status.read' }, 'message_invalid'],
      ['x'.repeat(1_000_001), 'message_too_large'],
    ] as const) {
      const visitor = await greeted()
      visitor.say(message)
      expect(await visitor.hear()).toMatchObject({ id: null, error: { code } })
      expect(await visitor.hear()).toBeNull()
    }
  })

  test('that asks much at once gets every answer under its number', async () => {
    const visitor = await greeted()
    for (let id = 1; id <= 50; id++)
      visitor.say({ id, method: id % 2 ? 'status.read' : 'failures.list', params: {} })
    const heard = new Map<unknown, unknown>()
    while (heard.size < 50) {
      const message = await visitor.hear()
      heard.set(message?.id, message?.result)
    }
    expect(heard.get(1)).toMatchObject({ connection: 'default' })
    expect(heard.get(2)).toEqual([])
  })

  test('that aborts what is not there, or leaves in the middle of a word, does no harm', async () => {
    const visitor = await greeted()
    visitor.say({ id: 7, abort: true })
    visitor.socket.write('{"id":8,"meth')
    visitor.socket.destroy()
    expect(await server.status()).toMatchObject({ connection: 'default' })
    await greeted()
  })
})

describe('the doorway', () => {
  test('is there for those who come before the service is open, and hangs up when it closes', async () => {
    const own = freshDataDir()
    const environment = readEnvironment({ ...variables, TAJO_DATA_DIR: own })
    try {
      const opening = openService({ environment, serve: true })
      const early = await firstVisitor(own)
      early.resume()
      early.write(`${JSON.stringify(hello)}\n`)
      const [welcome] = (await once(early, 'data')) as [Buffer]
      expect(JSON.parse(welcome.toString())).toMatchObject({ hello: { pid: process.pid } })
      const service = await opening
      const remote = await openService({ environment })
      const hanging = makePassHang()
      const pass = remote.sync({}).then(
        () => 'ended',
        (error: unknown) => error,
      )
      await hanging.untilBegun()
      const hungUp = once(early, 'close')
      await service.close()
      await hungUp
      expect(await pass).toMatchObject({ code: 'server_gone', disposition: 'retry' })
      const next = await openService({ environment })
      expect(await next.status()).toMatchObject({ connection: 'default' })
      await next.close()
    } finally {
      fs.rmSync(own, { recursive: true, force: true })
    }
  })

  test('is closed where a process does not serve: the lock speaks as before', async () => {
    const own = freshDataDir()
    const environment = readEnvironment({ ...variables, TAJO_DATA_DIR: own })
    const service = await openService({ environment })
    try {
      expect(await visitDataDirectory(own)).toBeNull()
      await expect(openService({ environment })).rejects.toMatchObject({ code: 'store_locked' })
    } finally {
      await service.close()
      fs.rmSync(own, { recursive: true, force: true })
    }
    expect(await visitDataDirectory(join(own, 'nowhere'))).toBeNull()
  })
})

/** Comes again until somebody serves. */
async function firstVisitor(directory: string): Promise<net.Socket> {
  for (;;) {
    const socket = await visitDataDirectory(directory)
    if (socket !== null) return socket
    await sleep(2)
  }
}
