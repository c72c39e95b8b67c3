/** One person in both directions (rule R9): which value wins and why, consent, and what is on its way. Reads the store only. */
import type { JsonObject } from '../base/json.ts'
import {
  type FailureEntry,
  type OpenEdit,
  readCandidate,
  readEdit,
  type Store,
  stoppedFields,
} from '../store/index.ts'
import type { Outcome, Reason, Verdict } from './merge/index.ts'
import type {
  ConflictRule,
  Consent,
  EditCommand,
  FieldDefinition,
  Person,
  ReverseField,
} from './model/index.ts'
import { type MergePlan, mergeOne } from './reconcile/index.ts'

export type ReversedField = {
  /** Attribute name, `SMS` or `EMAIL`. */
  readonly attribute: string
  /** `to_pipedrive`: Brevo's value is always the right one. */
  readonly way: ReverseField['way']
  readonly inPipedrive: unknown
  readonly inBrevo: unknown
  /** Null: both were empty. Absent: nothing was agreed on yet. */
  readonly agreed?: unknown
  readonly outcome: Outcome
  readonly because: Reason
  /** Why Brevo's value cannot go to Pipedrive, and what to do. */
  readonly problem: string | null
  readonly remedy: string | null
}

export type ReversedConsent = {
  /** The name of the field that receives it; null: none does. */
  readonly field: string | null
  /** What that field says, in its own words. */
  readonly inPipedrive: string | null
  /** What it will say after the next sync; null: it stays. */
  readonly next: Consent | null
  readonly emailBlocked: boolean | null
  /** Why Brevo blocklisted the contact, where it said so. */
  readonly blockedBy: string | null
}

export type OpenPersonEdit = {
  /** `pending`; `sent`: nobody knows what came of it; `failed`: not tried again as it is; `settled`: nothing is to be done. */
  readonly state: OpenEdit['state']
  /** Names of attributes. */
  readonly fields: readonly string[]
  readonly consent: Consent | null
  readonly attempts: number
  /** ISO 8601. */
  readonly plannedAt: string
  /** ISO 8601; null: at once. */
  readonly notBefore: string | null
}

export type ReverseExplanation = {
  readonly conflict: ConflictRule
  /** When either record was changed last, ISO 8601: what `conflict: newest` compares. */
  readonly lastChanged: { readonly pipedrive: string | null; readonly brevo: string | null }
  /** Empty where there is no contact to compare with. */
  readonly fields: readonly ReversedField[]
  readonly consent: ReversedConsent
  readonly edit: OpenPersonEdit | null
  /** Fields that went back and forth too often (rule R9.3). */
  readonly stopped: readonly string[]
  readonly failure: FailureEntry | null
}

/** Null where nothing goes to Pipedrive. `person`: the one that leads; `failures`: its own. */
export async function explainMerge(
  store: Store,
  connection: string,
  plan: MergePlan,
  person: Person,
  failures: readonly FailureEntry[],
): Promise<ReverseExplanation | null> {
  const { reverse } = plan
  if (reverse === null) return null
  const candidate = await readCandidate(store.db, connection, person.id)
  const contact = candidate?.contact ?? null
  const edit = await readEdit(store.db, connection, person.id)
  const rows = contact ? await stoppedFields(store.db, connection, [contact.contact_id]) : []
  const stopped = rows.map(({ attribute }) => attribute).sort()
  // A contact that still belongs to somebody else is merged with nobody.
  const merges = candidate !== undefined && contact !== null && candidate.held_by === null
  const merged = merges ? mergeOne(candidate, person, new Set(stopped), plan) : null
  const ways = new Map(reverse.fields.map(({ name, way }) => [name, way]))
  return {
    conflict: reverse.conflict,
    lastChanged: {
      pipedrive: toTime(person.updatedAt),
      brevo: toTime(contact?.modified_at ?? null),
    },
    fields: (merged?.verdicts ?? []).map((verdict) => {
      const problem = merged?.problems.find(({ name }) => name === verdict.name)
      return {
        ...toField(verdict, ways.get(verdict.name) ?? 'both', contact?.agreed ?? {}),
        problem: problem?.problem ?? null,
        remedy: problem?.remedy ?? null,
      }
    }),
    consent: {
      field: reverse.consentField?.name ?? null,
      inPipedrive: reverse.consentField && wordsOf(person, reverse.consentField),
      next: merged?.consent?.word ?? null,
      emailBlocked: contact?.email_blocked ?? null,
      blockedBy: contact?.blocked_by ?? null,
    },
    edit: edit ? toOpenEdit(edit) : null,
    stopped,
    failure: failures.find(({ entity }) => entity === 'person edit') ?? null,
  }
}

function toField(
  { name, outcome, reason, inPipedrive, inBrevo }: Verdict,
  way: ReverseField['way'],
  agreed: JsonObject,
): Omit<ReversedField, 'problem' | 'remedy'> {
  const base = Object.hasOwn(agreed, name) ? { agreed: agreed[name] ?? null } : {}
  return { attribute: name, way, inPipedrive, inBrevo, ...base, outcome, because: reason }
}

function toOpenEdit({ state, command, attempts, planned_at, not_before }: OpenEdit): OpenPersonEdit {
  const { edits, consent } = command as unknown as EditCommand
  return {
    state,
    fields: edits.map(({ name }) => name),
    consent: consent?.word ?? null,
    attempts,
    plannedAt: planned_at.toISOString(),
    notBefore: not_before?.toISOString() ?? null,
  }
}

/** The field may hold words that are none of ours. */
function wordsOf(person: Person, field: FieldDefinition): string | null {
  const value = person.fields[field.key]
  if (value?.kind === 'text') return value.text
  return value?.kind === 'option' ? (field.options[value.id] ?? value.id) : null
}

function toTime(value: Date | string | null): string | null {
  return value === null ? null : new Date(value).toISOString()
}
