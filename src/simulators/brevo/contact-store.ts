/**
 * The contacts of the account with one index per identifier. It upholds uniqueness (a taken identifier throws, since
 * callers must look first) and knows no vendor messages.
 */
import type { HistoryEntry } from './campaign-statistics.ts'
import { IDENTIFIER_KINDS, type IdentifierKind } from './identifiers.ts'
import type { BrevoAttributeValue } from './seed.ts'

export type Contact = {
  readonly id: number
  email: string | undefined
  /** SMS, WHATSAPP, LANDLINE_NUMBER (digits) and EXT_ID among them; change those through the store. */
  attributes: Record<string, BrevoAttributeValue>
  listIds: Set<number>
  emailBlacklisted: boolean
  smsBlacklisted: boolean
  whatsappBlacklisted: boolean
  smtpBlacklistSender: string[]
  /** What recipients and administrators did, oldest first; it ends with the contact. */
  readonly history: HistoryEntry[]
  readonly createdAtMs: number
  modifiedAtMs: number
}

export type Selection = {
  /** Names the filter: equal keys mean equal filters. */
  key: string
  matches: (contact: Contact) => boolean
}

export class ContactStore {
  readonly #byId = new Map<number, Contact>()
  /** In the order of creation, which is the order of the ids. */
  #ordered: Contact[] = []
  readonly #index: Record<IdentifierKind, Map<string, Contact>> = {
    email: new Map(),
    SMS: new Map(),
    EXT_ID: new Map(),
    WHATSAPP: new Map(),
    LANDLINE_NUMBER: new Map(),
  }
  readonly #listSizes = new Map<number, number>()
  #nextId = 1
  #version = 0
  #lastSelection: { key: string; version: number; contacts: Contact[] } | null = null

  get size(): number {
    return this.#ordered.length
  }

  all(): readonly Contact[] {
    return this.#ordered
  }

  get(id: number): Contact | undefined {
    return this.#byId.get(id)
  }

  find(kind: IdentifierKind, value: string): Contact | undefined {
    return this.#index[kind].get(value)
  }

  insert(atMs: number, id = this.#nextId): Contact {
    if (this.#byId.has(id)) throw new Error(`two contacts with id ${id}`)
    const contact: Contact = {
      id,
      email: undefined,
      attributes: {},
      listIds: new Set(),
      emailBlacklisted: false,
      smsBlacklisted: false,
      whatsappBlacklisted: false,
      smtpBlacklistSender: [],
      history: [],
      createdAtMs: atMs,
      modifiedAtMs: atMs,
    }
    this.#byId.set(id, contact)
    const last = this.#ordered.at(-1)
    this.#ordered.push(contact)
    if (last && last.id > id) this.#ordered.sort((a, b) => a.id - b.id)
    this.#nextId = Math.max(this.#nextId, id + 1)
    this.#version++
    return contact
  }

  delete(contact: Contact): void {
    for (const kind of IDENTIFIER_KINDS) this.setIdentifier(contact, kind, undefined)
    for (const listId of [...contact.listIds]) this.leaveList(contact, listId)
    this.#byId.delete(contact.id)
    this.#ordered.splice(this.#position(contact.id), 1)
    this.#version++
  }

  /** Undefined takes the identifier away. Throws when another contact has it. */
  setIdentifier(contact: Contact, kind: IdentifierKind, value: string | undefined): void {
    const before = identifierOf(contact, kind)
    if (before === value) return
    if (value !== undefined && this.#index[kind].has(value)) {
      throw new Error(`${kind} ${value} belongs to another contact`)
    }
    if (before !== undefined) this.#index[kind].delete(before)
    if (value !== undefined) this.#index[kind].set(value, contact)
    if (kind === 'email') contact.email = value
    else if (value === undefined) delete contact.attributes[kind]
    else contact.attributes[kind] = value
    this.#version++
  }

  joinList(contact: Contact, listId: number): void {
    if (contact.listIds.has(listId)) return
    contact.listIds.add(listId)
    this.#listSizes.set(listId, this.listSize(listId) + 1)
    this.#version++
  }

  leaveList(contact: Contact, listId: number): void {
    if (!contact.listIds.delete(listId)) return
    this.#listSizes.set(listId, this.listSize(listId) - 1)
    this.#version++
  }

  listSize(listId: number): number {
    return this.#listSizes.get(listId) ?? 0
  }

  /** To be called after every change: stamps the contact and drops what was selected before. */
  touch(contact: Contact, atMs: number): void {
    contact.modifiedAtMs = atMs
    this.#version++
  }

  /** Matching contacts in order of creation. Asking again without a change in between costs nothing. */
  select(selection: Selection | null): readonly Contact[] {
    if (selection === null) return this.#ordered
    const last = this.#lastSelection
    if (last?.key === selection.key && last.version === this.#version) return last.contacts
    const contacts = this.#ordered.filter(selection.matches)
    this.#lastSelection = { key: selection.key, version: this.#version, contacts }
    return contacts
  }

  #position(id: number): number {
    let low = 0
    let high = this.#ordered.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if ((this.#ordered[middle] as Contact).id < id) low = middle + 1
      else high = middle
    }
    return low
  }
}

export function identifierOf(contact: Contact, kind: IdentifierKind): string | undefined {
  const value = kind === 'email' ? contact.email : contact.attributes[kind]
  return value === undefined ? undefined : String(value)
}
