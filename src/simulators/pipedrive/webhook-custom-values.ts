/**
 * Custom values as webhooks v2 show them, which is neither the way of REST v2 nor of v1
 * (https://pipedrive.readme.io/docs/webhooks-v2-migration-guide). Shows values; checks none.
 */
import type { Field } from './field-catalogue.ts'
import type { Values } from './records.ts'
import type { CustomValue, CustomValues } from './seed.ts'

/** All fields of the kind by code; one without a value is null, or left out. */
export function toWebhookCustomFields(
  values: CustomValues,
  fields: readonly Field[],
  unset: 'null' | 'absent',
): Values {
  const shown: Record<string, unknown> = {}
  for (const field of fields) {
    const value = values[field.field_code]
    if (value !== undefined) shown[field.field_code] = toWebhookValue(field.field_type, value)
    else if (unset === 'null') shown[field.field_code] = null
  }
  return shown
}

function toWebhookValue(type: string, value: CustomValue): Values {
  switch (type) {
    case 'enum':
    case 'user':
    case 'org':
    case 'people':
      return { id: value, type }
    case 'set':
      return { values: (value as readonly number[]).map((id) => ({ id })), type }
    case 'daterange':
    case 'timerange': {
      const {
        value: from,
        until,
        timezone_id,
      } = value as {
        value: string
        until: string
        timezone_id?: number
      }
      return { type, from, until, ...(type === 'timerange' ? { timezone_id: timezone_id ?? null } : {}) }
    }
    case 'time': {
      const { value: time, timezone_id } = value as { value: string; timezone_id: number }
      return { type, value: time, timezone_id }
    }
    case 'monetary':
    case 'address':
      return { type, ...(value as object) }
    default:
      return { type, value }
  }
}
