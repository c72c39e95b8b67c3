/** The command on a working pair of accounts: accounting, a second run, and what the other commands then say. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { SyncReport } from '../../src/service/index.ts'
import { openScene, type Scene } from './cli-process.ts'

describe('tajo on working accounts', () => {
  let scene: Scene
  let first: SyncReport
  beforeAll(async () => {
    scene = await openScene({ data: { persons: 120 } })
    const ran = await scene.run(['sync', '--json'])
    expect(ran).toMatchObject({ code: 0 })
    first = JSON.parse(ran.stdout)
  })
  afterAll(() => scene.end())

  it('accounts for every person that was read', () => {
    const { read, created, updated, unchanged, skipped, failed } = first.contacts
    const skips = Object.values(skipped).reduce((sum, n) => sum + n, 0)
    expect(read).toBeGreaterThan(0)
    expect(created + updated + unchanged + skips + failed).toBe(read)
    expect(first).toMatchObject({ status: 'complete', dryRun: false, resumeAt: null })
    expect(scene.sandbox.brevo.state.listMembers(60)).toHaveLength(created + updated + unchanged)
  })

  it('writes nothing the second time', async () => {
    const before = scene.sandbox.brevo.state.writes
    const { code, stdout } = await scene.run(['sync', '--json', '--full'])
    const second: SyncReport = JSON.parse(stdout)
    expect(code).toBe(0)
    expect(second.contacts).toMatchObject({ read: first.contacts.read, created: 0, updated: 0 })
    expect(scene.sandbox.brevo.state.writes).toBe(before)
  })

  it('says that both are in step, to people and to programs', async () => {
    const text = await scene.run(['status'])
    expect(text).toMatchObject({ code: 0, stderr: '' })
    expect(text.stdout).toMatch(/^✓ In step: \d+ persons/)
    const json = await scene.run(['status', '--json'])
    expect(JSON.parse(json.stdout)).toMatchObject({ lastRun: { status: 'complete' }, backlog: { outbox: 0 } })
  })

  it('explains a person by id and by address, and says when there is none', async () => {
    const byId = await scene.run(['explain', '1', '--json'])
    const { email, verdict } = JSON.parse(byId.stdout)
    expect(verdict).toMatch(/in step/i)
    const byEmail = await scene.run(['explain', email])
    expect(byEmail.stdout).toContain(`Person 1, ${email}`)
    expect(byEmail.stdout).toMatch(/Attributes[\s\S]*FIRSTNAME[\s\S]*Lists[\s\S]*All contacts/)
    const none = await scene.run(['explain', 'nobody@example.com', '--json'])
    expect(none.code).toBe(1)
    expect(JSON.parse(none.stdout).error.code).toBe('person_unknown')
  })

  it('lists no failures, and retries and discards none', async () => {
    expect((await scene.run(['failures'])).stdout).toBe('No failures.\n')
    const retried = await scene.run(['failures', 'retry', '--json'])
    expect(JSON.parse(retried.stdout)).toEqual({ retried: 0, report: null })
    const discarded = await scene.run(['failures', 'discard', '--yes', '--json'])
    expect(JSON.parse(discarded.stdout)).toEqual({ discarded: 0 })
    expect(await scene.run(['failures', 'discard'])).toMatchObject({ code: 2 })
  })

  it('tests both connectors', async () => {
    const { code, stdout } = await scene.run(['connectors', 'status', '--json'])
    expect(code).toBe(0)
    expect(JSON.parse(stdout).connectors).toMatchObject([
      { name: 'pipedrive', state: 'ok' },
      { name: 'brevo', state: 'ok' },
    ])
  })

  it('keeps every line of text within 80 columns', async () => {
    for (const args of [
      ['status'],
      ['explain', '1'],
      ['check'],
      ['sync', '--dry-run'],
      ['connectors', 'status'],
    ]) {
      const { stdout } = await scene.run(args)
      const long = stdout.split('\n').filter((line) => line.length > 80 && !line.startsWith('  at '))
      expect(long, args.join(' ')).toEqual([])
      expect(stdout).not.toContain('\u001b')
    }
  })
})

describe('tajo sync --dry-run', () => {
  it('shows the changes and writes nothing to Brevo', async () => {
    const scene = await openScene()
    try {
      const { code, stdout } = await scene.run(['sync', '--dry-run'])
      expect(code).toBe(0)
      expect(stdout).toMatch(/contacts would be created\s+42/)
      expect(stdout).toContain('First changes')
      expect(scene.sandbox.brevo.state.writes).toBe(0)
    } finally {
      await scene.end()
    }
  })
})

describe('credentials given to tajo connectors connect', () => {
  it('are stored, used without the environment, and forgotten', async () => {
    const scene = await openScene()
    const { PIPEDRIVE_API_TOKEN: token = '', BREVO_API_KEY: key = '', ...urls } = scene.env
    const bare = (args: string[]) =>
      scene.run(args, { PIPEDRIVE_API_TOKEN: '', BREVO_API_KEY: '', TAJO_CONFIG: '', ...urls })
    try {
      const { rm } = await import('node:fs/promises')
      await rm(`${scene.directory}/tajo.yaml`)
      const wrong = await bare([
        'connectors',
        'connect',
        'pipedrive',
        '--api-token',
        'f'.repeat(40),
        '--company-domain',
        'yourcompany',
      ])
      expect(wrong).toMatchObject({ code: 4, stdout: '' })
      const connected = await bare([
        'connectors',
        'install',
        'pipedrive',
        '--api-token',
        token,
        '--company-domain',
        'yourcompany',
      ])
      expect(connected).toMatchObject({ code: 0 })
      expect(connected.stdout + connected.stderr).not.toContain(token)
      expect(await bare(['connectors', 'connect', 'brevo', '--api-key', key])).toMatchObject({ code: 0 })
      expect(await bare(['connectors', 'test'])).toMatchObject({ code: 0 })
      expect(await bare(['connectors', 'disconnect', 'brevo', '--json'])).toMatchObject({ code: 0 })
      expect(await bare(['connectors', 'test', 'brevo'])).toMatchObject({ code: 3 })
    } finally {
      await scene.end()
    }
  })
})
