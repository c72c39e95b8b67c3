/** The small values settings are made of, each with the sentence that says what was expected. */
import { z } from 'zod'
import { durationMs } from '../duration.ts'
import { isSecureUrl, URL_EXPECTATION } from '../urls.ts'

/** Text that matches `pattern`; `expectation` is the whole message: "expected ...". */
export function text(expectation: string, pattern: RegExp) {
  return z.string({ error: expectation }).regex(pattern, { error: expectation })
}

/** A credential: it travels in a header, so printable ASCII without spaces. */
export function credential(what: string) {
  return text(`expected ${what} (text without spaces)`, /^[\x21-\x7e]+$/)
}

/** An address under the rule of `isSecureUrl`. */
export function address() {
  return text(URL_EXPECTATION, /^https?:\/\//i).refine(isSecureUrl, { error: URL_EXPECTATION })
}

export function wholeNumber(expectation: string, from: number, to = Number.MAX_SAFE_INTEGER) {
  return z.int({ error: expectation }).min(from, { error: expectation }).max(to, { error: expectation })
}

export function listId() {
  return wholeNumber('expected the id of a Brevo list (a whole number from 1)', 1)
}

/** An id as a number, or a name: text either way. */
export function reference(expectation: string) {
  return z
    .union([wholeNumber(expectation, 1), text(expectation, /\S/)], { error: expectation })
    .transform(String)
    .nullable()
    .default(null)
}

export function flag(fallback: boolean) {
  return z.boolean({ error: 'expected true or false' }).default(fallback)
}

export function oneOf<const T extends readonly [string, ...string[]]>(values: T) {
  return z.enum(values, { error: `expected one of ${values.join(', ')}` })
}

/** Seconds, minutes, hours or days; between 5 seconds and 7 days. */
export function interval() {
  const expectation = 'expected a time with its unit, such as 30s, 5m or 1h'
  return text(expectation, /^[1-9][0-9]{0,8}(s|m|h|d)$/).refine(
    (value) => {
      const ms = durationMs(value)
      return ms === null || (ms >= 5_000 && ms <= 7 * 86_400_000)
    },
    { error: 'expected a time between 5s and 7d' },
  )
}

export function eventName() {
  return text(
    'expected an event name for Brevo (1 to 255 letters, digits, - and _)',
    /^[A-Za-z0-9_-]{1,255}$/,
  )
}
