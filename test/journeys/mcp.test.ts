/** `tajo mcp` as an agent has it: the official MCP client, the real command, and both sandboxes behind it. */
import { Client } from '@modelcontextprotocol/client'
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio'
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from 'vitest'
import { MAIN, openScene, type Scene } from './cli-process.ts'

let scene: Scene
beforeEach(async () => {
  scene = await openScene({ data: { persons: 40 } })
})
afterEach(() => scene.end())

async function connect(...flags: string[]): Promise<Client> {
  const client = new Client({ name: 'test', version: '1' })
  const { directory: cwd, env } = scene
  await client.connect(
    new StdioClientTransport({
      command: process.execPath,
      args: [MAIN, 'mcp', ...flags],
      cwd,
      env: { ...env },
    }),
  )
  onTestFinished(() => client.close())
  return client
}

async function call(client: Client, name: string, args: Record<string, unknown> = {}) {
  const { isError = false, content, structuredContent } = await client.callTool({ name, arguments: args })
  const [first] = content as { type: string; text: string }[]
  return { isError, structuredContent, value: JSON.parse(first?.text ?? 'null') }
}

describe('an agent', () => {
  it('is offered what only looks, and told so; nothing that writes', async () => {
    const client = await connect()
    const { tools } = await client.listTools()
    const names = tools.map(({ name }) => name)
    expect(names).toEqual(
      expect.arrayContaining(['tajo_status', 'tajo_explain', 'tajo_search', 'tajo_preview', 'tajo_failures']),
    )
    for (const { annotations, inputSchema, description } of tools) {
      expect(annotations?.readOnlyHint).toBe(true)
      expect(inputSchema.type).toBe('object')
      expect(description).toBeTruthy()
    }
    for (const forbidden of ['tajo_sync', 'tajo_retry_failures', 'tajo_run_skill'])
      expect(names).not.toContain(forbidden)
    await expect(client.callTool({ name: 'tajo_sync', arguments: {} })).rejects.toThrow(/tajo_sync/)
    expect(scene.sandbox.brevo.state.writes).toBe(0)
  })

  it('previews, and with leave syncs; then explains a person and finds one', async () => {
    const client = await connect('--allow-write')
    const preview = await call(client, 'tajo_preview')
    expect(preview.value).toMatchObject({ dryRun: true })
    expect(preview.value.contacts.created).toBeGreaterThan(5)
    expect(scene.sandbox.brevo.state.writes).toBe(0)
    // Whatever it says, a preview stays one.
    const sly = await client.callTool({ name: 'tajo_preview', arguments: { dryRun: false } })
    expect(sly.isError).toBe(true)
    const progress: number[] = []
    const { content } = await client.callTool(
      { name: 'tajo_sync', arguments: {} },
      { onprogress: ({ progress: done }) => progress.push(done), timeout: 120_000 },
    )
    const [first] = content as { text: string }[]
    expect(JSON.parse(first?.text ?? '')).toMatchObject({ dryRun: false, status: 'complete' })
    expect(progress.length).toBeGreaterThan(0)
    const status = await call(client, 'tajo_status')
    expect(status.value.persons.inStep).toBeGreaterThan(5)
    const persons = [...scene.sandbox.pipedrive.state.tables.person.all()]
    const email = persons.flatMap(({ emails = [] }) => emails).find(({ primary }) => primary)?.value ?? ''
    const explained = await call(client, 'tajo_explain', { subject: email })
    expect(explained.value).toMatchObject({ email: email.toLowerCase(), outcome: 'in_step' })
    const found = await call(client, 'tajo_search', { term: email, exact: true, types: ['person'] })
    expect(found.value.hits[0]).toMatchObject({ type: 'person', contactId: explained.value.contactId })
  })

  it('hears in words what is wrong, and may go on', async () => {
    const client = await connect()
    const unknown = await call(client, 'tajo_explain', { subject: '999999' })
    expect(unknown).toMatchObject({ isError: true, value: { error: { code: 'person_unknown' } } })
    const short = await call(client, 'tajo_search', { term: 'x' })
    expect(short).toMatchObject({
      isError: true,
      value: { error: { code: expect.stringMatching(/^pipedrive_/) } },
    })
    const failures = await call(client, 'tajo_failures')
    expect(failures).toMatchObject({ isError: false, structuredContent: { items: [] } })
  })
})

describe('tajo search', () => {
  it('finds by a word, as a table and as JSON; a slip is named', async () => {
    await scene.run(['sync'])
    const { code, stdout } = await scene.run(['search', 'subscriber', '--json'])
    expect(code).toBe(0)
    expect(JSON.parse(stdout)).toEqual({ hits: [], more: false })
    const [deal] = scene.sandbox.pipedrive.state.tables.deal.all()
    const table = await scene.run(['search', String(deal?.title), '--type', 'deal,person'])
    expect(table.stdout).toContain(String(deal?.title))
    expect(table.stdout).toMatch(/\d+ hits?/)
    const slip = await scene.run(['search', 'kim', '--type', 'people'])
    expect(slip.code).toBe(2)
    expect(slip.stderr).toContain('person, deal, organization, lead')
  })
})
