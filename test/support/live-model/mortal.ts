/**
 * A process that can be killed between any two things it does: from then on no statement reaches its store and no request
 * leaves or is answered. What was committed stays, what was not is gone. It kills nothing but its own connections.
 */
import type { KyselyPlugin } from 'kysely'
import type { Store } from '../../../src/store/index.ts'

export class Killed extends Error {
  constructor() {
    super('The process was killed')
  }
}

export type Life = {
  readonly signal: AbortSignal
  readonly isOver: boolean
  /** Something is about to be done, or has just been done. Throws when the process is dead, or dies of it. */
  tick(): void
  /** From now on the process dies of the so-manieth thing that it does; null: of nothing. */
  endsAfter(ticks: number | null): void
  end(): void
}

export function createLife(): Life {
  const death = new AbortController()
  let left: number | null = null
  return {
    signal: death.signal,
    get isOver() {
      return death.signal.aborted
    },
    tick() {
      if (left !== null && --left < 0) this.end()
      if (death.signal.aborted) throw new Killed()
    },
    endsAfter(ticks) {
      left = ticks
    },
    end() {
      if (!death.signal.aborted) death.abort(new Killed())
    },
  }
}

/** The store as the mortal process has it. The one underneath stays open. */
export function mortalStore(store: Store, life: Life): Store {
  const plugin: KyselyPlugin = {
    transformQuery({ node }) {
      life.tick()
      return node
    },
    async transformResult({ result }) {
      life.tick()
      return result
    },
  }
  const db = store.db.withPlugin(plugin)
  return {
    ...store,
    db,
    urgent: store.urgent.withPlugin(plugin),
    async transaction(work) {
      life.tick()
      const result = await db.transaction().execute(async (trx) => {
        const done = await work(trx)
        // Killed with everything said, and before the commit.
        life.tick()
        return done
      })
      life.tick()
      return result
    },
  }
}
