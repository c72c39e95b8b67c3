/**
 * The live model for as long as asked: `npm run soak -- --minutes 10 [--seed n] [--length 40] [--store server]`. Prints the
 * seed, and the smallest case that fails; ends with 1 then. Uses the embedded store, or a PostgreSQL server of its own.
 */
import fs from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import fc from 'fast-check'
import { openStore } from '../src/store/index.ts'
import { runCase } from './support/live-model/case.ts'
import { anyCase, type Case } from './support/live-model/happenings.ts'
import { openStage } from './support/live-model/stage.ts'
import type { Stage } from './support/live-model/world.ts'
import { startPostgres } from './support/postgres-server.ts'

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '10' },
    seed: { type: 'string', default: String(Date.now() % 2 ** 31) },
    length: { type: 'string', default: '40' },
    store: { type: 'string', default: 'embedded' },
  },
})
const seed = Number(values.seed)
const endsAt = Date.now() + Number(values.minutes) * 60_000
/** At a time: the embedded store takes one after the other. */
const lanes = values.store === 'server' ? 3 : 1
/** Then a new store: one that has seen thousands is another test. */
const casesPerStore = 300
/** A case that failed is made smaller for so long, even when the time is up. */
const shrinkMs = 120_000

const server = values.store === 'server' ? await startPostgres() : null
const dataDir = fs.mkdtempSync(join(tmpdir(), 'tajo-soak-'))
let cases = 0
let failed = false
for (let round = 0; Date.now() < endsAt && !failed; round++) {
  const directory = join(dataDir, String(round))
  const databaseUrl = await server?.createDatabase()
  const store = await openStore({ dataDir: directory, databaseUrl })
  const stage = await openStage(store)
  await Promise.all(Array.from({ length: lanes }, (_, lane) => runLane(stage, seed + round * lanes + lane)))
  await stage.close()
  await store.close()
  fs.rmSync(directory, { recursive: true, force: true })
}
await server?.stop()
fs.rmSync(dataDir, { recursive: true, force: true })
process.exitCode = failed ? 1 : 0

async function runLane(stage: Stage, laneSeed: number): Promise<void> {
  let failedAt = 0
  const attempt = async (plan: Case): Promise<void> => {
    // Time is up, for beginning cases as for making a failed one smaller.
    if (Date.now() > (failedAt === 0 ? endsAt : failedAt + shrinkMs)) return
    try {
      await runCase(stage, `soak-${++cases}`, plan)
    } catch (error) {
      failedAt ||= Date.now()
      throw error
    }
  }
  const before = cases
  const result = await fc.check(fc.asyncProperty(anyCase(Number(values.length)), attempt), {
    seed: laneSeed,
    numRuns: Math.ceil(casesPerStore / lanes),
  })
  console.info(`seed ${laneSeed}: ${cases - before} cases while it ran, ${cases} in all`)
  if (!result.failed) return
  failed = true
  console.error(fc.defaultReportMessage(result), result.errorInstance)
}
