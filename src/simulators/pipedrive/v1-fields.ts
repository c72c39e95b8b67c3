/** API v1 definitions of fields: still answered, beside those of v2. Lists only. */
import type { Answer, ApiCall, Endpoint } from './endpoint.ts'
import type { Field } from './field-catalogue.ts'
import { pagination, parseOffset } from './query.ts'
import type { Values } from './records.ts'
import type { FieldEntity } from './seed.ts'

const scopes = {
  person: 'contacts',
  organization: 'contacts',
  deal: 'deals',
  activity: 'activities',
} as const

export const V1_FIELD_ENDPOINTS: readonly Endpoint[] = (
  ['person', 'organization', 'deal', 'activity'] as const
).map((entity) => ({
  version: 'v1',
  method: 'GET',
  path: `/${entity}Fields`,
  cost: 20,
  scopes: [`${scopes[entity]}:read`, `${scopes[entity]}:full`, 'admin'],
  handle: (call) => list(entity, call),
}))

function list(entity: FieldEntity, { state, query }: ApiCall): Answer {
  const offset = parseOffset(query, state.switches)
  const fields = state.fields.all(entity)
  const end = offset.start + offset.limit
  return {
    body: {
      success: true,
      data: fields.slice(offset.start, end).map((field, index) => toV1Field(field, offset.start + index + 1)),
      additional_data: { pagination: pagination(offset, end < fields.length) },
    },
  }
}

/** `key` instead of `field_code`, a numeric id, and `edit_flag` for custom fields. */
function toV1Field(field: Field, id: number): Values {
  return {
    id,
    key: field.field_code,
    name: field.field_name,
    order_nr: id,
    field_type: field.field_type,
    add_time: '2024-01-05 09:16:26',
    update_time: '2024-01-05 09:16:26',
    active_flag: true,
    edit_flag: field.is_custom_field,
    bulk_edit_allowed: true,
    mandatory_flag: false,
    ...(field.options === null ? {} : { options: field.options }),
  }
}
