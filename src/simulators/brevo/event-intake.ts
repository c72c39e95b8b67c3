/**
 * What becomes of one custom event (https://developers.brevo.com/reference/create-event): its shape is checked, its
 * contact found or made, its contact properties written. Reads no HTTP, and never recognises a repeated event.
 */
import { fitValue } from './attribute-values.ts'
import { applyChange, emptyChange } from './contact-change.ts'
import { watchContact } from './contact-events.ts'
import type { Contact } from './contact-store.ts'
import { byKind } from './contact-views.ts'
import { createContact } from './contact-writes.ts'
import { type IdentifierKind, isIdentifierAttribute } from './identifiers.ts'
import { eventContactUnknown, invalidParameter, missingParameter } from './refusal.ts'
import { type Body, isBody, parseMoment } from './request.ts'
import type { BrevoWorld } from './world.ts'

/** An event that is well formed. */
export type EventOrder = {
  name: string
  dateMs: number | undefined
  contactId: number | undefined
  identifiers: { kind: IdentifierKind; value: string }[]
  eventProperties: Body
  contactProperties: Body
}

/** Which of several known contacts is meant is not documented: the first in this order. */
const KINDS: [name: string, kind: IdentifierKind][] = [
  ['email_id', 'email'],
  ['ext_id', 'EXT_ID'],
  ['phone_id', 'SMS'],
  ['whatsapp_id', 'WHATSAPP'],
  ['landline_number_id', 'LANDLINE_NUMBER'],
]
const NAME = /^[A-Za-z0-9_-]{1,255}$/
/** "50 KB", in the smaller reading. */
const MOST_PROPERTY_BYTES = 50_000

/** Throws the vendor's 400 for an event that is not well formed. Nothing is looked up or changed. */
export function readEvent(body: unknown, world: BrevoWorld): EventOrder {
  if (!isBody(body)) throw invalidParameter('Invalid event')
  const name = body.event_name
  if (name === undefined || name === '') throw missingParameter('undefined event_name')
  if (typeof name !== 'string' || !NAME.test(name)) throw invalidParameter('Invalid event_name')
  const { event_date: date, object } = body
  const dateMs = parseMoment(date)
  if (date !== undefined && dateMs === undefined) throw invalidParameter('Invalid event_date')
  if (object !== undefined && !isBody(object)) throw invalidParameter('Invalid object')
  return {
    name,
    dateMs,
    ...readIdentifiers(body.identifiers),
    eventProperties: readEventProperties(body.event_properties, world),
    contactProperties: readContactProperties(body.contact_properties),
  }
}

function readIdentifiers(raw: unknown): Pick<EventOrder, 'contactId' | 'identifiers'> {
  const given = raw === undefined ? {} : raw
  if (!isBody(given)) throw invalidParameter('Invalid identifiers')
  const contactId = given.contact_id
  if (contactId !== undefined && !Number.isSafeInteger(contactId)) {
    throw invalidParameter('Invalid contact_id')
  }
  const identifiers = KINDS.flatMap(([name, kind]) => {
    const value = given[name]
    if (value === undefined || value === '') return []
    if (typeof value !== 'string') throw invalidParameter(`Invalid ${name}`)
    return [{ kind, value }]
  })
  if (contactId === undefined && identifiers.length === 0) {
    throw missingParameter('Please pass at least one identifier or contact id')
  }
  return { contactId: contactId as number | undefined, identifiers }
}

function readEventProperties(raw: unknown, { switches }: BrevoWorld): Body {
  if (raw === undefined) return {}
  if (!isBody(raw)) throw invalidParameter('Invalid event_properties')
  const check = (value: unknown): void => {
    if (value === null && switches.eventNulls === 'refused') {
      throw invalidParameter('Invalid event_properties')
    }
    if (Array.isArray(value)) for (const each of value) check(each)
    else if (isBody(value)) {
      for (const [key, each] of Object.entries(value)) {
        if (!NAME.test(key)) throw invalidParameter('Invalid event_properties key')
        check(each)
      }
    }
  }
  check(raw)
  if (Buffer.byteLength(JSON.stringify(raw)) > MOST_PROPERTY_BYTES) {
    throw invalidParameter('event_properties size exceeds the limit of 50KB')
  }
  return raw
}

function readContactProperties(raw: unknown): Body {
  if (raw === undefined) return {}
  const isPlain = (value: unknown): boolean => ['string', 'number', 'boolean'].includes(typeof value)
  if (!isBody(raw) || !Object.values(raw).every(isPlain)) {
    throw invalidParameter('Invalid contact_properties')
  }
  return raw
}

/** Takes the event in. Throws only where the account refuses events for unknown contacts. */
export function acceptEvent(order: EventOrder, world: BrevoWorld): void {
  const receivedAtMs = world.nowMs()
  const contact = contactOf(order, world)
  const dateMs = order.dateMs ?? receivedAtMs
  const unitMs = world.switches.eventDateKept === 'seconds' ? 1000 : 1
  world.events.add({
    contactId: contact?.id ?? null,
    name: order.name,
    dateMs: Math.floor(dateMs / unitMs) * unitMs,
    eventProperties: order.eventProperties,
    contactProperties: order.contactProperties,
    receivedAtMs,
  })
  if (contact) writeProperties(contact, order.contactProperties, world)
}

/** A contact_id decides alone, even where it is unknown: it has priority over all other identifiers. */
function contactOf(order: EventOrder, world: BrevoWorld): Contact | undefined {
  const known =
    order.contactId === undefined ? byIdentifiers(order, world) : world.contacts.get(order.contactId)
  if (known) return known
  const { unknownEventContact } = world.switches
  if (unknownEventContact === 'refused') throw eventContactUnknown()
  const email = order.identifiers.find(({ kind }) => kind === 'email')?.value
  const isMade = unknownEventContact === 'created' && order.contactId === undefined && email !== undefined
  return isMade ? createContact({ email }, world).contact : undefined
}

function byIdentifiers({ identifiers }: EventOrder, world: BrevoWorld): Contact | undefined {
  for (const { kind, value } of identifiers) {
    const contact = byKind(world, kind, value)
    if (contact) return contact
  }
  return undefined
}

/** Unknown and unfitting attributes are ignored as in a contact's own update; so are identifiers. */
function writeProperties(contact: Contact, properties: Body, world: BrevoWorld): void {
  const change = emptyChange()
  for (const [name, value] of Object.entries(properties)) {
    const attribute = isIdentifierAttribute(name) ? undefined : world.attributes.get(name)
    const fit = attribute && fitValue(attribute, value, world.switches.lenientTypes)
    if (fit?.fits) change.attributes.set(name, fit.value)
  }
  if (change.attributes.size === 0) return
  const announce = watchContact(contact, world)
  applyChange(contact, change, world, world.nowMs())
  announce(contact)
}
