/** The five things that name a contact, and how the vendor writes and reads them. Knows no contacts. */

/** `email` is a member of the contact, the others are attributes. */
export type IdentifierKind = 'email' | 'SMS' | 'EXT_ID' | 'WHATSAPP' | 'LANDLINE_NUMBER'

/** In the order in which conflicts are reported. */
export const IDENTIFIER_KINDS: readonly IdentifierKind[] = [
  'email',
  'SMS',
  'EXT_ID',
  'WHATSAPP',
  'LANDLINE_NUMBER',
]

const PHONES = new Set<string>(['SMS', 'WHATSAPP', 'LANDLINE_NUMBER'])
export const isPhone = (name: string): boolean => PHONES.has(name)
export const isIdentifierAttribute = (name: string): name is Exclude<IdentifierKind, 'email'> =>
  PHONES.has(name) || name === 'EXT_ID'

/** As `metadata.duplicate_identifiers` spells it. */
export const duplicateName = (kind: IdentifierKind): string => (kind === 'EXT_ID' ? 'ext_id' : kind)

const SYNTHETIC = '@mailin-sms.com'
export const syntheticEmail = (sms: string): string => `${sms}${SYNTHETIC}`
/** The number in a synthetic address, or null for any other address. */
export function smsOfSynthetic(email: string): string | null {
  const local = email.endsWith(SYNTHETIC) ? email.slice(0, -SYNTHETIC.length) : ''
  return /^\d+$/.test(local) ? local : null
}

/**
 * The digits of `91xxxxxxxxxx`, `+91xxxxxxxxxx` or `0091xxxxxxxxxx`, the three documented formats
 * (https://developers.brevo.com/reference/create-contact); null for anything else, separators and local numbers included.
 */
export function toPhoneDigits(raw: string): string | null {
  return /^(?:\+|00)?([1-9]\d{6,14})$/.exec(raw)?.[1] ?? null
}

const EMAIL =
  /^[a-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[a-z0-9!#$%&'*+/=?^_`{|}~-]+)*@(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]*[a-z0-9]$/

/** The address as it is stored (lower case), or null if it is none. */
export function toStoredEmail(raw: unknown): string | null {
  if (typeof raw !== 'string' || raw.length > 254) return null
  const email = raw.toLowerCase()
  return EMAIL.test(email) && email.indexOf('@') <= 64 ? email : null
}
