/** Tokens that several processes share, and one that is killed between getting and using them. Refresh tokens rotate. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { expect, it, onTestFinished } from 'vitest'
import { createServer as createTajoServer } from '../../src/server/index.ts'
import { openBrowser } from '../support/browser.ts'
import { type Journey, openJourney } from '../support/journey.ts'
import { startPostgres, whyNoPostgres } from '../support/postgres-server.ts'

const CHILD = join(import.meta.dirname, '..', 'support', 'token-child.ts')

async function openConnected(
  options: { databaseUrl?: string; apiDomain?: string; onStarted?: (url: string) => void } = {},
): Promise<Journey> {
  const { databaseUrl, apiDomain = null, onStarted } = options
  const journey = await openJourney({
    oauth: true,
    data: { persons: 3 },
    pipedrive: { switches: { oauthConsent: 'approve', refreshTokens: 'rotate', apiDomain } },
    ...(databaseUrl === undefined ? {} : { databaseUrl }),
  })
  onStarted?.(journey.environment.PIPEDRIVE_OAUTH_URL ?? '')
  const server = await createTajoServer({
    live: new Promise(() => {}),
    port: 0,
    host: '127.0.0.1',
    onNews: () => {},
    oauth: journey.service.oauth.browser,
  })
  const { url } = await journey.service.oauth.begin({ localUrl: server.url })
  expect((await openBrowser().visit(url)).status).toBe(200)
  await server.close(1_000)
  return journey
}

async function startChild({ environment }: Journey) {
  const child: ChildProcess = spawn(process.execPath, [CHILD], {
    env: environment,
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  onTestFinished(() => void child.kill('SIGKILL'))
  const lines = createInterface({ input: child.stdout as NodeJS.ReadableStream })[Symbol.asyncIterator]()
  const next = async (): Promise<string> => String((await lines.next()).value)
  expect(await next()).toBe('open')
  return {
    child,
    /** Calls so many times at once. */
    async call(times: number): Promise<string[]> {
      child.stdin?.write(`${times}\n`)
      return JSON.parse(await next()) as string[]
    },
  }
}

const tokenCalls = ({ sandbox }: Journey) => sandbox.pipedrive.calls.find('POST', '/oauth/token')

it.skipIf(whyNoPostgres())(
  'three processes on one PostgreSQL spend a rotating refresh token once, however many calls each makes',
  async () => {
    const postgres = await startPostgres()
    onTestFinished(() => postgres.stop())
    const journey = await openConnected({ databaseUrl: await postgres.createDatabase() })
    const children = await Promise.all([1, 2, 3].map(() => startChild(journey)))
    for (let round = 0; round < 3; round++) {
      journey.sandbox.pipedrive.state.oauth.endAccess()
      const before = tokenCalls(journey).length
      const results = (await Promise.all(children.map((child) => child.call(7)))).flat()
      expect(results).toEqual(Array.from({ length: 21 }, () => 'ok'))
      expect(tokenCalls(journey)).toHaveLength(before + 1)
    }
  },
)

it('whoever dies before the first use of a new access token has kept the refresh token that came with it', async () => {
  const deadly: { former: string; kill: (() => void) | null } = { former: '', kill: null }
  let target = ''
  /** The API's address: the first call with another token than the former one kills, and goes nowhere. */
  const proxy = createServer(async (request, response) => {
    const { authorization = '' } = request.headers
    if (deadly.kill !== null && deadly.former !== authorization) return deadly.kill()
    deadly.former = authorization
    const answer = await fetch(target + request.url, { headers: { authorization } })
    response.writeHead(answer.status, { 'content-type': 'application/json' }).end(await answer.text())
  })
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    proxy.closeAllConnections()
    proxy.close()
  })
  const apiDomain = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`
  const journey = await openConnected({
    apiDomain,
    onStarted: (url) => {
      target = url
    },
  })
  await journey.close()
  const { child, call } = await startChild(journey)
  expect(await call(1)).toEqual(['ok'])
  deadly.kill = () => void child.kill('SIGKILL')
  const ended = once(child, 'exit')
  journey.sandbox.pipedrive.state.oauth.endAccess()
  child.stdin?.write('1\n')
  expect(await ended).toEqual([null, 'SIGKILL'])

  deadly.kill = null
  const before = tokenCalls(journey).length
  await journey.reopen()
  journey.sandbox.pipedrive.state.oauth.endAccess()
  expect(await journey.service.connections.test('pipedrive')).toMatchObject({ state: 'ok' })
  expect(
    tokenCalls(journey)
      .slice(before)
      .map(({ status }) => status),
  ).toEqual([200])
})
