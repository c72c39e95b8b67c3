/**
 * Brevo's webhook bodies as hints at contacts. What they say about the contact is not believed: names and shapes differ
 * from the API's (https://developers.brevo.com/docs/marketing-webhooks), so the contact is read again.
 */
import { createHash } from 'node:crypto'
import { isJsonObject, type JsonObject } from '../../base/json.ts'
import { normaliseEmail } from '../model/index.ts'

/** The contact, by address; null when the delivery is about nothing that Tajo keeps. */
export type ContactHint = {
  readonly email: string
  readonly version: string | null
  /** Why the contact is going to be blocklisted, where the event says so. */
  readonly blockedBy: string | null
  /** The API key that made the change, by name; '' when a person did, null where nothing is said. */
  readonly keyName: string | null
} | null

/** After which the contact itself may look different. */
const changing = [
  'contact_updated',
  'contact_deleted',
  'list_addition',
  'unsubscribed',
  'unsubscribe',
  'spam',
  'complaint',
  'hard_bounce',
  'hard_bounced',
]

/** Words of the consent field (rule R9.5). */
const reasons: Readonly<Record<string, string>> = {
  unsubscribed: 'unsubscribed',
  unsubscribe: 'unsubscribed',
  spam: 'complained',
  complaint: 'complained',
  hard_bounce: 'bounced',
  hard_bounced: 'bounced',
}

/** Brevo's deliveries have no id of their own: the same content is the same delivery. */
export function brevoDeliveryId(body: unknown): string {
  return createHash('sha256').update(JSON.stringify(body)).digest('base64url')
}

/** Throws an error that says what it does not understand. */
export function fromBrevoWebhook(body: unknown): ContactHint {
  if (!isJsonObject(body)) throw new Error('it is not an object')
  if (typeof body.event !== 'string') throw new Error('it has no event')
  if (!changing.includes(body.event)) return null
  const email = emailOf(body)
  if (email === null) throw new Error(`the event ${body.event} names no e-mail address`)
  // Seconds. Reading the same contact later than that makes the hint old.
  const time = new Date(Number(body.ts_event ?? body.ts) * 1000)
  return {
    email,
    version: time.getTime() > 0 ? time.toISOString() : null,
    blockedBy: Object.hasOwn(reasons, body.event) ? (reasons[body.event] ?? null) : null,
    keyName: keyNameOf(body),
  }
}

/** At the top, or in the first element of `content`, as real deliveries of contact_updated have it. */
function emailOf(body: JsonObject): string | null {
  const first = Array.isArray(body.content) ? body.content[0] : body.content
  for (const holder of [body, isJsonObject(first) ? first : {}]) {
    if (typeof holder.email === 'string' && holder.email.trim() !== '')
      return normaliseEmail(holder.email) ?? holder.email.trim().toLowerCase()
  }
  return null
}

/** Where the name stands is not documented: at the top, or beside the address. */
function keyNameOf(body: JsonObject): string | null {
  const first = Array.isArray(body.content) ? body.content[0] : body.content
  for (const holder of [body, isJsonObject(first) ? first : {}])
    if (typeof holder.api_key_name === 'string') return holder.api_key_name
  return null
}
