/** Several connections in one process: ids that clash, work at the same time, and nothing of one ever in the other. */
import fs from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { readEnvironment } from '../../src/config/index.ts'
import { createServer } from '../../src/server/index.ts'
import { type Installation, type Live, type LiveNews, openInstallation } from '../../src/service/index.ts'
import { createSandbox, oneWay, type Sandbox } from '../../src/simulators/index.ts'
import { differences } from '../support/contact-differences.ts'
import { brevoNow, expectedBrevo } from '../support/contact-oracle.ts'
import { openLimits } from '../support/journey.ts'
import { type PostgresServer, startPostgres, whyNoPostgres } from '../support/postgres-server.ts'
import { freshDataDir } from '../support/stores.ts'

type Started = {
  sandbox: Sandbox
  block: string
  yaml: string
  environment: Readonly<Record<string, string>>
}

/** The settings of one connection, with the addresses and credentials of its own sandbox. */
async function startSandbox(seed: number): Promise<Started> {
  const sandbox = await createSandbox({ data: { persons: 40 }, seed, ...openLimits })
  onTestFinished(() => sandbox.stop())
  const { environment, yaml } = await sandbox.start()
  const own = oneWay(yaml)
    .replace(
      /^( {4}api_token:).*$/m,
      `$1 "${environment.PIPEDRIVE_API_TOKEN}"\n    api_url: ${environment.PIPEDRIVE_API_URL}`,
    )
    .replace(
      /^( {2}api_key:).*$/m,
      `$1 "${environment.BREVO_API_KEY}"\n  api_url: ${environment.BREVO_API_URL}`,
    )
  return { sandbox, environment, yaml: own, block: own.replace(/^(?=.)/gm, '    ') }
}

type Scene = { installation: Installation; directory: string; reopen(): Promise<Installation> }

async function open(yaml: string, databaseUrl?: string): Promise<Scene> {
  const directory = freshDataDir()
  const configFile = join(directory, 'tajo.yaml')
  fs.writeFileSync(configFile, yaml)
  const variables = {
    TAJO_DATA_DIR: directory,
    TAJO_CONFIG: configFile,
    ...(databaseUrl === undefined ? {} : { DATABASE_URL: databaseUrl }),
  }
  const start = () => openInstallation({ environment: readEnvironment(variables), serve: true })
  const scene = {
    directory,
    installation: await start(),
    async reopen() {
      await scene.installation.close()
      scene.installation = await start()
      return scene.installation
    },
  }
  onTestFinished(async () => {
    await scene.installation.close()
    fs.rmSync(directory, { recursive: true, force: true })
  })
  return scene
}

async function serve(installation: Installation) {
  const news: LiveNews[] = []
  const started = Promise.withResolvers<Live>()
  const server = await createServer({
    live: started.promise,
    port: 0,
    host: '127.0.0.1',
    onNews: (item) => news.push(item),
  })
  const live = await installation.live({ onNews: (item) => news.push(item), publicUrl: server.url })
  started.resolve(live)
  let stopped = false
  const stop = async (): Promise<void> => {
    if (stopped) return
    stopped = true
    await server.close(1_000)
    await live.stop()
  }
  onTestFinished(stop)
  return { live, news, url: server.url, stop }
}

async function quiet(live: Live, sandboxes: readonly Sandbox[]): Promise<void> {
  for (let round = 0; round < 2; round++) {
    for (const { pipedrive } of sandboxes) await pipedrive.settleWebhooks()
    await live.settled(AbortSignal.timeout(60_000))
    for (const { brevo } of sandboxes) await brevo.state.webhooksQuiet()
    await live.settled(AbortSignal.timeout(60_000))
  }
}

/** What reached a vendor must not hold the name of anything that only the other account knows. */
function expectNothingOf(theirs: Sandbox, inOurs: Sandbox): void {
  const bodies = inOurs.brevo.calls.all().map(({ requestBody = '' }) => requestBody)
  const addresses = Object.keys(brevoNow(theirs)).filter((address) => brevoNow(inOurs)[address] === undefined)
  const leaked = addresses.filter((address) => bodies.some((body) => body.includes(address)))
  expect(leaked).toEqual([])
}

