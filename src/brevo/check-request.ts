/**
 * Refuses, before anything is sent, what Brevo would take wrongly: lifting a blocklisting, nulls (400 at Brevo), too many
 * members at once. Types forbid these too; this holds where types were bypassed.
 */
import { TajoError } from '../base/error.ts'
import { isJsonObject } from '../base/json.ts'

export const MOST_MEMBERS = 150
export const MOST_IMPORT_BYTES = 8_000_000
export const MOST_BATCH_EVENTS = 200

const ONLY_TRUE = ['emailBlacklisted', 'smsBlacklisted', 'emailBlacklist', 'smsBlacklist']
const LIFT_IN_TEXT = new RegExp(`"(${ONLY_TRUE.join('|')})"\\s*:(?!\\s*true\\b)`)

/** For the body of a contact, an import, a change of a list or an event: looks into attributes, too. */
export function assertNoLift(body: object): void {
  const found = ONLY_TRUE.find((name) => name in body && Reflect.get(body, name) !== true)
  if (found !== undefined) throw lift(found)
  for (const name of ['attributes', 'contact_properties']) {
    const inner: unknown = Reflect.get(body, name)
    if (isJsonObject(inner)) assertNoLift(inner)
  }
}

/** The same for JSON text: a name in it is one of the sender's own, for quotes within a value are escaped. */
export function assertNoLiftInText(json: string): void {
  const found = LIFT_IN_TEXT.exec(json)?.[1]
  if (found !== undefined) throw lift(found)
}

function lift(name: string): TajoError {
  return refusal(
    `"${name}" may only be sent as true: taking a contact off the blocklist is the contact's own decision, so leave the field out.`,
  )
}

/** Brevo answers 400 to null wherever a value is expected. */
export function assertNoNull(value: unknown, path = 'body'): void {
  if (value === null) throw refusal(`${path} is null; leave it out, or send an empty text to erase.`)
  if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) assertNoNull(item, `${path}[${index}]`)
  } else if (isJsonObject(value)) {
    for (const [name, item] of Object.entries(value)) assertNoNull(item, `${path}.${name}`)
  }
}

export function assertCount(count: number, most: number, what: string): void {
  if (count >= 1 && count <= most) return
  throw refusal(`Brevo takes 1 to ${most} ${what} in one call, not ${count}; split them.`)
}

export function refusal(message: string): TajoError {
  return new TajoError({ code: 'brevo_request_invalid', message })
}
