/** API v2 definitions of fields and their options. Built-in fields cannot be changed. */
import { encodeCursor } from './cursor.ts'
import type { Answer, ApiCall, Endpoint } from './endpoint.ts'
import { type Field, type FieldOption, SUBFIELDS } from './field-catalogue.ts'
import { parsePage } from './query.ts'
import { toV2Time, type Values } from './records.ts'
import { invalidV2, noPermission, notFound, planCap } from './refusal.ts'
import { CUSTOM_FIELD_TYPES, type CustomFieldType, type FieldEntity } from './seed.ts'

/** Any of these will do; making and removing a field takes more than renaming it or changing its options. */
const SCOPES = {
  person: { records: 'contacts', fields: 'contact-fields:full' },
  organization: { records: 'contacts', fields: 'contact-fields:full' },
  deal: { records: 'deals', fields: 'deal-fields:full' },
} as const

/** Of a field's name and of an option's label. */
const MOST_CHARACTERS = 255
const TOO_LONG = `must be at most ${MOST_CHARACTERS} characters`

export const FIELD_ENDPOINTS: readonly Endpoint[] = (
  ['person', 'organization', 'deal', 'activity'] as const
).flatMap((entity): Endpoint[] => {
  const path = `/${entity}Fields`
  const one = `${path}/:field_code`
  const scopes = entity === 'activity' ? null : SCOPES[entity]
  const read = {
    version: 'v2',
    scopes: scopes ? [`${scopes.records}:read`, `${scopes.records}:full`, scopes.fields, 'admin'] : ['admin'],
  } as const
  const reading: Endpoint[] = [
    { ...read, method: 'GET', path, cost: 10, handle: (call) => list(entity, call) },
    { ...read, method: 'GET', path: one, cost: 1, handle: (call) => get(entity, call) },
  ]
  if (entity === 'activity' || scopes === null) return reading
  const make = { version: 'v2', scopes: [scopes.fields, 'admin'] } as const
  const write = { version: 'v2', scopes: [`${scopes.records}:full`, scopes.fields, 'admin'] } as const
  return [
    ...reading,
    { ...make, method: 'POST', path, cost: 5, handle: (call) => create(entity, call) },
    { ...write, method: 'PATCH', path: one, cost: 5, handle: (call) => change(entity, call) },
    { ...make, method: 'DELETE', path: one, cost: 3, handle: (call) => remove(entity, call) },
    { ...write, method: 'POST', path: `${one}/options`, cost: 5, handle: (call) => addOptions(entity, call) },
    {
      ...write,
      method: 'PATCH',
      path: `${one}/options`,
      cost: 5,
      handle: (call) => changeOptions(entity, call),
    },
    {
      ...write,
      method: 'DELETE',
      path: `${one}/options`,
      cost: 3,
      handle: (call) => removeOptions(entity, call),
    },
  ]
})

function list(entity: FieldEntity, { state, query }: ApiCall): Answer {
  const page = parsePage(query, ['id'], state.switches)
  const fields = state.fields.all(entity)
  const start = page.after === null ? 0 : Number(page.after.id) + 1
  const shown = fields.slice(start, start + page.limit)
  const last = start + shown.length - 1
  const next = last + 1 < fields.length ? encodeCursor('id', page.direction, { key: last, id: last }) : null
  return { body: { success: true, data: shown.map(toV2Field), additional_data: { next_cursor: next } } }
}

export function toV2Field(field: Field): Values {
  const subfields = SUBFIELDS[field.field_type]
  return {
    field_name: field.field_name,
    field_code: field.field_code,
    description: field.description,
    field_type: field.field_type,
    options: field.options,
    subfields:
      field.is_custom_field && subfields
        ? subfields.map((code) => ({
            field_code: code,
            field_name: code.replaceAll('_', ' '),
            field_type: 'varchar',
          }))
        : null,
    is_custom_field: field.is_custom_field,
    is_optional_response_field: field.is_optional,
  }
}

function get(entity: FieldEntity, call: ApiCall): Answer {
  return { body: { success: true, data: toV2Field(required(entity, call)) } }
}

