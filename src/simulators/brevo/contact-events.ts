/**
 * Which webhooks a write of one contact sets off. There is no event for a contact that is created, and a contact that
 * joins a list is a `list_addition` only when it is new (https://github.com/sendinblue/APIv3-php-library/issues/175).
 */
import { isDeepStrictEqual } from 'node:util'
import type { Contact } from './contact-store.ts'
import { presentContact } from './contact-views.ts'
import { type ContactDifference, contactPayload, contactUpdatedPayload } from './webhook-payloads.ts'
import type { BrevoWorld } from './world.ts'

/**
 * Looks at a contact before a write (undefined: it does not exist yet); call the answer after the write, with the contact,
 * and the webhooks learn what has changed.
 */
export function watchContact(contact: Contact | undefined, world: BrevoWorld): (written: Contact) => void {
  const { delivery } = world
  if (!delivery.isWanted('contactUpdated') && !delivery.isWanted('listAddition')) return () => undefined
  if (!contact) return (written) => announceListAddition(written, [...written.listIds], world)
  const before = {
    email: contact.email,
    attributes: { ...contact.attributes },
    listIds: new Set(contact.listIds),
    emailBlacklisted: contact.emailBlacklisted,
    smsBlacklisted: contact.smsBlacklisted,
  }
  return (written) => announceUpdate(written, differenceOf(before, written, world), world)
}

/** To be called before the contact is deleted. */
export function announceDeletion(contact: Contact, world: BrevoWorld): void {
  const about = {
    email: presentContact(contact, world).email,
    listIds: [...contact.listIds],
    ...(world.switches.deletionNamesKey ? { apiKeyName: world.actor.apiKeyName } : {}),
  }
  world.delivery.publish('contactDeleted', (webhookId) =>
    contactPayload(webhookId, 'contact_deleted', about, world.nowMs()),
  )
}

function announceUpdate(contact: Contact, difference: ContactDifference, world: BrevoWorld): void {
  const { switches, actor } = world
  const { attributes, emailBlacklisted, smsBlacklisted } = difference
  const joined = switches.contactWebhooks === 'documented' ? difference.joined : []
  const isChanged =
    Object.keys(attributes).length > 0 ||
    emailBlacklisted !== undefined ||
    smsBlacklisted !== undefined ||
    difference.left.length > 0 ||
    difference.joined.length > joined.length
  announceListAddition(contact, joined, world)
  if (!isChanged && !(switches.unchangedFires && joined.length === 0)) return
  const from = { nowMs: world.nowMs(), apiKeyName: actor.apiKeyName, switches }
  world.delivery.publish('contactUpdated', (webhookId) => contactUpdatedPayload(webhookId, difference, from))
}

function announceListAddition(contact: Contact, listIds: number[], world: BrevoWorld): void {
  if (listIds.length === 0) return
  const { email } = presentContact(contact, world)
  const about = { email, listIds, apiKeyName: world.actor.apiKeyName }
  world.delivery.publish('listAddition', (webhookId) =>
    contactPayload(webhookId, 'list_addition', about, world.nowMs()),
  )
}

type Before = Pick<Contact, 'email' | 'attributes' | 'listIds' | 'emailBlacklisted' | 'smsBlacklisted'>

function differenceOf(before: Before, contact: Contact, world: BrevoWorld): ContactDifference {
  const shown = presentContact(contact, world)
  const names = new Set([...Object.keys(before.attributes), ...Object.keys(contact.attributes)])
  const changed = [...names].filter(
    (name) => !isDeepStrictEqual(before.attributes[name], contact.attributes[name]),
  )
  const attributes = Object.fromEntries(changed.map((name) => [name, shown.attributes[name] ?? '']))
  if (before.email !== contact.email) attributes.EMAIL = contact.email ?? ''
  return {
    email: shown.email,
    attributes,
    joined: [...contact.listIds].filter((id) => !before.listIds.has(id)),
    left: [...before.listIds].filter((id) => !contact.listIds.has(id)),
    ...(before.emailBlacklisted === contact.emailBlacklisted
      ? {}
      : { emailBlacklisted: contact.emailBlacklisted }),
    ...(before.smsBlacklisted === contact.smsBlacklisted ? {} : { smsBlacklisted: contact.smsBlacklisted }),
  }
}
