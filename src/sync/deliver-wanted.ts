/** Brings Brevo's contacts to what is wanted: plans, sends, reads back, and plans again what Brevo turned out to know better. */
import { TajoError } from '../base/error.ts'
import {
  addToOutbox,
  countGroups,
  dropUnbegun,
  grantSms,
  openImports,
  refreshStatistics,
} from '../store/index.ts'
import { type Delivery, deliverRequests } from './deliver.ts'
import { awaitImports, deliverImports } from './deliver-imports.ts'
import type { Plan } from './projection/index.ts'
import { readBack } from './read-back.ts'
import { chooseRoutes, outboxSink, type PlanSink, planFirst, planWrites } from './reconcile/index.ts'
import type { RunContext } from './run-context.ts'

/** What Brevo turned out to know better is planned again, so often. */
const roundsAtMost = 4
/** So few contacts are read back one by one: what else was modified lately is more. */
const askSinglyBelow = 20
/** Allowed for between two machines' clocks, where the other's is not known. */
const clockSkewMs = 10 * 60_000

/** What a killed process had sent is looked at before anything is planned, so that it counts for what it was. */
export async function settleEarlier(delivery: Delivery, knownUntil: Date | null): Promise<void> {
  const { store, connection } = delivery.context
  await dropUnbegun(store.db, connection)
  const { rows, firstSentAt } = await openImports(store.db, connection)
  if (rows === 0 || firstSentAt === null) return
  await finishImports(delivery.context, false)
  // By Brevo's own clock where it is known: nothing was sent before that run had read Brevo.
  const since = Math.min(
    firstSentAt.getTime() - clockSkewMs,
    knownUntil?.getTime() ?? Number.POSITIVE_INFINITY,
  )
  await readBack(delivery, new Date(since), 'earlier')
}

async function finishImports(context: RunContext, repeatFailed: boolean): Promise<void> {
  if (await awaitImports(context, repeatFailed)) return
  throw new TajoError({
    code: 'brevo_import_slow',
    disposition: 'retry',
    message:
      'Brevo has not finished the imports after twenty minutes; run the sync again later to see what came of them.',
  })
}

export async function deliverWanted(delivery: Delivery, run: string, plan: Plan, since: Date): Promise<void> {
  const { context, scope } = delivery
  const { store, connection, clock } = context
  const sink = tellOf(
    outboxSink(store, connection, run, () => clock.now()),
    context,
  )
  for (let round = 0; round < roundsAtMost; round++) {
    // What failed a moment ago waits its time; a pass asked for by hand asks again at once.
    const now = delivery.live ? clock.now() : null
    const first = await planFirst(store, connection, { run, now, scope, plan })
    if (first.length > 0) {
      await addToOutbox(store.db, connection, run, first)
      await drain(delivery, since, run)
    }
    const request = { run, plan, now, scope, clock: () => clock.now(), signal: context.signal }
    await planWrites(store, connection, request, sink)
    if (!delivery.live) await refreshStatistics(store.db)
    await chooseRoutes(store, connection, run)
    const waiting = await pendingCount(delivery, run)
    if (waiting === 0) return
    Object.assign(delivery.tally, { done: 0, total: waiting })
    context.onProgress?.({ stage: 'deliver', what: 'contacts', ...delivery.tally })
    await drain(delivery, since, run)
    // Numbers that turned out to be taken are no longer asked for.
    await grantSms(store.db, connection, scope)
  }
}

/** Both sides had changed a field, or it went in circles: whoever watches is told, in ids. */
function tellOf(sink: PlanSink, { connection, onNews }: RunContext): PlanSink {
  return {
    async take(planned) {
      await sink.take(planned)
      for (const { contactId, personId, verdicts } of planned.back?.batch.conflicts ?? []) {
        const winners = verdicts.map(({ name, outcome }) => {
          const winner =
            outcome === 'to_pipedrive' ? 'Brevo' : outcome === 'to_brevo' ? 'Pipedrive' : 'neither'
          return `${name}: ${winner} wins`
        })
        onNews?.({
          level: 'info',
          event: 'field.conflict',
          message: `Person ${personId} was changed on both sides; ${winners.join(', ')}`,
          details: { connection, person_id: personId, contact_id: contactId, fields: winners },
        })
      }
      for (const { contact_id, attribute } of planned.back?.batch.stopped ?? []) {
        onNews?.({
          level: 'warn',
          event: 'field.stopped',
          message: `${attribute} of contact ${contact_id} goes back and forth between Brevo and Pipedrive; nothing is written to it until \`tajo failures retry\``,
          details: { connection, contact_id, attribute },
        })
      }
    },
  }
}

/** Sends and reads back until nothing is pending: imports first, then singly what they left undone. */
async function drain(delivery: Delivery, since: Date, run: string): Promise<void> {
  for (let turn = 0; turn < roundsAtMost; turn++) {
    const sent = await pendingCount(delivery, run)
    if (sent === 0) return
    // Singles first: they free what imports rely on.
    await deliverRequests(delivery)
    await deliverImports(delivery)
    await finishImports(delivery.context, true)
    await readBack(delivery, delivery.live && sent <= askSinglyBelow ? null : since)
  }
}

async function pendingCount({ context }: Delivery, run: string): Promise<number> {
  const groups = await countGroups(context.store.db, context.connection, run)
  return groups.reduce((sum, group) => sum + group.count, 0)
}
