import fc from 'fast-check'
import { afterAll, describe, expect, it } from 'vitest'
import { runCase } from '../support/live-model/case.ts'
import { anyCase } from '../support/live-model/happenings.ts'
import { openStage } from '../support/live-model/stage.ts'
import type { Stage } from '../support/live-model/world.ts'
import { whyNoPostgres } from '../support/postgres-server.ts'
import { forEachStore } from '../support/stores.ts'

/** The same cases for every commit, or others: TAJO_MODEL_SEED. `npm run soak` looks for new ones, for as long as it is asked to. */
const seed = Number(process.env.TAJO_MODEL_SEED ?? 20_261_102)
const cases = { embedded: whyNoPostgres() === undefined ? 60 : 200, server: 150 }
/** At a time, where the store takes more than one at a time. */
const lanes = { embedded: 1, server: 3 }
/** For what hangs: hundreds of cases take a busy machine many minutes. */
const longestMs = 1_200_000

forEachStore('the live model', (open) => {
  let stage: Promise<Stage & { close(): Promise<void> }> | undefined
  afterAll(async () => (await stage)?.close())

  describe('whatever is edited, delivered, lost, polled, repeated and killed, in whatever order', () => {
    it(
      'R5.1 R5.6 R6 R7: Brevo ends as a fresh full sync would leave it, and every true change was told once',
      async () => {
        const store = await open()
        stage ??= openStage(store)
        const shared = await stage
        const wanted = Math.ceil(cases[store.kind] / lanes[store.kind])
        let done = 0
        const property = () =>
          fc.asyncProperty(anyCase(12), (plan) => runCase(shared, `${store.kind}-${++done}`, plan))
        await Promise.all(
          Array.from({ length: lanes[store.kind] }, (_, lane) =>
            fc.assert(property(), {
              seed: seed + lane,
              numRuns: wanted,
              // Told as it is found: `npm run soak -- --seed` makes it smaller.
              endOnFailure: true,
            }),
          ),
        )
        console.info(`live model, ${store.kind} store: ${done} cases, seed ${seed} (TAJO_MODEL_SEED)`)
        expect(done).toBe(wanted * lanes[store.kind])
      },
      longestMs,
    )
  })
})
