/** Connecting Pipedrive through a browser: the whole way, and everybody who is refused on it. */
import fs from 'node:fs'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { loadConfig, readEnvironment } from '../../src/config/index.ts'
import { createServer } from '../../src/server/index.ts'
import { createConnectors } from '../../src/service/connectors.ts'
import type { Service } from '../../src/service/index.ts'
import { createOAuth } from '../../src/service/oauth/authorise.ts'
import { createSecretBox } from '../../src/service/secrets.ts'
import { readStored } from '../../src/service/stored-credentials.ts'
import { SANDBOX_KEY } from '../../src/simulators/brevo/access.ts'
import { SANDBOX_APP } from '../../src/simulators/pipedrive/index.ts'
import type { PipedriveSwitches } from '../../src/simulators/pipedrive/switches.ts'
import { openStore } from '../../src/store/index.ts'
import { type Browser, openBrowser } from '../support/browser.ts'
import { type Journey, openJourney } from '../support/journey.ts'
import { movableClock } from '../support/movable-clock.ts'

const MINUTE_MS = 60_000

async function open(switches: Partial<PipedriveSwitches> = {}, scopes?: readonly string[]) {
  const clock = movableClock()
  const app = scopes === undefined ? SANDBOX_APP : { ...SANDBOX_APP, scopes }
  const journey = await openJourney({
    oauth: true,
    clock,
    data: { persons: 5 },
    pipedrive: { oauthApps: [app], switches: { oauthConsent: 'approve', ...switches } },
  })
  const { service } = journey
  const server = await createServer({
    live: new Promise(() => {}),
    port: 0,
    host: '127.0.0.1',
    onNews: () => {},
    oauth: service.oauth.browser,
  })
  onTestFinished(() => server.close(1_000))
  const begin = () => service.oauth.begin({ localUrl: server.url })
  const isCallback = (address: string): boolean =>
    address.startsWith(`${server.url}/oauth/pipedrive/callback`)
  /** As far as the callback, which is not asked for. */
  const untilCallback = async (browser: Browser, url: string): Promise<string> => {
    const { addresses } = await browser.visit(url, { until: isCallback })
    return addresses.at(-1) ?? ''
  }
  const connectors = async () => (await service.connections.list()).find(({ name }) => name === 'pipedrive')
  return { journey, clock, server, service, begin, untilCallback, connectors }
}

function tokenCalls({ sandbox }: Journey): number {
  return sandbox.pipedrive.calls.find('POST', '/oauth/token').length
}

const ok = async (service: Service) => (await service.connections.test('pipedrive')).state

it('a browser with the printed address connects the account, and a sync goes through', async () => {
  const { journey, service, begin, connectors } = await open()
  const { id, url, redirectUri, served } = await begin()
  expect(served).toBe(false)
  expect(new URL(redirectUri).pathname).toBe('/oauth/pipedrive/callback')
  const waiting = service.oauth.wait(id)
  const page = await openBrowser().visit(url)
  expect(page.status).toBe(200)
  expect(page.text).toContain('Pipedrive is connected')
  expect(page.headers.get('content-security-policy')).toContain("default-src 'none'")
  expect(page.headers.get('cache-control')).toBe('no-store')
  expect(page.headers.get('referrer-policy')).toBe('no-referrer')
  expect(await waiting).toMatchObject({ name: 'pipedrive', credentials: 'stored', state: 'ok' })
  expect(await connectors()).toMatchObject({ credentials: 'stored' })
  expect(await journey.sync()).toMatchObject({ status: 'complete', contacts: { read: 5 } })
  expect(await service.check({ fix: false })).toMatchObject({ status: 'ok' })
})

/** What connects accounts, over a store of its own, where the running server does not take it up. */
async function openDeaf() {
  const { journey, clock } = await open()
  await journey.close()
  const { environment } = journey
  const dataDir = environment.TAJO_DATA_DIR ?? ''
  const store = await openStore({ dataDir })
  onTestFinished(() => store.close())
  const box = createSecretBox(null, dataDir)
  return {
    store,
    connection: 'default',
    box,
    config: loadConfig({ env: readEnvironment(environment).variables, file: environment.TAJO_CONFIG ?? '' })
      .config,
    clock,
    onConnected: () => Promise.reject(new Error('the jobs do not answer')),
    stored: () => readStored(store, 'default', box),
  }
}

it('the account is connected also where what follows fails, and that is said beside it', async () => {
  const { stored, ...context } = await openDeaf()
  const oauth = createOAuth({ ...context, servedAt: () => null, onLost: async () => {} })
  const { id, url } = await oauth.begin({ localUrl: 'http://127.0.0.1:1' })
  const { location, cookie } = await oauth.browser.start(new URL(url).searchParams.get('ticket') ?? '')
  const { addresses } = await openBrowser().visit(location, { until: (address) => address.includes(':1/') })
  const answer = new URL(addresses.at(-1) ?? '').searchParams
  const [state, code] = [answer.get('state'), answer.get('code')]
  expect(await oauth.browser.finish({ state, code, error: null, cookie })).toMatchObject({
    credentials: 'stored',
    state: 'ok',
    detail: expect.stringMatching(/the jobs do not answer/),
  })
  expect(await oauth.wait(id)).toMatchObject({ name: 'pipedrive', state: 'ok' })
  expect((await stored()).pipedrive).toBeDefined()
})

