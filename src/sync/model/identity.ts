/** Rule R1.1: which address is a person's identity, and when there is none. */
import { domainToASCII } from 'node:url'
import { z } from 'zod'
import type { Person } from './records.ts'

export type Identity =
  | { email: string; problem: null }
  | { email: null; problem: 'no_email' | 'invalid_email' }

const address = z.email()

/** The primary e-mail (else the first), trimmed and lower-cased; or why there is none. */
export function identityOf(person: Pick<Person, 'emails'>): Identity {
  const entry = primaryEntry(person.emails)
  if (!entry) return { email: null, problem: 'no_email' }
  const email = normaliseEmail(entry)
  return email === null ? { email: null, problem: 'invalid_email' } : { email, problem: null }
}

/** The entry marked primary that has text, else the first that has; trimmed. */
export function primaryEntry(entries: readonly { value: string; primary: boolean }[]): string | null {
  const filled = entries
    .map((entry) => ({ primary: entry.primary, text: entry.value.trim() }))
    .filter((entry) => entry.text !== '')
  return (filled.find((entry) => entry.primary) ?? filled[0])?.text ?? null
}

/** Lower case, composed letters, the host in ASCII; null when it is no single address. */
export function normaliseEmail(text: string): string | null {
  const composed = text.trim().normalize('NFC').toLowerCase()
  const at = composed.lastIndexOf('@')
  if (at <= 0) return null
  const written = composed.slice(at + 1)
  // Read as part of a URL, these would end the host or be decoded: a mistyped address would become another one.
  if (/[\s/?#\\%:]/.test(written)) return null
  const host = domainToASCII(written)
  const email = `${composed.slice(0, at)}@${host}`
  return host !== '' && address.safeParse(email).success ? email : null
}
