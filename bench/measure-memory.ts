/** Memory and store of a server while very many webhooks come, are looked into and emptied. Sent as fast as it takes them. */
import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import pg from 'pg'
import { openStage, type Stage, storesHere } from './live-stage.ts'
import type { Row } from './measure-webhooks.ts'

const persons = 1_000
const looks = 10

export async function measureMemory(webhooks: number): Promise<readonly Row[]> {
  const rows: Row[] = []
  for (const kind of storesHere()) {
    const stage = await openStage(kind, { data: { persons }, latencyMs: 0, open: true })
    try {
      await stage.firstPass()
      await stage.server('settled')
      rows.push({ store: kind, webhooks: 0, ...(await look(stage)) })
      for (let n = 1; n <= looks; n++) {
        const count = Math.round(webhooks / looks)
        const result = await stage.load({ connections: 32, perSecond: null, count, seconds: 3_600, persons })
        await stage.server('settled')
        const row = {
          store: kind,
          webhooks: n * count,
          ...(await look(stage)),
          'accepted / s': Math.round(result.accepted / result.seconds),
          refused: result.sent - result.accepted,
        }
        rows.push(row)
        console.log(JSON.stringify(row))
      }
    } finally {
      await stage.close()
    }
  }
  return rows
}

async function look(stage: Stage): Promise<Row> {
  const { rssMb, heapMb } = await stage.server('memory')
  return {
    'resident MB': Math.round(rssMb),
    'heap MB': Math.round(heapMb),
    'store MB': Math.round(await storeMb(stage)),
  }
}

async function storeMb({ databaseUrl, dataDir }: Stage): Promise<number> {
  if (databaseUrl === null) return directoryMb(join(dataDir, 'store'))
  const client = new pg.Client({ connectionString: databaseUrl })
  await client.connect()
  const { rows } = await client.query<{ bytes: string }>(
    'select pg_database_size(current_database()) as bytes',
  )
  await client.end()
  return Number(rows[0]?.bytes ?? 0) / 2 ** 20
}

async function directoryMb(directory: string): Promise<number> {
  const entries = await readdir(directory, { withFileTypes: true, recursive: true })
  const sizes = await Promise.all(
    entries
      .filter((entry) => entry.isFile())
      // A checkpoint may remove a file between the two.
      .map((entry) =>
        stat(join(entry.parentPath, entry.name)).then(
          ({ size }) => size,
          () => 0,
        ),
      ),
  )
  return sizes.reduce((sum, size) => sum + size, 0) / 2 ** 20
}
