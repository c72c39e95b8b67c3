/** What the parameters of actions may hold: the same rules for what stands in the file and for what a template has become. */
import { durationMs } from '../config/index.ts'
import type { ParameterValue } from './skill.ts'

export type ParameterKind =
  | 'text'
  | 'email'
  | 'id'
  | 'crmId'
  | 'event'
  | 'date'
  | 'duration'
  | 'blocked'
  | 'attributes'
  | 'values'
  | 'properties'

const mostText = 20_000
/** The identity and the tie of a contact, and a change of address or number would lift a blocklisting (rule R4.2). */
const NOT_ATTRIBUTES = ['EMAIL', 'SMS', 'WHATSAPP', 'EXT_ID']
const BLOCKLISTS = /^(?:email|sms)black(?:listed|list)$/i

export type KindProblem = { readonly path: readonly string[]; readonly message: string }

/** Null when it is fine. */
export function kindProblem(kind: ParameterKind, value: ParameterValue): KindProblem | null {
  switch (kind) {
    case 'text':
      return expects(
        isText(value) && String(value).length <= mostText,
        `expected text of 1 to ${mostText} characters`,
      )
    case 'email':
      return expects(
        typeof value === 'string' && /^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(value),
        'expected an e-mail address',
      )
    case 'id':
      return expects(
        /^[1-9][0-9]{0,14}$/.test(String(value)) && isText(value),
        'expected an id (a whole number from 1)',
      )
    case 'crmId':
      return expects(
        typeof value === 'string' && /^[0-9a-f]{24}$/i.test(value),
        "expected an id of Brevo's own: 24 digits and letters from a to f, in quotes",
      )
    case 'event':
      return expects(
        typeof value === 'string' && /^[A-Za-z0-9_-]{1,255}$/.test(value),
        'expected an event name: 1 to 255 letters, digits, - and _, without a template',
      )
    case 'date':
      return expects(
        typeof value === 'string' && /^\d{4}-\d{2}-\d{2}$/.test(value) && !Number.isNaN(Date.parse(value)),
        'expected a day such as 2026-12-24',
      )
    case 'duration':
      return expects(
        typeof value === 'string' && durationMs(value) !== null,
        'expected a time such as 2d or 4h',
      )
    case 'blocked':
      return expects(
        value === true,
        'may only be true: no skill takes anybody off a blocklist (rule R4.1), so leave it out',
      )
    case 'attributes':
      return mapProblem(value, attributeProblem)
    case 'values':
      return mapProblem(value, () => null)
    case 'properties':
      return mapProblem(value, propertyProblem)
  }
}

function expects(isFine: boolean, message: string): KindProblem | null {
  return isFine ? null : { path: [], message }
}

function isText(value: ParameterValue): boolean {
  return typeof value === 'number' || (typeof value === 'string' && value.trim() !== '')
}

function mapProblem(value: ParameterValue, ofKey: (key: string) => string | null): KindProblem | null {
  if (typeof value !== 'object' || Array.isArray(value))
    return { path: [], message: 'expected a block of "name: value"' }
  const entries = Object.entries(value)
  if (entries.length === 0) return { path: [], message: 'expected at least one "name: value"' }
  for (const [key, item] of entries) {
    const problem = ofKey(key)
    if (problem !== null) return { path: [key], message: problem }
    const isPlain =
      typeof item !== 'object' || (Array.isArray(item) && item.every((one) => typeof one !== 'object'))
    if (!isPlain) return { path: [key], message: 'expected text, a number, true, false, or a list of them' }
  }
  return null
}

function attributeProblem(name: string): string | null {
  if (BLOCKLISTS.test(name))
    return 'consent is no attribute: a skill may only set emailBlacklisted: true beside attributes'
  if (NOT_ATTRIBUTES.includes(name.toUpperCase()))
    return 'the identity of a contact is not for skills: changing it could lift a blocklisting (rule R4)'
  return /^[A-Za-z][A-Za-z0-9_]*$/.test(name)
    ? null
    : 'expected the name of a Brevo attribute (letters, digits and _)'
}

function propertyProblem(name: string): string | null {
  if (name === 'event_id')
    return 'event_id is set by Tajo, so that the event can be found again; choose another name'
  return /^[A-Za-z0-9_-]{1,255}$/.test(name) ? null : 'expected a property name of letters, digits, - and _'
}
