/**
 * The embedded PostgreSQL itself: PGlite on a directory, made durable, driven by the bytes of the wire
 * protocol. It refuses to run where a commit does not reach the disk. It does not queue: one call at a time.
 */
import { PGlite } from '@electric-sql/pglite'
import { DurableNodeFS } from './durable-file-system.ts'
import { simpleQuery, transactionStatus } from './wire-frames.ts'

export type Engine = {
  files: DurableNodeFS
  /** Runs one frame (up to and with its Sync) and gives everything the engine answered. */
  execute(frame: Uint8Array): Promise<Uint8Array>
  close(): Promise<void>
}

/** `-F` would switch fsync off; the default sync method would go to a stub that does nothing. */
export const DURABLE_START_PARAMETERS: readonly string[] = [
  ...PGlite.defaultStartParams.filter((parameter) => parameter !== '-F'),
  ...['fsync=on', 'wal_sync_method=fsync', 'full_page_writes=on', 'synchronous_commit=on'].flatMap(setting),
  ...[
    'shared_buffers=32MB',
    'min_wal_size=32MB',
    // WebAssembly memory never shrinks: statistics and vacuum must not be what it is sized by.
    'maintenance_work_mem=16MB',
    'default_statistics_target=20',
    'TimeZone=UTC',
    'DateStyle=ISO',
  ].flatMap(setting),
]

/**
 * Opens the engine on a directory that holds a database (see `initialise.ts` for a new one).
 * Throws what PGlite throws when the directory cannot be opened, and when the fsync self-check fails.
 */
export async function openEngine(
  directory: string,
  files: DurableNodeFS = new DurableNodeFS(directory),
  startParams: readonly string[] = DURABLE_START_PARAMETERS,
): Promise<Engine> {
  const database = await PGlite.create({ fs: files, startParams: [...startParams] })
  const engine: Engine = {
    files,
    async execute(frame) {
      const chunks: Uint8Array[] = []
      await database.execProtocolRawStream(frame, {
        syncToFs: false,
        // The engine's memory is reused, and moves when it grows: copy at once.
        onRawData: (bytes) => chunks.push(bytes.slice()),
      })
      return joined(chunks)
    },
    close: () => database.close(),
  }
  try {
    await assertDurable(engine)
  } catch (error) {
    await engine.close()
    throw error
  }
  return engine
}

/** One commit must reach fsync. This rests on internals of PGlite, so it is proved at every start. */
async function assertDurable(engine: Engine): Promise<void> {
  const setting = new TextDecoder().decode(await engine.execute(simpleQuery('show fsync')))
  const before = engine.files.fsyncCount
  const answer = await engine.execute(
    simpleQuery(`select pg_logical_emit_message(true, 'tajo', 'fsync self-check')`),
  )
  if (transactionStatus(answer) !== 'I') throw new Error('The fsync self-check could not be run.')
  if (!setting.includes('\0\0\0\x02on')) {
    throw new Error('The fsync self-check failed: the engine runs with fsync off.')
  }
  if (engine.files.fsyncCount === before) {
    throw new Error('The fsync self-check failed: a commit was acknowledged without reaching the disk.')
  }
}

function setting(assignment: string): string[] {
  return ['-c', assignment]
}

function joined(chunks: Uint8Array[]): Uint8Array {
  const [first] = chunks
  if (chunks.length === 1 && first) return first
  const all = new Uint8Array(chunks.reduce((bytes, chunk) => bytes + chunk.length, 0))
  let offset = 0
  for (const chunk of chunks) {
    all.set(chunk, offset)
    offset += chunk.length
  }
  return all
}
