/** Export, erasure and its taking back for one person (rule R11), with the clients they need. It remembers nobody. */
import type { Clock } from '../../base/clock.ts'
import type { Config } from '../../config/index.ts'
import { readConnection, type Store } from '../../store/index.ts'
import { brevoAccess, notConnected, pipedriveAccess, readStored, type Stored } from '../clients.ts'
import { withLease } from '../lease.ts'
import type { SecretBox } from '../secrets.ts'
import type { Turns } from '../turns.ts'
import { allowPerson } from './allow-person.ts'
import { erasePerson } from './erase-person.ts'
import { exportPerson } from './export-person.ts'
import { readEmail, type Sides } from './find-person.ts'
import type { Privacy } from './privacy-face.ts'

export type PrivacyContext = {
  readonly store: Store
  readonly connection: string
  readonly config: Config
  readonly box: SecretBox
  readonly clock: Clock
  readonly timeoutMs?: number | undefined
  /** Nobody is erased while a pass is under way. */
  readonly turns: Turns
  /** Called when there is something for a server to look at. */
  readonly onHints: () => Promise<void>
}

type Work<T> = (sides: Sides, stored: Stored) => Promise<T>

export function createPrivacy(context: PrivacyContext): Privacy {
  const { store, connection, clock, turns, onHints } = context
  const alone = <T>(signal: AbortSignal | undefined, work: Work<T>): Promise<T> =>
    turns.take({ signal }, () =>
      withLease(store, connection, signal, (leased) => withSides(context, leased, work)),
    )
  return {
    async export(text, { signal } = {}) {
      const email = readEmail(text)
      await readConnection(store.db, connection)
      return withSides(context, signal, (sides, stored) =>
        exportPerson({ store, connection, email, sides, stored, now: clock.now() }),
      )
    },
    async erase(text, { pipedrive = false, dryRun = false, signal } = {}) {
      const email = readEmail(text)
      const erasure = await alone(signal, (sides, stored) => {
        if (pipedrive && sides.pipedrive === null) throw notConnected('pipedrive', stored)
        return erasePerson({ store, connection, email, sides, pipedrive, dryRun, now: clock.now() })
      })
      if (!dryRun) await onHints()
      return erasure
    },
    async allow(text, { signal } = {}) {
      const email = readEmail(text)
      const allowance = await alone(signal, (sides) =>
        allowPerson({ store, connection, now: clock.now() }, email, sides),
      )
      if (allowance.lifted) await onHints()
      return allowance
    },
  }
}

async function withSides<T>(
  { store, connection, config, box, clock, timeoutMs }: PrivacyContext,
  signal: AbortSignal | undefined,
  work: Work<T>,
): Promise<T> {
  const stored = await readStored(store, connection, box)
  const pipedrive = pipedriveAccess(config, stored, clock, timeoutMs)?.make() ?? null
  const brevo = brevoAccess(config, stored, clock, timeoutMs)?.make() ?? null
  try {
    return await work({ pipedrive, brevo, signal }, stored)
  } finally {
    await Promise.all([pipedrive?.close(), brevo?.close()])
  }
}
