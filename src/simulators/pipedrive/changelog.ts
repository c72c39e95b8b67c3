/** Field by field history of persons, organizations and deals, as `/v1/.../changelog` tells it: from the start on, and what the seed has of deals. */
import { toV1Time, type Values } from './records.ts'
import type { Change } from './state.ts'

export type ChangelogEntry = {
  field_key: string
  old_value: string | null
  new_value: string | null
  actor_user_id: number
  time: string
  change_source: string
  change_source_user_agent: string
  is_bulk_update_flag: boolean
}

/** One change of a deal from before the start, as its changelog tells it. */
export type SeedChange = {
  deal_id: number
  field_key: string
  old_value: string | null
  new_value: string | null
  time: string
  user_id: number
}

const UNTOLD = new Set(['update_time', 'custom_fields'])

export class Changelog {
  readonly #entries = new Map<string, ChangelogEntry[]>()

  constructor(seeded: readonly SeedChange[] = []) {
    for (const { deal_id, user_id, time, ...change } of seeded) {
      const key = `deal:${deal_id}`
      const entries = this.#entries.get(key) ?? []
      entries.push({
        ...change,
        actor_user_id: user_id,
        time: toV1Time(time),
        change_source: 'app',
        change_source_user_agent: 'Mozilla/5.0',
        is_bulk_update_flag: false,
      })
      this.#entries.set(key, entries)
    }
  }

  note(change: Change): void {
    if (change.action !== 'change' || !change.before) return
    const key = `${change.entity}:${change.id}`
    const entries = this.#entries.get(key) ?? []
    for (const [field, before, after] of differences(change.before as Values, change.after as Values)) {
      entries.push({
        field_key: field,
        old_value: before,
        new_value: after,
        actor_user_id: change.actor.userId,
        time: toV1Time(change.at.toISOString()),
        change_source: change.actor.source,
        change_source_user_agent: change.actor.source === 'app' ? 'Mozilla/5.0' : 'api',
        is_bulk_update_flag: false,
      })
    }
    this.#entries.set(key, entries)
  }

  /** Newest first. */
  of(entity: string, id: number): ChangelogEntry[] {
    return [...(this.#entries.get(`${entity}:${id}`) ?? [])].reverse()
  }

  /** The history of a merged record goes on under the survivor's id. */
  move(entity: string, from: number, to: number): void {
    const moved = this.#entries.get(`${entity}:${from}`)
    if (!moved) return
    this.#entries.set(`${entity}:${to}`, [...moved, ...(this.#entries.get(`${entity}:${to}`) ?? [])])
    this.#entries.delete(`${entity}:${from}`)
  }
}

function differences(before: Values, after: Values): [string, string | null, string | null][] {
  const own = compare(before, after).filter(([key]) => !UNTOLD.has(key))
  const custom = compare((before.custom_fields ?? {}) as Values, (after.custom_fields ?? {}) as Values)
  return [...own, ...custom]
}

function compare(before: Values, after: Values): [string, string | null, string | null][] {
  const changed: [string, string | null, string | null][] = []
  for (const key of new Set([...Object.keys(before), ...Object.keys(after)])) {
    const [old, now] = [toText(before[key]), toText(after[key])]
    if (old !== now) changed.push([key === 'emails' ? 'email' : key === 'phones' ? 'phone' : key, old, now])
  }
  return changed
}

/** Values are plain strings; of e-mails and phones the primary one is told. */
function toText(value: unknown): string | null {
  if (value === undefined || value === null) return null
  if (Array.isArray(value) && value.every((item) => typeof item === 'object')) {
    const items = value as { value?: string; primary?: boolean }[]
    return (items.find((item) => item.primary) ?? items[0])?.value ?? null
  }
  return typeof value === 'object' && !Array.isArray(value)
    ? String((value as { value?: unknown }).value ?? '')
    : String(value)
}
