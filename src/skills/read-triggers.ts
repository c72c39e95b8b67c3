/** The triggers of a front matter that fits the schema, in their final shape. What events there are is checked elsewhere. */
import { durationMs } from '../config/index.ts'
import { type Condition, parseCondition } from './condition.ts'
import type { FaultSink } from './faults.ts'
import { cronProblem, zoneProblem } from './schedule.ts'
import type { FrontMatter } from './schema.ts'
import type { Trigger } from './skill.ts'

type WrittenTrigger = FrontMatter['triggers'][number]

export function readTriggers(written: readonly WrittenTrigger[], fault: FaultSink): readonly Trigger[] {
  return written.flatMap((trigger, index) => {
    const path = ['triggers', index] as const
    const both = trigger.event !== undefined && trigger.schedule !== undefined
    if (both || (trigger.event === undefined && trigger.schedule === undefined)) {
      fault(path, `expected either event or schedule; found ${both ? 'both' : 'neither'}`)
      return []
    }
    return trigger.event === undefined
      ? readSchedule(trigger, path, fault)
      : readEvent(trigger, trigger.event, path, fault)
  })
}

function readSchedule(
  { schedule = '', timezone = 'UTC', ...rest }: WrittenTrigger,
  path: readonly ['triggers', number],
  fault: FaultSink,
): readonly Trigger[] {
  for (const key of ['conditions', 'debounce'] as const)
    if (rest[key] !== undefined) fault([...path, key], `belongs to an event; a schedule has none of its own`)
  const cron = cronProblem(schedule)
  if (cron !== null) fault([...path, 'schedule'], cron)
  const zone = zoneProblem(timezone)
  if (zone !== null) fault([...path, 'timezone'], zone.message, zone.suggestion)
  return cron === null && zone === null ? [{ kind: 'schedule', cron: schedule.trim(), timezone }] : []
}

function readEvent(
  { conditions = [], debounce, timezone }: WrittenTrigger,
  event: string,
  path: readonly ['triggers', number],
  fault: FaultSink,
): readonly Trigger[] {
  if (timezone !== undefined) fault([...path, 'timezone'], 'belongs to a schedule; an event has no time zone')
  const read = conditions.flatMap((condition, index): readonly Condition[] => {
    const entries = Object.entries(condition)
    const [entry] = entries
    if (entry === undefined || entries.length > 1) {
      fault(
        [...path, 'conditions', index],
        `expected one property in each condition; found ${entries.length}`,
      )
      return []
    }
    const result = parseCondition(...entry)
    if ('condition' in result) return [result.condition]
    fault([...path, 'conditions', index, entry[0]], result.problem)
    return []
  })
  const debounceMs = debounce === undefined ? null : durationMs(debounce)
  return [{ kind: 'event', event, conditions: read, debounceMs }]
}
