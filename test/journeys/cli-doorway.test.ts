/** Commands on the data directory of a running server, all of them real processes. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { appendFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { openScene, type Scene, startTajo } from './cli-process.ts'

const CHILD = join(import.meta.dirname, '..', 'support', 'serving-child.ts')

let scene: Scene
let server: ChildProcess
beforeEach(async () => {
  scene = await openScene({ data: { persons: 40 } })
  server = await serve()
})
afterEach(async () => {
  await end('SIGKILL')
  await scene.end()
})

async function serve(): Promise<ChildProcess> {
  const { directory: cwd, env } = scene
  const child = spawn(process.execPath, [CHILD], { cwd, env, stdio: ['ignore', 'pipe', 'inherit'] })
  const [said] = (await Promise.race([once(child.stdout, 'data'), once(child, 'exit')])) as [unknown]
  expect(String(said)).toBe('serving\n')
  return child
}

async function end(signal: NodeJS.Signals): Promise<number | null> {
  if (server.exitCode !== null || server.signalCode !== null) return server.exitCode
  const ended = once(server, 'exit') as Promise<[number | null]>
  server.kill(signal)
  const [code] = await ended
  return code
}

/** Runs with `--json` and returns the one document. */
async function ask(...args: string[]) {
  const { code, stdout, stderr } = await scene.run([...args, '--json'])
  return { code, stderr, document: JSON.parse(stdout) }
}

/** The next pass gets one answer of Pipedrive and waits for the second. */
function makePassHang(): () => Promise<void> {
  const { calls, faults } = scene.sandbox.pipedrive
  const before = calls.all().length
  faults.add({ fault: { kind: 'slow', ms: 60_000 }, after: 1, times: 1_000 })
  return async () => {
    while (calls.all().length === before) await sleep(5)
  }
}

it('every command is answered by the server, and alike once the server has gone', async () => {
  const sync = await ask('sync')
  expect(sync).toMatchObject({ code: 0, document: { status: 'complete', contacts: { read: 40 } } })
  expect(sync.stderr).toMatch(/Reading/)
  const commands = [['status'], ['explain', '1'], ['failures', 'list'], ['connectors', 'list']]
  const through = []
  for (const command of commands) through.push(await ask(...command))
  expect(through.map(({ code }) => code)).toEqual([0, 0, 0, 0])
  const tested = ask('connectors', 'test')
  expect(await ask('check')).toMatchObject({ code: 0, document: { status: 'ok' } })
  expect(await tested).toMatchObject({ code: 0 })
  expect(await ask('explain', '999999')).toMatchObject({ document: { error: { code: 'person_unknown' } } })

  expect(await end('SIGTERM')).toBe(0)
  const alone = []
  for (const command of commands) alone.push(await ask(...command))
  expect(through).toEqual(alone)
})

it('several at once are all answered, and passes go one after the other', async () => {
  const passes = Promise.all([ask('sync', '--full'), ask('sync', '--full')])
  const [status, failures] = await Promise.all([ask('status'), ask('failures', 'list')])
  expect([status.code, failures.code]).toEqual([0, 0])
  const reports = (await passes).map(({ document }) => document)
  expect(reports.map(({ status }) => status)).toEqual(['complete', 'complete'])
  const [first, second] = reports.sort((a, b) => a.startedAt.localeCompare(b.startedAt))
  expect(second.startedAt >= first.finishedAt).toBe(true)
  expect(second.contacts).toMatchObject({ created: 0, updated: 0 })
})

it('a changed configuration is noted on stderr, and the result stays one document', async () => {
  await appendFile(
    join(scene.directory, 'tajo.yaml'),
    '\nwebhooks:\n  - event_action: updated\n    event_object: person\n    brevo_event: person_changed\n',
  )
  const { code, stderr, document } = await ask('sync', '--dry-run')
  expect({ code, status: document.status }).toEqual({ code: 0, status: 'complete' })
  expect(stderr).toMatch(new RegExp(`Note: the running server \\(process ${server.pid}\\).*Restart it`))
  expect((await ask('status')).stderr).toBe('')
  await end('SIGTERM')
  server = await serve()
  expect((await ask('sync', '--dry-run')).stderr).not.toMatch(/Note:/)
})

it('a command that is stopped stops its own pass and no server', async () => {
  const untilBegun = makePassHang()
  const { child, ended } = await startTajo(['sync', '--json'], scene.directory, scene.env, /Checking/)
  await untilBegun()
  child.kill('SIGINT')
  const { code, stdout } = await ended
  expect({ code, error: JSON.parse(stdout).error.code }).toEqual({ code: 130, error: 'run_interrupted' })
  scene.sandbox.pipedrive.faults.clear()
  expect(await ask('sync')).toMatchObject({ code: 0, document: { status: 'complete' } })
  expect(server.exitCode).toBeNull()
})

it('a command whose own process is killed leaves no pass behind', async () => {
  const untilBegun = makePassHang()
  const { child, ended } = await startTajo(['sync'], scene.directory, scene.env, /Checking/)
  await untilBegun()
  child.kill('SIGKILL')
  await ended
  scene.sandbox.pipedrive.faults.clear()
  expect(await ask('sync')).toMatchObject({ code: 0, document: { status: 'complete' } })
})

it.each(['SIGKILL', 'SIGTERM'] as const)(
  'a server that ends by %s in the middle is named, and nothing hangs',
  async (signal) => {
    const untilBegun = makePassHang()
    const { ended } = await startTajo(['sync', '--json'], scene.directory, scene.env, /Checking/)
    await untilBegun()
    await end(signal)
    const { code, stdout, stderr } = await ended
    expect(code).toBe(1)
    expect(JSON.parse(stdout).error).toMatchObject({ code: 'server_gone', disposition: 'retry' })
    expect(stderr).toMatch(new RegExp(`process ${server.pid}\\).*run the command again`))
    scene.sandbox.pipedrive.faults.clear()
    // The directory is free at once: the command runs by itself now.
    expect(await ask('sync')).toMatchObject({ code: 0, document: { status: 'complete' } })
  },
)
