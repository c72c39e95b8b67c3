/** The fields of each entity: built-in ones (a fixed selection) and the company's own, with their options. */
import type { Random } from '../kit/random.ts'
import type { CustomFieldType, FieldEntity, PipedriveSeed, SeedField } from './seed.ts'

export type FieldOption = { id: number | string; label: string; color?: string | null }

export type Field = {
  id: number
  field_code: string
  field_name: string
  field_type: string
  options: FieldOption[] | null
  is_custom_field: boolean
  /** Given only when named in `include_fields`. */
  is_optional: boolean
  description: string | null
}

type BuiltIn = readonly [code: string, name: string, type: string, optional?: 'optional']

const COMMON: readonly BuiltIn[] = [
  ['id', 'ID', 'int'],
  ['owner_id', 'Owner', 'user'],
  ['label_ids', 'Labels', 'set'],
  ['visible_to', 'Visible to', 'visible_to'],
  ['add_time', 'Created', 'date'],
  ['update_time', 'Updated', 'date'],
]
const COUNTS: readonly BuiltIn[] = [
  ['open_deals_count', 'Open deals', 'int', 'optional'],
  ['won_deals_count', 'Won deals', 'int', 'optional'],
  ['lost_deals_count', 'Lost deals', 'int', 'optional'],
  ['closed_deals_count', 'Closed deals', 'int', 'optional'],
  ['activities_count', 'Total activities', 'int', 'optional'],
]
const BUILT_IN: Readonly<Record<FieldEntity, readonly BuiltIn[]>> = {
  person: [
    ...COMMON,
    ['name', 'Name', 'varchar'],
    ['first_name', 'First name', 'varchar'],
    ['last_name', 'Last name', 'varchar'],
    ['emails', 'Email', 'varchar'],
    ['phones', 'Phone', 'phone'],
    ['org_id', 'Organization', 'org'],
    ...COUNTS,
    ['marketing_status', 'Marketing status', 'enum', 'optional'],
  ],
  organization: [...COMMON, ['name', 'Name', 'varchar'], ['address', 'Address', 'address'], ...COUNTS],
  deal: [
    ...COMMON,
    ['title', 'Title', 'varchar'],
    ['value', 'Value', 'monetary'],
    ['currency', 'Currency', 'varchar'],
    ['person_id', 'Contact person', 'people'],
    ['org_id', 'Organization', 'org'],
    ['pipeline_id', 'Pipeline', 'double'],
    ['stage_id', 'Stage', 'stage'],
    ['status', 'Status', 'status'],
    ['won_time', 'Won time', 'date'],
    ['lost_time', 'Lost time', 'date'],
    ['lost_reason', 'Lost reason', 'varchar_options'],
    ['expected_close_date', 'Expected close date', 'date'],
  ],
  activity: [
    ['id', 'ID', 'int'],
    ['subject', 'Subject', 'varchar'],
    ['type', 'Type', 'enum'],
    ['owner_id', 'Assigned to user', 'user'],
    ['person_id', 'Contact person', 'people'],
    ['deal_id', 'Deal', 'deal'],
    ['due_date', 'Due date', 'date'],
    ['done', 'Done', 'boolean'],
  ],
}

const MARKETING_OPTIONS = ['no_consent', 'unsubscribed', 'subscribed', 'archived']
const FIRST_CUSTOM_ID = 9000

export class FieldCatalogue {
  readonly #fields: Record<FieldEntity, Map<string, Field>>
  readonly #random: Random
  #lastId = FIRST_CUSTOM_ID
  #lastOptionId = 500

  constructor(seed: PipedriveSeed, random: Random) {
    this.#random = random
    this.#fields = { person: new Map(), organization: new Map(), deal: new Map(), activity: new Map() }
    for (const entity of ['person', 'organization', 'deal', 'activity'] as const) {
      BUILT_IN[entity].forEach((builtIn, index) => {
        const field = fromBuiltIn(builtIn, index + 1, entity === 'activity' ? [] : seed.labels[entity])
        this.#fields[entity].set(field.field_code, field)
      })
    }
    for (const field of seed.fields) {
      this.#fields[field.entity].set(field.field_code, fromSeed(field))
      this.#lastId = Math.max(this.#lastId, field.id)
      for (const option of field.options ?? []) this.#lastOptionId = Math.max(this.#lastOptionId, option.id)
    }
  }

  all(entity: FieldEntity): Field[] {
    return [...this.#fields[entity].values()]
  }

  get(entity: FieldEntity, code: string): Field | undefined {
    return this.#fields[entity].get(code)
  }

  custom(entity: FieldEntity): Field[] {
    return this.all(entity).filter((field) => field.is_custom_field)
  }

  customCount(): number {
    return (['person', 'organization', 'deal', 'activity'] as const).reduce(
      (sum, entity) => sum + this.custom(entity).length,
      0,
    )
  }

  add(entity: FieldEntity, name: string, type: CustomFieldType, labels: readonly string[] | null): Field {
    const code = Array.from({ length: 40 }, () => this.#random.int(0, 15).toString(16)).join('')
    const field: Field = {
      id: ++this.#lastId,
      field_code: code,
      field_name: name,
      field_type: type,
      options: labels?.map((label) => ({ id: ++this.#lastOptionId, label })) ?? null,
      is_custom_field: true,
      is_optional: false,
      description: null,
    }
    this.#fields[entity].set(code, field)
    return field
  }

  rename(entity: FieldEntity, code: string, name: string): Field | undefined {
    const field = this.get(entity, code)
    if (field) field.field_name = name
    return field
  }

  remove(entity: FieldEntity, code: string): void {
    this.#fields[entity].delete(code)
  }

  addOptions(field: Field, labels: readonly string[]): FieldOption[] {
    const added = labels.map((label) => ({ id: ++this.#lastOptionId, label }))
    field.options = [...(field.options ?? []), ...added]
    return added
  }
}

function fromBuiltIn(
  [field_code, field_name, field_type, optional]: BuiltIn,
  id: number,
  labels: readonly FieldOption[],
): Field {
  const options =
    field_code === 'label_ids'
      ? [...labels]
      : field_code === 'marketing_status'
        ? MARKETING_OPTIONS.map((label) => ({ id: label, label }))
        : null
  return {
    id,
    field_code,
    field_name,
    field_type,
    options,
    is_custom_field: false,
    is_optional: optional !== undefined,
    description: null,
  }
}

function fromSeed(field: SeedField): Field {
  return {
    id: field.id,
    field_code: field.field_code,
    field_name: field.field_name,
    field_type: field.field_type,
    options: field.options ? field.options.map((option) => ({ ...option })) : null,
    is_custom_field: true,
    is_optional: false,
    description: field.description ?? null,
  }
}

/** The parts a compound type has beside its value. */
export const SUBFIELDS: Readonly<Record<string, readonly string[]>> = {
  monetary: ['currency'],
  daterange: ['until'],
  time: ['timezone_id', 'timezone_name'],
  timerange: ['until', 'timezone_id', 'timezone_name'],
  address: [
    'country',
    'admin_area_level_1',
    'admin_area_level_2',
    'locality',
    'sublocality',
    'route',
    'street_number',
    'subpremise',
    'postal_code',
    'formatted_address',
  ],
}