/** Names are not unique. Who is no admin may not make fields, as they may not change any. */
function create(entity: FieldEntity, { state, body, user }: ApiCall): Answer {
  if (!user.is_admin) throw noPermission()
  const { field_name, field_type, options } = (body ?? {}) as Values
  if (typeof field_name !== 'string' || field_name === '') throw invalidV2('field_name is required')
  if (field_name.length > MOST_CHARACTERS) throw invalidV2(`field_name ${TOO_LONG}`)
  if (!CUSTOM_FIELD_TYPES.includes(field_type as CustomFieldType))
    throw invalidV2('field_type is not allowed')
  const takesOptions = field_type === 'enum' || field_type === 'set'
  if (takesOptions && (!Array.isArray(options) || options.length === 0))
    throw invalidV2('options is required')
  if (state.fields.customCount() >= state.meter.limits.customFields) throw planCap('custom_fields')
  const labels = takesOptions ? labelsOf(options) : null
  return {
    body: {
      success: true,
      data: toV2Field(state.fields.add(entity, field_name, field_type as CustomFieldType, labels)),
    },
  }
}

function change(entity: FieldEntity, call: ApiCall): Answer {
  const field = editable(entity, call)
  const { field_name } = (call.body ?? {}) as Values
  if (field_name !== undefined && typeof field_name !== 'string')
    throw invalidV2('field_name must be a string')
  if (typeof field_name === 'string' && field_name.length > MOST_CHARACTERS)
    throw invalidV2(`field_name ${TOO_LONG}`)
  if (field_name !== undefined) call.state.fields.rename(entity, field.field_code, field_name)
  return { body: { success: true, data: toV2Field(field) } }
}

function remove(entity: FieldEntity, call: ApiCall): Answer {
  const field = editable(entity, call)
  call.state.fields.remove(entity, field.field_code)
  return { body: { success: true, data: toV2Field(field) } }
}

/** All of them or none: every label is looked at before the first is added. */
function addOptions(entity: FieldEntity, call: ApiCall): Answer {
  const added = call.state.fields.addOptions(withOptions(entity, call), labelsOf(call.body))
  return answerOptions(added, toV2Time(call.state.clock.now()))
}

/** All of them or none. */
function changeOptions(entity: FieldEntity, call: ApiCall): Answer {
  const field = withOptions(entity, call)
  const named = namedOptions(field, call.body)
  const labels = labelsOf(call.body)
  named.forEach((option, index) => {
    option.label = labels[index] ?? option.label
  })
  return answerOptions(named, toV2Time(call.state.clock.now()))
}

function removeOptions(entity: FieldEntity, call: ApiCall): Answer {
  const field = withOptions(entity, call)
  const named = namedOptions(field, call.body)
  field.options = (field.options ?? []).filter((option) => !named.includes(option))
  return answerOptions(named, toV2Time(call.state.clock.now()))
}

function answerOptions(options: readonly FieldOption[], now: string): Answer {
  const data = options.map(({ id, label, color }) => ({
    id,
    label,
    color: color ?? null,
    add_time: now,
    update_time: now,
  }))
  return { body: { success: true, data, additional_data: null } }
}

function labelsOf(body: unknown): string[] {
  if (!Array.isArray(body) || body.length === 0) throw invalidV2('options must be a non-empty array')
  return body.map((item: { label?: unknown } | null) => {
    if (typeof item?.label !== 'string' || item.label === '') throw invalidV2('options must have a label')
    if (item.label.length > MOST_CHARACTERS) throw invalidV2(`label ${TOO_LONG}`)
    return item.label
  })
}

function namedOptions(field: Field, body: unknown): FieldOption[] {
  if (!Array.isArray(body) || body.length === 0) throw invalidV2('options must be a non-empty array')
  return body.map((item: { id?: unknown } | null) => {
    const option = (field.options ?? []).find((known) => known.id === item?.id)
    if (!option) throw invalidV2(`option ${String(item?.id)} was not found`)
    return option
  })
}

function required(entity: FieldEntity, { state, param }: ApiCall): Field {
  const field = state.fields.get(entity, param('field_code'))
  if (!field) throw notFound('Field not found')
  return field
}

function editable(entity: FieldEntity, call: ApiCall): Field {
  const field = required(entity, call)
  if (!field.is_custom_field || !call.user.is_admin) throw noPermission()
  return field
}

function withOptions(entity: FieldEntity, call: ApiCall): Field {
  const field = editable(entity, call)
  if (field.field_type !== 'enum' && field.field_type !== 'set')
    throw invalidV2(`${field.field_code} is of type ${field.field_type} and has no options`)
  return field
}
