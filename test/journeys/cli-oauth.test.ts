/** Connecting by command, all of it real processes: with a server, without one, and changing the key under a server. */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { openBrowser } from '../support/browser.ts'
import { freePort } from '../support/free-port.ts'
import { openScene, type Scene, startTajo } from './cli-process.ts'

let scene: Scene
let env: Record<string, string>
beforeEach(async () => {
  scene = await openScene({
    data: { persons: 3 },
    pipedrive: { switches: { oauthConsent: 'approve', refreshTokens: 'rotate' } },
  })
  const { started, directory } = scene
  const { BREVO_API_URL = '', BREVO_API_KEY = '' } = started.environment
  const pipedrive = Object.entries(started.oauthEnvironment).filter(([name]) => name.startsWith('PIPEDRIVE_'))
  env = { ...Object.fromEntries(pipedrive), BREVO_API_URL, BREVO_API_KEY }
  const yaml = started.yaml.replace(/^.*api_token:.*\n/m, '')
  writeFileSync(join(directory, 'tajo.yaml'), `${yaml}\nserver: { port: ${await freePort()} }\n`)
})
afterEach(() => scene.end())

/** Begins, and returns with the printed address. */
async function begin(...more: string[]) {
  const args = ['connectors', 'connect', 'pipedrive', '--oauth', ...more]
  const { ended, said } = await startTajo(args, scene.directory, env, /http:\S+ticket=[\w-]{43}/)
  return { ended, url: said[0] }
}

async function json(...args: string[]) {
  const { code, stdout, stderr } = await scene.run([...args, '--json'], env)
  expect(stdout, stderr).not.toBe('')
  return { code, document: JSON.parse(stdout) }
}

it('without a server the command answers the browser itself, and the account stays connected', async () => {
  const { url, ended } = await begin()
  expect(url).toMatch(/^http:\/\/localhost:\d+\/oauth\/pipedrive\/start\?ticket=/)
  expect((await openBrowser().visit(url)).status).toBe(200)
  expect(await ended).toMatchObject({ code: 0, stdout: expect.stringContaining('Pipedrive is connected') })
  expect(await json('sync')).toMatchObject({ code: 0, document: { status: 'complete' } })
})

it('a consent that is denied ends the command with an error that says so', async () => {
  scene.sandbox.pipedrive.state.switches.oauthConsent = 'deny'
  const { url, ended } = await begin('--json')
  expect((await openBrowser().visit(url)).status).toBe(400)
  const { code, stdout } = await ended
  expect(code).toBe(1)
  expect(JSON.parse(stdout)).toMatchObject({ error: { code: 'oauth_not_connected' } })
})

it('with a server the command asks it; the key is changed under it, and disconnecting gives the consent back', async () => {
  const first = await begin()
  await openBrowser().visit(first.url)
  expect((await first.ended).code).toBe(0)
  const server = await startTajo(['serve'], scene.directory, env, /Listening on/)
  const second = await begin()
  expect((await openBrowser().visit(second.url)).status).toBe(200)
  expect((await second.ended).code).toBe(0)
  const keyFile = join(scene.directory, '.tajo', 'secret.key')
  const key = readFileSync(keyFile, 'utf8')
  expect(await json('secrets', 'rotate')).toMatchObject({
    code: 0,
    document: { resealed: 1, resumed: false, key: 'file' },
  })
  expect(readFileSync(keyFile, 'utf8')).not.toBe(key)
  expect(await json('connectors', 'test')).toMatchObject({ code: 0 })
  expect(await json('connectors', 'disconnect', 'pipedrive')).toMatchObject({
    code: 0,
    document: { forgotten: true, revoked: true },
  })
  expect(await json('connectors', 'test', 'pipedrive')).toMatchObject({ code: 3 })
  server.child.kill('SIGTERM')
  expect((await server.ended).code).toBe(0)
})

it('Brevo is connected by a private app', async () => {
  const { BREVO_CLIENT_ID = '', BREVO_CLIENT_SECRET = '' } = scene.started.oauthEnvironment
  delete env.BREVO_API_KEY
  const yaml = readFileSync(join(scene.directory, 'tajo.yaml'), 'utf8')
  writeFileSync(
    join(scene.directory, 'tajo.yaml'),
    yaml.replace(/^.*api_key:.*\n/m, '').replace('brevo:\n', ''),
  )
  const connect = ['connectors', 'connect', 'brevo', '--client-id', BREVO_CLIENT_ID]
  expect((await scene.run(connect, env)).code).toBe(2)
  expect(await json(...connect, '--client-secret', 'wrong')).toMatchObject({
    code: 4,
    document: { error: { code: 'brevo_app_refused' } },
  })
  expect(await json(...connect, '--client-secret', BREVO_CLIENT_SECRET)).toMatchObject({
    code: 0,
    document: { name: 'brevo', credentials: 'stored', state: 'ok' },
  })
  expect(await json('connectors', 'test', 'brevo')).toMatchObject({ code: 0 })
})
