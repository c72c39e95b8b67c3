/** Whether a value fits a company's attribute, and how it is kept and answered. Refuses nothing aloud. */
import type { CompanyValue } from './company-store.ts'
import type { CrmAttribute } from './crm-attribute-registry.ts'
import { parseMoment } from './request.ts'
import type { BrevoSwitches } from './switches.ts'

/**
 * The value as it is kept; undefined when it does not fit. `lenient`: text that reads as a number, a boolean or a list
 * of options fits, as in CSV.
 */
export function toCompanyValue(
  attribute: CrmAttribute,
  raw: unknown,
  lenient: boolean,
): CompanyValue | undefined {
  if (attribute.internalName === 'phone_number') return toPhoneNumber(raw)
  switch (attribute.type) {
    case 'number':
      if (typeof raw === 'number' && Number.isFinite(raw)) return raw
      return lenient && typeof raw === 'string' && /^-?\d+(\.\d+)?$/.test(raw) ? Number(raw) : undefined
    case 'boolean':
      if (typeof raw === 'boolean') return raw
      return lenient && (raw === 'true' || raw === 'false') ? raw === 'true' : undefined
    case 'date':
      return typeof raw === 'string' && isDate(raw) ? raw : undefined
    case 'single-select':
      return keyOf(attribute, raw)
    case 'multi-choice':
      return toChoices(attribute, lenient && typeof raw === 'string' ? raw.split(',') : raw)
    default:
      return typeof raw === 'string' ? raw : undefined
  }
}

/** Digits, as text or as a number; both are in the vendor's examples. */
function toPhoneNumber(raw: unknown): CompanyValue | undefined {
  const isPhone = (typeof raw === 'string' || typeof raw === 'number') && /^\d{4,15}$/.test(String(raw))
  return isPhone ? raw : undefined
}

function isDate(text: string): boolean {
  return parseMoment(/^\d{4}-\d{2}-\d{2}$/.test(text) ? `${text}T00:00:00Z` : text) !== undefined
}

function keyOf({ options }: CrmAttribute, raw: unknown): string | undefined {
  return options.find(({ key, value }) => key === raw || value === raw)?.key
}

function toChoices(attribute: CrmAttribute, raw: unknown): string[] | undefined {
  if (!Array.isArray(raw)) return undefined
  const keys = raw.map((each) => keyOf(attribute, typeof each === 'string' ? each.trim() : each))
  return keys.every((key) => key !== undefined) ? [...new Set(keys)] : undefined
}

export function presentCompanyValue(
  attribute: CrmAttribute | undefined,
  value: CompanyValue,
  { companyOptionAnswer }: BrevoSwitches,
): CompanyValue {
  if (companyOptionAnswer === 'key' || !attribute || attribute.options.length === 0) return value
  const label = (key: string): string => attribute.options.find((each) => each.key === key)?.value ?? key
  return Array.isArray(value) ? value.map(label) : label(String(value))
}
