/** Where a process spends its time in the store: every statement and transaction, counted and timed as its caller waits. */
import pg from 'pg'

export type StatementTime = { text: string; count: number; totalMs: number; worstMs: number }

type Query = (...args: unknown[]) => Promise<unknown>

/** From now on; what is given back grows. Statements inside the job engine count too. */
export function watchStatements(): Map<string, StatementTime> {
  const times = new Map<string, StatementTime>()
  const add = (text: string, ms: number): void => {
    const { count, totalMs, worstMs } = times.get(text) ?? { count: 0, totalMs: 0, worstMs: 0 }
    times.set(text, { text, count: count + 1, totalMs: totalMs + ms, worstMs: Math.max(worstMs, ms) })
  }
  const open = new WeakMap<object, { startedMs: number; text: string }>()
  const prototype = pg.Client.prototype as unknown as { query: Query }
  const { query } = prototype
  prototype.query = async function (this: object, ...args: unknown[]) {
    const startedMs = performance.now()
    try {
      return await query.apply(this, args)
    } finally {
      const text = (typeof args[0] === 'string' ? args[0] : 'other').replace(/\s+/g, ' ')
      add(text, performance.now() - startedMs)
      const transaction = open.get(this)
      if (text === 'begin') open.set(this, { startedMs: performance.now(), text: '' })
      else if (transaction && (text === 'commit' || text === 'rollback')) {
        open.delete(this)
        add(`transaction of: ${transaction.text}`, performance.now() - transaction.startedMs)
      } else if (transaction?.text === '') transaction.text = text
    }
  }
  return times
}

/** The dearest first, as many as asked for. */
export function dearest(times: ReadonlyMap<string, StatementTime>, most: number): readonly StatementTime[] {
  const byTotal = [...times.values()].sort((a, b) => b.totalMs - a.totalMs)
  return byTotal.slice(0, most)
}
