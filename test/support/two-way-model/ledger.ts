/**
 * The reference model: who edited what on which side since all was quiet, and what the rules (R9.2) make of that. It sees what
 * people do and what both sides hold at the end; nothing of the product is asked.
 */
import type { SeedPerson } from '../../../src/simulators/pipedrive/seed.ts'
import { identityOf } from '../contact-oracle.ts'
import { livePersons } from './deeds.ts'
import {
  allFields,
  bothWays,
  type FieldName,
  isUnfit,
  type Meaning,
  type Meanings,
  ofContact,
  ofPerson,
  personIdOf,
} from './fields.ts'
import type { World } from './world.ts'

export type Contact = ReturnType<World['brevo']['state']['contacts']>[number]

/** A live person and the contact that says it is this person's. */
export type Pair = {
  readonly person: SeedPerson
  readonly contact: Contact
  readonly inPipedrive: Meanings
  readonly inBrevo: Meanings
}

type Side = 'pipedrive' | 'brevo'
type Edit = { readonly side: Side; readonly id: number; readonly field: FieldName; readonly value: Meaning }
type Touch = { readonly first: number; readonly last: number }

export class Ledger {
  /** Persons whose contact somebody deleted at any time. */
  readonly orphaned = new Set<number>()
  /** Changes by people since all was quiet: of persons, of contacts, of who belongs to whom. */
  causes = { persons: 0, contacts: 0, ties: 0, background: 0, consents: 0 }
  readonly #world: World
  #edits: Edit[] = []
  #touched = new Map<string, Touch>()
  #start = new Map<number, Pair>()
  /** Persons that shared their address with another one meanwhile. */
  #shared = new Set<number>()
  /** Whose address it was, at any time meanwhile. */
  #ownersOf = new Map<string, Set<number>>()
  #lastRunAt = 0
  /** Whether both sides were told of everything, or neither of anything. */
  #evenlyTold = { handedOver: false, dropped: false, troubled: false }

  constructor(world: World) {
    this.#world = world
    world.pipedrive.state.subscribe(({ entity, action, id, before, after, actor }) => {
      if (entity !== 'person' || actor.source === 'api') return
      this.#touch('pipedrive', Number(id))
      this.causes.persons++
      if (action !== 'change') this.causes.ties++
      if (action !== 'change' || before === null) return
      const [was, is] = [ofPerson(before as SeedPerson), ofPerson(after as SeedPerson)]
      this.#noteEdits('pipedrive', Number(id), was, is)
      if (was.EMAIL !== is.EMAIL) this.causes.ties++
      // A number that another contact has to give up first.
      if (was.SMS !== is.SMS) this.causes.ties++
      if (was.BACKGROUND !== is.BACKGROUND) this.causes.background++
      // Blocklisted for that, the contact tells the consent field.
      if ((before as SeedPerson).marketing_status !== (after as SeedPerson).marketing_status)
        this.causes.consents++
    })
  }

  /** All is quiet: what both sides have now is what they agree on. */
  begin(): void {
    this.#edits = []
    this.#touched.clear()
    this.#shared.clear()
    this.#ownersOf.clear()
    this.#lastRunAt = 0
    this.#evenlyTold = { handedOver: false, dropped: false, troubled: false }
    this.causes = { persons: 0, contacts: 0, ties: 0, background: 0, consents: 0 }
    this.#start = new Map(this.pairs().map((pair) => [pair.person.id, pair]))
    this.#noteShared()
  }

