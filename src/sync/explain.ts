/** Everything the store knows about one person: where it comes from, what is wanted, what Brevo has, and why. */
import { TajoError } from '../base/error.ts'
import type { JsonObject } from '../base/json.ts'
import {
  countOpenLeadsOf,
  eventsOf,
  type FailureEntry,
  failuresOfPerson,
  findKnown,
  findPersonId,
  type PastEvent,
  pendingFor,
  readClusterPersons,
  readConnection,
  readDealsOf,
  readRecord,
  readWanted,
  readWarnings,
  type Store,
} from '../store/index.ts'
import { explainMerge, type ReverseExplanation } from './explain-merge.ts'
import { type Deal, type KnownContact, normaliseEmail, type Person, SMS } from './model/index.ts'
import { fromPlanNote, type PlanNote } from './plan-note.ts'
import { leadPerson, listReasons } from './projection/index.ts'
import { fromKnownRow, sameValue } from './reconcile/index.ts'

type Wanted = NonNullable<Awaited<ReturnType<typeof readWanted>>>

export type ExplainedField = { attribute: string; wanted: unknown; inBrevo: unknown; state: string }
export type ExplainedList = {
  listId: number
  name: string | null
  because: readonly string[]
  member: boolean
  ours: boolean
}

export type PersonExplanation = {
  readonly personId: number
  readonly source: JsonObject
  readonly deleted: boolean
  readonly email: string | null
  readonly problem: string | null
  /** The lead person first. */
  readonly cluster: readonly Person[]
  readonly contact: KnownContact | null
  readonly inStep: boolean
  readonly held: boolean
  readonly fields: readonly ExplainedField[]
  readonly lists: readonly ExplainedList[]
  readonly warnings: readonly { code: string; detail: string }[]
  readonly failure: FailureEntry | null
  readonly pending: readonly { action: string; state: string }[]
  /** Of everyone in the cluster, the newest first. */
  readonly events: readonly PastEvent[]
  /** Null where nothing goes to Pipedrive. */
  readonly reverse: ReverseExplanation | null
}

const EVENTS_SHOWN = 50

/** `subject`: a person id or an address. Throws `person_unknown`. */
export async function explainPerson(
  store: Store,
  connection: string,
  subject: string,
): Promise<PersonExplanation> {
  const personId = await findPerson(store, connection, subject)
  const record =
    personId === null ? undefined : await readRecord(store.db, connection, 'person', String(personId))
  if (personId === null || record === undefined) {
    throw new TajoError({
      code: 'person_unknown',
      message: `No person ${subject} in what was read from Pipedrive: check the id or address, or run \`tajo sync\` first.`,
    })
  }
  const cluster = await readCluster(store, connection, record.identity)
  const leadId = cluster[0]?.id ?? personId
  const members = cluster.length === 0 ? [personId] : cluster.map(({ id }) => id)
  const [wanted, known, warnings, failures, pending, events] = await Promise.all([
    readWanted(store.db, connection, { personId: leadId }),
    findKnown(store.db, connection, { personId: leadId }),
    readWarnings(store.db, connection, leadId),
    failuresOfPerson(store.db, connection, leadId),
    pendingFor(store.db, connection, leadId),
    eventsOf(store.db, connection, members, EVENTS_SHOWN),
  ])
  const { plan } = await readConnection(store.db, connection)
  const note = plan && fromPlanNote(plan)
  const contact = known ? fromKnownRow(known) : null
  const fingerprint = wanted && `${wanted.fingerprint}${wanted.sms_granted ? '+' : '-'}`
  return {
    personId,
    source: record.doc,
    deleted: record.deleted,
    email: record.identity,
    problem: record.problem,
    cluster,
    contact,
    inStep: known !== undefined && fingerprint !== undefined && known.in_step === fingerprint,
    held: wanted !== undefined && wanted.held === wanted.fingerprint,
    fields: wanted ? explainFields(wanted, contact) : [],
    lists: note ? await explainLists(store, connection, note, cluster, contact) : [],
    warnings,
    failure: failures.find(({ entity }) => entity !== 'person edit') ?? null,
    pending: pending
      .filter((entry) => entry.state !== 'done')
      .map(({ action, state }) => ({ action, state })),
    events,
    reverse:
      note && cluster[0] ? await explainMerge(store, connection, note.merge, cluster[0], failures) : null,
  }
}

async function findPerson(store: Store, connection: string, subject: string): Promise<number | null> {
  if (/^\d+$/.test(subject)) return Number(subject)
  const email = normaliseEmail(subject)
  return email === null ? null : findPersonId(store.db, connection, email)
}

async function readCluster(
  store: Store,
  connection: string,
  identity: string | null,
): Promise<readonly Person[]> {
  if (identity === null) return []
  const rows = await readClusterPersons(store.db, connection, [identity])
  const persons = rows.map((row) => row.doc as unknown as Person)
  if (persons.length === 0) return []
  const lead = leadPerson(persons)
  return [lead, ...persons.filter((person) => person.id !== lead.id)]
}

function explainFields(wanted: Wanted, contact: KnownContact | null): readonly ExplainedField[] {
  const attributes = wanted.attributes as Record<string, string | number | boolean | string[]>
  const names = new Set([
    ...Object.keys(attributes),
    ...Object.keys(contact?.attributes ?? {}),
    ...wanted.keep,
  ])
  const fields = [...names]
    .filter((name) => name !== SMS)
    .sort()
    .map((attribute) => {
      const value = attributes[attribute]
      const inBrevo = contact?.attributes[attribute]
      const state = wanted.keep.includes(attribute)
        ? 'left out'
        : value === undefined
          ? contact?.written.includes(attribute)
            ? 'to be cleared'
            : 'empty in Pipedrive'
          : sameValue(value, inBrevo)
            ? 'same'
            : 'differs'
      return { attribute, wanted: value ?? null, inBrevo: inBrevo ?? null, state }
    })
  if (wanted.sms === null && !contact?.sms && !wanted.keep.includes(SMS)) return fields
  const state =
    wanted.keep.includes(SMS) || (wanted.sms !== null && !wanted.sms_granted)
      ? 'left out'
      : contact?.sms === wanted.sms
        ? 'same'
        : 'differs'
  return [...fields, { attribute: SMS, wanted: wanted.sms, inBrevo: contact?.sms ?? null, state }]
}

async function explainLists(
  store: Store,
  connection: string,
  note: PlanNote,
  cluster: readonly Person[],
  contact: KnownContact | null,
): Promise<readonly ExplainedList[]> {
  const ids = cluster.map((person) => person.id)
  const [deals, leads] = await Promise.all([
    readDealsOf(store.db, connection, ids),
    countOpenLeadsOf(store.db, connection, ids),
  ])
  const facts = {
    deals: deals.map((row) => row.doc as unknown as Deal),
    openLeads: leads.reduce((sum, row) => sum + row.count, 0),
    activities: { nextDate: null, lastDate: null },
  }
  const reasons = ids.length === 0 ? [] : listReasons(facts, note.lists)
  const listIds = new Set([...reasons.map((reason) => reason.listId), ...(contact?.lists ?? [])])
  return [...listIds]
    .sort((a, b) => a - b)
    .map((listId) => ({
      listId,
      name: note.listNames[String(listId)] ?? null,
      because: reasons.filter((reason) => reason.listId === listId).map((reason) => reason.because),
      member: contact?.lists.includes(listId) ?? false,
      ours: contact?.ourLists.includes(listId) ?? false,
    }))
}
