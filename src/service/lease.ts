/** One worker at a time owns a connection. A lease in the store says who; a dead holder's lease runs out by itself. */
import { hostname } from 'node:os'
import { TajoError } from '../base/error.ts'
import { dropLease, readConnection, type Store, takeLease } from '../store/index.ts'

const leaseSeconds = 60
const renewEveryMs = 15_000

/** Runs `work` while holding the lease; its signal is aborted when the lease is lost. Throws `connection_busy`. */
export async function withLease<T>(
  store: Store,
  connection: string,
  signal: AbortSignal | undefined,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  await readConnection(store.db, connection)
  const holder = `${hostname()}:${process.pid}`
  const other = await takeLease(store.db, connection, holder, leaseSeconds)
  if (other !== null && !(await takeFromTheDead(store, connection, holder, other.holder))) {
    throw new TajoError({
      code: 'connection_busy',
      disposition: 'pause',
      notBefore: other.until,
      message: `Another Tajo (${other.holder}) is working on the connection ${connection}; wait for it to end, or stop it.`,
    })
  }
  const lost = new AbortController()
  const timer = setInterval(() => {
    takeLease(store.db, connection, holder, leaseSeconds).then(
      (taken) => taken && lost.abort(new Error(`The lease on ${connection} went to ${taken.holder}`)),
      () => undefined, // A store that is away for a moment is noticed by the work itself.
    )
  }, renewEveryMs)
  try {
    return await work(signal ? AbortSignal.any([signal, lost.signal]) : lost.signal)
  } finally {
    clearInterval(timer)
    await dropLease(store.db, connection, holder)
  }
}

/** The embedded store's lock already proves that no other process lives; on one machine a process can be asked. */
async function takeFromTheDead(
  store: Store,
  connection: string,
  holder: string,
  other: string,
): Promise<boolean> {
  const [host, pid] = other.split(':')
  const dead = store.kind === 'embedded' || (host === hostname() && !isAlive(Number(pid)))
  if (!dead) return false
  await dropLease(store.db, connection, other)
  return (await takeLease(store.db, connection, holder, leaseSeconds)) === null
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}