it('a key is connected also where what follows fails, and that is said beside it', async () => {
  const { stored, ...context } = await openDeaf()
  const connectors = createConnectors(context)
  expect(await connectors.connectBrevo({ apiKey: SANDBOX_KEY.key })).toMatchObject({
    credentials: 'stored',
    state: 'ok',
    detail: expect.stringMatching(/the jobs do not answer/),
  })
  expect((await stored()).brevo).toMatchObject({ apiKey: SANDBOX_KEY.key })
})

it('the cookie is for the callback only, hidden from scripts, and not sent by foreign pages', async () => {
  const { begin, untilCallback, server } = await open()
  const { url } = await begin()
  const answer = await fetch(url, { redirect: 'manual' })
  expect(answer.status).toBe(302)
  expect(answer.headers.get('set-cookie')).toMatch(
    /^tajo_oauth=[\w-]{43}; Path=\/oauth\/pipedrive\/callback; Max-Age=600; HttpOnly; SameSite=Lax$/,
  )
  expect(await untilCallback(openBrowser(), url)).toContain(`${server.url}/oauth/pipedrive/callback?`)
})

it('a replayed answer is refused, and changes nothing', async () => {
  const { journey, service, begin, untilCallback } = await open()
  const browser = openBrowser()
  const callback = await untilCallback(browser, (await begin()).url)
  expect((await browser.visit(callback)).status).toBe(200)
  const calls = tokenCalls(journey)
  const again = await browser.visit(callback)
  expect([again.status, again.text]).toEqual([400, expect.stringContaining('was used before, or made up')])
  expect(tokenCalls(journey)).toBe(calls)
  expect(await ok(service)).toBe('ok')
})

it('of two that come with the same answer at once, one connects', async () => {
  const { journey, begin, untilCallback } = await open()
  const browser = openBrowser()
  const callback = await untilCallback(browser, (await begin()).url)
  const statuses = (await Promise.all([browser.visit(callback), browser.visit(callback)])).map(
    ({ status }) => status,
  )
  expect(statuses.sort()).toEqual([200, 400])
  expect(tokenCalls(journey)).toBe(1)
})

it('an answer that comes to another browser is refused, and the right one may still bring it', async () => {
  const { begin, untilCallback, connectors } = await open()
  const browser = openBrowser()
  const callback = await untilCallback(browser, (await begin()).url)
  const foreign = await openBrowser().visit(callback)
  expect([foreign.status, foreign.text]).toEqual([400, expect.stringContaining('another browser')])
  expect(await connectors()).toMatchObject({ credentials: 'none' })
  expect((await browser.visit(callback)).status).toBe(200)
})

it('a stranger with a state of his own, and one without a ticket, connect nothing', async () => {
  const { server, journey, connectors, begin, untilCallback } = await open()
  await begin()
  for (const path of ['callback?code=x&state=made-up', 'callback?code=x', 'start', 'start?ticket=made-up'])
    expect((await openBrowser().visit(`${server.url}/oauth/pipedrive/${path}`)).status).toBe(400)
  // His consent for our app, at our callback, is of no use without our state.
  const own = `${journey.environment.PIPEDRIVE_OAUTH_URL}/oauth/authorize?client_id=${SANDBOX_APP.clientId}&redirect_uri=${encodeURIComponent(`${server.url}/oauth/pipedrive/callback`)}&state=his`
  const callback = await untilCallback(openBrowser(), own)
  expect(new URL(callback).searchParams.get('code')).not.toBeNull()
  expect((await openBrowser().visit(callback)).status).toBe(400)
  expect(tokenCalls(journey)).toBe(0)
  expect(await connectors()).toMatchObject({ credentials: 'none' })
})

it('a ticket ends after ten minutes, a state with it, and neither works once the account is connected', async () => {
  const { service, begin, untilCallback, clock } = await open()
  const late = await begin()
  const browser = openBrowser()
  const callback = await untilCallback(browser, late.url)
  clock.move(10 * MINUTE_MS)
  expect((await browser.visit(late.url)).text).toContain('older than ten minutes')
  expect((await browser.visit(callback)).text).toContain('longer than ten minutes')
  await expect(service.oauth.wait(late.id)).rejects.toMatchObject({ code: 'oauth_not_connected' })
  const { url } = await begin()
  expect((await browser.visit(url)).status).toBe(200)
  expect((await browser.visit(url)).status).toBe(400)
})

