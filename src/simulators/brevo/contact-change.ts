/**
 * What a write wants of one contact: read from a request body, and carried out on the store. The vendor's silent rules
 * live here (unknown and unfitting attributes are ignored, a changed email resubscribes); identifiers are checked by the caller.
 */
import { fitValue } from './attribute-values.ts'
import type { Contact } from './contact-store.ts'
import { identifierOf } from './contact-store.ts'
import { IDENTIFIER_KINDS, type IdentifierKind, isIdentifierAttribute, toStoredEmail } from './identifiers.ts'
import { invalidParameter } from './refusal.ts'
import type { BrevoAttributeValue } from './seed.ts'
import type { BrevoWorld } from './world.ts'

export type ContactChange = {
  /** undefined takes the identifier away. */
  identifiers: Map<IdentifierKind, string | undefined>
  /** undefined empties the attribute. */
  attributes: Map<string, BrevoAttributeValue | undefined>
  joins: number[]
  leaves: number[]
  emailBlacklisted?: boolean
  smsBlacklisted?: boolean
  smtpBlacklistSender?: string[]
  /** Not a member of any body: a person in Brevo's pages, or the recipient of a campaign. */
  by?: 'hand' | 'recipient'
}

export function emptyChange(): ContactChange {
  return { identifiers: new Map(), attributes: new Map(), joins: [], leaves: [] }
}

/** Reads the members that POST, PUT and batch have in common. Throws the vendor's 400 for null and for wrong shapes. */
export function readChange(body: Record<string, unknown>, world: BrevoWorld): ContactChange {
  for (const [name, value] of Object.entries(body)) if (value === null) throw invalidFormat(name)
  const change = emptyChange()
  for (const name of ['emailBlacklisted', 'smsBlacklisted'] as const) {
    const flag = body[name]
    if (flag === undefined) continue
    if (typeof flag !== 'boolean') throw invalidFormat(name)
    change[name] = flag
  }
  if (body.smtpBlacklistSender !== undefined) {
    const senders = body.smtpBlacklistSender
    if (!Array.isArray(senders) || senders.some((each) => toStoredEmail(each) === null)) {
      throw invalidFormat('smtpBlacklistSender')
    }
    change.smtpBlacklistSender = senders
  }
  readAttributes(body.attributes ?? {}, change, world)
  if (body.ext_id !== undefined) {
    if (typeof body.ext_id !== 'string') throw invalidFormat('ext_id')
    change.identifiers.set('EXT_ID', body.ext_id === '' ? undefined : body.ext_id)
  }
  change.joins = readListIds(body, 'listIds', world)
  change.leaves = readListIds(body, 'unlinkListIds', world)
  return change
}

const invalidFormat = (name: string): Error => invalidParameter(`Invalid ${name} format`)

function readAttributes(raw: unknown, change: ContactChange, world: BrevoWorld): void {
  if (typeof raw !== 'object' || raw === null || Array.isArray(raw)) throw invalidFormat('attributes')
  for (const [name, value] of Object.entries(raw)) {
    if (value === null) throw invalidFormat(name)
    if (name === 'EMAIL') {
      const email = toStoredEmail(value)
      if (email === null) throw invalidParameter('Invalid email address')
      change.identifiers.set('email', email)
      continue
    }
    const attribute = world.attributes.get(name)
    if (!attribute) continue
    if (value === '') {
      if (!world.switches.emptyTextClears) continue
      if (isIdentifierAttribute(name)) change.identifiers.set(name, undefined)
      else change.attributes.set(name, undefined)
      continue
    }
    const fit = fitValue(attribute, value, world.switches.lenientTypes)
    if (fit.fits) setValue(change, name, fit.value)
    else if (fit.why === 'bad-phone') throw invalidParameter('Invalid phone number')
  }
}

export function setValue(change: ContactChange, name: string, value: BrevoAttributeValue): void {
  if (isIdentifierAttribute(name)) change.identifiers.set(name, String(value))
  else change.attributes.set(name, value)
}

function readListIds(body: Record<string, unknown>, name: string, world: BrevoWorld): number[] {
  const ids = body[name] ?? []
  if (!Array.isArray(ids) || !ids.every(Number.isSafeInteger)) throw invalidFormat(name)
  if (!ids.every((id) => world.lists.hasList(id))) throw invalidParameter('List ID does not exist')
  return ids
}

/** Identifiers of the change that other contacts have, in the order in which the vendor reports them. */
export function conflictsOf(
  change: ContactChange,
  self: Contact | undefined,
  world: BrevoWorld,
): { kind: IdentifierKind; owner: Contact }[] {
  return IDENTIFIER_KINDS.flatMap((kind) => {
    const wanted = change.identifiers.get(kind)
    const owner = wanted === undefined ? undefined : world.contacts.find(kind, wanted)
    return owner && owner !== self ? [{ kind, owner }] : []
  })
}

/** Carries the change out. The caller has made sure that no identifier belongs to somebody else. */
export function applyChange(contact: Contact, change: ContactChange, world: BrevoWorld, atMs: number): void {
  const { contacts, switches } = world
  const email = change.identifiers.get('email')
  const isRenamed = contact.email !== undefined && email !== undefined && email !== contact.email
  // https://developers.brevo.com/reference/update-contact: a new address takes the blocklisting away.
  const wasBlocked = contact.emailBlacklisted
  if (isRenamed) contact.emailBlacklisted = false
  for (const [kind, value] of change.identifiers) contacts.setIdentifier(contact, kind, value)
  for (const [name, value] of change.attributes) {
    if (value === undefined) delete contact.attributes[name]
    else contact.attributes[name] = value
  }
  if (change.emailBlacklisted === true) {
    contact.emailBlacklisted = true
    if (!wasBlocked && change.by !== 'recipient') noteBlocked(contact, world, atMs)
  }
  const frees = change.by === 'hand' || switches.emailBlacklistedFalse === 'resubscribes'
  if (change.emailBlacklisted === false && frees) contact.emailBlacklisted = false
  contact.smsBlacklisted = change.smsBlacklisted ?? contact.smsBlacklisted
  contact.smtpBlacklistSender = change.smtpBlacklistSender ?? contact.smtpBlacklistSender
  for (const listId of change.joins) contacts.joinList(contact, listId)
  for (const listId of change.leaves) contacts.leaveList(contact, listId)
  contacts.touch(contact, atMs)
}

/** The API acts for the administrator, or leaves no trace in the statistics, by switch. */
export function noteBlocked(contact: Contact, { actor, switches }: BrevoWorld, atMs: number): void {
  if (actor.apiKeyName === '' || switches.apiBlocksAsAdmin) contact.history.push({ event: 'blocked', atMs })
}

/** Ends the losers of a forced merge. The survivor keeps what it has; with `mergeUnites` it gets what it lacks. */
export function absorb(survivor: Contact, loser: Contact, world: BrevoWorld): void {
  const { contacts, switches } = world
  const identifiers = IDENTIFIER_KINDS.map((kind) => [kind, identifierOf(loser, kind)] as const)
  const listIds = [...loser.listIds]
  contacts.delete(loser)
  if (!switches.mergeUnites) return
  for (const [kind, value] of identifiers) {
    if (value !== undefined && identifierOf(survivor, kind) === undefined)
      contacts.setIdentifier(survivor, kind, value)
  }
  survivor.attributes = { ...loser.attributes, ...survivor.attributes }
  survivor.smsBlacklisted ||= loser.smsBlacklisted
  for (const listId of listIds) contacts.joinList(survivor, listId)
}