async function proveTwo(databaseUrl?: string): Promise<void> {
  const [seoul, berlin] = [await startSandbox(11), await startSandbox(22)]
  const sandboxes = [seoul.sandbox, berlin.sandbox]
  for (const { brevo } of sandboxes) brevo.calls.keepBodies = true
  const before = sandboxes.map(brevoNow)
  const { installation } = await open(
    `connections:\n  seoul:\n${seoul.block}\n  berlin:\n${berlin.block}`,
    databaseUrl,
  )
  const { live, url } = await serve(installation)
  await quiet(live, sandboxes)
  expect([...live.connections()]).toEqual(['seoul', 'berlin'])
  // Both accounts count their records from 1, so that every id is there twice.
  for (const { pipedrive } of sandboxes) {
    pipedrive.state.patch('person', 1, { name: 'Edited Person' })
    expect(
      pipedrive.state.webhooks
        .all()
        .map(({ subscription_url }) => subscription_url)
        .every((address) => /\/webhooks\/pipedrive\/(seoul|berlin)$/.test(address)),
    ).toBe(true)
  }
  await quiet(live, sandboxes)
  for (const [at, sandbox] of sandboxes.entries()) {
    const now = brevoNow(sandbox)
    expect(differences(now, expectedBrevo(sandbox, before[at] ?? {}, now))).toEqual([])
  }
  expectNothingOf(seoul.sandbox, berlin.sandbox)
  expectNothingOf(berlin.sandbox, seoul.sandbox)
  const [one, two] = await Promise.all(
    ['seoul', 'berlin'].map((name) => installation.connection(name).status()),
  )
  expect([one?.connection, two?.connection]).toEqual(['seoul', 'berlin'])
  const metrics = await (await fetch(`${url}/metrics`)).text()
  expect(metrics).toContain('tajo_paused{connection="seoul"} 0')
  expect(metrics).toContain('tajo_paused{connection="berlin"} 0')
}

describe('two connections in one process', () => {
  it('keep both pairs of accounts in step, and nothing of one gets into the other, embedded store', () =>
    proveTwo())

  it.skipIf(whyNoPostgres() !== undefined)(
    'keep both pairs of accounts in step, and nothing of one gets into the other, PostgreSQL server',
    async () => {
      const server: PostgresServer = await startPostgres()
      onTestFinished(() => server.stop())
      await proveTwo(await server.createDatabase())
    },
  )

  it('stay apart when one is refused: the other goes on, and the server says which is not ready', async () => {
    const [good, bad] = [await startSandbox(1), await startSandbox(2)]
    const broken = bad.block.replace(/api_token: .*$/m, `api_token: "${'0'.repeat(40)}"`)
    const { installation } = await open(`connections:\n  good:\n${good.block}\n  bad:\n${broken}`)
    const { live, url } = await serve(installation)
    await expect
      .poll(async () => (await installation.connection('good').status()).lastRun?.status, { timeout: 60_000 })
      .toBe('complete')
    await expect
      .poll(async () => (await live.readings('bad')).paused !== null, { timeout: 60_000 })
      .toBe(true)
    const ready = await fetch(`${url}/readyz`)
    expect(ready.status).toBe(503)
    const { reasons } = (await ready.json()) as { reasons: string[] }
    expect(reasons).toHaveLength(1)
    expect(reasons[0]).toMatch(/^bad: /)
    expect(Object.keys(brevoNow(bad.sandbox)).length).toBeLessThan(Object.keys(brevoNow(good.sandbox)).length)
  })

  it('are told apart at the door: one’s credentials open nothing of the other', async () => {
    const [one, two] = [await startSandbox(1), await startSandbox(2)]
    const { installation } = await open(`connections:\n  one:\n${one.block}\n  two:\n${two.block}`)
    const { live, url } = await serve(installation)
    await quiet(live, [one.sandbox, two.sandbox])
    const [hook] = one.sandbox.pipedrive.state.webhooks.all()
    const authorization = `Basic ${Buffer.from(`${hook?.http_auth_user}:${hook?.http_auth_password}`).toString('base64')}`
    const post = async (path: string): Promise<number> =>
      (await fetch(`${url}${path}`, { method: 'POST', body: '{"meta":{}}', headers: { authorization } }))
        .status
    expect(await post('/webhooks/pipedrive/one')).toBe(200)
    expect(await post('/webhooks/pipedrive/two')).toBe(401)
    expect(await post('/webhooks/pipedrive/three')).toBe(401)
    // Nobody is meant where there are several and none is the default one.
    expect(await post('/webhooks/pipedrive')).toBe(401)
  })
})

