/** A server, its store and a sandbox for one measurement, each in a process of its own, and the sender of webhooks. */

import { type ChildProcess, fork } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { LiveNews } from '../src/service/index.ts'
import { oneWay } from '../src/simulators/index.ts'
import { type PostgresServer, startPostgres, whyNoPostgres } from '../test/support/postgres-server.ts'
import type { SandboxOrder } from './live-sandbox-process.ts'
import type { ServerAnswer } from './serve-process.ts'
import type { LoadOrder, LoadResult } from './webhook-load.ts'

export type StoreKind = 'embedded' | 'server'

export type Stage = {
  readonly url: string
  readonly authorization: string
  /** What the server told: passes that ended, and errors. */
  readonly news: readonly LiveNews[]
  readonly dataDir: string
  readonly databaseUrl: string | null
  sandbox<T>(ask: string, more?: object): Promise<T>
  server(ask: 'memory' | 'settled'): Promise<ServerAnswer>
  load(order: Omit<LoadOrder, 'url' | 'authorization'>): Promise<LoadResult>
  /** Resolves when the first pass has ended, or the stage is closed before. */
  firstPass(): Promise<void>
  close(): Promise<void>
}

/** Which stores can be measured here; says so where one cannot. */
export function storesHere(): readonly StoreKind[] {
  const why = whyNoPostgres()
  if (why === undefined) return ['embedded', 'server']
  console.log(`PostgreSQL is not measured: ${why}`)
  return ['embedded']
}

export async function openStage(kind: StoreKind, order: SandboxOrder): Promise<Stage> {
  const dataDir = await mkdtemp(join(tmpdir(), 'tajo-bench-'))
  const sandbox = fork(new URL('./live-sandbox-process.ts', import.meta.url), [JSON.stringify(order)])
  const { environment, yaml } = await first<{ environment: Record<string, string>; yaml: string }>(sandbox)
  const postgres: PostgresServer | null = kind === 'server' ? await startPostgres({ durable: true }) : null
  const databaseUrl = (await postgres?.createDatabase()) ?? null
  const config = join(dataDir, 'tajo.yaml')
  await writeFile(config, oneWay(yaml))
  const server = fork(new URL('./serve-process.ts', import.meta.url), [], {
    env: {
      ...(process.env.PATH === undefined ? {} : { PATH: process.env.PATH }),
      ...(process.env.BENCH_STATEMENTS === undefined
        ? {}
        : { BENCH_STATEMENTS: process.env.BENCH_STATEMENTS }),
      ...(process.env.BENCH_NEWS === undefined ? {} : { BENCH_NEWS: process.env.BENCH_NEWS }),
      ...environment,
      TAJO_CONFIG: config,
      TAJO_DATA_DIR: dataDir,
      ...(databaseUrl === null ? {} : { DATABASE_URL: databaseUrl }),
    },
    execArgv: process.env.BENCH_PROFILE ? ['--cpu-prof', `--cpu-prof-dir=${process.env.BENCH_PROFILE}`] : [],
  })
  const news: LiveNews[] = []
  server.on('message', (message: { news?: LiveNews }) => {
    if (message.news) news.push(message.news)
  })
  const { url } = await first<{ url: string }>(server, (message) => 'url' in message)
  const askSandbox = asker(sandbox)
  const askServer = asker(server)
  let authorization: string | null = null
  while (authorization === null) {
    authorization = await askSandbox<string | null>('authorization')
    await pause(20)
  }
  const key = authorization
  let closed = false
  return {
    url,
    authorization: key,
    news,
    dataDir,
    databaseUrl,
    sandbox: askSandbox,
    server: (ask) => askServer<ServerAnswer>(ask),
    load: (load) => send({ ...load, url, authorization: key }),
    async firstPass() {
      while (!closed && !news.some(({ event }) => event === 'sync.finished')) await pause(20)
    },
    async close() {
      closed = true
      await askServer('stop')
      sandbox.disconnect()
      await postgres?.stop()
      await rm(dataDir, { recursive: true, force: true })
    },
  }
}

async function send(order: LoadOrder): Promise<LoadResult> {
  const sender = fork(new URL('./webhook-load.ts', import.meta.url))
  await first(sender, () => true)
  const result = first<LoadResult>(sender, (message) => 'sent' in message)
  sender.send(order)
  return result
}

function first<T>(child: ChildProcess, fits: (message: object) => boolean = () => true): Promise<T> {
  return new Promise((resolve, reject) => {
    const take = (message: object): void => {
      if (!fits(Object(message))) return
      child.off('message', take).off('exit', end)
      resolve(message as T)
    }
    const end = (code: number | null): void =>
      reject(new Error(`a process of the benchmark ended with ${code}`))
    child.on('message', take).once('exit', end)
  })
}

function asker(child: ChildProcess): <T>(ask: string, more?: object) => Promise<T> {
  let last = 0
  return async <T>(ask: string, more: object = {}) => {
    const id = ++last
    const answered = first<{ answer: T }>(child, (message) => 'id' in message && message.id === id)
    child.send({ ask, id, ...more })
    return (await answered).answer
  }
}

export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}
