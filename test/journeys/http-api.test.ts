/** The HTTP API of a real `tajo serve`: keys by command while it runs, and the examples of the document as they are printed. */
import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { KeyView } from '../../src/service/index.ts'
import { MAIN, openScene, type Scene, startTajo } from './cli-process.ts'

const OWN_KEY = 'the-key-of-the-environment'

let scene: Scene
let server: Awaited<ReturnType<typeof startTajo>>
let url: string
beforeAll(async () => {
  scene = await openScene({ data: { persons: 12 } })
  const env = { ...scene.env, TAJO_API_KEY: OWN_KEY }
  const args = ['serve', '--host', '127.0.0.1', '--port', '0', '--no-webhooks']
  server = await startTajo(args, scene.directory, env, /Listening on (http\S+)\n/)
  url = server.said[1] ?? ''
  while ((await read<{ lastRun: { status: string } | null }>('/api/status')).lastRun?.status !== 'complete') {
    await sleep(50)
  }
})
afterAll(async () => {
  server?.child.kill('SIGKILL')
  await server?.ended
  await scene?.end()
})

function ask(path: string, key = OWN_KEY, init: RequestInit = {}): Promise<Response> {
  return fetch(`${url}${path}`, { ...init, headers: { authorization: `Bearer ${key}` } })
}

async function read<T>(path: string, key?: string): Promise<T> {
  return (await (await ask(path, key)).json()) as T
}

it('keys made and revoked by command hold and end at once in the server that runs', async () => {
  const made = await scene.run(['keys', 'create', 'page', '--scope', 'read', '--expires', '90d'])
  const key = made.stdout.trim()
  expect(key).toMatch(/^tajo_[0-9a-f]{12}_[\w-]{43}$/)
  expect(made.stderr).toContain('shown once')
  expect((await ask('/api/status', key)).status).toBe(200)
  expect((await ask('/api/sync', key, { method: 'POST' })).status).toBe(403)
  const listed = (await scene.run(['keys', 'list', '--json'])).stdout
  const { keys } = JSON.parse(listed) as { keys: KeyView[] }
  expect(keys).toMatchObject([{ name: 'page', state: 'valid', lastUsedAt: expect.any(String) }])
  expect(listed).not.toContain(key.slice(18))
  expect((await scene.run(['keys', 'revoke', 'page'])).code).toBe(0)
  expect(await read('/api/status', key)).toMatchObject({ status: 401, code: 'key_revoked' })
  expect(server.stderr()).not.toContain(key.slice(18))
})

it('a key that cannot be meant is not made, and the command says why', async () => {
  const create = (...rest: string[]) => scene.run(['keys', 'create', 'other', '--scope', ...rest])
  expect(await create('read', '--expires', 'soon')).toMatchObject({ code: 2, stdout: '' })
  expect(await create('everything')).toMatchObject({ code: 2, stdout: '' })
  expect((await create('read', '--expires', '2001-01-01')).stderr).toContain('expired already')
})

it('the examples of docs/http-api.md work as they are printed', async () => {
  const text = await readFile(join(import.meta.dirname, '../../docs/http-api.md'), 'utf8')
  const blocks = [...text.matchAll(/^```sh\n([\s\S]*?)^```$/gm)].map((match) => match[1] ?? '')
  const examples = blocks.filter((block) => !block.includes('…'))
  expect(examples.length).toBeGreaterThan(6)
  const { PATH = '' } = process.env
  const env = { ...scene.env, PATH, TAJO_URL: url, TAJO_API_KEY: OWN_KEY }
  for (const example of examples) {
    const script = `tajo() { '${process.execPath}' '${MAIN}' "$@"; }\n${example}`
    const { stdout } = await run('sh', ['-c', script], { cwd: scene.directory, env }).catch(leftAfterAWhile)
    expect(stdout, example).not.toBe('')
    expect(stdout, example).not.toMatch(/"status":[45]\d\d,"detail"/)
  }
})

const run = promisify(execFile)
/** What curl ends with when `-m` is over: what streams for good is listened to for that long. */
const TIME_IS_OVER = 28

function leftAfterAWhile(error: { code?: unknown; stdout: string; stderr: string }): typeof error {
  if (error.code === TIME_IS_OVER) return error
  throw error
}

it('its address shows the page, or how to build it, and the output has no link that logs in', async () => {
  const response = await fetch(`${url}/`, { headers: { accept: 'text/html' } })
  expect(response.headers.get('content-type')).toMatch(/^text\/html/)
  expect(response.headers.get('content-security-policy')).toContain("default-src 'self'")
  expect(server.stdout()).not.toContain('/login/')
})
