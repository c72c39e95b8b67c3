/**
 * What truly happened in Pipedrive, change by change, and which webhooks of it were handed over when. It is what the oracles
 * go by; nothing of the product is asked for it.
 */
import type { PipedriveSimulator } from '../../../src/simulators/pipedrive/index.ts'
import type { SeedDeal, SeedPerson } from '../../../src/simulators/pipedrive/seed.ts'
import type { Change } from '../../../src/simulators/pipedrive/state.ts'
import { identityOf } from '../contact-oracle.ts'

export type Place = { readonly stage: number; readonly status: string }

export type Recorded = {
  readonly change: Change
  /** When its webhook was first handed to the inbox; null: never. */
  arrivedAt: number | null
}

/** A webhook later than this may find that its move was told already. Pipeline patience is 4 s. */
const inTimeMs = 3_500

export class Chronicle {
  readonly records: Recorded[] = []
  /** Deals of which a webhook was under way while a pass told without waiting, or came too late. */
  readonly unclean = new Set<number>()
  /** As it was when telling began. */
  readonly before: ReadonlyMap<string, object>
  /** Every identity address that a person ever had. */
  readonly addresses = new Map<number, Set<string>>()
  /** Addresses of persons that were unsubscribed in Pipedrive at some time. */
  readonly unsubscribed = new Set<string>()
  /** Persons that had no contact at some time: no address, or deleted. */
  readonly homeless = new Set<number>()
  readonly #byKey = new Map<string, Recorded>()

  constructor({ state }: PipedriveSimulator) {
    const { person, deal, activity, lead, organization } = state.tables
    const tables = { person, deal, activity, lead, organization }
    this.before = new Map(
      Object.entries(tables).flatMap(([entity, table]) =>
        [...table.all()].map((record) => [`${entity} ${record.id}`, record] as const),
      ),
    )
    for (const one of person.all()) this.#notePerson(one)
    state.subscribe((change) => this.#note(change))
  }

  of(entity: string, id?: number | string): readonly Recorded[] {
    return this.records.filter(
      ({ change }) => change.entity === entity && (id === undefined || change.id === id),
    )
  }

  existed(entity: string, id: number | string): boolean {
    return this.before.has(`${entity} ${id}`)
  }

  /** A Pipedrive webhook of version 2.0 is handed to the inbox. */
  arrived(body: string, nowMs: number): void {
    const { meta } = JSON.parse(body) as { meta: { entity: string; entity_id: string; timestamp: string } }
    const record = this.#byKey.get(`${meta.entity} ${meta.entity_id} ${meta.timestamp}`)
    if (record) record.arrivedAt ??= nowMs
  }

  /** The inbox is about to be looked at, and what was found told; `waits`: gaps are given time. */
  looked(waits: boolean): void {
    if (waits) return
    for (const { change, arrivedAt } of this.records)
      if (change.entity === 'deal' && arrivedAt === null) this.unclean.add(Number(change.id))
  }

  /** Whether every webhook of the deal came while its gap was waited on. */
  isClean(dealId: number): boolean {
    return (
      !this.unclean.has(dealId) &&
      this.of('deal', dealId).every(
        ({ change, arrivedAt }) => arrivedAt !== null && arrivedAt - change.at.getTime() <= inTimeMs,
      )
    )
  }

  /** Every place the deal truly had, from when telling began or the deal was made; equal neighbours are one. */
  pathOf(dealId: number): readonly Place[] {
    const start = this.before.get(`deal ${dealId}`) as SeedDeal | undefined
    const path = start ? [placeOf(start)] : []
    for (const { change } of this.of('deal', dealId)) {
      const place = placeOf(change.after as SeedDeal)
      const last = path.at(-1)
      if (change.action !== 'delete' && (!last || !samePlace(last, place))) path.push(place)
    }
    return path
  }

  /** Nobody else ever had an address of this person. */
  isPlain(personId: number): boolean {
    return [...(this.addresses.get(personId) ?? [])].every((address) =>
      [...this.addresses].every(([id, others]) => id === personId || !others.has(address)),
    )
  }

  #note(change: Change): void {
    const recorded: Recorded = { change, arrivedAt: null }
    this.records.push(recorded)
    this.#byKey.set(`${change.entity} ${change.id} ${change.at.toISOString()}`, recorded)
    if (change.entity === 'person') this.#notePerson(change.after as SeedPerson)
  }

  #notePerson(person: SeedPerson): void {
    const identity = identityOf(person)
    if (identity === null || person.is_deleted) this.homeless.add(person.id)
    const known = this.addresses.get(person.id) ?? new Set()
    if (identity !== null) known.add(identity)
    this.addresses.set(person.id, known)
    if (person.marketing_status === 'unsubscribed')
      for (const address of known) this.unsubscribed.add(address)
  }
}

export function placeOf({ stage_id, status }: SeedDeal): Place {
  return { stage: stage_id, status }
}

export function samePlace(a: Place, b: Place): boolean {
  return a.stage === b.stage && a.status === b.status
}
