/** The commands that need no account: help, sandbox, demo, and stopping by a signal. */
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openScene, startTajo, tajo } from './cli-process.ts'

let directory: string
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'tajo-cli-'))
})
afterAll(() => rm(directory, { recursive: true, force: true }))

describe('tajo --help', () => {
  const commands = [
    '',
    'demo',
    'sandbox',
    'init',
    'connectors',
    'connectors connect',
    'connectors list',
    'connectors status',
    'connectors test',
    'connectors disconnect',
    'check',
    'sync',
    'status',
    'explain',
    'failures',
    'failures list',
    'failures retry',
    'failures discard',
    'serve',
    'webhooks',
  ]
  it.each(commands)('of "tajo %s" has examples and fits 80 columns', async (command) => {
    const { code, stdout } = await tajo([...command.split(' ').filter(Boolean), '--help'], directory)
    expect(code).toBe(0)
    expect(stdout).toMatch(new RegExp(`\\nExamples:\\n(  .*\\n)*  .*tajo ${command}`))
    expect(stdout.split('\n').filter((line) => line.length > 80)).toEqual([])
  })

  it('prints the version of the package', async () => {
    const file = new URL('../../package.json', import.meta.url)
    const { version } = JSON.parse(await readFile(file, 'utf8'))
    expect((await tajo(['--version'], directory)).stdout).toBe(`${version}\n`)
  })
})

describe('tajo sandbox', () => {
  it('prints lines that point Tajo at it, writes a fitting configuration once, and ends with 0', async () => {
    const args = ['sandbox', '--write-config', 'tajo.yaml']
    const { child, ended } = await startTajo(args, directory, {}, /Ctrl-C ends both/)
    child.kill('SIGTERM')
    const { code, stdout } = await ended
    expect(code).toBe(0)
    const names = stdout
      .trim()
      .split('\n')
      .map((line) => /^export (\w+)=\S+$/.exec(line)?.[1])
    expect(names).toEqual([
      'PIPEDRIVE_API_URL',
      'PIPEDRIVE_API_TOKEN',
      'PIPEDRIVE_COMPANY_DOMAIN',
      'BREVO_API_URL',
      'BREVO_API_KEY',
      'TAJO_CONFIG',
    ])
    expect(await tajo(args, directory)).toMatchObject({ code: 2, stdout: '' })
  })

  it('prints one JSON document with --json, and ends with 0 on Ctrl-C', async () => {
    const { child, ended } = await startTajo(['sandbox', '--json'], directory, {}, /\n\}\n$/)
    child.kill('SIGINT')
    const { code, stdout } = await ended
    expect(code).toBe(0)
    const { environment } = JSON.parse(stdout)
    expect(environment.BREVO_API_URL).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/v3$/)
  })
})

describe('tajo demo --exit', () => {
  it('shows the whole way and ends with 0', async () => {
    const { code, stdout } = await tajo(['demo', '--exit'], directory)
    expect(code).toBe(0)
    for (const heading of [
      '1. Check',
      '2. Dry run',
      '3. Sync',
      '4. Sync again',
      'What is in Brevo now',
      'Lists',
      '5. Always in step',
    ]) {
      expect(stdout).toContain(`\n${heading}\n`)
    }
    expect(stdout).toContain('Brevo received 0 writes, Pipedrive 0')
    expect(stdout).toMatch(
      /Brevo .* INDUSTRY .*\n.*\n *Pipedrive +\d+\.\d s +person \d+: Industry "\S+" → "Robotics"\n/,
    )
    expect(stdout).toMatch(
      /unsubscribes from a newsletter\n *Pipedrive .* Brevo consent nothing → "unsubscribed"\n/,
    )
    expect(stdout.replaceAll('\n', ' ')).toContain('3 changes in Brevo, 3 writes to Pipedrive.')
    expect(stdout).toMatch(/webhook is lost\n +Tajo .* a poll finds it\n +Brevo .* event deal_stage_changed/)
    expect(stdout).toMatch(/6 events, each of them once\./)
    expect(stdout).toContain('would write nothing')
    expect(stdout).toMatch(/\n60 +All contacts +50\n/)
    expect(stdout.split('\n').filter((line) => line.length > 80)).toEqual([])
  })
})

describe('Ctrl-C during a sync', () => {
  it('stops with 130, and the next run completes it', async () => {
    const scene = await openScene({ data: 'agency', latencyMs: 400 })
    try {
      const { child, ended } = await startTajo(['sync'], scene.directory, scene.env, /Reading/)
      child.kill('SIGINT')
      const { code, stderr } = await ended
      expect(code).toBe(130)
      expect(stderr).toMatch(/run the same command again/)
      scene.sandbox.pipedrive.latencyMs = 0
      scene.sandbox.brevo.latencyMs = 0
      expect(await scene.run(['sync', '--json'])).toMatchObject({ code: 0 })
      expect(scene.sandbox.brevo.state.listMembers(60)).toHaveLength(50)
    } finally {
      await scene.end()
    }
  })
})
