/** Letting a connection rest: kept in the store, so that a server that starts later knows it, too. */
import type { Clock } from '../base/clock.ts'
import { TajoError } from '../base/error.ts'
import { dropHold, type HoldRow, keepHold, readConnection, readHold, type Store } from '../store/index.ts'
import type { Hold, Holding } from './settings-face.ts'

export type HoldContext = {
  readonly store: Store
  readonly connection: string
  readonly clock: Clock
  /** The server in this process looks whether it is held, and acts accordingly. */
  readonly onChanged: () => Promise<void>
}

export function createHolding({ store, connection, clock, onChanged }: HoldContext): Holding {
  return {
    async begin({ because }) {
      await readConnection(store.db, connection)
      await keepHold(store.db, connection, { held_at: clock.now(), held_because: because })
      await onChanged()
      const row = await readHold(store.db, connection)
      // Somebody let it go on in the same moment.
      return toHold(row ?? { held_at: clock.now(), held_because: because })
    },
    async end() {
      const wasHeld = await dropHold(store.db, connection)
      await onChanged()
      return { wasHeld }
    },
  }
}

export function toHold({ held_at, held_because }: HoldRow): Hold {
  return { heldAt: held_at.toISOString(), because: held_because }
}

export function isHeld({ held_because }: HoldRow): TajoError {
  const why =
    held_because === 'setup'
      ? 'it is being set up. Finish that on the page, or go on with "tajo resume"'
      : 'somebody paused it. Go on with "tajo resume", or on the page'
  return new TajoError({
    code: 'connection_held',
    disposition: 'pause',
    message: `The server lets the connection rest: ${why}.`,
  })
}
