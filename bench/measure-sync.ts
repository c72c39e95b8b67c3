/** Runs one sync against a fresh sandbox, both in processes of their own, and sets it against computed lower bounds. */

import { fork, spawn } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { SyncReport } from '../src/service/index.ts'
import { oneWay } from '../src/simulators/index.ts'

export const latencyMs = 150
/** Pipedrive's smallest plan: requests per 2 seconds, of which the first may come at once. */
const pipedriveBurst = 20
/** Brevo's smallest plan: contact requests a second. */
const brevoPerSecond = 10
/** What the simulated Brevo itself takes for an import, one after the other: per import, and per row. */
const importMs = 350
const importRowMs = 0.02

export type Measured = {
  readonly name: string
  readonly report: SyncReport
  readonly wallMs: number
  readonly boundMs: number
  readonly timeRatio: number
  readonly tokenRatio: number
  readonly requestRatio: number
  readonly peakMb: number
  readonly cpuMsPerContact: number
  readonly secondWrites: number
  readonly counts: Readonly<Record<string, number>>
}

type Call = { method: string; path: string; query: string; tokens: number; status: number }
type Started = { environment: Record<string, string>; yaml: string }

export async function measureSync(name: string, persons: number): Promise<Measured> {
  const directory = await mkdtemp(join(tmpdir(), 'tajo-bench-'))
  const sandbox = fork(new URL('./sandbox-process.ts', import.meta.url), [
    String(persons),
    String(latencyMs),
    name,
  ])
  try {
    const { environment, yaml } = await new Promise<Started>((resolve, reject) => {
      sandbox.once('message', (message) => resolve(message as Started))
      sandbox.once('exit', (code) => reject(new Error(`the sandbox ended with ${code}`)))
    })
    const config = join(directory, 'tajo.yaml')
    // Activities are read only when something asks for them: let something ask.
    await writeFile(
      config,
      oneWay(yaml).replace(/^person_mapping:$/m, 'person_mapping:\n  next_activity_date: NEXT_ACTIVITY'),
    )
    const env = { ...environment, TAJO_CONFIG: config, TAJO_DATA_DIR: join(directory, 'data') }
    const first = await runSync(env)
    const calls = {
      pipedrive: await readCalls(environment.PIPEDRIVE_API_URL),
      brevo: await readCalls(environment.BREVO_API_URL),
    }
    await clearCalls(environment.BREVO_API_URL)
    await runSync(env)
    const second = await readCalls(environment.BREVO_API_URL)
    return judge(name, first, calls, second)
  } finally {
    sandbox.disconnect()
    await rm(directory, { recursive: true, force: true })
  }
}

type Run = {
  report: SyncReport
  wallMs: number
  cpuMs: number
  peakMb: number
  stages: Record<string, number>
}

async function runSync(env: Record<string, string>): Promise<Run> {
  const child = spawn(process.execPath, [new URL('./sync-process.ts', import.meta.url).pathname], {
    env: { PATH: process.env.PATH, ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let output = ''
  for await (const chunk of child.stdout) output += chunk
  const run = JSON.parse(output) as Run
  if (process.env.BENCH_STAGES) console.error(run.stages, Math.round(run.wallMs))
  return run
}

function judge(
  name: string,
  first: Run,
  calls: { pipedrive: Call[]; brevo: Call[] },
  second: Call[],
): Measured {
  const { report } = first
  const pages = calls.pipedrive.filter((call) =>
    /^\/(api\/v2\/(persons|organizations|deals|deals\/archived|activities)|v1\/leads)$/.test(call.path),
  )
  const longest = Math.max(
    ...[...Map.groupBy(pages, (call) => call.path).values()].map((stream) => stream.length),
  )
  const imports = calls.brevo.filter((call) => call.path.endsWith('/contacts/import')).length
  const contacts = report.contacts.created + report.contacts.updated
  const readBack = Math.ceil(contacts / 1000)
  const readMs = Math.max(
    longest * latencyMs,
    ((calls.pipedrive.length - pipedriveBurst) / pipedriveBurst) * 2000,
  )
  const writeMs =
    latencyMs + Math.max(latencyMs, ((imports + readBack - brevoPerSecond) / brevoPerSecond) * 1000)
  const importWorkMs = imports * importMs + contacts * importRowMs
  const boundMs = readMs + latencyMs + importWorkMs + writeMs
  return {
    name,
    report,
    wallMs: first.wallMs,
    boundMs,
    timeRatio: first.wallMs / boundMs,
    tokenRatio: report.requests.pipedrive.tokens / (pages.length * 10),
    requestRatio: report.requests.brevo.count / (imports + readBack),
    peakMb: first.peakMb,
    cpuMsPerContact: first.cpuMs / Math.max(1, contacts),
    secondWrites: second.filter((call) => call.method !== 'GET').length,
    counts: {
      pages: pages.length,
      pipedriveRequests: calls.pipedrive.length,
      brevoRequests: calls.brevo.length,
      imports,
      readBack,
      contacts,
    },
  }
}

async function readCalls(url = ''): Promise<Call[]> {
  return (await (await fetch(`${new URL(url).origin}/__sandbox/calls`)).json()) as Call[]
}

async function clearCalls(url = ''): Promise<void> {
  await fetch(`${new URL(url).origin}/__sandbox/calls`, { method: 'DELETE' })
}
