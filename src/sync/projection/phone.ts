/** Rule R2.2: a phone number as E.164, or nothing. Pure. */
import { type CountryCode, parsePhoneNumberFromString } from 'libphonenumber-js/max'

/**
 * `+821012345678` for a valid number; null for anything else. Numbers without a country code are read as numbers
 * of `defaultCountry` (ISO 3166, two letters); without one they cannot be normalised.
 */
export function toE164(text: string, defaultCountry: string | null): string | null {
  const international = toInternational(text)
  const parsed = defaultCountry
    ? parsePhoneNumberFromString(international, defaultCountry as CountryCode)
    : parsePhoneNumberFromString(international)
  return parsed?.isValid() ? parsed.number : null
}

/** Where a valid number that is written with its country code belongs, ISO 3166; null for any other. */
export function countryOfNumber(text: string): string | null {
  const parsed = parsePhoneNumberFromString(toInternational(text))
  return parsed?.isValid() ? (parsed.country ?? null) : null
}

/** Not every country dials abroad with 00, but people write it so: Korea's 00X prefixes need a carrier digit. */
function toInternational(text: string): string {
  return text.trim().replace(/^(?:＋|[0０]{2}(?=[1-9１-９]))/, '+')
}
