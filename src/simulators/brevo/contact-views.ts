/** Contacts as the API answers them, and their lookup by what a URL says. Changes nothing. */
import { presentValue } from './attribute-values.ts'
import type { Contact } from './contact-store.ts'
import {
  type IdentifierKind,
  isPhone,
  smsOfSynthetic,
  syntheticEmail,
  toPhoneDigits,
  toStoredEmail,
} from './identifiers.ts'
import { contactNotFound, invalidParameter } from './refusal.ts'
import type { BrevoAttributeValue } from './seed.ts'
import type { BrevoWorld } from './world.ts'

export type ContactView = {
  id: number
  email?: string
  emailBlacklisted: boolean
  smsBlacklisted: boolean
  whatsappBlacklisted: boolean
  createdAt: string
  modifiedAt: string
  listIds: number[]
  attributes: Record<string, BrevoAttributeValue>
}

export function presentContact(contact: Contact, world: BrevoWorld): ContactView {
  const attributes: Record<string, BrevoAttributeValue> = {}
  for (const [name, value] of Object.entries(contact.attributes)) {
    const shown = presentValue(world.attributes.get(name), name, value, world.switches)
    if (shown !== undefined) attributes[name] = shown
  }
  const email = emailOf(contact, world)
  return {
    ...(email === undefined ? {} : { email }),
    id: contact.id,
    emailBlacklisted: contact.emailBlacklisted,
    smsBlacklisted: contact.smsBlacklisted,
    whatsappBlacklisted: contact.whatsappBlacklisted,
    createdAt: new Date(contact.createdAtMs).toISOString(),
    modifiedAt: new Date(contact.modifiedAtMs).toISOString(),
    listIds: [...contact.listIds],
    attributes,
  }
}

function emailOf(contact: Contact, { switches }: BrevoWorld): string | undefined {
  if (contact.email !== undefined) return contact.email
  const sms = contact.attributes.SMS
  return switches.syntheticEmail && sms !== undefined ? syntheticEmail(String(sms)) : undefined
}

const KIND_OF_TYPE: Record<string, IdentifierKind | 'id'> = {
  email_id: 'email',
  contact_id: 'id',
  ext_id: 'EXT_ID',
  phone_id: 'SMS',
  whatsapp_id: 'WHATSAPP',
  landline_number_id: 'LANDLINE_NUMBER',
}

/**
 * The contact of `/contacts/{identifier}?identifierType=`. Without a type an email or an id is meant, and for GET
 * (`bySms`) a number that is no id may be an SMS (https://developers.brevo.com/reference/get-contact-info).
 */
export function lookUp(
  world: BrevoWorld,
  identifier: string,
  type: string | undefined,
  bySms = false,
): Contact {
  if (type === undefined) {
    if (identifier.includes('@')) return orNotFound(byKind(world, 'email', identifier))
    const contact = byId(world, identifier) ?? (bySms ? byKind(world, 'SMS', identifier) : undefined)
    return orNotFound(contact)
  }
  const kind = KIND_OF_TYPE[type]
  if (kind === undefined) throw invalidParameter('Invalid identifierType')
  return orNotFound(kind === 'id' ? byId(world, identifier) : byKind(world, kind, identifier))
}

export function byKind(world: BrevoWorld, kind: IdentifierKind, value: string): Contact | undefined {
  if (isPhone(kind)) {
    const digits = toPhoneDigits(value.trim())
    return digits === null ? undefined : world.contacts.find(kind, digits)
  }
  if (kind === 'EXT_ID') return world.contacts.find(kind, value)
  const email = toStoredEmail(value)
  if (email === null) throw invalidParameter('Invalid email address')
  const sms = smsOfSynthetic(email)
  const holder = sms === null ? undefined : world.contacts.find('SMS', sms)
  return world.contacts.find('email', email) ?? (holder?.email === undefined ? holder : undefined)
}

function byId(world: BrevoWorld, text: string): Contact | undefined {
  return /^\d{1,15}$/.test(text) ? world.contacts.get(Number(text)) : undefined
}

function orNotFound(contact: Contact | undefined): Contact {
  if (!contact) throw contactNotFound()
  return contact
}
