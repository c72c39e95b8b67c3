/**
 * A model for as long as asked: `npm run soak -- --minutes 10 [--two-way] [--seed n] [--length 40] [--store server]`. The live
 * model, or that of both ways. Prints the seed, and the smallest case that fails; ends with 1 then. Uses the embedded store, or
 * a PostgreSQL server of its own.
 */
import fs from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import fc from 'fast-check'
import { openStore, type Store } from '../src/store/index.ts'
import * as liveCase from './support/live-model/case.ts'
import * as liveHappenings from './support/live-model/happenings.ts'
import * as liveStage from './support/live-model/stage.ts'
import { startPostgres } from './support/postgres-server.ts'
import * as twoWayCase from './support/two-way-model/case.ts'
import * as twoWayHappenings from './support/two-way-model/happenings.ts'
import * as twoWayWorld from './support/two-way-model/world.ts'

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '10' },
    seed: { type: 'string', default: String(Date.now() % 2 ** 31) },
    length: { type: 'string', default: '40' },
    store: { type: 'string', default: 'embedded' },
    'two-way': { type: 'boolean', default: false },
  },
})
const seed = Number(values.seed)
const length = Number(values.length)
const endsAt = Date.now() + Number(values.minutes) * 60_000
/** At a time: the embedded store takes one after the other. */
const lanes = values.store === 'server' ? 3 : 1
/** Then a new store: one that has seen thousands is another test. */
const casesPerStore = 300
/** A case that failed is made smaller for so long, even when the time is up. */
const shrinkMs = 120_000

/** A case made up, and how it is performed. */
type Model = {
  readonly property: (around: (perform: () => Promise<void>) => Promise<void>) => fc.IAsyncProperty<unknown>
  readonly close: () => Promise<void>
}

const server = values.store === 'server' ? await startPostgres() : null
const dataDir = fs.mkdtempSync(join(tmpdir(), 'tajo-soak-'))
let cases = 0
let failed = false
for (let round = 0; Date.now() < endsAt && !failed; round++) {
  const directory = join(dataDir, String(round))
  const databaseUrl = await server?.createDatabase()
  const store = await openStore({ dataDir: directory, databaseUrl })
  const model = await (values['two-way'] ? openTwoWay(store) : openLive(store))
  await Promise.all(Array.from({ length: lanes }, (_, lane) => runLane(model, seed + round * lanes + lane)))
  await model.close()
  await store.close()
  fs.rmSync(directory, { recursive: true, force: true })
}
await server?.stop()
fs.rmSync(dataDir, { recursive: true, force: true })
process.exitCode = failed ? 1 : 0

async function openLive(store: Store): Promise<Model> {
  const stage = await liveStage.openStage(store)
  return {
    property: (around) =>
      fc.asyncProperty(liveHappenings.anyCase(length), (plan) =>
        around(() => liveCase.runCase(stage, `soak-${++cases}`, plan)),
      ),
    close: () => stage.close(),
  }
}

async function openTwoWay(store: Store): Promise<Model> {
  const stage = await twoWayWorld.openStage(store)
  return {
    property: (around) =>
      fc.asyncProperty(twoWayHappenings.anyCase(length), (plan) =>
        around(() => twoWayCase.runCase(stage, `soak-${++cases}`, plan)),
      ),
    close: () => stage.close(),
  }
}

async function runLane({ property }: Model, laneSeed: number): Promise<void> {
  let failedAt = 0
  const attempt = async (perform: () => Promise<void>): Promise<void> => {
    // Time is up, for beginning cases as for making a failed one smaller.
    if (Date.now() > (failedAt === 0 ? endsAt : failedAt + shrinkMs)) return
    try {
      await perform()
    } catch (error) {
      failedAt ||= Date.now()
      throw error
    }
  }
  const before = cases
  const result = await fc.check(property(attempt), {
    seed: laneSeed,
    numRuns: Math.ceil(casesPerStore / lanes),
  })
  console.info(`seed ${laneSeed}: ${cases - before} cases while it ran, ${cases} in all`)
  if (!result.failed) return
  failed = true
  console.error(fc.defaultReportMessage(result), result.errorInstance)
}
