/**
 * Decides about a run before it does anything: conditions, what has to be waited for, and the loop breaker. Then its actions are
 * filled in, once: from there on the file of the skill may change without changing what the run does.
 */
import { TajoError } from '../../base/error.ts'
import type { JsonObject } from '../../base/json.ts'
import { recentSkillRuns, type SkillRunRow, type SkillStep } from '../../store/index.ts'
import {
  ACTIONS,
  AGENT_REQUEST,
  type Condition,
  decide,
  type EventTrigger,
  kindProblem,
  lookUp,
  render,
  type Skill,
  type SkillAction,
} from '../index.ts'
import type { SkillContext } from './context.ts'
import { type LoadedFacts, loadFacts } from './facts.ts'

/** Above so many runs for one record within the time, something goes in a circle that nobody sees. */
const runsAtMost = 5
const withinMs = 10 * 60_000
/** Skills that set one another off, one after the other. */
const longestChain = 5
/** A contact that is on its way. */
const contactAgainMs = 2_000
const contactAgainAtMostMs = 5 * 60_000

export type Beginning =
  | { readonly kind: 'begins'; readonly steps: readonly SkillStep[]; readonly contactId: number | null }
  | { readonly kind: 'skipped'; readonly reason: string }
  /** `fresh`: it is decided anew then, with the records as they are by then. */
  | { readonly kind: 'waits'; readonly until: Date; readonly debounced: boolean; readonly fresh: boolean }

/** Throws `skill_looping`, `skill_value_missing`, `skill_value_invalid`. */
export async function begin(context: SkillContext, run: SkillRunRow, skill: Skill): Promise<Beginning> {
  assertNoRing(run, skill)
  const loaded = await loadFacts(context, run, skill)
  const judged = judge(context, run, skill, loaded)
  if (judged.kind !== 'holds') return judged
  const debounced = await debounce(context, run, judged.trigger)
  if (debounced !== null) return debounced
  if (needsContact(skill)) {
    if (loaded.pending) return waitForContact(context, run)
    if (loaded.contactId === null && !hasContact(loaded))
      return {
        kind: 'skipped',
        reason: 'there is no contact: the record has no person with a synchronised address',
      }
  }
  const steps = skill.actions.map((action) => fillIn(action, loaded, context))
  return { kind: 'begins', steps, contactId: loaded.contactId }
}

function assertNoRing(run: SkillRunRow, skill: Skill): void {
  const ring = [...run.chain, skill.name]
  if (!run.chain.includes(skill.name) && run.chain.length < longestChain) return
  throw looping(
    `The skill ${skill.name} set itself off, or the line of skills is too long (${ring.join(' > ')})`,
  )
}

function looping(what: string): TajoError {
  return new TajoError({
    code: 'skill_looping',
    message: `${what}: it was stopped. Take out what makes it go in a circle, then run \`tajo failures retry\`.`,
  })
}

type Judged =
  | { readonly kind: 'holds'; readonly trigger: EventTrigger | null }
  | Exclude<Beginning, { kind: 'begins' }>

function judge(context: SkillContext, run: SkillRunRow, skill: Skill, { facts }: LoadedFacts): Judged {
  if (run.subject === 'schedule') return { kind: 'holds', trigger: null }
  const now = context.clock.now()
  const triggers = skill.triggers.filter(
    (trigger): trigger is EventTrigger => trigger.kind === 'event' && trigger.event === run.trigger,
  )
  let until: Date | null = null
  let failed: Condition | null = null
  for (const trigger of triggers) {
    const verdicts = trigger.conditions.map((condition) => ({
      condition,
      verdict: decide(condition, lookUp(facts, condition.property), now),
    }))
    const fails = verdicts.find(({ verdict }) => verdict.kind === 'fails')
    if (fails) {
      failed = fails.condition
      continue
    }
    const waits = verdicts.flatMap(({ verdict }) => (verdict.kind === 'waits' ? [verdict.until] : []))
    if (waits.length === 0) return { kind: 'holds', trigger }
    const last = new Date(Math.max(...waits.map((time) => time.getTime())))
    if (until === null || last < until) until = last
  }
  if (until !== null) return { kind: 'waits', until, debounced: false, fresh: true }
  if (failed === null && run.trigger === AGENT_REQUEST) return { kind: 'holds', trigger: null }
  return {
    kind: 'skipped',
    reason:
      failed === null
        ? 'the skill no longer waits for this event'
        : `the condition ${failed.text} does not hold`,
  }
}

