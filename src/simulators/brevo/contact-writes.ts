/**
 * Creating, updating, merging and deleting one contact: uniqueness, force merge and the duplicate refusals
 * (https://developers.brevo.com/reference/create-contact). A refused write changes nothing.
 */
import { absorb, applyChange, type ContactChange, conflictsOf, readChange } from './contact-change.ts'
import { announceDeletion, watchContact } from './contact-events.ts'
import type { Contact } from './contact-store.ts'
import { duplicateName, toStoredEmail } from './identifiers.ts'
import { duplicateIdentifiers, invalidParameter, missingParameter, ownerNotDeletable } from './refusal.ts'
import type { BrevoWorld } from './world.ts'

export type Written = { contact: Contact; created: boolean }

export function createContact(body: Record<string, unknown>, world: BrevoWorld): Written {
  const change = readChange(body, world)
  const renamed = change.identifiers.get('email')
  if (body.email !== undefined) {
    const email = toStoredEmail(body.email)
    if (email === null) throw invalidParameter('Invalid email address')
    change.identifiers.set('email', email)
  }
  const self = addressed(change, world)
  const isUpdate = self !== undefined && (body.updateEnabled === true || body.forceMerge === true)
  if (isUpdate && renamed !== undefined) change.identifiers.set('email', renamed)
  const conflicts = conflictsOf(change, isUpdate ? self : undefined, world)
  if (conflicts.length > 0 && body.forceMerge !== true)
    refuseDuplicates(change, isUpdate ? self : undefined, world)
  const rivals = [...new Set(conflicts.map(({ owner }) => owner))]
  if (!isUpdate && rivals.length === 0) {
    const announce = watchContact(undefined, world)
    const contact = world.contacts.insert(world.nowMs())
    applyChange(contact, change, world, world.nowMs())
    announce(contact)
    return { contact, created: true }
  }
  return { contact: mergeInto(isUpdate ? [self, ...rivals] : rivals, change, world), created: false }
}

export function updateContact(self: Contact, body: Record<string, unknown>, world: BrevoWorld): Contact {
  const change = readChange(body, world)
  const conflicts = conflictsOf(change, self, world)
  if (conflicts.length > 0 && body.forceMerge !== true) refuseDuplicates(change, self, world)
  return mergeInto([self, ...new Set(conflicts.map(({ owner }) => owner))], change, world)
}

export function deleteContact(contact: Contact, world: BrevoWorld): void {
  if (contact.email === world.account.email.toLowerCase()) throw ownerNotDeletable()
  announceDeletion(contact, world)
  world.contacts.delete(contact)
}

/** The existing contact that a POST speaks of: by email, else by ext_id, else by SMS; these three make a contact. */
function addressed(change: ContactChange, world: BrevoWorld): Contact | undefined {
  for (const kind of ['email', 'EXT_ID', 'SMS'] as const) {
    const value = change.identifiers.get(kind)
    if (value !== undefined) return world.contacts.find(kind, value)
  }
  throw missingParameter('Please provide Email or SMS attribute value to create user')
}

function refuseDuplicates(change: ContactChange, self: Contact | undefined, world: BrevoWorld): never {
  const names = conflictsOf(change, self, world).map(({ kind }) => duplicateName(kind))
  throw duplicateIdentifiers(self ? 'update' : 'create', names, world.switches.duplicateCode)
}

/** The one that was modified last survives (the higher id on a tie); the others are deleted, then the change is made. */
function mergeInto(contacts: Contact[], change: ContactChange, world: BrevoWorld): Contact {
  const [survivor, ...losers] = contacts.toSorted((a, b) => b.modifiedAtMs - a.modifiedAtMs || b.id - a.id)
  if (!survivor) throw new Error('a merge of nobody')
  const blocks = world.switches.mergeUnites && losers.some((loser) => loser.emailBlacklisted)
  const announce = watchContact(survivor, world)
  for (const loser of losers) {
    announceDeletion(loser, world)
    absorb(survivor, loser, world)
  }
  applyChange(survivor, change, world, world.nowMs())
  if (blocks && change.emailBlacklisted !== false) survivor.emailBlacklisted = true
  announce(survivor)
  return survivor
}
