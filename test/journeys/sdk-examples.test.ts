/** The examples and the blocks of docs/sdk.md, each run as it stands against the simulated services. */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { freePort, startProgram, until } from '../support/example-process.ts'
import { connectScene, dealEvents, movableDeal, openSdkScene, type SdkScene } from '../support/sdk-scene.ts'

const root = join(import.meta.dirname, '../..')
const example = (name: string): string => join(root, 'examples', name)

function environmentOf(scene: SdkScene, more: Record<string, string> = {}): Record<string, string> {
  return { PATH: process.env.PATH ?? '', ...scene.environment, TAJO_DATA_DIR: scene.dataDir, ...more }
}

async function moveOnce(scene: SdkScene): Promise<void> {
  const deal = movableDeal(scene)
  const { pipedrive } = scene.sandbox
  await pipedrive.settleWebhooks()
  pipedrive.state.patch('deal', deal.dealId, { title: 'An edit that is no move' })
  await pipedrive.settleWebhooks()
  pipedrive.state.patch('deal', deal.dealId, { stage_id: deal.stages[1] })
  await pipedrive.settleWebhooks()
}

const moves = (scene: SdkScene): string[] => dealEvents(scene).filter((name) => name === 'deal_stage_changed')

describe('examples', () => {
  it('sync.ts makes a pass and ends by itself', async () => {
    const scene = await openSdkScene()
    const { code, stdout, stderr } = await startProgram(
      example('sync.ts'),
      environmentOf(scene),
      scene.dataDir,
    ).ended
    expect([code, stdout]).toEqual([0, expect.stringMatching(/^complete: 20 persons read/)])
    expect(stderr).toContain('read')
  })

  it('sync.ts says what is wrong, and ends accordingly', async () => {
    const scene = await openSdkScene()
    const env = environmentOf(scene, { PIPEDRIVE_API_TOKEN: 'f'.repeat(40) })
    const { code, stderr } = await startProgram(example('sync.ts'), env, scene.dataDir).ended
    expect([code, stderr]).toEqual([4, expect.stringMatching(/^pipedrive_unauthorized: /m)])
  })

  it.each(['express.ts', 'fastify.ts'])(
    '%s brings what the services deliver to it, each move once',
    async (name) => {
      const scene = await openSdkScene()
      const port = await freePort()
      const url = `http://127.0.0.1:${port}`
      const env = environmentOf(scene, { PORT: String(port), PUBLIC_URL: url })
      const program = startProgram(example(name), env, scene.dataDir)
      await program.said('Listening for webhooks')
      const refused = await fetch(`${url}/webhooks/pipedrive`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: '{}',
      })
      expect(refused.status).toBe(401)
      await moveOnce(scene)
      await until('the event of the move', () => moves(scene).length === 1)
      program.child.kill('SIGTERM')
      expect((await program.ended).code).toBe(0)
      expect(moves(scene)).toHaveLength(1)
    },
  )

  it('the route of Next takes the same requests', async () => {
    const scene = await openSdkScene({ credentials: true })
    const tajo = await connectScene(scene)
    const { POST } = await import('../../examples/next/app/webhooks/[source]/route.ts')
    const post = async (source: string, body: string, authorization?: string): Promise<number> => {
      const headers = authorization === undefined ? {} : { authorization }
      const request = new Request(`http://localhost/webhooks/${source}`, { method: 'POST', body, headers })
      return (await POST(request, { params: Promise.resolve({ source }) })).status
    }
    expect(await post('pipedrive', '{}', 'Basic Zm9yZ2VkOmtleQ==')).toBe(401)
    expect(await post('hubspot', '{}')).toBe(404)

    await tajo.webhooks.register({ publicUrl: `http://127.0.0.1:${await freePort()}` })
    const [hook] = scene.sandbox.pipedrive.state.webhooks.all()
    if (!hook) throw new Error('no webhook was registered')
    const basic = Buffer.from(`${hook.http_auth_user}:${hook.http_auth_password}`).toString('base64')
    const deal = movableDeal(scene)
    scene.sandbox.pipedrive.state.patch('deal', deal.dealId, { stage_id: deal.stages[1] })
    const payload = { dealId: deal.dealId, personId: deal.personId }
    const topic = (name: string): string => JSON.stringify({ topic: name, payload })
    expect(await post('pipedrive', topic('person.added'), `Basic ${basic}`)).toBe(200)
    expect(scene.sandbox.brevo.state.contact('ada.moves@test.example')).not.toBeNull()
  })
})

