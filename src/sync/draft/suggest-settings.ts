/** A first mapping for two accounts, made of what they call things. It decides nothing: a person looks at it. Pure. */
import { EMAIL, type FieldType, SMS } from '../model/index.ts'
import { countryOfNumber } from '../projection/index.ts'
import { attributeNameFor } from './attribute-name.ts'
import type {
  AccountSurvey,
  SettingsSuggestion,
  SuggestedRow,
  SurveyedAttribute,
  SurveyedField,
} from './shapes.ts'
import { suggestLists, suggestStageLists } from './suggest-lists.ts'

export type Surveyed = {
  readonly fields: readonly SurveyedField[]
  readonly pipelines: AccountSurvey['pipedrive']['pipelines']
  readonly attributes: readonly SurveyedAttribute[]
  readonly lists: AccountSurvey['brevo']['lists']
  /** Some stored phone numbers, as they are written. */
  readonly phones: readonly string[]
}

/** What accounts in other languages call them; the first is Brevo's own. */
const firstNames = ['FIRSTNAME', 'VORNAME', 'PRENOM', 'NOMBRE', 'NOME', '이름']
const lastNames = ['LASTNAME', 'NACHNAME', 'NOM', 'APELLIDO', 'APELLIDOS', 'COGNOME', '성']

const newAtMost = 20
/** So much of the numbers has to belong to one country. */
const countryShare = 0.8

const figures: readonly (readonly [source: string, target: string])[] = [
  ['open_deals_count', 'OPEN_DEALS'],
  ['won_deals_count', 'WON_DEALS'],
  ['total_revenue', 'LTV'],
  ['org_id.name', 'COMPANY'],
]

export function suggestSettings(surveyed: Surveyed): SettingsSuggestion {
  const lists = suggestLists(surveyed.lists)
  return {
    personMapping: suggestRows(surveyed),
    lists,
    stageLists: suggestStageLists(surveyed.lists, surveyed.pipelines, lists),
    defaultCountry: suggestCountry(surveyed.phones),
  }
}

function suggestRows({ fields, attributes }: Surveyed): readonly SuggestedRow[] {
  const rows: SuggestedRow[] = []
  const fieldOf = new Map(fields.map((field) => [field.source, field]))
  const attributeOf = new Map(attributes.map((attribute) => [attribute.name, attribute]))
  const add = (source: string, target: string | null, because: SuggestedRow['because']): void => {
    if (target === null || !fieldOf.has(source) || neverMapped.includes(target)) return
    if (rows.some((row) => row.source === source || row.target === target)) return
    rows.push({ source, target, because })
  }
  /** Where the attribute is there it has to be able to take the field. */
  const addFitting = (field: SurveyedField | undefined, target: string | null): void => {
    const attribute = attributeOf.get(target ?? '')
    if (!field || (attribute && !fits(field, attribute))) return
    add(field.source, target, attribute ? 'same_name' : 'new_attribute')
  }
  add('email', 'email', 'standard')
  add('first_name', ownName(firstNames, attributes), 'standard')
  add('last_name', ownName(lastNames, attributes), 'standard')
  if (attributeOf.get(SMS)?.writable !== false) add('phone', SMS, 'standard')
  for (const field of fields) {
    for (const attribute of attributes) {
      const isFree = attribute.name !== SMS && attribute.name !== EMAIL
      if (isFree && isNamedAs(field, attribute.name) && fits(field, attribute))
        add(field.source, attribute.name, 'same_name')
    }
  }
  for (const [source, target] of figures) addFitting(fieldOf.get(source), target)
  const taken = new Set([SMS, ...attributes.map(({ name }) => name)])
  const before = rows.length
  for (const field of fields) {
    if (rows.length === before + newAtMost) break
    const target = field.custom && field.samples.length > 0 ? attributeNameFor(field.label) : null
    if (target !== null && !taken.has(target)) add(field.source, target, 'new_attribute')
  }
  return rows
}

/** `email` is the identity, and `EXT_ID` the link to the person. */
const neverMapped: readonly string[] = [EMAIL, 'EXT_ID']

/** Brevo's own name, unless the account has exactly one of the others instead; null: it has several. */
function ownName(
  [own = '', ...others]: readonly string[],
  attributes: readonly SurveyedAttribute[],
): string | null {
  const there = (name: string): SurveyedAttribute | undefined => attributes.find((item) => item.name === name)
  const first = there(own)
  if (first) return first.writable ? own : null
  const used = others.filter((name) => there(name)?.writable && there(name)?.type === 'text')
  return used.length > 1 ? null : (used[0] ?? own)
}

function isNamedAs({ source, label }: SurveyedField, attribute: string): boolean {
  const key = source.replace(/^org_id\./, '').replace(/^custom_fields\./, '')
  return [label, key].some((name) => plain(name) !== '' && plain(name) === plain(attribute))
}

function plain(name: string): string {
  return name
    .normalize('NFC')
    .toLowerCase()
    .replace(/[\s_-]+/g, '')
}

const choices: readonly FieldType[] = ['option', 'options']

function fits({ type, attributeType }: SurveyedField, attribute: SurveyedAttribute): boolean {
  if (!attribute.writable) return false
  switch (attribute.type) {
    case 'text':
      return true
    case 'category':
      return type === 'option'
    case 'multiple-choice':
      return choices.includes(type)
    default:
      return attribute.type === attributeType
  }
}

function suggestCountry(phones: readonly string[]): string | null {
  const countries = phones.flatMap((phone) => countryOfNumber(phone) ?? [])
  const [most] = [...Map.groupBy(countries, (country) => country)].sort(([, a], [, b]) => b.length - a.length)
  return most && most[1].length >= countries.length * countryShare ? most[0] : null
}
