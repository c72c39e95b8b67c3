/** From events and times to runs: each once for each skill, in the transaction that ticks it off. Nothing is decided here. */
import type { JsonObject } from '../../base/json.ts'
import {
  addSkillRuns,
  dueSchedules,
  type EventRow,
  keepSchedules,
  moveSchedule,
  type NewSkillRun,
  noteLooked,
  readSkillRun,
  unlookedEvents,
} from '../../store/index.ts'
import { toFacts } from '../../sync/events/index.ts'
import { nextTime, type ScheduleTrigger, type Skill } from '../index.ts'
import type { SkillContext } from './context.ts'
import type { RunFacts } from './facts.ts'
import { runOfMark } from './origin.ts'

const eventsAtATime = 200

export async function lookAtEvents(context: SkillContext): Promise<void> {
  const { store, connection, clock, skills } = context
  if (!skills.some(({ triggers }) => triggers.some(({ kind }) => kind === 'event')))
    return noteLooked(store.db, connection, null)
  for (;;) {
    const events = await unlookedEvents(store.db, connection, eventsAtATime)
    if (events.length === 0) return
    const runs: NewSkillRun[] = []
    for (const event of events) runs.push(...(await runsOf(context, event)))
    await store.transaction(async (trx) => {
      await addSkillRuns(trx, connection, runs, clock.now())
      await noteLooked(
        trx,
        connection,
        events.map(({ id }) => id),
      )
    })
  }
}

async function runsOf(context: SkillContext, event: EventRow): Promise<readonly NewSkillRun[]> {
  const key = `${event.entity} ${event.action}`
  const triggered = context.skills.flatMap((skill) => {
    const name = eventNameOf(skill, context.names, key)
    return name === null ? [] : [{ skill, name }]
  })
  if (triggered.length === 0) return []
  const chain = await chainOf(context, event)
  return triggered.map(({ skill, name }) => ({
    skill: skill.name,
    key: event.key,
    trigger: name,
    subject: `${event.entity}:${event.record_id}`,
    person_id: event.person_id,
    chain,
    facts: {
      event: {
        key: event.key,
        name,
        entity: event.entity,
        record_id: event.record_id,
        action: event.action,
        occurred_at: event.occurred_at,
      },
      made: event.facts,
    } satisfies RunFacts,
  }))
}

/** The name by which the skill calls the change; null when it does not wait for it. */
function eventNameOf(skill: Skill, names: SkillContext['names'], key: string): string | null {
  for (const trigger of skill.triggers)
    if (trigger.kind === 'event' && names.get(trigger.event)?.includes(key)) return trigger.event
  return null
}

/** Whose doing the change is: an activity that a skill added carries its mark. */
async function chainOf({ store }: SkillContext, event: EventRow): Promise<readonly string[]> {
  const { record } = toFacts(event.facts)
  const mark = record?.entity === 'activity' && event.action === 'added' ? runOfMark(record.note) : null
  if (mark === null) return []
  const run = await readSkillRun(store.db, mark.id)
  return run?.skill === mark.skill ? [...run.chain, run.skill] : [mark.skill]
}

/** Schedules that are due become runs, one each however many times were missed. */
export async function lookAtSchedules(context: SkillContext): Promise<void> {
  const { store, connection, clock, skills } = context
  const now = clock.now()
  const wanted = skills.flatMap((skill) =>
    skill.triggers.flatMap((trigger) =>
      trigger.kind === 'schedule'
        ? [{ skill: skill.name, schedule: nameOf(trigger), nextAt: nextTime(trigger, now), trigger }]
        : [],
    ),
  )
  await keepSchedules(
    store.db,
    connection,
    wanted.map(({ skill, schedule, nextAt }) => ({ skill, schedule, nextAt })),
  )
  for (const due of await dueSchedules(store.db, connection, now)) {
    const found = wanted.find(({ skill, schedule }) => skill === due.skill && schedule === due.schedule)
    if (found === undefined) continue
    const run: NewSkillRun = {
      skill: due.skill,
      key: `schedule:${due.schedule}:${due.next_at.toISOString()}`,
      trigger: due.schedule,
      subject: 'schedule',
      person_id: null,
      chain: [],
      facts: {},
    }
    await store.transaction(async (trx) => {
      await addSkillRuns(trx, connection, [run], now)
      await moveSchedule(trx, connection, due, found.nextAt)
    })
  }
}

function nameOf({ cron, timezone }: ScheduleTrigger): string {
  return `${cron} (${timezone})`
}

/** What a tracked event sets off: the skills that wait for its name. */
export function runsOfTracked(
  { skills }: Pick<SkillContext, 'skills'>,
  by: {
    readonly run: { readonly skill: string; readonly key: string; readonly chain: readonly string[] }
    readonly step: number
    readonly personId: number | null
    readonly name: string
    readonly properties: JsonObject
    readonly at: string
  },
): readonly NewSkillRun[] {
  const key = `${by.run.skill}:${by.step}:${by.run.key}`
  return skills
    .filter(({ triggers }) =>
      triggers.some((trigger) => trigger.kind === 'event' && trigger.event === by.name),
    )
    .map((skill) => ({
      skill: skill.name,
      key,
      trigger: by.name,
      subject: by.personId === null ? by.name : `person:${by.personId}`,
      person_id: by.personId,
      chain: [...by.run.chain, by.run.skill],
      facts: {
        event: {
          key,
          name: by.name,
          entity: 'skill',
          record_id: by.run.skill,
          action: 'tracked',
          occurred_at: by.at,
        },
        properties: by.properties,
      } satisfies RunFacts,
    }))
}
