/** The events that Brevo has, against what truly happened: each once, none made up, none left out that had to come. */
import { sql } from 'kysely'
import type { SeedDeal } from '../../../src/simulators/pipedrive/seed.ts'
import type { Store, Transition } from '../../../src/store/index.ts'
import { type Chronicle, type Place, samePlace } from './chronicle.ts'
import type { World } from './world.ts'

type EventRow = {
  readonly key: string
  readonly entity: string
  readonly record_id: string
  readonly action: string
  readonly person_id: number | null
  readonly state: string
}

export async function checkTold(
  store: Store,
  world: World,
  chronicle: Chronicle,
  calm: boolean,
): Promise<void> {
  const { connection } = world
  const { rows } = await sql<EventRow>`select key, entity, record_id, action, person_id, state from events
    where connection = ${connection} order by id`.execute(store.db)
  const deals = [...world.pipedrive.state.tables.deal.all()]
  // In the order in which they happened: what came late is told late.
  const { rows: transitions } =
    await sql<Transition>`select deal_id, kind, from_stage, to_stage, from_status, to_status,
    at::text, noticed_by from transitions where connection = ${connection} order by at, id`.execute(store.db)
  const faults = [
    ...sentFaults(rows, world, chronicle),
    ...addedFaults(rows, world, chronicle),
    ...mergedFaults(rows, chronicle),
    ...goneFaults(rows, chronicle),
    ...updatedFaults(rows, chronicle),
    ...deals.flatMap((deal) => {
      const own = transitions.filter((one) => one.deal_id === deal.id)
      return [...dealFaults(deal, own, chronicle), ...dealEventFaults(deal, own, rows, world, calm)]
    }),
  ]
  if (faults.length > 0) throw new Error(`Events are not what happened:\n  ${faults.join('\n  ')}`)
}

/** Rows and Brevo say the same, once. */
function sentFaults(rows: readonly EventRow[], { brevo }: World, chronicle: Chronicle): string[] {
  const arrived = brevo.state.events().map((event) => String(event.event_properties.event_id))
  const faults = arrived.filter((key, at) => arrived.indexOf(key) !== at).map((key) => `${key} came twice`)
  const keys = new Set(rows.map((row) => row.key))
  faults.push(...arrived.filter((key) => !keys.has(key)).map((key) => `${key} came from nowhere`))
  for (const { key, state, person_id } of rows) {
    const came = arrived.includes(key)
    if (state === 'done' ? !came : came)
      faults.push(`${key} is ${state}, and ${came ? 'came' : 'never came'}`)
    if (!['done', 'no_contact'].includes(state)) faults.push(`${key} ends as ${state}`)
    if (state === 'no_contact' && person_id !== null && !chronicle.homeless.has(person_id))
      faults.push(`${key} went to nobody, though person ${person_id} always had an address`)
  }
  return faults
}

/** Each record that was made since the first sync, once; one that was gone before anybody looked, perhaps never. */
function addedFaults(rows: readonly EventRow[], { pipedrive }: World, chronicle: Chronicle): string[] {
  const added = rows.filter((row) => row.action === 'added')
  const faults = added
    .filter((row) => chronicle.existed(row.entity, row.record_id))
    .map((row) => `${row.key} was there before`)
  const { person, deal, activity, lead } = pipedrive.state.tables
  for (const [entity, table] of Object.entries({ person, deal, activity, lead })) {
    for (const record of table.all()) {
      if (chronicle.existed(entity, record.id)) continue
      // Nothing but its webhook tells of a lead that is archived before anybody looks.
      const { is_deleted, is_archived } = record as { is_deleted?: boolean; is_archived?: boolean }
      const gone = is_deleted === true || (entity === 'lead' && is_archived === true)
      const count = added.filter((row) => row.entity === entity && row.record_id === String(record.id)).length
      if (count > 1 || (count === 0 && !gone))
        faults.push(`${entity} ${record.id} was told as added ${count} times`)
    }
  }
  return faults
}

function mergedFaults(rows: readonly EventRow[], chronicle: Chronicle): string[] {
  const told = rows.filter((row) => row.action === 'merged').map((row) => row.key)
  const faults: string[] = []
  const seen = new Set<string>()
  for (const { change, arrivedAt } of chronicle.records) {
    if (change.entity !== 'person' || change.mergedTo === undefined) continue
    const key = `person:${change.mergedTo}:merged:${change.id}`
    const survivor = chronicle
      .of('person', change.mergedTo)
      .find((one) => one.change.mergedFrom === Number(change.id))
    const heard = arrivedAt !== null || survivor?.arrivedAt != null
    if (told.includes(key) !== heard)
      faults.push(`${key} was ${heard ? 'not told' : 'told without a webhook'}`)
    seen.add(key)
  }
  return [...faults, ...told.filter((key) => !seen.has(key)).map((key) => `${key} never happened`)]
}

/** Persons that are gone are told as deleted once, if anybody could have known them. */
function goneFaults(rows: readonly EventRow[], chronicle: Chronicle): string[] {
  const faults: string[] = []
  const told = rows.filter((row) => row.entity === 'person' && row.action === 'deleted')
  for (const row of told)
    if (!chronicle.of('person', Number(row.record_id)).some(({ change }) => change.action === 'delete'))
      faults.push(`${row.key} never happened`)
  for (const { change } of chronicle.of('person')) {
    if (change.action !== 'delete') continue
    const count = told.filter((row) => row.record_id === String(change.id)).length
    if (count > 1 || (count === 0 && chronicle.existed('person', change.id)))
      faults.push(`person ${change.id} was told as deleted ${count} times`)
  }
  return faults
}

