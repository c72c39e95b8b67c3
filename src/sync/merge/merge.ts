/**
 * The three-way merge (rule R9.2): what Pipedrive wants, what Brevo has, and what both last agreed on, field by field. Pure: it
 * decides, and writes nothing.
 */
import { canonicalJson } from '../../base/fingerprint.ts'
import {
  type Agreed,
  type AttributeValue,
  type ConsentEdit,
  EMAIL,
  type FieldEdit,
  type KnownContact,
  type Person,
  type PersonEdit,
  type ReverseField,
  type ReversePlan,
  SMS,
  type WantedContact,
} from '../model/index.ts'
import { mergeConsent } from './consent.ts'
import { sameAsPerson, turnBack } from './turn-back.ts'

export type MergeSides = {
  readonly wanted: WantedContact
  /** The number the person has, granted or not. */
  readonly number: string | null
  readonly known: KnownContact
  /** Why Brevo blocklisted the contact, where that is known. */
  readonly blockedBy: string | null
  readonly agreed: Agreed
  /** The lead person. */
  readonly person: Person
  /** Fields that the loop breaker stopped. */
  readonly stopped: ReadonlySet<string>
  /** Another person has the address that the contact has now. */
  readonly addressClaimed: boolean
}

/** `left`: written on neither side. */
export type Outcome = 'same' | 'to_brevo' | 'to_pipedrive' | 'left'

/** Why it was decided so; for `explain`, dry runs and the log. */
export type Reason =
  | 'equal'
  | 'nothing_agreed_yet'
  | 'changed_in_pipedrive'
  | 'changed_in_brevo'
  | 'both_changed'
  | 'brevo_is_right'
  | 'not_usable'
  | 'cannot_be_turned_back'
  | 'required_in_pipedrive'
  | 'another_field_says_otherwise'
  | 'address_of_another_person'
  | 'stopped'

export type Verdict = {
  readonly name: string
  readonly outcome: Outcome
  readonly reason: Reason
  readonly inPipedrive: AttributeValue | null
  readonly inBrevo: AttributeValue | null
}

export type FieldProblem = { readonly name: string; readonly problem: string; readonly remedy: string }

export type Merged = {
  /** What is wanted in Brevo once its own changes are respected. */
  readonly wanted: WantedContact
  /** Attributes (and `SMS`) that may be emptied in Brevo although Tajo did not fill them. */
  readonly clearable: readonly string[]
  readonly edits: readonly FieldEdit[]
  readonly consent: ConsentEdit | null
  readonly problems: readonly FieldProblem[]
  /** Agreed on once Brevo has what is wanted of it. */
  readonly agreed: Agreed
  /** And once Pipedrive has the edits. */
  readonly agreedAfterEdits: Agreed
  readonly verdicts: readonly Verdict[]
}

/** What values need to be turned back. */
export type MergeContext = {
  readonly defaultCurrency: string
  /** For numbers without a country code. */
  readonly country: string | null
}

export function mergeContact(sides: MergeSides, plan: ReversePlan, context: MergeContext): Merged {
  const decided = plan.fields.map((field) => decide(field, sides, plan, context))
  const turned = decided.map(({ field, verdict }) => turn(field, verdict, sides, context))
  const settled = oneEditAPart(turned)
  const agreed: Record<string, AttributeValue | null> = {}
  const agreedAfterEdits: Record<string, AttributeValue | null> = {}
  for (const { verdict } of settled) {
    const { name, outcome, reason, inBrevo, inPipedrive } = verdict
    if (outcome === 'same' || reason === 'another_field_says_otherwise') agreed[name] = inBrevo
    else if (outcome === 'to_brevo') agreed[name] = inPipedrive
    else if (outcome === 'to_pipedrive') agreedAfterEdits[name] = inBrevo
  }
  const verdicts = settled.map(({ verdict }) => verdict)
  const edits = settled.flatMap(({ verdict, edit }) =>
    edit ? [{ name: verdict.name, value: verdict.inBrevo, edit }] : [],
  )
  return {
    wanted: respecting(sides, verdicts),
    clearable: verdicts
      .filter(({ outcome, inPipedrive }) => outcome === 'to_brevo' && inPipedrive === null)
      .map(({ name }) => name),
    edits,
    consent: mergeConsent(sides, plan.consentField, edits.length > 0),
    problems: settled.flatMap(({ problem }) => problem ?? []),
    agreed,
    agreedAfterEdits,
    verdicts,
  }
}

