/** Why a value goes to one side or the other, in words (rule R9.2). It decides nothing. */
import type { ReversedField } from '../service/index.ts'
import { toMinute } from './failure-text.ts'

type Reason = ReversedField['because']

const REASONS: Readonly<Record<Reason | 'new_person' | 'waiting', string>> = {
  equal: 'the same on both sides',
  nothing_agreed_yet: 'differs, and the two were never the same before',
  changed_in_pipedrive: 'changed in Pipedrive only',
  changed_in_brevo: 'changed in Brevo only',
  both_changed: 'changed on both sides',
  brevo_is_right: "goes to Pipedrive only, so Brevo's value is always the right one",
  not_usable: "Pipedrive's value cannot be written to Brevo, and nothing was changed there since",
  cannot_be_turned_back: "Brevo's value cannot be turned back",
  required_in_pipedrive: 'emptied in Brevo, but a person cannot be without it',
  another_field_says_otherwise: 'another attribute stands for the same field, and that one is heard',
  address_of_another_person: 'the address in Brevo is that of another person',
  stopped: 'went back and forth too often; stopped until `tajo failures retry`',
  new_person: 'of a new person',
  waiting: 'changed in Brevo; waits since an earlier sync',
}

export const OUTCOMES: Readonly<Record<ReversedField['outcome'], string>> = {
  same: 'in step',
  to_pipedrive: 'to Pipedrive',
  to_brevo: 'to Brevo',
  left: 'left as it is',
}

/** A code that is not here stands for itself. */
export function mergeReasonText(code: string): string {
  return Object.hasOwn(REASONS, code) ? REASONS[code as Reason] : code.replaceAll('_', ' ')
}

type Sides = { readonly pipedrive: string | null; readonly brevo: string | null }

/** With what decided it, where that needs saying. */
export function fieldReasonText(field: ReversedField, conflict: string, lastChanged: Sides): string {
  const text = mergeReasonText(field.because)
  const { because, outcome, inPipedrive, inBrevo, problem, remedy } = field
  if (because === 'both_changed') return `${text}; ${winnerText(field, conflict, lastChanged)}`
  if (because === 'nothing_agreed_yet')
    return `${text}; ${outcome === 'to_pipedrive' ? 'it is empty in Pipedrive' : "then Pipedrive's value wins"}`
  if (because === 'brevo_is_right' && inBrevo === null && inPipedrive !== null && outcome === 'left')
    return `${text}; it was never filled there, and empties nothing`
  return problem === null ? text : `${text}: ${problem}. ${remedy ?? ''}`.trim()
}

function winnerText({ inPipedrive, inBrevo }: ReversedField, conflict: string, at: Sides): string {
  if (inPipedrive === null || inBrevo === null) return conflictText('not_empty')
  if (conflict !== 'newest') return conflictText(conflict)
  const time = (iso: string | null): string => (iso === null ? 'unknown' : toMinute(iso))
  return `${conflictText(conflict)} (Pipedrive ${time(at.pipedrive)}, Brevo ${time(at.brevo)})`
}

/** `rule`: the setting `conflict`, or `not_empty`. */
export function conflictText(rule: string): string {
  if (rule === 'not_empty') return 'an empty value never wins'
  return rule === 'newest' ? 'the record changed last wins' : `conflict: ${rule}`
}

/** A value between quotation marks; `nothing` for none. */
export function quoted(value: unknown): string {
  if (value === null || value === undefined || value === '') return 'nothing'
  const text = Array.isArray(value) ? value.join(', ') : String(value)
  return `"${text}"`
}