  /** Something that people do. */
  perform<T>(deed: () => T): T {
    const before = new Map(this.#contacts().map((contact) => [contact.id, contact]))
    const done = deed()
    const after = new Map(this.#contacts().map((contact) => [contact.id, contact]))
    for (const [id, contact] of after) {
      const was = before.get(id)
      if (was?.modifiedAt === contact.modifiedAt) continue
      this.#touch('brevo', id)
      this.causes.contacts++
      if (was) this.#noteEdits('brevo', id, ofContact(was), ofContact(contact))
      else this.causes.ties++
    }
    for (const [id, contact] of before) {
      if (after.has(id)) continue
      this.causes.ties++
      const personId = personIdOf(contact)
      if (personId !== null) this.orphaned.add(personId)
      for (const person of livePersons(this.#world.pipedrive.state))
        if (identityOf(person) === contact.email) this.orphaned.add(person.id)
    }
    this.#noteShared()
    return done
  }

  ran(troubled: boolean): void {
    this.#lastRunAt = this.#world.clock.now().getTime()
    if (troubled) this.#evenlyTold.troubled = true
  }

  handedOver(): void {
    this.#evenlyTold.handedOver = true
  }

  dropped(): void {
    this.#evenlyTold.dropped = true
  }

  /**
   * Live persons with an address, each with its contact. Of persons that share one, only who has the contact with it: the
   * others' own are let go.
   */
  pairs(): readonly Pair[] {
    const contacts = this.#contacts()
    const persons = livePersons(this.#world.pipedrive.state)
    const sharing = Map.groupBy(persons, identityOf)
    return persons.flatMap((person): Pair[] => {
      const contact = contacts.find((each) => personIdOf(each) === person.id)
      const address = identityOf(person)
      if (!contact || address === null) return []
      const isShared = (sharing.get(address)?.length ?? 0) > 1
      if (isShared && contact.email !== address) return []
      return [{ person, contact, inPipedrive: ofPerson(person), inBrevo: ofContact(contact) }]
    })
  }

  /** In words, what of this pair the rules cannot explain. */
  unexplained(pair: Pair): readonly string[] {
    const start = this.#start.get(pair.person.id)
    if (start?.contact.id !== pair.contact.id || this.#shared.has(pair.person.id)) return []
    return [
      ...bothWays.flatMap((field) => this.#fieldFaults(field, start, pair)),
      ...this.#backgroundFaults(start, pair),
    ]
  }

  /** Rule R9.1: `to_pipedrive` means that nobody but Brevo's people has a say. */
  #backgroundFaults(start: Pair, pair: Pair): readonly string[] {
    const edits = this.#editsOf('brevo', pair.contact.id, 'BACKGROUND')
    const expected = edits.length > 0 ? edits.at(-1) : start.inBrevo.BACKGROUND
    const is = pair.inBrevo.BACKGROUND
    return is === expected ? [] : [this.#fault(pair, 'BACKGROUND', `${shown(expected)} in Brevo`)]
  }

  #fieldFaults(field: FieldName, start: Pair, pair: Pair): readonly string[] {
    const from = start.inPipedrive[field]
    // What was not in step at the start is nobody's agreement.
    if (from !== start.inBrevo[field]) return []
    const inPipedrive = this.#editsOf('pipedrive', pair.person.id, field)
    const inBrevo = this.#editsOf('brevo', pair.contact.id, field)
    const [is, isInBrevo] = [pair.inPipedrive[field], pair.inBrevo[field]]
    if (field === 'SMS' && this.isNumberOfOthers(pair)) return []
    // An address that is somebody else's in Pipedrive makes no duplicate of them: the contact may get its own back.
    if (field === 'EMAIL' && inBrevo.some((address) => this.#isAddressOfOthers(pair, address)))
      return is === isInBrevo ? [] : [this.#fault(pair, field, 'the same on both sides')]
    const [p, b] = [inPipedrive.at(-1), inBrevo.at(-1)]
    const fault = (expected: string): readonly string[] => [
      this.#fault(
        pair,
        field,
        `${expected} (Pipedrive: ${history(from, inPipedrive)}; Brevo: ${history(from, inBrevo)})`,
      ),
    ]
    if (b !== undefined && isUnfit(b)) {
      // It stays where it is, and does nothing to Pipedrive; or Pipedrive's own newer value won.
      const kept = isInBrevo === b && [from, ...inPipedrive, ...inBrevo].includes(is)
      return kept || (p !== undefined && is === p && isInBrevo === p) ? [] : fault(`${shown(b)} left alone`)
    }
    if (p !== undefined && isUnfit(p)) {
      const left = is === p && [from, ...inPipedrive, ...inBrevo].includes(isInBrevo)
      return left || (b !== undefined && is === b && isInBrevo === b) ? [] : fault(`${shown(p)} left alone`)
    }
    const expected = this.#winners(pair, from, p, b)
    return is === isInBrevo && expected.includes(is) ? [] : fault(expected.map(shown).join(' or '))
  }

  /** The values that rule R9.2 allows at the end. `undefined`: nobody edited it there. */
  #winners(pair: Pair, from: Meaning, p: Meaning | undefined, b: Meaning | undefined): readonly Meaning[] {
    if (p === undefined && b === undefined) return [from]
    if (b === undefined) return [p ?? null]
    if (p === undefined) return [b]
    if (!this.#isComparedAtOnce(pair)) return [p, b]
    // Back to what it was is no change.
    if (p === from) return [b]
    if (b === from) return [p]
    if (p === null) return [b]
    if (b === null) return [p]
    const { conflict } = this.#world.setting
    if (conflict !== 'newest') return [conflict === 'pipedrive' ? p : b]
    const [person, contact] = [this.#lastTouch('pipedrive', pair), this.#lastTouch('brevo', pair)]
    // The record's time decides, and Pipedrive's has whole seconds.
    if (Math.abs(person - contact) < 1_000) return [p, b]
    return [person > contact ? p : b]
  }

  /** Nothing of it was looked at before all of it had happened. */
  #isComparedAtOnce({ person, contact }: Pair): boolean {
    const { handedOver, dropped, troubled } = this.#evenlyTold
    if (troubled || (handedOver && dropped)) return false
    const touches = [this.#touched.get(`pipedrive ${person.id}`), this.#touched.get(`brevo ${contact.id}`)]
    return touches.every((touch) => touch === undefined || touch.first > this.#lastRunAt)
  }

  #lastTouch(side: Side, { person, contact }: Pair): number {
    return this.#touched.get(`${side} ${side === 'brevo' ? contact.id : person.id}`)?.last ?? 0
  }

  /** Rule R2.2: a number is one contact's. */
  isNumberOfOthers({ inPipedrive, contact, person }: Pair): boolean {
    const { SMS } = inPipedrive
    if (SMS === null) return false
    const isIts = (other: { id: number }, own: number, number: Meaning): boolean =>
      other.id !== own && number === SMS
    return (
      this.#contacts().some((other) => isIts(other, contact.id, ofContact(other).SMS)) ||
      livePersons(this.#world.pipedrive.state).some((other) => isIts(other, person.id, ofPerson(other).SMS))
    )
  }

  #isAddressOfOthers({ person }: Pair, address: Meaning): boolean {
    return [...(this.#ownersOf.get(String(address)) ?? [])].some((id) => id !== person.id)
  }

  #contacts(): Contact[] {
    return this.#world.brevo.state.contacts()
  }

  #editsOf(side: Side, id: number, field: FieldName): readonly Meaning[] {
    return this.#edits
      .filter((edit) => edit.side === side && edit.id === id && edit.field === field)
      .map(({ value }) => value)
  }

  #noteEdits(side: Side, id: number, was: Meanings, is: Meanings): void {
    for (const field of allFields) {
      if (was[field] !== is[field]) this.#edits.push({ side, id, field, value: is[field] })
    }
  }

  #touch(side: Side, id: number): void {
    const now = this.#world.clock.now().getTime()
    const first = this.#touched.get(`${side} ${id}`)?.first ?? now
    this.#touched.set(`${side} ${id}`, { first, last: now })
  }

  #noteShared(): void {
    const byAddress = Map.groupBy(livePersons(this.#world.pipedrive.state), identityOf)
    for (const [address, persons] of byAddress) {
      if (address === null) continue
      const owners = this.#ownersOf.get(address) ?? new Set()
      this.#ownersOf.set(address, owners)
      for (const { id } of persons) {
        owners.add(id)
        if (persons.length > 1) this.#shared.add(id)
      }
    }
  }

  #fault({ person, contact, inPipedrive, inBrevo }: Pair, field: FieldName, expected: string): string {
    const has = `${shown(inPipedrive[field])} in Pipedrive and ${shown(inBrevo[field])} in Brevo`
    return `${field} of person ${person.id} (contact ${contact.id}) is ${has}, not ${expected}`
  }
}

function history(from: Meaning, edits: readonly Meaning[]): string {
  return [from, ...edits].map(shown).join(' → ')
}

export function shown(value: Meaning | undefined): string {
  return value === undefined ? 'nothing' : JSON.stringify(value)
}