type Decided = { readonly field: ReverseField; readonly verdict: Verdict }
type Turned = Decided & { readonly edit: PersonEdit | null; readonly problem: FieldProblem | null }

function decide(field: ReverseField, sides: MergeSides, plan: ReversePlan, context: MergeContext): Decided {
  const { name } = field
  const inPipedrive = wantedValue(name, sides)
  const inBrevo = knownValue(name, sides.known)
  const verdict = (outcome: Outcome, reason: Reason): Decided => ({
    field,
    verdict: { name, outcome, reason, inPipedrive, inBrevo },
  })
  const base = Object.hasOwn(sides.agreed, name) ? (sides.agreed[name] ?? null) : undefined
  // Rule R2.2: another contact has the number. That this one has none then is agreed on, and nobody's change.
  if (name === SMS && givesUpNumber(sides, base))
    return { field, verdict: { name, outcome: 'to_brevo', reason: 'not_usable', inPipedrive: null, inBrevo } }
  if (same(inPipedrive, inBrevo)) return verdict('same', 'equal')
  if (sides.stopped.has(name)) return verdict('left', 'stopped')
  const isPerson = (value: AttributeValue | null | undefined): boolean =>
    value !== null &&
    value !== undefined &&
    sameAsPerson(field, value, sides.person, { ...context, currency: currencyOf(field, sides.person) })
  if (isPerson(inBrevo)) return verdict('same', 'equal')
  const inBrevoChanged =
    base === undefined || !(same(inBrevo, base) || sameMeaning(field, inBrevo, base, context))
  if (field.way === 'to_pipedrive') {
    const emptied = base !== undefined && base !== null && inBrevo === null
    return inBrevo !== null || emptied
      ? verdict('to_pipedrive', 'brevo_is_right')
      : verdict('left', 'brevo_is_right')
  }
  const inPipedriveChanged = !same(inPipedrive, base ?? null) && !isPerson(base)
  const winner = (): 'to_brevo' | 'to_pipedrive' => conflictWinner(inPipedrive, inBrevo, sides, plan)
  if (!isUsable(name, sides)) {
    // What the person has cannot be said in Brevo: only what was changed there since speaks against it.
    const speaks = base !== undefined && inBrevoChanged && inBrevo !== null
    return speaks && !(inPipedriveChanged && winner() === 'to_brevo')
      ? verdict('to_pipedrive', 'changed_in_brevo')
      : verdict('left', 'not_usable')
  }
  if (base === undefined) {
    return verdict(inPipedrive === null ? 'to_pipedrive' : 'to_brevo', 'nothing_agreed_yet')
  }
  if (!inBrevoChanged) return verdict('to_brevo', 'changed_in_pipedrive')
  if (!inPipedriveChanged) return verdict('to_pipedrive', 'changed_in_brevo')
  return verdict(winner(), 'both_changed')
}

/** Another spelling of an option, or of a number, is no change. */
function sameMeaning(
  field: ReverseField,
  a: AttributeValue | null,
  b: AttributeValue | null,
  context: MergeContext,
): boolean {
  if (a === null || b === null) return false
  const [x, y] = [a, b].map((value) => turnBack(field, value, { ...context, currency: null }))
  return x?.kind === 'edit' && y?.kind === 'edit' && canonicalJson(x.edit) === canonicalJson(y.edit)
}

/** An empty value never overwrites on conflict. */
function conflictWinner(
  inPipedrive: AttributeValue | null,
  inBrevo: AttributeValue | null,
  { person, known }: MergeSides,
  { conflict }: ReversePlan,
): 'to_brevo' | 'to_pipedrive' {
  if (inPipedrive === null) return 'to_pipedrive'
  if (inBrevo === null) return 'to_brevo'
  if (conflict !== 'newest') return conflict === 'brevo' ? 'to_pipedrive' : 'to_brevo'
  // Neither service keeps a time per field; of a tie nobody can say more than that Pipedrive is the CRM.
  const [a, b] = [Date.parse(person.updatedAt ?? ''), Date.parse(known.modifiedAt ?? '')]
  return b > a ? 'to_pipedrive' : 'to_brevo'
}

