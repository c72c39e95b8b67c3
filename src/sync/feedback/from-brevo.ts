/** Brevo's contacts and attributes to ours. Vendor shapes stop here. */
import type { BrevoAttribute, BrevoContact } from '../../brevo/index.ts'
import {
  type Attribute,
  type Attributes,
  type AttributeType,
  type AttributeValue,
  type Contact,
  normaliseEmail,
  SMS,
} from '../model/index.ts'

const types: readonly string[] = [
  'text',
  'date',
  'float',
  'boolean',
  'category',
  'multiple-choice',
  'id',
  'user',
]

/** An attribute of the account; `writable` is false for calculated, global and transactional ones. */
export function fromBrevoAttribute(attribute: BrevoAttribute): Attribute & { writable: boolean } {
  const category = attribute.category ?? 'normal'
  const declared = category === 'category' ? 'category' : (attribute.type ?? 'text')
  const type = types.includes(declared) ? (declared as AttributeType) : 'text'
  const enumeration = attribute.enumeration ?? []
  const labels = enumeration.map((option) => option.label ?? '').filter((label) => label !== '')
  return {
    name: attribute.name.toUpperCase(),
    type,
    labels:
      type === 'category'
        ? labels
        : type === 'multiple-choice'
          ? (attribute.multiCategoryOptions ?? [])
          : null,
    labelOfValue: Object.fromEntries(
      enumeration.flatMap((option) => {
        const value = option.valueStr ?? (option.value == null ? '' : String(option.value))
        return value === '' || !option.label ? [] : [[value, option.label]]
      }),
    ),
    writable: (category === 'normal' || category === 'category') && type !== 'id' && type !== 'user',
  }
}

/** A contact, limited to the mapped attributes and made comparable. */
export function fromBrevoContact(contact: BrevoContact, mapped: readonly Attribute[]): Contact {
  const raw = contact.attributes ?? {}
  const attributes: Record<string, AttributeValue> = {}
  for (const attribute of mapped) {
    const value = fromBrevoValue(raw[attribute.name], attribute)
    if (value !== null) attributes[attribute.name] = value
  }
  return {
    contactId: contact.id,
    email: fromBrevoEmail(contact.email),
    extId: textOf(raw.EXT_ID),
    sms: fromBrevoPhone(raw[SMS]),
    attributes: attributes satisfies Attributes,
    lists: [...new Set(contact.listIds ?? [])].sort((a, b) => a - b),
    emailBlocked: contact.emailBlacklisted === true,
    smsBlocked: contact.smsBlacklisted === true,
    blockedBy: contact.emailBlacklisted === true ? blockReason(contact.statistics) : null,
    modifiedAt: toIsoTime(contact.modifiedAt),
  }
}

/** Only a contact that was asked for by itself carries its statistics, of the last ninety days. The gravest reason counts. */
function blockReason(statistics: BrevoContact['statistics']): string | null {
  const { complaints, unsubscriptions, hardBounces } = statistics ?? {}
  if (hasAny(complaints)) return 'complained'
  if (hasAny(unsubscriptions?.userUnsubscription) || hasAny(unsubscriptions?.adminUnsubscription))
    return 'unsubscribed'
  return hasAny(hardBounces) ? 'bounced' : null
}

function hasAny(items: unknown): boolean {
  return Array.isArray(items) && items.length > 0
}

/** A contact that has only a phone number is answered with a made-up address; that is none. */
function fromBrevoEmail(email: string | null | undefined): string | null {
  if (!email || email.toLowerCase().endsWith('@mailin-sms.com')) return null
  return normaliseEmail(email) ?? email.trim().toLowerCase()
}

/** Numbers come as digits with or without the plus. */
function fromBrevoPhone(value: unknown): string | null {
  const digits = (textOf(value) ?? '').replace(/\D/g, '')
  return digits === '' ? null : `+${digits.replace(/^00/, '')}`
}

function textOf(value: unknown): string | null {
  if (typeof value === 'string') return value.trim() === '' ? null : value.trim()
  return typeof value === 'number' ? String(value) : null
}

function fromBrevoValue(value: unknown, attribute: Attribute): AttributeValue | null {
  if (value === null || value === undefined || value === '') return null
  switch (attribute.type) {
    case 'float': {
      const number = Number(value)
      return Number.isFinite(number) ? number : null
    }
    case 'boolean':
      return typeof value === 'boolean' ? value : String(value).toLowerCase() === 'true' || value === 1
    case 'date':
      return String(value).slice(0, 10)
    case 'category':
      return Object.hasOwn(attribute.labelOfValue, String(value))
        ? (attribute.labelOfValue[String(value)] ?? String(value))
        : String(value)
    case 'multiple-choice': {
      const labels = (Array.isArray(value) ? value : String(value).split(',')).map((label) =>
        String(label).trim(),
      )
      return labels.length === 0 ? null : labels.sort()
    }
    default:
      return typeof value === 'object' ? JSON.stringify(value) : String(value).trim() || null
  }
}

/** Brevo writes times in two ways; both are read. */
function toIsoTime(time: string | null | undefined): string | null {
  const date = time ? new Date(time.replace(' ', 'T')) : null
  return date && !Number.isNaN(date.getTime()) ? date.toISOString() : null
}
