/**
 * What a day costs on which nothing happens: the server's own jobs by their own timetable, against the simulators' meter of
 * tokens.
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { manualClock } from '../src/base/clock.ts'
import { loadConfig, readEnvironment } from '../src/config/index.ts'
import type { JobName } from '../src/service/live/jobs.ts'
import { createSandbox, oneWay } from '../src/simulators/index.ts'
import { openStore } from '../src/store/index.ts'
import { type DoneJob, openJumpingServer } from '../test/support/jumping-server.ts'
import type { Row } from './measure-webhooks.ts'

const dayMs = 24 * 3_600_000

export async function measureIdleDays(sizes: readonly number[]): Promise<readonly Row[]> {
  const rows: Row[] = []
  for (const persons of sizes)
    for (const mode of ['realtime', 'hybrid', 'batch']) rows.push(await idleDay(persons, mode))
  return rows
}

async function idleDay(persons: number, mode: string): Promise<Row> {
  const dataDir = await mkdtemp(join(tmpdir(), 'tajo-bench-'))
  const clock = manualClock(new Date('2026-03-02T00:10:00Z'))
  const sandbox = await createSandbox({
    data: { persons },
    clock,
    pipedrive: { limits: { burst: 10_000, dailyTokens: 100_000_000 } },
    brevo: { limits: { contacts: {}, events: {}, other: {} } },
  })
  const { environment, yaml } = await sandbox.start()
  const door = await openDoor()
  const store = await openStore({ dataDir })
  const file = join(dataDir, 'tajo.yaml')
  await writeFile(file, oneWay(yaml).replace('    sync:\n', `    sync_mode: ${mode}\n    sync:\n`))
  const env = { ...environment, TAJO_DATA_DIR: dataDir, TAJO_CONFIG: file }
  const config = loadConfig({ env: readEnvironment(env).variables, file })
  const server = await openJumpingServer({
    sandbox,
    store,
    config,
    clock,
    dataDir,
    publicUrl: door.url,
    onNews: ({ level, event, message }) => {
      if (level === 'warn' || level === 'error') console.log(`${event}: ${message}`)
    },
  })
  const tokensOf = (jobs: readonly DoneJob[]): number => jobs.reduce((sum, { tokens }) => sum + tokens, 0)
  try {
    await server.runFor(60_000)
    const first = tokensOf(server.done.splice(0))
    sandbox.pipedrive.calls.clear()
    sandbox.brevo.calls.clear()
    await server.runFor(dayMs)
    const jobsOf = (name: JobName): readonly DoneJob[] => server.done.filter((job) => job.name === name)
    return {
      persons,
      mode,
      'tokens of the first pass': first,
      'tokens of the day': tokensOf(server.done),
      'of which polls': tokensOf(jobsOf('poll')),
      'of which the listing': tokensOf(jobsOf('listing')),
      polls: jobsOf('poll').length,
      'Brevo requests': sandbox.brevo.calls.all().length,
      'Brevo writes': sandbox.brevo.calls.all().filter(({ method }) => method !== 'GET').length,
    }
  } finally {
    await server.close()
    await store.close()
    await door.close()
    await sandbox.stop()
    await rm(dataDir, { recursive: true, force: true })
  }
}

/** Where webhooks could be sent: something that answers. */
async function openDoor(): Promise<{ url: string; close(): Promise<void> }> {
  const server = createServer((_, response) => response.end())
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  }
}