/** Turns what goes to Pipedrive into an edit; what cannot be turned stays as it is on both sides, and is told. */
function turn(field: ReverseField, verdict: Verdict, sides: MergeSides, context: MergeContext): Turned {
  if (verdict.outcome !== 'to_pipedrive') return { field, verdict, edit: null, problem: null }
  const decided = (outcome: Outcome, reason: Reason, problem: FieldProblem | null): Turned => ({
    field,
    verdict: { ...verdict, outcome, reason },
    edit: null,
    problem,
  })
  const { name, inBrevo } = verdict
  if (isRequired(field) && inBrevo === null) return decided('to_brevo', 'required_in_pipedrive', null)
  if (name === EMAIL && sides.addressClaimed) return decided('to_brevo', 'address_of_another_person', null)
  const turned = turnBack(field, inBrevo, {
    ...context,
    currency: currencyOf(field, sides.person),
  })
  if (turned.kind === 'edit') return { field, verdict, edit: turned.edit, problem: null }
  const { problem, remedy } = turned
  return decided('left', 'cannot_be_turned_back', { name, problem, remedy })
}

/** A sum of money keeps its currency. */
function currencyOf(field: ReverseField, person: Person): string | null {
  const value = field.part === 'field' ? person.fields[field.field.key] : undefined
  return value?.kind === 'money' ? value.currency : null
}

/** A person has to have a name, and its address is who it is. */
function isRequired(field: ReverseField): boolean {
  return field.part === 'email' || (field.part === 'field' && field.field.key === 'name')
}

/** Two attributes may stand for the same part of a person, and a name for its parts: only one of them can be heard. */
function oneEditAPart(turned: readonly Turned[]): readonly Turned[] {
  const heard = new Set(turned.flatMap(({ edit }) => (edit && isNamePart(edit) ? ['name'] : [])))
  return turned.map((item) => {
    if (item.edit === null) return item
    const part = item.edit.part === 'field' ? item.edit.key : item.edit.part
    if (!heard.has(part)) {
      heard.add(part)
      return item
    }
    // As if agreed on: what the person then has is Pipedrive's change, and goes to Brevo.
    const verdict: Verdict = { ...item.verdict, outcome: 'left', reason: 'another_field_says_otherwise' }
    return { ...item, verdict, edit: null }
  })
}

function isNamePart(edit: PersonEdit): boolean {
  return edit.part === 'field' && (edit.key === 'first_name' || edit.key === 'last_name')
}

/** The wanted contact with Brevo's own values where they are not to be overwritten. */
function respecting({ wanted, known }: MergeSides, verdicts: readonly Verdict[]): WantedContact {
  const kept = verdicts.filter(({ outcome }) => outcome !== 'to_brevo')
  if (kept.length === 0) return wanted
  const attributes: Record<string, AttributeValue> = { ...wanted.attributes }
  let { email, sms } = wanted
  for (const { name, inBrevo } of kept) {
    if (name === EMAIL) email = known.email ?? email
    else if (name === SMS) sms = known.sms
    else if (inBrevo === null) delete attributes[name]
    else attributes[name] = inBrevo
  }
  return { ...wanted, email, sms, attributes }
}

function wantedValue(name: string, { wanted, number }: MergeSides): AttributeValue | null {
  if (name === EMAIL) return wanted.email
  if (name === SMS) return number
  return wanted.attributes[name] ?? null
}

function knownValue(name: string, known: KnownContact): AttributeValue | null {
  if (name === EMAIL) return known.email
  if (name === SMS) return known.sms
  return known.attributes[name] ?? null
}

/** A number that Brevo's people gave the contact is theirs to take away. The store's `grantSms` counts on the same. */
function givesUpNumber(
  { wanted, number, known }: MergeSides,
  base: AttributeValue | null | undefined,
): boolean {
  if (wanted.sms !== null || number === null || !known.written.includes(SMS)) return false
  return number === known.sms || base === undefined || base === known.sms
}

/** False where the person has something that cannot be written to Brevo: it does not fit, or another contact has it. */
function isUsable(name: string, { wanted, number }: MergeSides): boolean {
  return !wanted.keep.includes(name) && !(name === SMS && number !== wanted.sms)
}

function same(a: AttributeValue | null, b: AttributeValue | null): boolean {
  return a === b || (a !== null && b !== null && canonicalJson(a) === canonicalJson(b))
}