/** Also the loop breaker: people do not move one record so often. */
async function debounce(
  { store, connection, clock }: SkillContext,
  run: SkillRunRow,
  trigger: EventTrigger | null,
): Promise<Beginning | null> {
  if (trigger === null || trigger.event === AGENT_REQUEST) return null
  const now = clock.now().getTime()
  const since = new Date(now - withinMs)
  const { last, count } = await recentSkillRuns(store.db, connection, {
    skill: run.skill,
    subject: run.subject,
    but: run.id,
    since,
  })
  if (count >= runsAtMost)
    throw looping(
      `The skill ${run.skill} ran ${count} times within ten minutes for ${run.subject.replace(':', ' ')}, so it seems to cause its own event`,
    )
  if (trigger.debounceMs === null || last === null) return null
  const until = new Date(last.getTime() + trigger.debounceMs)
  return until.getTime() > now ? { kind: 'waits', until, debounced: true, fresh: true } : null
}

function waitForContact({ clock }: SkillContext, run: SkillRunRow): Beginning {
  const now = clock.now().getTime()
  const waited = now - run.noticed_at.getTime()
  const ms = Math.min(contactAgainAtMostMs, Math.max(contactAgainMs, waited / 4))
  return { kind: 'waits', until: new Date(now + ms), debounced: false, fresh: false }
}

/** Whether something in it is about the contact of the event. */
function needsContact({ actions }: Skill): boolean {
  return actions.some(({ name, parameters }) => {
    const takesContact = ACTIONS[name]?.parameters.contact_id !== undefined
    const named = parameters.email !== undefined || parameters.contact_id !== undefined
    return (takesContact && !named) || JSON.stringify(parameters).includes('contact.')
  })
}

function hasContact({ contactId }: LoadedFacts): boolean {
  return contactId !== null
}

function fillIn(action: SkillAction, loaded: LoadedFacts, { clock }: SkillContext): SkillStep {
  const definition = ACTIONS[action.name]
  const rendered = (render(action.parameters, loaded.facts) ?? {}) as JsonObject
  const parameters = withDefaults(action.name, rendered, loaded, clock.now())
  for (const [name, { kind, required }] of Object.entries(definition?.parameters ?? {})) {
    const value = parameters[name]
    if (value === undefined || value === null) {
      const isWritten = Object.hasOwn(action.parameters, name)
      if (required || (isWritten && ['email', 'contact_id'].includes(name))) throw missing(action, name)
      continue
    }
    const problem = kindProblem(kind, value as Parameters<typeof kindProblem>[1])
    if (problem === null) continue
    throw new TajoError({
      code: 'skill_value_invalid',
      message: `${action.name}: ${[name, ...problem.path].join('.')}: ${problem.message}. Correct what its template names, or the skill.`,
    })
  }
  return { name: action.name, parameters, result: null }
}

function missing({ name, parameters }: SkillAction, parameter: string): TajoError {
  const written = parameters[parameter]
  const because = typeof written === 'string' ? ` (${written} is not there)` : ''
  return new TajoError({
    code: 'skill_value_missing',
    message: `${name}: there is no value for ${parameter}${because}. Fill it in at the source, or give the action another value.`,
  })
}

/** What the event stands in for. */
function withDefaults(
  name: string,
  given: JsonObject,
  { facts, contactId, companyId }: LoadedFacts,
  now: Date,
): JsonObject {
  const known = ACTIONS[name]?.parameters ?? {}
  const values: Record<string, JsonObject[string]> = { ...given }
  const put = (key: string, value: unknown): void => {
    if (values[key] === undefined && value !== undefined && value !== null)
      values[key] = value as JsonObject[string]
  }
  if (name === 'brevo/create-contact') put('email', lookUp(facts, 'person.email'))
  if (known.contact_id && values.email === undefined) put('contact_id', contactId)
  if (name === 'brevo/update-company') put('company_id', companyId)
  if (name.startsWith('pipedrive/')) {
    const isNamed = ['deal_id', 'person_id', 'org_id'].some((key) => values[key] !== undefined)
    if (!isNamed) {
      put('deal_id', lookUp(facts, 'deal.id'))
      put('person_id', lookUp(facts, 'person.id'))
      if (values.deal_id === undefined && values.person_id === undefined)
        put('org_id', lookUp(facts, 'organization.id'))
    }
  }
  if (name === 'brevo/track-event') values.event_date = now.toISOString()
  return values
}
