/** Gives a write in the shapes of v2 the shapes that API v1 expects. Pure. */
import { isJsonObject } from '../../base/json.ts'

export type WrittenKind = 'person' | 'organization' | 'deal' | 'activity'

export function toV1Body(
  kind: WrittenKind,
  change: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  const body: Record<string, unknown> = {}
  for (const [name, value] of Object.entries(change)) {
    if (value === undefined) continue
    if (name === 'custom_fields' && isJsonObject(value)) {
      for (const [key, custom] of Object.entries(value)) Object.assign(body, flatten(key, custom))
    } else if (name === 'participants' && Array.isArray(value)) {
      body.participants = value.map((item) =>
        isJsonObject(item) ? { person_id: item.person_id, primary_flag: item.primary } : item,
      )
    } else if ((name === 'address' || name === 'location') && isJsonObject(value)) {
      body[name] = value.value ?? null
    } else if (name === 'visible_to' && typeof value === 'number') {
      body.visible_to = String(value)
    } else {
      body[RENAMED[kind]?.[name] ?? name] = name === 'done' ? Number(value) : value
    }
  }
  return body
}

const RENAMED: Readonly<Record<WrittenKind, Readonly<Record<string, string>>>> = {
  person: { emails: 'email', phones: 'phone' },
  organization: {},
  deal: { owner_id: 'user_id' },
  activity: { owner_id: 'user_id', busy: 'busy_flag' },
}

function flatten(key: string, value: unknown): Record<string, unknown> {
  if (Array.isArray(value)) return { [key]: value.length === 0 ? null : value.join(',') }
  if (!isJsonObject(value)) return { [key]: value }
  const { value: main, ...parts } = value
  const flat: Record<string, unknown> = { [key]: main }
  for (const [part, own] of Object.entries(parts)) {
    if (part !== 'timezone_name') flat[`${key}_${part}`] = own
  }
  return flat
}
