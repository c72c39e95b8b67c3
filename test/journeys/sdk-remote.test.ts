/** The SDK with the engine on a server: the real command, asked over HTTP with keys of its own. */
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { TajoApiError, TajoClient, type TajoClientOptions, type TajoError } from '../../src/sdk/index.ts'
import { freePort, until } from '../support/example-process.ts'
import { dealEvents, movableDeal, stageChanged } from '../support/sdk-scene.ts'
import { openScene, startTajo } from './cli-process.ts'

const ownKey = 'the-key-of-the-environment'

async function serve() {
  const scene = await openScene({ data: { persons: 30 } })
  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  const file = join(scene.directory, 'tajo.yaml')
  await writeFile(file, `${await readFile(file, 'utf8')}\nserver:\n  public_url: ${url}\n`)
  const args = ['serve', '--host', '127.0.0.1', '--port', String(port)]
  const env = { ...scene.env, TAJO_API_KEY: ownKey }
  const { child, ended } = await startTajo(args, scene.directory, env, /Listening on/)
  const clients: TajoClient[] = []
  onTestFinished(async () => {
    await Promise.all(clients.map((client) => client.close()))
    child.kill('SIGKILL')
    await ended
    await scene.end()
  })
  const client = (options: TajoClientOptions = {}): TajoClient => {
    const made = new TajoClient({ baseUrl: url, apiKey: ownKey, ...options })
    clients.push(made)
    return made
  }
  return { ...scene, client }
}

const errorOf = (call: Promise<unknown>): Promise<TajoError> =>
  call.then(
    () => {
      throw new Error('it was done')
    },
    (error: TajoError) => error,
  )

it('does with a server what it does in the process, and tells its refusals apart', async () => {
  const scene = await serve()
  const tajo = scene.client()
  const stages: string[] = []
  const report = await tajo.connectors.sync('pipedrive', { onProgress: ({ stage }) => stages.push(stage) })
  expect(report.status).toBe('complete')
  expect(stages.length).toBeGreaterThan(0)
  expect((await tajo.status()).lastRun?.status).toBe('complete')
  expect((await tajo.connectors.test('brevo')).state).toBe('ok')
  expect(await tajo.failures.discard({ code: 'brevo_rejected' })).toBe(0)
  expect(await errorOf(tajo.contacts.explain('nobody@test.example'))).toMatchObject({
    code: 'person_unknown',
    status: 404,
  })

  const { secret } = await tajo.call('keys.create', { name: 'reader', scope: 'read' })
  const reader = scene.client({ apiKey: secret })
  expect(await reader.failures.list()).toEqual([])
  const refusal = await errorOf(reader.connectors.sync())
  expect(refusal).toBeInstanceOf(TajoApiError)
  expect(refusal).toMatchObject({ code: 'key_scope_missing', status: 403, disposition: 'pause' })
  expect(await errorOf(scene.client({ apiKey: 'guess' }).status())).toMatchObject({
    code: 'key_wrong',
    status: 401,
  })
  const elsewhere = scene.client({ connection: 'nowhere' })
  expect(await errorOf(elsewhere.status())).toMatchObject({ code: 'connection_unknown', status: 404 })

  const deal = movableDeal(scene)
  const [first, second] = deal.stages
  await scene.sandbox.pipedrive.settleWebhooks()
  scene.sandbox.pipedrive.state.patch('deal', deal.dealId, { stage_id: second })
  const told = stageChanged(deal, first, second)
  expect(await tajo.connectors.handleWebhook('pipedrive', told)).toEqual({ state: 'queued', reason: null })
  const moves = (): number => dealEvents(scene).filter((name) => name === 'deal_stage_changed').length
  await until('the event of the move', () => moves() === 1)
  await scene.sandbox.pipedrive.settleWebhooks()
  await tajo.connectors.handleWebhook('pipedrive', told)
  await tajo.connectors.sync()
  expect(moves()).toBe(1)

  const [hook] = scene.sandbox.pipedrive.state.webhooks.all()
  const basic = Buffer.from(`${hook?.http_auth_user}:${hook?.http_auth_password}`).toString('base64')
  expect(await tajo.webhooks.verify('pipedrive', `Basic ${basic}`)).toBe(true)
  expect(await tajo.webhooks.verify('pipedrive', `Basic ${basic}x`)).toBe(false)

  const stop = new AbortController()
  const stopped = tajo.connectors.sync({ full: true, signal: stop.signal, onProgress: () => stop.abort() })
  await expect(stopped).rejects.toThrow()
})
