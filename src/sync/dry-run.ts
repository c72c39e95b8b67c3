/** What a sync would do, without doing it: nothing is sent to either service. */
import { dueEdits, type PersonEditEntry, type PersonEditRow } from '../store/index.ts'
import type { Verdict } from './merge/index.ts'
import type { EditCommand, WriteCommand } from './model/index.ts'
import { plannedPersons } from './plan-persons.ts'
import type { Plan } from './projection/index.ts'
import {
  createCommandTally,
  type MergedBatch,
  type Planned,
  planFirst,
  planWrites,
} from './reconcile/index.ts'
import type { SyncPreview } from './report.ts'
import type { Resolution } from './resolve.ts'
import type { RunContext } from './run-context.ts'

export type DryRun = {
  readonly planned: { readonly created: number; readonly updated: number; readonly equal: number }
  readonly lists: { readonly added: number; readonly removed: number }
  readonly persons: { readonly created: number; readonly updated: number; readonly conflicts: number }
  readonly preview: SyncPreview
}

/** So many changes are shown in full; all are counted. */
const shownAtMost = 100

export async function dryRun(
  context: RunContext,
  run: string,
  resolution: Resolution,
  plan: Plan,
): Promise<DryRun> {
  const { store, connection } = context
  const toBrevo = createCommandTally()
  let equal = 0
  const changes: SyncPreview['changes'][number][] = []
  const toPipedrive = createBackTally(plan)
  const take = async ({ rows, settled, back }: Pick<Planned, 'rows' | 'settled' | 'back'>): Promise<void> => {
    equal += settled.length
    for (const row of rows) {
      const command = toBrevo.take(row)
      if (command !== null && changes.length < shownAtMost) changes.push(shown(command))
    }
    if (back) toPipedrive.take(back)
  }
  const first = await planFirst(store, connection, { run, now: null, scope: null, plan })
  await take({ rows: first, settled: [], back: null })
  await planWrites(
    store,
    connection,
    { run, plan, clock: () => context.clock.now(), now: null, scope: null, signal: context.signal },
    { take },
  )
  for await (const entry of waitingEdits(context, plan)) toPipedrive.addWaiting(entry)
  for await (const rows of plannedPersons(context, plan, null)) toPipedrive.addNew(rows)
  const { persons, edits, conflicts } = toPipedrive
  return {
    planned: { ...toBrevo.counts(), equal },
    lists: toBrevo.lists,
    persons,
    preview: {
      attributes: resolution.missingAttributes.map(({ name, type }) => ({ name, type })),
      lists: resolution.missingTechnicalList ? ['Tajo'] : [],
      changes,
      persons: edits,
      conflicts,
    },
  }
}

/** Counts what would go to Pipedrive, and keeps the first of it to be shown. */
function createBackTally(plan: Plan) {
  const persons = { created: 0, updated: 0, conflicts: 0 }
  const edits: SyncPreview['persons'][number][] = []
  const conflicts: SyncPreview['conflicts'][number][] = []
  const compared = new Set<number>()
  const add = (row: PersonEditRow, verdicts: readonly Verdict[], reason: string): void => {
    if (row.person_id === null) persons.created++
    else persons.updated++
    if (edits.length < shownAtMost) edits.push(shownEdit(row, verdicts, reason))
  }
  return {
    persons,
    edits,
    conflicts,
    take(back: NonNullable<Planned['back']>): void {
      for (const { contact_id } of back.compared) compared.add(contact_id)
      for (const edit of back.edits) {
        const merged = edit.person_id === null ? undefined : back.batch.byPerson.get(edit.person_id)
        add(edit, merged?.verdicts ?? [], 'changed_in_brevo')
      }
      persons.conflicts += back.batch.conflicts.length
      const found = back.batch.conflicts.flatMap((conflict) => shownConflicts(conflict, plan))
      conflicts.push(...found.slice(0, shownAtMost - conflicts.length))
    },
    /** What was just compared again is planned anew: the older plan does not count. */
    addWaiting(entry: PersonEditEntry): void {
      if (!compared.has(entry.contact_id)) add(entry, [], entry.person_id === null ? 'new_person' : 'waiting')
    },
    addNew(rows: readonly PersonEditRow[]): void {
      for (const row of rows) add(row, [], 'new_person')
    },
  }
}

/** What an earlier run or a server has planned for Pipedrive and not brought there yet. */
async function* waitingEdits(
  { store, connection }: RunContext,
  { reverse }: Plan,
): AsyncGenerator<PersonEditEntry> {
  if (reverse === null) return
  let after = 0
  for (;;) {
    const entries = await dueEdits(store.db, connection, { now: null, after, limit: 500 })
    const last = entries[entries.length - 1]
    if (!last) return
    after = last.contact_id
    yield* entries
  }
}

function shownConflicts(
  { personId, contactId, verdicts }: MergedBatch['conflicts'][number],
  { reverse }: Plan,
): readonly SyncPreview['conflicts'][number][] {
  return verdicts.map(({ name, inPipedrive, inBrevo, outcome }) => ({
    personId,
    contactId,
    name,
    inPipedrive,
    inBrevo,
    winner: outcome === 'to_pipedrive' ? 'brevo' : 'pipedrive',
    because: inPipedrive === null || inBrevo === null ? 'not_empty' : (reverse?.conflict ?? ''),
  }))
}

function shown(command: WriteCommand): SyncPreview['changes'][number] {
  return {
    action: command.action,
    personId: command.personId,
    email: command.email,
    attributes: [
      ...Object.keys(command.attributes),
      ...command.clear,
      ...(command.sms === null ? [] : ['SMS']),
    ].sort(),
    addLists: command.addLists,
    removeLists: command.removeLists,
  }
}

/** `reason`: of what no verdict was given on. */
function shownEdit(
  row: PersonEditRow,
  verdicts: readonly Verdict[],
  reason: string,
): SyncPreview['persons'][number] {
  const { email, edits, consent } = row.command as unknown as EditCommand
  const fields = edits.map(({ name, value }) => {
    const verdict = verdicts.find((item) => item.name === name)
    return { name, from: verdict?.inPipedrive ?? null, to: value, because: verdict?.reason ?? reason }
  })
  return {
    action: row.person_id === null ? 'create' : 'update',
    personId: row.person_id,
    contactId: row.contact_id,
    email,
    fields,
    consent: consent?.word ?? null,
  }
}