function blocksOf(path: string): string[] {
  const text = readFileSync(join(root, path), 'utf8')
  return [...text.matchAll(/^```ts\n([\s\S]*?)^```$/gm)].map((match) => match[1] ?? '')
}

describe('the samples of the mission', () => {
  const samples = blocksOf('test/testdata/mission-samples.md')

  it('that use the SDK stand in its documentation letter by letter, and run there', () => {
    const ofSdk = samples.filter((sample) => /tajo/i.test(sample))
    expect(ofSdk).toHaveLength(2)
    expect(blocksOf('docs/sdk.md')).toEqual(expect.arrayContaining(ofSdk))
  })

  it('that ask Pipedrive themselves run as well', async () => {
    const scene = await openSdkScene()
    const file = join(scene.dataDir, 'program.ts')
    const asking = samples.filter((sample) => !/tajo/i.test(sample))
    // They name the service itself; the search of version 1 is answered by the one of version 2.
    const redirect = `const API_TOKEN = process.env.PIPEDRIVE_API_TOKEN
      const real = globalThis.fetch
      globalThis.fetch = (url) => real(String(url).replace('https://api.pipedrive.com', process.env.PIPEDRIVE_API_URL)
        .replace('/v1/itemSearch', '/api/v2/itemSearch'))`
    const bodies = asking.map((sample) => `{\n${sample}\nconsole.log(JSON.stringify(data))\n}`)
    writeFileSync(file, [redirect, ...bodies].join('\n'))
    const { code, stdout, stderr } = await startProgram(file, environmentOf(scene), scene.dataDir).ended
    expect([code, stderr]).toEqual([0, expect.any(String)])
    const [persons, found] = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line))
    expect(persons).toHaveLength(20)
    expect(found.items).toEqual([])
  })
})

describe('docs/sdk.md', () => {
  const blocks = blocksOf('docs/sdk.md')

  it('has blocks that run one after the other, as a reader would paste them', async () => {
    const scene = await openSdkScene()
    const port = await freePort()
    const url = `http://127.0.0.1:${port}`
    const file = join(scene.dataDir, 'program.ts')
    writeFileSync(file, programOf(blocks))
    const env = environmentOf(scene, { PORT: String(port), PUBLIC_URL: url })
    const program = startProgram(file, env, scene.dataDir)
    await program.said('All blocks have run')

    // Version 1, as the printed handler reads it; it fires for every edit.
    const deal = movableDeal(scene)
    const { state } = scene.sandbox.pipedrive
    const edit = async (previous: object): Promise<void> => {
      const current = { ...state.tables.deal.get(deal.dealId), id: deal.dealId, person_id: deal.personId }
      const body = { v: 1, meta: { object: 'deal', action: 'updated', id: deal.dealId }, current, previous }
      const response = await fetch(`${url}/webhooks/pipedrive`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      })
      expect(await response.text()).toBe('OK')
    }
    state.patch('deal', deal.dealId, { title: 'Renamed' })
    await edit({ title: 'Moves' })
    expect(moves(scene)).toHaveLength(0)
    state.patch('deal', deal.dealId, { stage_id: deal.stages[1] })
    await edit({ stage_id: deal.stages[0] })
    await edit({ value: 1 })
    expect(moves(scene)).toHaveLength(1)
    program.child.kill('SIGTERM')
    expect((await program.ended).code).toBe(0)
  })
})

/** The first block makes the client; each that follows has a scope of its own, as its reader's file would. */
function programOf(blocks: readonly string[]): string {
  const imports = new Set(["import express from 'express'"])
  const bodies = blocks.map((block) =>
    block.replace(/^import .*$/gm, (line) => {
      imports.add(line.replace(/;$/, ''))
      return ''
    }),
  )
  const [first = '', ...rest] = bodies
  const names = [...imports].filter((line) => line.includes('@tajo/sdk')).flatMap((line) => namesIn(line))
  return [
    ...[...imports].filter((line) => !line.includes('@tajo/sdk')),
    `import { ${[...new Set(names)].join(', ')} } from '@tajo/sdk'`,
    'const app = express()',
    'app.use(express.json())',
    'const server = app.listen(Number(process.env.PORT))',
    first,
    ...rest.map((body) => `{\n${body}\n}`),
    "console.log('All blocks have run')",
    "process.once('SIGTERM', () => server.close(() => tajo.close()))",
  ].join('\n')
}

function namesIn(line: string): string[] {
  return (/\{([^}]*)\}/.exec(line)?.[1] ?? '').split(',').map((name) => name.trim())
}
