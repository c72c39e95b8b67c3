/** `tajo webhooks` as people and programs use it. */
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { WebhookReport } from '../../src/service/index.ts'
import { openScene, type Scene } from './cli-process.ts'

let scene: Scene
beforeEach(async () => {
  scene = await openScene({ data: { persons: 5 } })
})
afterEach(() => scene.end())

async function configure(lines: string): Promise<void> {
  const file = join(scene.directory, 'tajo.yaml')
  await writeFile(file, `${await readFile(file, 'utf8')}\n${lines}\n`)
}

const withPublicUrl = () => configure('server: { public_url: https://tajo.example.com }')
const inPipedrive = () => scene.sandbox.pipedrive.state.webhooks.all()

async function asJson(args: readonly string[], code = 0): Promise<WebhookReport> {
  const ran = await scene.run([...args, '--json'])
  expect(ran).toMatchObject({ code })
  return JSON.parse(ran.stdout)
}

const statesOf = (report: WebhookReport) => report.items.map(({ state }) => state)

describe('tajo webhooks', () => {
  it.each(['webhooks', 'webhooks list', 'webhooks register', 'webhooks remove'])(
    '--help of "%s" has examples and fits 80 columns',
    async (command) => {
      const { code, stdout } = await scene.run([...command.split(' '), '--help'])
      expect(code).toBe(0)
      expect(stdout).toMatch(new RegExp(`\\nExamples:\\n(  .*\\n)*  .*tajo ${command}`))
      expect(stdout.split('\n').filter((line) => line.length > 80)).toEqual([])
    },
  )

  it('registers once, lists, and removes', async () => {
    await withPublicUrl()
    expect(statesOf(await asJson(['webhooks']))).toEqual(Array(6).fill('missing'))
    expect(statesOf(await asJson(['webhooks', 'register']))).toEqual(Array(6).fill('created'))
    expect(statesOf(await asJson(['webhooks', 'register']))).toEqual(Array(6).fill('ok'))
    const listed = await scene.run(['webhooks', 'list'])
    expect(listed).toMatchObject({ code: 0, stderr: '' })
    expect(listed.stdout).toMatch(/Pipedrive +person +ok +1 +…\/webhooks\/pipedrive\n/)
    expect(listed.stdout).toMatch(/\n6 in place\.\n$/)
    expect(listed.stdout.split('\n').filter((line) => line.length > 80)).toEqual([])
    const removed = await scene.run(['webhooks', 'remove', '--yes'])
    expect(removed.stdout).toMatch(/\n6 removed\.\n$/)
    expect(inPipedrive()).toEqual([])
    expect(scene.sandbox.brevo.state.webhooks()).toEqual([])
  })

  it('shows nobody a credential', async () => {
    await withPublicUrl()
    const ran = await scene.run(['webhooks', 'register', '--json'], { LOG_LEVEL: 'trace' })
    const [webhook] = inPipedrive()
    const token = scene.sandbox.brevo.state.webhooks()[0]?.auth?.token ?? 'none'
    for (const secret of [webhook?.http_auth_password ?? 'none', token])
      expect(ran.stdout + ran.stderr).not.toContain(secret)
  })

  it('ends with 3 and the setting to be made where no public address is configured', async () => {
    const text = await scene.run(['webhooks', 'register'])
    expect(text).toMatchObject({ code: 3, stdout: '' })
    expect(text.stderr).toContain('server.public_url')
    const json = await scene.run(['webhooks', 'register', '--json'])
    expect(JSON.parse(json.stdout).error.code).toBe('webhook_no_public_url')
    expect(await scene.run(['webhooks', 'list'])).toMatchObject({ code: 0 })
  })

  it('ends with 1 when something is refused, and says what and why', async () => {
    await withPublicUrl()
    const fault = { kind: 'status', status: 403 } as const
    scene.sandbox.pipedrive.faults.add({ fault, method: 'POST', path: '/webhooks$' })
    const { code, stdout } = await scene.run(['webhooks', 'register'])
    expect(code).toBe(1)
    expect(stdout).toMatch(/✗ Pipedrive person: not registered: Pipedrive does not let/)
    expect(stdout).toContain('→ Use the API token of an administrator')
    expect(stdout).toMatch(/\n5 registered, 1 refused\.\n$/)
  })

  it('removes nothing where nobody can be asked', async () => {
    expect(await scene.run(['webhooks', 'remove'])).toMatchObject({ code: 2, stdout: '' })
  })

  it('knows a slip from a command', async () => {
    const { code, stderr } = await scene.run(['webhooks', 'registr'])
    expect(code).toBe(2)
    expect(stderr).toContain('Did you mean register?')
  })
})

describe('the other commands', () => {
  it('tajo check shows webhooks where there is a public address, and --fix registers them', async () => {
    await withPublicUrl()
    const seen = await scene.run(['check'])
    expect(seen.stdout).toMatch(
      /! Pipedrive webhooks: person, organization, deal, activity, lead: not\s+registered/,
    )
    expect((await scene.run(['check', '--fix'])).code).toBe(0)
    expect(inPipedrive()).toHaveLength(5)
  })

  it('tajo connectors disconnect says what it removed', async () => {
    await withPublicUrl()
    const { PIPEDRIVE_API_TOKEN: token = '' } = scene.env
    await writeFile(join(scene.directory, 'tajo.yaml'), 'server: { public_url: https://tajo.example.com }\n')
    const run = (args: string[]) => scene.run(args, { PIPEDRIVE_API_TOKEN: '' })
    await run(['connectors', 'connect', 'pipedrive', '--api-token', token])
    await run(['webhooks', 'register'])
    const { code, stdout } = await run(['connectors', 'disconnect', 'pipedrive'])
    expect(code).toBe(0)
    expect(stdout).toContain('5 webhooks removed there.')
    expect(inPipedrive()).toEqual([])
  })
})