/** Updates may be told together, but never more than there were, and the last one always. */
function updatedFaults(rows: readonly EventRow[], chronicle: Chronicle): string[] {
  const told = rows.filter((row) => row.action === 'updated').map((row) => row.key)
  const faults: string[] = []
  const versions = new Map<string, number>()
  const last = new Map<string, string>()
  for (const { change } of chronicle.of('activity')) {
    const version = `activity:${change.id}:updated:${change.after.update_time.slice(0, 19)}.000Z`
    versions.set(version, (versions.get(version) ?? 0) + 1)
    if (chronicle.existed('activity', change.id)) last.set(String(change.id), version)
  }
  const countOf = (version: string): number => told.filter((key) => key.startsWith(version)).length
  for (const key of told)
    if (![...versions.keys()].some((version) => key.startsWith(version))) faults.push(`${key} never happened`)
  for (const [version, count] of versions)
    if (countOf(version) > count)
      faults.push(`${version} was told ${countOf(version)} times, and happened ${count} times`)
  for (const version of last.values()) if (countOf(version) === 0) faults.push(`${version} was not told`)
  return faults
}

type Step = { readonly from: Place; readonly to: Place; readonly rows: Transition[] }

/** Stage and status of one change are two rows. */
function stepsOf(transitions: readonly Transition[]): Step[] {
  const steps: Step[] = []
  for (const row of transitions) {
    const from = { stage: Number(row.from_stage), status: row.from_status }
    const to = { stage: Number(row.to_stage), status: row.to_status }
    const last = steps.at(-1)
    const same = last && samePlace(last.from, from) && samePlace(last.to, to) && last.rows.length === 1
    if (same && last.rows[0]?.kind !== row.kind) last.rows.push(row)
    else steps.push({ from, to, rows: [row] })
  }
  return steps
}

function dealFaults(deal: SeedDeal, transitions: readonly Transition[], chronicle: Chronicle): string[] {
  const { id } = deal
  const path = chronicle.pathOf(id)
  const steps = chain(stepsOf(transitions))
  if (steps === null) return [`deal ${id}: what was told is no chain: ${shown(stepsOf(transitions))}`]
  const isNew = !chronicle.existed('deal', id)
  const clean = chronicle.isClean(id)
  const faults: string[] = []
  const fault = (text: string): void => {
    const truth = path.map(nameOf).join(' > ')
    faults.push(`deal ${id}: ${text}; true: ${truth}; told: ${shown(steps)}`)
  }
  const nodes = steps[0] ? [steps[0].from, ...steps.map((step) => step.to)] : []
  const [first] = path
  if (nodes[0] && first && !isNew && !samePlace(nodes[0], first)) fault('does not begin where it was')
  let at = 0
  nodes.forEach((node, index) => {
    // Nobody saw how a new deal began: where it is first seen it counts as open.
    const matches = (place: Place): boolean =>
      samePlace(place, node) || (index === 0 && isNew && !clean && place.stage === node.stage)
    const found = path.findIndex((place, position) => position >= at && matches(place))
    if (found < 0) fault(`was told to have been in ${nameOf(node)} then`)
    else at = index === 0 && !samePlace(path[found] ?? node, node) ? found : found + 1
  })
  const last = path.at(-1)
  const end = nodes.at(-1) ?? (isNew ? undefined : first)
  if (!deal.is_deleted && last && end && !samePlace(end, last)) fault('does not end where it is')
  if (clean && steps.length !== Math.max(0, path.length - 1)) fault('not each move was told once')
  return faults
}

/** Null when it is none. */
function chain(steps: readonly Step[]): readonly Step[] | null {
  return steps.every((step, at) => at === 0 || samePlace(step.from, steps[at - 1]?.to ?? step.from))
    ? steps
    : null
}

/** For each transition of a kind that is told there is one event, and in that order. */
function dealEventFaults(
  deal: SeedDeal,
  transitions: readonly Transition[],
  rows: readonly EventRow[],
  { brevo }: World,
  calm: boolean,
): string[] {
  const faults: string[] = []
  const wanted = { stage_changed: 0, won: 0, lost: 0, reopened: 0 }
  for (const { kind, to_status } of transitions) {
    const closed = to_status === 'won' ? 'won' : 'lost'
    wanted[kind === 'stage' ? 'stage_changed' : to_status === 'open' ? 'reopened' : closed]++
  }
  const own = rows.filter((row) => row.entity === 'deal' && row.record_id === String(deal.id))
  for (const [action, count] of Object.entries(wanted)) {
    const events = own.filter((row) => row.action === action).length
    if (events !== count) faults.push(`deal ${deal.id}: ${events} events ${action} of ${count}`)
  }
  const sent = own.filter((row) => row.state === 'done' && row.action !== 'added')
  const oneContact = new Set(sent.map((row) => row.person_id)).size === 1
  const arrived = brevo.state.events().map((event) => String(event.event_properties.event_id))
  const places = sent.map((row) => arrived.indexOf(row.key))
  if (calm && oneContact && places.some((place, at) => at > 0 && place < (places[at - 1] ?? 0)))
    faults.push(`deal ${deal.id}: events came out of order: ${sent.map((row) => row.key).join(', ')}`)
  return faults
}

function nameOf({ stage, status }: Place): string {
  return `${stage} ${status}`
}

function shown(steps: readonly Step[]): string {
  return steps
    .map(({ from, to, rows }) => `${nameOf(from)} -> ${nameOf(to)} (${rows[0]?.noticed_by} ${rows[0]?.at})`)
    .join(', ')
}
