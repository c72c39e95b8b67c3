/** A skill that somebody asks for: carried out at once, once; or only told what it would do. */
import { randomUUID } from 'node:crypto'
import type { Clock } from '../../base/clock.ts'
import { TajoError } from '../../base/error.ts'
import type { JsonObject } from '../../base/json.ts'
import { nearestName } from '../../base/suggest.ts'
import type { LoadedConfig } from '../../config/index.ts'
import { AGENT_REQUEST, assertSkillName, type Skill } from '../../skills/index.ts'
import { advance, planRun, type RunFacts } from '../../skills/run/index.ts'
import {
  addSkillRuns,
  type NewSkillRun,
  readRecord,
  readSkillRun,
  type SkillRunRow,
  type Store,
} from '../../store/index.ts'
import { resolveAccounts } from '../../sync/index.ts'
import { withClients } from '../clients.ts'
import { withLease } from '../lease.ts'
import type { SecretBox } from '../secrets.ts'
import type { SkillOutcome, SkillRequest, SkillRunView } from '../skills-face.ts'
import { toSyncSettings } from '../sync-settings.ts'
import type { Turns } from '../turns.ts'
import { toSkillContext } from './carry-out.ts'
import type { SkillShelf } from './skill-shelf.ts'

export type AskingContext = {
  readonly config: LoadedConfig
  readonly store: Store
  readonly connection: string
  readonly clock: Clock
  readonly timeoutMs: number | undefined
  readonly box: SecretBox
  readonly turns: Turns
  readonly shelf: SkillShelf
}

export async function runSkill(
  context: AskingContext,
  name: string,
  request: SkillRequest,
): Promise<SkillOutcome> {
  assertSkillName(name)
  const skill = findSkill(context.shelf, name)
  const { dryRun = false, signal } = request
  if (!dryRun && !isRunnable(skill))
    throw notRunnable(
      `The skill ${name} waits for its events and cannot be asked for: add the trigger "event: agent_request" to it, or try it with --dry-run.`,
    )
  const run = await toRun(context, skill, request)
  return context.turns.take({ signal }, () =>
    withLease(context.store, context.connection, signal, (leased) =>
      ask(context, skill, run, { dryRun, signal: leased }),
    ),
  )
}

export function isRunnable(skill: Skill): boolean {
  return skill.triggers.some((trigger) => trigger.kind === 'event' && trigger.event === AGENT_REQUEST)
}

async function ask(
  asking: AskingContext,
  skill: Skill,
  run: NewSkillRun,
  { dryRun, signal }: { dryRun: boolean; signal: AbortSignal },
): Promise<SkillOutcome> {
  const { store, connection, clock, shelf } = asking
  const { config } = asking.config
  return withClients({ ...asking, config }, async (clients) => {
    const settings = toSyncSettings(config, shelf.noticed())
    const resolution = await resolveAccounts(clients, settings, { complete: false, signal })
    const base = { store, connection, ...clients, clock, signal }
    const context = toSkillContext(base, shelf, resolution)
    if (dryRun) return toPlan(await planRun(context, run, skill))
    const [row] = await addSkillRuns(store.db, connection, [run], clock.now())
    if (row === undefined) throw new Error('the run of a request was there already')
    await advance(context, row.id)
    const ended = await readSkillRun(store.db, row.id)
    if (ended === undefined) throw new Error(`run ${row.id} is gone`)
    const { state, reason, actions } = toRunView(ended)
    return { dryRun, state, reason, run: row.id, actions, planned: [] }
  })
}

function toPlan(beginning: Awaited<ReturnType<typeof planRun>>): SkillOutcome {
  const nothing = { dryRun: true, run: null, actions: [], planned: [] }
  switch (beginning.kind) {
    case 'begins':
      return {
        ...nothing,
        state: 'planned',
        reason: null,
        planned: beginning.steps.map(({ name, parameters }) => ({ name, parameters })),
      }
    case 'waits':
      return { ...nothing, state: 'waiting', reason: `it would wait until ${beginning.until.toISOString()}` }
    case 'skipped':
      return { ...nothing, state: 'skipped', reason: beginning.reason }
  }
}

/** A dry run of a skill that waits for an event decides as if the event had just happened to the record. */
async function toRun(
  { store, connection, clock }: AskingContext,
  skill: Skill,
  { record, input, dryRun }: SkillRequest,
): Promise<NewSkillRun> {
  const found = record && (await readRecord(store.db, connection, record.entity, String(record.id)))
  if (record && (found === undefined || found.deleted)) throw unknownRecord(record)
  const event = skill.triggers.find((trigger) => trigger.kind === 'event')
  const isAsked = isRunnable(skill) || event === undefined
  const doc = found?.doc as { id?: number; personId?: number | null } | undefined
  const trigger = isAsked ? AGENT_REQUEST : event.event
  const made = found?.doc
  const facts: RunFacts = {
    ...(record === undefined
      ? {}
      : {
          event: {
            key: 'request',
            name: trigger,
            entity: record.entity,
            record_id: String(record.id),
            action: 'requested',
            occurred_at: clock.now().toISOString(),
          },
        }),
    ...(made === undefined ? {} : { made: { record: made } }),
    ...(input === undefined ? {} : { input: input as JsonObject }),
  }
  return {
    skill: skill.name,
    key: `request:${randomUUID()}`,
    trigger,
    subject:
      dryRun === true && event === undefined
        ? 'schedule'
        : record
          ? `${record.entity}:${record.id}`
          : 'request',
    person_id: record?.entity === 'person' ? record.id : (doc?.personId ?? null),
    chain: [],
    facts: facts as JsonObject,
  }
}

function findSkill(shelf: SkillShelf, name: string): Skill {
  const active = shelf.active()
  const skill = active.find((item) => item.name === name)
  if (skill !== undefined) return skill
  if (shelf.shipped.some((item) => item.name === name))
    throw notRunnable(
      `The skill ${name} ships with Tajo and is part of the sync: \`tajo sync\` does what it describes.`,
    )
  const read = shelf.own().find((item) => item.name === name)
  if (read?.skill === null)
    throw notRunnable(`The skill ${name} is invalid: \`tajo skills validate\` tells why.`)
  if (read !== undefined) throw notRunnable(`The skill ${name} is off: set skills.${name}.enabled to true.`)
  const near = nearestName(
    name,
    active.map((item) => item.name),
  )
  throw new TajoError({
    code: 'skill_unknown',
    message: `There is no skill ${name}${near === undefined ? '' : ` (the nearest is ${near})`}. \`tajo skills list\` names those that there are.`,
  })
}

function notRunnable(message: string): TajoError {
  return new TajoError({ code: 'skill_not_runnable', message })
}

function unknownRecord({ entity, id }: { entity: string; id: number }): TajoError {
  return new TajoError({
    code: 'record_unknown',
    message: `The store has no ${entity} ${id}: check the id, or run \`tajo sync\` first.`,
  })
}

export function toRunView(row: SkillRunRow): SkillRunView {
  return {
    run: row.id,
    skill: row.skill,
    version: row.version,
    trigger: row.trigger,
    subject: row.subject.replace(':', ' '),
    state: row.state,
    reason: row.reason,
    actions: (row.actions ?? []).map(({ name, result }) => ({ name, result })),
    noticedAt: row.noticed_at.toISOString(),
    dueAt: row.due_at?.toISOString() ?? null,
    endedAt: row.ended_at?.toISOString() ?? null,
  }
}
