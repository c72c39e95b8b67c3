/** What a plan would change in Brevo, counted over the whole mirror. Nothing is kept: it may run beside a server that works with another plan. */
import {
  type Candidate,
  countPersons,
  type DraftWanted,
  draftCandidates,
  type OutboxRow,
  type Store,
} from '../../store/index.ts'
import { type Attributes, SMS, type Warning, type WriteCommand } from '../model/index.ts'
import type { Plan } from '../projection/index.ts'
import {
  createCommandTally,
  planCandidates,
  planRetirements,
  projectIdentities,
  toWantedRow,
  walkIdentities,
} from '../reconcile/index.ts'
import type { DraftTrial, TrialChange } from './shapes.ts'
import { type NumberVerdict, readTrialNumbers } from './trial-numbers.ts'

/** So many changes are shown in full; all are counted. */
const shownAtMost = 50

export type TrialRequest = {
  readonly plan: Plan
  readonly now: () => Date
  readonly signal?: AbortSignal | undefined
  readonly onProgress?: ((progress: { what: string; done: number; total: number }) => void) | undefined
}

export async function tryOut(store: Store, connection: string, request: TrialRequest): Promise<DraftTrial> {
  const { plan, now, signal, onProgress } = request
  const { clusters: total } = await countPersons(store.db, connection)
  const numbers = await readTrialNumbers(store, connection, plan, {
    signal,
    onProgress: (done) => onProgress?.({ what: 'numbers', done, total }),
  })
  const tally = createTally()
  let done = 0
  for await (const identities of walkIdentities(store, connection)) {
    signal?.throwIfAborted()
    const projected = await projectIdentities(store, connection, plan, identities)
    const contacts = projected.map(({ contact }) => contact)
    const verdicts = await numbers.judge(contacts)
    for (const { contact, warnings } of projected) tally.warn(warnings, verdicts.get(contact.personId))
    const rows = contacts.map(
      (contact): DraftWanted => ({
        ...toWantedRow(contact),
        sms_granted: verdicts.get(contact.personId) === 'granted',
      }),
    )
    const candidates = await draftCandidates(store.db, connection, rows)
    const open = candidates.flatMap((candidate) =>
      candidate.refused || candidate.held ? [] : [asReadWith(plan, candidate)],
    )
    const planned = await planCandidates(store, connection, plan, open, now())
    const contactOf = new Map(open.map((candidate) => [candidate.person_id, candidate.contact]))
    // In step with the saved settings and the draft alike.
    tally.unchanged(rows.length - candidates.length + planned.settled.length)
    for (const row of planned.rows) tally.take(row, contactOf)
    done += identities.length
    onProgress?.({ what: 'contacts', done, total })
  }
  for (const row of await planRetirements(store, connection, plan, null)) tally.take(row, new Map())
  return tally.result()
}

/** Only mapped attributes are known of a contact: with the draft, those that it maps no more would not be read. */
function asReadWith(plan: Plan, candidate: Candidate): Candidate {
  const { contact } = candidate
  if (contact === null) return candidate
  const names = plan.attributes.map(({ attribute }) => attribute.name)
  const attributes = Object.fromEntries(
    Object.entries(contact.attributes).filter(([name]) => names.includes(name)),
  )
  return { ...candidate, contact: { ...contact, attributes } }
}

function createTally() {
  const commands = createCommandTally()
  let unchanged = 0
  const warnings: Record<string, number> = {}
  const changes: TrialChange[] = []
  const count = (code: string): void => {
    warnings[code] = (warnings[code] ?? 0) + 1
  }
  return {
    warn(found: readonly Warning[], number: NumberVerdict | undefined): void {
      for (const { code } of found) count(code)
      if (number === 'taken') count('sms_taken')
      if (number === 'refused') count('invalid_phone')
    },
    unchanged(more: number): void {
      unchanged += more
    },
    /** `contactOf`: by person, as it is known. */
    take(row: OutboxRow, contactOf: ReadonlyMap<number, Candidate['contact']>): void {
      const command = commands.take(row)
      if (command === null || changes.length >= shownAtMost) return
      changes.push(toChange(command, contactOf.get(command.personId) ?? null))
    },
    result: (): DraftTrial => ({
      contacts: { ...commands.counts(), unchanged },
      lists: commands.lists,
      warnings,
      changes,
    }),
  }
}

function toChange(command: WriteCommand, known: Candidate['contact']): TrialChange {
  const { personId, email, action, renamedFrom, extId, sms, attributes, clear, block } = command
  const before = (known?.attributes ?? {}) as unknown as Attributes
  const from = (name: string): unknown => (name === SMS ? known?.sms : before[name]) ?? null
  const fields = [
    ...(renamedFrom === null ? [] : [{ attribute: 'EMAIL', from: renamedFrom || null, to: email }]),
    ...(sms === null ? [] : [{ attribute: SMS, from: from(SMS), to: sms }]),
    ...Object.entries(attributes).map(([name, to]) => ({ attribute: name, from: from(name), to })),
    ...clear.map((name) => ({ attribute: name, from: from(name), to: null })),
    ...(extId === null ? [] : [{ attribute: 'EXT_ID', from: known?.ext_id ?? null, to: extId }]),
    ...(block ? [{ attribute: 'blocklisted', from: false, to: true }] : []),
  ]
  return { personId, email, action, fields, addLists: command.addLists, removeLists: command.removeLists }
}
