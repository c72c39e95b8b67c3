/** Which fields reports can split and choose deals by, found by the spelling that the configuration takes, too. */
import { findSpelled, slug } from '../base/spelling.ts'
import { nearestName } from '../base/suggest.ts'
import type { KeptCatalogue, KeptField } from '../store/index.ts'
import { invalid, unknown } from './report-error.ts'

export type Of = 'deal' | 'person' | 'organization'

/** Why not: the mirror keeps no value of it; or its values are amounts and times, of which hardly two are alike. */
export type FieldProblem = 'not_kept' | 'no_groups'

/** Values that make groups. */
const grouping = [
  'option',
  'options',
  'user',
  'organization',
  'person',
  'flag',
  'text',
  'number',
  'date',
  'phone',
  'address',
]

export function problemOf(
  of: Of,
  field: KeptField,
  { keptDealFields = [] }: KeptCatalogue,
): FieldProblem | null {
  if (!grouping.includes(field.type)) return 'no_groups'
  return of === 'deal' && !keptDealFields.includes(field.key) ? 'not_kept' : null
}

/** Of a deal only custom fields. */
export function fieldsOf(of: Of, catalogue: KeptCatalogue): readonly KeptField[] {
  if (of === 'person') return catalogue.personFields
  if (of === 'organization') return catalogue.organizationFields
  return catalogue.dealFields.filter(({ custom }) => custom)
}

/** Throws `report_unknown`, `report_invalid`. */
export function findField(asked: string, name: string, of: Of, catalogue: KeptCatalogue): KeptField {
  const wanted = name.trim().replace(/^custom_fields\./, '')
  const all = fieldsOf(of, catalogue)
  const [field, ...others] = findSpelled(wanted, all)
  if (field === undefined) {
    const names = [
      'pipeline',
      'owner',
      'source',
      ...all.filter((one) => problemOf(of, one, catalogue) === null).map((one) => slug(one.name)),
    ]
    throw unknown(`field of the ${of}`, nearestName(asked, names) === undefined ? asked : wanted, names)
  }
  if (others.length > 0)
    throw invalid(
      `Several fields of the ${of} are called ${JSON.stringify(asked)}: name one by its key (${[field, ...others].map(({ key }) => key).join(', ')}).`,
    )
  const problem = problemOf(of, field, catalogue)
  if (problem === 'no_groups')
    throw invalid(
      `${JSON.stringify(field.name)} holds amounts or times, which make no groups. Name a field with choices, users, texts or days.`,
    )
  if (problem === 'not_kept')
    throw invalid(
      `Tajo keeps no values of the deal's field ${JSON.stringify(field.name)}. Name it in events.deal_fields (${field.key}) and run \`tajo sync --full\`.`,
    )
  return field
}

/** Fields that say where somebody came from, by what companies call them. */
const sourceSlugs = ['source', 'lead_source', 'deal_source', 'source_channel']

/** The deal's, else the person's. */
export function findSource(
  catalogue: KeptCatalogue,
): { readonly of: Of; readonly field: KeptField } | undefined {
  const find = (of: Of): { of: Of; field: KeptField } | undefined => {
    const field = fieldsOf(of, catalogue).find(
      (one) => sourceSlugs.includes(slug(one.name)) && problemOf(of, one, catalogue) === null,
    )
    return field && { of, field }
  }
  return find('deal') ?? find('person')
}