describe('a connection that is kept in the store', () => {
  it('begins at once in a running server, is there after a restart, and is gone when it is removed', async () => {
    const [first, second] = [await startSandbox(1), await startSandbox(2)]
    const before = brevoNow(second.sandbox)
    const scene = await open(`connections:\n  first:\n${first.block}`)
    const { live, stop } = await serve(scene.installation)
    const service = scene.installation.connection('first')
    expect(await service.installation.add({ name: 'second', settings: second.yaml })).toEqual({
      name: 'second',
      settings: 'store',
      isDefault: false,
    })
    await quiet(live, [first.sandbox, second.sandbox])
    const now = brevoNow(second.sandbox)
    expect(Object.keys(now).length).toBeGreaterThan(10)
    expect(differences(now, expectedBrevo(second.sandbox, before, now))).toEqual([])
    await stop()
    const reopened = await scene.reopen()
    expect(await reopened.connections.list()).toEqual([
      { name: 'first', settings: 'file', isDefault: false },
      { name: 'second', settings: 'store', isDefault: false },
    ])
    const removed = await reopened.connections.remove('second')
    expect(removed.rows).toBeGreaterThan(40)
    expect(second.sandbox.pipedrive.state.webhooks.all()).toEqual([])
    expect(reopened.names()).toEqual(['first'])
    expect((await reopened.connection('first').status()).persons.inStep).toBeGreaterThan(10)
    expect(() => reopened.connection('second')).toThrow(/no connection named "second"/)
  })

  it.each([
    ['Berlin', 'brevo: {}', 'connection_name_invalid'],
    ['default', 'brevo: {}', 'connection_exists'],
    ['berlin', 'brevo: { api_keyy: 1 }', 'config_invalid'],
  ])('named %s with %s is refused as %s', async (name, settings, code) => {
    const { installation } = await open('brevo: {}')
    await expect(installation.connections.add({ name, settings })).rejects.toMatchObject({ code })
    expect(installation.names()).toEqual(['default'])
  })

  it('that the file describes is not removed', async () => {
    const { installation } = await open('connections: { one: , two: }')
    await expect(installation.connections.remove('one')).rejects.toMatchObject({ code: 'connection_in_file' })
    expect(() => installation.connection()).toThrow(/name the one that is meant/)
  })
})

describe('a server without credentials', () => {
  it('waits for them, and begins when the accounts are connected', async () => {
    const { sandbox, environment } = await startSandbox(1)
    const { installation } = await open(
      `connectors: { pipedrive: { api_url: "${environment.PIPEDRIVE_API_URL}", lists: { all_contacts: 60 } } }\nbrevo: { api_url: "${environment.BREVO_API_URL}" }`,
    )
    const { live, news, url } = await serve(installation)
    expect((await fetch(`${url}/readyz`)).status).toBe(503)
    expect(news.map(({ event }) => event)).toContain('connection.waiting')
    const { connections } = installation.connection()
    await connections.connectPipedrive({
      apiToken: environment.PIPEDRIVE_API_TOKEN ?? '',
      companyDomain: null,
    })
    expect(live.connections()).toEqual([])
    await connections.connectBrevo({ apiKey: environment.BREVO_API_KEY ?? '' })
    await quiet(live, [sandbox])
    expect(live.connections()).toEqual(['default'])
    expect((await fetch(`${url}/readyz`)).status).toBe(200)
  })
})
