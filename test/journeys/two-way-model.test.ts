import fc from 'fast-check'
import { afterAll, describe, expect, it } from 'vitest'
import { forEachStore } from '../support/stores.ts'
import { runCase } from '../support/two-way-model/case.ts'
import { anyCase } from '../support/two-way-model/happenings.ts'
import { openStage, type Stage } from '../support/two-way-model/world.ts'

/** The same cases for every commit, or others: TAJO_MODEL_SEED. `npm run soak -- --two-way` looks for new ones. */
const seed = Number(process.env.TAJO_MODEL_SEED ?? 20_261_102)
const amounts = { cases: 100, forMs: 25_000 }

forEachStore('the two-way model', (open) => {
  let stage: Promise<Stage> | undefined
  afterAll(async () => (await stage)?.close())

  describe('whatever is edited on either side, delivered, lost, repeated, refused and killed, in whatever order', () => {
    it('R4 R9: both sides end equal, no lone edit is lost, consent only moves towards no, nothing is written without a cause', async () => {
      const store = await open()
      stage ??= openStage(store)
      const shared = await stage
      let done = 0
      await fc.assert(
        fc.asyncProperty(anyCase(12), (plan) => runCase(shared, `${store.kind}-${++done}`, plan)),
        { seed, numRuns: amounts.cases, interruptAfterTimeLimit: amounts.forMs, endOnFailure: true },
      )
      console.info(`two-way model, ${store.kind} store: ${done} cases, seed ${seed} (TAJO_MODEL_SEED)`)
      expect(done).toBeGreaterThan(0)
    })
  })
})
