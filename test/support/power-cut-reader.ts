/**
 * A program for power-cut tests: prints the ids of the rows that the embedded engine finds, or ends with the reason why it
 * cannot. A process of its own, since a damaged database may keep the engine in a loop that nothing else ends.
 * Usage: node power-cut-reader.ts <database directory>
 */
import { type Engine, openEngine } from '../../src/store/embedded/engine.ts'
import { simpleQuery } from '../../src/store/embedded/wire-frames.ts'

const engine = await openEngine(process.argv[2] ?? '')
// Once through the table and once through the index: both must agree.
const byTable = await idsBy(engine, { table: 'on', index: 'off' })
const byIndex = await idsBy(engine, { table: 'off', index: 'on' })
if (byTable === undefined || byTable !== byIndex)
  throw new Error('Table and index differ, or cannot be read.')
await engine.close()
process.stdout.write(byTable)

async function idsBy(from: Engine, use: { table: string; index: string }): Promise<string | undefined> {
  await from.execute(
    simpleQuery(`set enable_seqscan = ${use.table}; set enable_bitmapscan = off;
      set enable_indexscan = ${use.index}; set enable_indexonlyscan = ${use.index}`),
  )
  const ids = `select 'ids=' || coalesce(string_agg(id::text, ',' order by id), '') || ';' from rows where id >= 0`
  const text = new TextDecoder().decode(await from.execute(simpleQuery(ids)))
  return /ids=([^;]*);/.exec(text)?.[1]
}
