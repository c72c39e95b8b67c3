/**
 * Whether a value fits an attribute, and how it is kept and answered. Values that do not fit are ignored in silence
 * (https://developers.brevo.com/reference/create-contact); only phone numbers are refused aloud.
 */
import { isPhone, toPhoneDigits } from './identifiers.ts'
import type { BrevoAttribute, BrevoAttributeValue } from './seed.ts'
import type { BrevoSwitches } from './switches.ts'

export type Fit = { fits: true; value: BrevoAttributeValue } | { fits: false; why: 'mismatch' | 'bad-phone' }

const MISMATCH: Fit = { fits: false, why: 'mismatch' }
const fitting = (value: BrevoAttributeValue): Fit => ({ fits: true, value })

/** `lenient`: text that reads as a number or a boolean fits, as in CSV, and numbers fit text. */
export function fitValue(attribute: BrevoAttribute, raw: unknown, lenient: boolean): Fit {
  if (isPhone(attribute.name)) return fitPhone(raw)
  if (attribute.category === 'calculated' || attribute.category === 'global') return MISMATCH
  if (attribute.category === 'category') return fitCategory(attribute, raw)
  switch (attribute.type) {
    case 'float':
      if (typeof raw === 'number' && Number.isFinite(raw)) return fitting(raw)
      if (lenient && typeof raw === 'string' && /^-?\d+(\.\d+)?$/.test(raw)) return fitting(Number(raw))
      return MISMATCH
    case 'boolean':
      if (typeof raw === 'boolean') return fitting(raw)
      if (lenient && (raw === 'true' || raw === 'false')) return fitting(raw === 'true')
      return MISMATCH
    case 'date':
      return typeof raw === 'string' && isCalendarDate(raw) ? fitting(raw) : MISMATCH
    case 'multiple-choice':
      return fitChoices(attribute, raw, lenient)
    case 'id':
      return typeof raw === 'string' || typeof raw === 'number' ? fitting(raw) : MISMATCH
    default:
      if (typeof raw === 'string') return fitting(raw)
      return lenient && typeof raw === 'number' ? fitting(String(raw)) : MISMATCH
  }
}

function fitPhone(raw: unknown): Fit {
  const digits = typeof raw === 'string' || typeof raw === 'number' ? toPhoneDigits(String(raw).trim()) : null
  return digits === null ? { fits: false, why: 'bad-phone' } : fitting(digits)
}

/** Label or id of an option; kept as the id in text, so that a renamed label follows. */
function fitCategory(attribute: BrevoAttribute, raw: unknown): Fit {
  const option = attribute.enumeration?.find(
    (each) => each.label === raw || each.value === raw || String(each.value) === raw,
  )
  return option ? fitting(String(option.value)) : MISMATCH
}

function fitChoices(attribute: BrevoAttribute, raw: unknown, lenient: boolean): Fit {
  const given = lenient && typeof raw === 'string' ? raw.split(',').map((each) => each.trim()) : raw
  if (!Array.isArray(given)) return MISMATCH
  const options = new Set(attribute.multiCategoryOptions)
  const known = given.filter((each): each is string => typeof each === 'string' && options.has(each))
  return known.length === 0 ? MISMATCH : fitting([...new Set(known)])
}

function isCalendarDate(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false
  const date = new Date(`${text}T00:00:00Z`)
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text)
}

/** A kept value as a contact's answer shows it; undefined when its option no longer exists. */
export function presentValue(
  attribute: BrevoAttribute | undefined,
  name: string,
  value: BrevoAttributeValue,
  switches: BrevoSwitches,
): BrevoAttributeValue | undefined {
  if (isPhone(name)) return switches.phoneAnswer === 'plus' ? `+${String(value)}` : value
  if (attribute?.category !== 'category') return value
  const option = attribute.enumeration?.find((each) => String(each.value) === value)
  if (!option) return undefined
  return switches.categoryAnswer === 'id' ? String(option.value) : option.label
}
