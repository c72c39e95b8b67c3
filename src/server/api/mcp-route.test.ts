/** Agents over HTTP: the official client, a real server, and keys of each scope. */
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client'
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest'
import { type ApiScene, OWN_KEY, openApiScene } from './api.test-kit.ts'

let scene: ApiScene
beforeAll(async () => {
  scene = await openApiScene()
}, 60_000)
afterAll(() => scene?.end())

async function connect(key: string, path = '/mcp'): Promise<Client> {
  const client = new Client({ name: 'test', version: '1' })
  const requestInit = { headers: { authorization: `Bearer ${key}` } }
  await client.connect(
    new StreamableHTTPClientTransport(new URL(`${scene.server.url}${path}`), { requestInit }),
  )
  onTestFinished(() => client.close())
  return client
}

async function keyOf(scope: 'read' | 'operate'): Promise<string> {
  const made = await scene.ask('/api/keys', { json: { name: scope, scope } })
  return ((await made.json()) as { secret: string }).secret
}

const namesOf = async (client: Client): Promise<string[]> =>
  (await client.listTools()).tools.map(({ name }) => name)

it('offers as much as the key may do', async () => {
  const looks = await namesOf(await connect(await keyOf('read')))
  expect(looks).toContain('tajo_status')
  expect(looks).not.toContain('tajo_sync')
  expect(looks).not.toContain('tajo_preview')
  const operates = await namesOf(await connect(await keyOf('operate')))
  expect(operates).toEqual(expect.arrayContaining(['tajo_status', 'tajo_preview', 'tajo_sync']))
})

it('answers with what the operation answers, of the connection that is named', async () => {
  const client = await connect(OWN_KEY, '/mcp/default')
  const { structuredContent } = await client.callTool({ name: 'tajo_status', arguments: {} })
  expect(structuredContent).toMatchObject({ connection: 'default' })
  const unknown = await client.callTool({ name: 'tajo_explain', arguments: { subject: '999999' } })
  expect(unknown.isError).toBe(true)
})

it.each([
  ['without a key', {}, 401, 'key_missing'],
  ['with a cookie alone', { cookie: 'tajo_session=x' }, 401, 'key_missing'],
  ['with a wrong key', { authorization: 'Bearer tajo_nobody' }, 401, expect.stringMatching(/^key_/)],
])('lets nobody in %s', async (_, headers, status, code) => {
  const answer = await fetch(`${scene.server.url}/mcp`, { method: 'POST', headers, body: '{}' })
  expect(answer.status).toBe(status)
  expect(await answer.json()).toMatchObject({ code })
})

it('knows its connections and its method', async () => {
  const headers = { authorization: `Bearer ${OWN_KEY}` }
  expect((await fetch(`${scene.server.url}/mcp`, { headers })).status).toBe(405)
  const nowhere = await fetch(`${scene.server.url}/mcp/nowhere`, { method: 'POST', headers, body: '{}' })
  expect([nowhere.status, ((await nowhere.json()) as { code: string }).code]).toEqual([
    404,
    'connection_unknown',
  ])
})
