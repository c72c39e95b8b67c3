/** The fields that a mapping can take from, as the configuration writes them. Pure. */
import type { Catalogue, FieldDefinition, FieldType } from '../model/index.ts'
import {
  builtInFields,
  type ComputedName,
  computedNames,
  customPath,
  type Source,
} from '../projection/index.ts'

export type OfferedField = {
  readonly path: string
  readonly source: Source
  readonly label: string
  readonly group: 'person' | 'organization' | 'computed'
  readonly custom: boolean
  readonly type: FieldType
}

export function offeredFields(catalogue: Catalogue): readonly OfferedField[] {
  const { personFields, organizationFields } = catalogue
  return [
    {
      ...plainly('person', 'email', labelOf(personFields, ['email', 'emails'], 'Email')),
      source: { kind: 'email' },
    },
    {
      ...plainly('person', 'phone', labelOf(personFields, ['phone', 'phones'], 'Phone')),
      source: { kind: 'phone' },
      type: 'phone',
    },
    ...fieldsOf('person', personFields),
    {
      ...plainly('organization', 'org_id.name', labelOf(organizationFields, ['name'], 'Name')),
      source: { kind: 'organization-name' },
    },
    ...fieldsOf('organization', organizationFields),
    ...computedNames.map(
      (name): OfferedField => ({
        ...plainly('computed', name, sentence(name)),
        source: { kind: 'computed', name },
        type: typeOfComputed(name),
      }),
    ),
  ]
}

function fieldsOf(
  of: 'person' | 'organization',
  fields: readonly FieldDefinition[],
): readonly OfferedField[] {
  const prefix = of === 'organization' ? 'org_id.' : ''
  // The organization's name stands for itself.
  const known = builtInFields(of, fields).filter(({ key }) => key !== (of === 'person' ? 'org_id' : 'name'))
  return [...known, ...fields.filter((field) => field.custom)].map((field) => ({
    path: prefix + (field.custom ? customPath(field, fields) : field.key),
    source: { kind: 'field', of, field },
    label: field.name === field.key ? sentence(field.name) : field.name,
    group: of,
    custom: field.custom,
    type: field.type,
  }))
}

function plainly(group: OfferedField['group'], path: string, label: string): Omit<OfferedField, 'source'> {
  return { path, label, group, custom: false, type: 'text' }
}

function labelOf(fields: readonly FieldDefinition[], keys: readonly string[], fallback: string): string {
  return fields.find((field) => !field.custom && keys.includes(field.key))?.name ?? fallback
}

function typeOfComputed(name: ComputedName): FieldType {
  if (name === 'last_deal_stage' || name === 'last_deal_pipeline') return 'text'
  if (name === 'last_won_time') return 'timestamp'
  return name.endsWith('_date') ? 'date' : 'number'
}

/** `Open deals count` */
function sentence(key: string): string {
  const words = key.replaceAll('_', ' ')
  return words.charAt(0).toUpperCase() + words.slice(1)
}
