/** Many contacts at once: imports, halved where Brevo refuses them, and waited for. What came of them shows when they are read back. */
import { TajoError } from '../base/error.ts'
import { assignProcess, markSent, openImports, reopenImports, retrySingly } from '../store/index.ts'
import { advance, type Delivery } from './deliver.ts'
import { deliverImport, importBytesAtMost, readImportStates, toImportRow } from './destination/index.ts'
import { type ImportChunk, importChunks, pendingEntries } from './outbox/index.ts'
import { fromGroupKey } from './reconcile/index.ts'
import type { RunContext } from './run-context.ts'

/** A process that failed is imported again so often before its contacts are asked for one by one. */
const importTriesAtMost = 2
/** How often to ask whether imports are done: these calls are rationed by the hour. */
const pollDelaysMs = [500, 1_000, 2_000, 4_000, 8_000, 15_000, 30_000, 60_000]
/** After so long the run ends as incomplete; the next one reads back. */
const importPatienceMs = 20 * 60_000

export async function deliverImports(delivery: Delivery): Promise<void> {
  const { context } = delivery
  const { store, connection } = context
  const chunks = importChunks(
    pendingEntries(store, connection, 'import'),
    (entry) => toImportRow(entry.command),
    importBytesAtMost,
  )
  for await (const chunk of chunks) {
    context.signal?.throwIfAborted()
    await sendChunk(delivery, chunk)
  }
}

/** Halves what Brevo refuses until the refused rest is small enough to be asked for singly. */
async function sendChunk(delivery: Delivery, chunk: ImportChunk): Promise<void> {
  const { context } = delivery
  const { store, brevo, clock } = context
  const ids = chunk.entries.map((entry) => entry.id)
  await markSent(store.db, ids, clock.now())
  try {
    const processId = await deliverImport(brevo, chunk.texts, fromGroupKey(chunk.groupKey), context.signal)
    await assignProcess(store.db, ids, processId)
    advance(delivery, ids.length)
  } catch (error) {
    if (!(error instanceof TajoError) || error.disposition !== 'reject') throw error
    if (ids.length <= 100) {
      await retrySingly(store.db, ids)
      return
    }
    const middle = Math.ceil(ids.length / 2)
    for (const [from, to] of [
      [0, middle],
      [middle, ids.length],
    ] as const) {
      await sendChunk(delivery, {
        groupKey: chunk.groupKey,
        entries: chunk.entries.slice(from, to),
        texts: chunk.texts.slice(from, to),
      })
    }
  }
}

/**
 * Waits until Brevo has worked through the imports; rows of those that failed are pending again if they are to be
 * repeated. Returns false when it did not within twenty minutes.
 */
export async function awaitImports(context: RunContext, repeatFailed: boolean): Promise<boolean> {
  const { store, connection, brevo, clock } = context
  const started = clock.now().getTime()
  for (let poll = 0; ; poll++) {
    const { processIds, unnamed } = await openImports(store.db, connection)
    if (processIds.length === 0 && unnamed === 0) return true
    await clock.sleep(pollDelaysMs[Math.min(poll, pollDelaysMs.length - 1)] ?? 60_000, context.signal)
    const states = await readImportStates(brevo, processIds, unnamed > 0, context.signal)
    if (repeatFailed) await reopenImports(store.db, connection, states.failed, importTriesAtMost)
    const waiting = states.running.length
    if (waiting === 0) return true
    if (clock.now().getTime() - started > importPatienceMs) return false
  }
}
