/** What goes wrong on the command line: each with a clear sentence, the right exit code, and no stack. */
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openStore } from '../../src/store/index.ts'
import { openScene, type Ran, type Scene } from './cli-process.ts'

let scene: Scene
beforeEach(async () => {
  scene = await openScene()
})
afterEach(() => scene.end())

/** A fault says what it is, without a stack, and with `--json` also as exactly one document. */
async function expectFault(
  args: string[],
  code: number,
  says: RegExp,
  env: Record<string, string> = {},
): Promise<Ran> {
  const ran = await scene.run(args, env)
  expect(ran, `tajo ${args.join(' ')}\n${ran.stderr}`).toMatchObject({ code, stdout: '' })
  expect(ran.stderr).toMatch(says)
  expect(ran.stderr).not.toMatch(/^\s+at .*:\d+:\d+\)?$/m)
  return ran
}

async function editYaml(from: string | RegExp, to: string): Promise<void> {
  const file = join(scene.directory, 'tajo.yaml')
  const text = await readFile(file, 'utf8')
  const edited = text.replace(from, to)
  expect(edited).not.toBe(text)
  await writeFile(file, edited)
}

describe('wrong usage ends with 2', () => {
  it('for a mistyped flag or command, with the right one', async () => {
    await expectFault(['sync', '--ful'], 2, /Unknown option '--ful'\. Did you mean --full\?/)
    await expectFault(['snyc'], 2, /Unknown command 'snyc'\. Did you mean sync\?/)
    await expectFault(['failures', 'lst'], 2, /Did you mean list\?.* See "tajo failures --help"/)
    await expectFault(['explain'], 2, /missing required argument 'person'/i)
    await expectFault(['sandbox', '--seed', 'x'], 2, /whole number/)
  })

  it('as JSON where JSON was asked for', async () => {
    const { code, stdout } = await scene.run(['sync', '--json', '--ful'])
    expect(code).toBe(2)
    expect(JSON.parse(stdout)).toMatchObject({ error: { code: 'usage_wrong' } })
  })

  it('for two kinds of credentials at once, OAuth where it does not belong, and a missing credential', async () => {
    const pipedrive = ['connectors', 'connect', 'pipedrive', '--oauth']
    await expectFault([...pipedrive, '--api-token', 'T'], 2, /either --oauth or --api-token/)
    await expectFault(['connectors', 'connect', 'brevo', '--oauth'], 2, /--oauth belongs to Pipedrive/)
    await expectFault(['connectors', 'connect', 'brevo'], 2, /--api-key/, { BREVO_API_KEY: '' })
  })

  it('for init on a file that is there, which stays as it is', async () => {
    const before = await readFile(join(scene.directory, 'tajo.yaml'), 'utf8')
    await expectFault(['init'], 2, /tajo\.yaml is already there/)
    expect(await readFile(join(scene.directory, 'tajo.yaml'), 'utf8')).toBe(before)
    expect(await scene.run(['init', '--force'])).toMatchObject({ code: 0 })
    expect(await readFile(join(scene.directory, 'tajo.yaml'), 'utf8')).not.toBe(before)
    expect(await scene.run(['connectors', 'list'])).toMatchObject({ code: 0 })
  })
})

describe('a wrong configuration ends with 3', () => {
  it('when the named file is missing', async () => {
    await expectFault(['sync', '--config', 'other.yaml'], 3, /other\.yaml is not there/)
  })

  it('when the YAML cannot be read, with line and column', async () => {
    await editYaml('brevo:', 'brevo: [')
    await expectFault(['sync'], 3, /tajo\.yaml:\d+:\d+/)
  })

  it('with one line for each fault and the nearest name', async () => {
    await editYaml('default_country: KR', 'default_contry: KR\n    sync_mode: fast')
    const { stderr } = await expectFault(['sync'], 3, /2 faults in the configuration:/)
    expect(stderr).toMatch(/^tajo\.yaml:17:5 .*default_contry.*Did you mean "default_country"\?$/m)
    expect(stderr).toMatch(/^tajo\.yaml:18:\d+ .*sync_mode/m)
  })

  it('when a list does not exist in Brevo, with its place in the file', async () => {
    await editYaml('customers: 62', 'customers: 6200')
    await expectFault(['sync'], 3, /tajo\.yaml:15:\d+ .*6200/)
    const check = await scene.run(['check'])
    expect(check.code).toBe(3)
    expect(check.stdout).toMatch(/✗ [\s\S]*6200[\s\S]*tajo\.yaml:15:\d+/)
    expect(scene.sandbox.brevo.state.writes).toBe(0)
  })

  it('when a mapped field does not exist in Pipedrive', async () => {
    await editYaml('custom_fields.industry', 'custom_fields.industri')
    await expectFault(['sync'], 3, /tajo\.yaml:\d+:\d+ .*industri/)
  })

  it('when another Tajo has the data directory', async () => {
    const store = await openStore({ dataDir: join(scene.directory, '.tajo') })
    try {
      await expectFault(['status'], 3, new RegExp(`${process.pid}`))
      const { stdout } = await scene.run(['sync', '--json'])
      expect(JSON.parse(stdout).error.code).toBe('store_locked')
    } finally {
      await store.close()
    }
    expect(await scene.run(['status'])).toMatchObject({ code: 0 })
  })
})

describe('accounts that cannot be used', () => {
  it('pause with 4 on a wrong Pipedrive token, and never print it', async () => {
    const token = 'e'.repeat(40)
    const { stderr } = await scene.run(['sync'], { PIPEDRIVE_API_TOKEN: token })
    expect(stderr).not.toContain(token)
    const { code, stdout } = await scene.run(['sync', '--json'], { PIPEDRIVE_API_TOKEN: token })
    expect(code).toBe(4)
    expect(stdout).toMatch(/pipedrive_unauthorized|token/)
    expect(JSON.parse(stdout)).toBeTypeOf('object')
    expect(await scene.run(['check'], { PIPEDRIVE_API_TOKEN: token })).toMatchObject({ code: 4 })
  })

  it('pause with 4 on a wrong Brevo key', async () => {
    const ran = await scene.run(['sync'], { BREVO_API_KEY: `xkeysib-${'a'.repeat(64)}-abcdefghijklmnop` })
    expect(ran.code).toBe(4)
    expect(ran.stderr + ran.stdout).toMatch(/Brevo.*key/i)
  })

  it("pause with 4 when the day's budget is spent, and say until when", async () => {
    scene.sandbox.pipedrive.state.spendTokens(10_000_000)
    const { code, stdout, stderr } = await scene.run(['sync'])
    expect(code).toBe(4)
    expect(stdout + stderr).toMatch(/go on from \d{4}-\d\d-\d\d \d\d:\d\d UTC/)
  })

  it('are named when nobody answers at their address', async () => {
    const ran = await scene.run(['sync'], { PIPEDRIVE_API_URL: 'http://127.0.0.1:9' })
    expect([1, 4]).toContain(ran.code)
    expect(ran.stderr + ran.stdout).toMatch(/127\.0\.0\.1:9/)
    expect(ran.stderr).not.toMatch(/^\s+at .*:\d+:\d+\)?$/m)
  })
})