it('a browser that begins again makes its former state worthless', async () => {
  const { begin, untilCallback } = await open()
  const browser = openBrowser()
  const { url } = await begin()
  const former = await untilCallback(browser, url)
  const newer = await untilCallback(browser, url)
  expect((await browser.visit(former)).status).toBe(400)
  expect((await browser.visit(newer)).status).toBe(200)
})

it('a consent that is not given is told to whoever waits, and stores nothing', async () => {
  const { service, begin, connectors } = await open({ oauthConsent: 'deny' })
  const { id, url } = await begin()
  const waiting = expect(service.oauth.wait(id)).rejects.toMatchObject({
    code: 'oauth_not_connected',
    message: expect.stringContaining('The consent was not given'),
  })
  const page = await openBrowser().visit(url)
  expect([page.status, page.text]).toEqual([400, expect.stringContaining('The consent was not given')])
  await waiting
  expect(await connectors()).toMatchObject({ credentials: 'none' })
})

it('missing scopes are named when connecting, by check with a remedy, and useful ones only warned of', async () => {
  const { service, begin } = await open({}, ['contacts:read', 'deals:read', 'activities:read'])
  const { id, url } = await begin()
  const [{ detail }] = await Promise.all([service.oauth.wait(id), openBrowser().visit(url)])
  expect(detail).toContain(
    'the app lacks leads:read (reading leads), users:read (names of owners), recents:read',
  )
  const { status, items } = await service.check({ fix: false })
  expect(status).not.toBe('ok')
  const scopes = items.filter(({ subject }) => subject.startsWith('Pipedrive scope'))
  expect(scopes.map(({ level, subject }) => `${level} ${subject}`)).toEqual([
    'error Pipedrive scope leads:read',
    'warning Pipedrive scope users:read',
    'warning Pipedrive scope recents:read',
  ])
  expect(scopes[0]?.remedy).toContain('Developer Hub')
})

it('the consent of another company than the configured one is given back at once', async () => {
  const { journey, begin, connectors } = await open()
  const other = await openJourney({
    oauth: true,
    data: { persons: 2 },
    yaml: (text) => text.replace('company_domain: "yourcompany"', 'company_domain: "another"'),
    pipedrive: { switches: { oauthConsent: 'approve' } },
  })
  const server = await createServer({
    live: new Promise(() => {}),
    port: 0,
    host: '127.0.0.1',
    onNews: () => {},
    oauth: other.service.oauth.browser,
  })
  onTestFinished(() => server.close(1_000))
  const page = await openBrowser().visit((await other.service.oauth.begin({ localUrl: server.url })).url)
  expect(page.text).toContain('The consent is that of yourcompany.pipedrive.com')
  expect(other.sandbox.pipedrive.calls.find('POST', '/oauth/revoke')).toHaveLength(1)
  expect(await connectors()).toMatchObject({ credentials: 'none' })
  await begin()
  expect(tokenCalls(journey)).toBe(0)
})

it('disconnecting gives the consent back', async () => {
  const { journey, service, begin } = await open()
  await openBrowser().visit((await begin()).url)
  expect(await service.connections.disconnect('pipedrive')).toMatchObject({ forgotten: true, revoked: true })
  expect(journey.sandbox.pipedrive.calls.find('POST', '/oauth/revoke')).toHaveLength(1)
  await expect(journey.sync()).rejects.toMatchObject({ code: 'config_not_connected' })
})

it('what the token endpoint refuses is shown without secrets, and tokens stand nowhere in plain', async () => {
  const { journey, service, begin, server } = await open()
  const { id, url } = await begin()
  journey.sandbox.pipedrive.faults.add({
    method: 'POST',
    path: '/oauth/token',
    fault: { kind: 'status', status: 503 },
  })
  const page = await openBrowser().visit(url)
  expect(page.status).toBe(502)
  await expect(service.oauth.wait(id)).rejects.toMatchObject({ code: 'oauth_not_connected' })
  expect(page.text).not.toContain(SANDBOX_APP.clientSecret)
  await openBrowser().visit((await begin()).url)
  await service.connections.test('pipedrive')
  const bearer = await service.connections.list()
  expect(JSON.stringify(bearer)).not.toMatch(/v1u:|1:1:/)
  await server.close(1_000)
  await journey.close()
  const dataDir = journey.environment.TAJO_DATA_DIR ?? ''
  const files = fs.readdirSync(dataDir, { recursive: true, withFileTypes: true })
  for (const file of files.filter((entry) => entry.isFile())) {
    const bytes = fs.readFileSync(join(file.parentPath, file.name))
    for (const secret of ['v1u:', url.split('ticket=')[1] ?? 'x', SANDBOX_APP.clientSecret])
      expect(bytes.includes(secret), `${file.name} has ${secret.slice(0, 6)}`).toBe(false)
  }
})
