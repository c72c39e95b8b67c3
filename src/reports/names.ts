/** What a question names, found in the account's catalogue; and the names of what the answer is grouped by. */
import { nearestName } from '../base/suggest.ts'
import type { Grouping, KeptCatalogue, KeptField } from '../store/index.ts'
import { invalid, unknown } from './report-error.ts'

export type Named = { readonly id: number; readonly name: string }

/** By id or name. Throws `report_unknown`, `report_invalid`. */
export function findPipeline(asked: string, { pipelines }: KeptCatalogue): Named {
  return find('pipeline', asked, pipelines)
}

export function findOwner(asked: string, { users }: KeptCatalogue): Named {
  return find(
    'owner',
    asked,
    Object.entries(users).map(([id, name]) => ({ id: Number(id), name })),
  )
}

function find(what: string, asked: string, all: readonly Named[]): Named {
  const wanted = asked.trim().toLowerCase()
  const found = all.filter(({ id, name }) => String(id) === wanted || name.trim().toLowerCase() === wanted)
  const [only] = found
  if (only === undefined)
    throw unknown(
      what,
      asked,
      all.map(({ name }) => name),
    )
  if (found.length > 1)
    throw invalid(
      `Several ${what}s are called ${JSON.stringify(asked)}: name one by its id (${found.map(({ id }) => id).join(', ')}).`,
    )
  return only
}

export type By = {
  readonly key: string
  /** What the groups are, for people: `owner`, `Lead source of the person`. */
  readonly label: string
  readonly grouping: Grouping
  nameOf(key: string): string
}

const nothing = '(none)'

/**
 * `pipeline`, `owner`, `source`; a field of the deal by key, name or slug; one of the person or organization as
 * `person.<field>`, `org.<field>`. Throws `report_unknown`, `report_invalid`.
 */
export function readBy(asked: string, catalogue: KeptCatalogue): By {
  if (asked === 'pipeline' || asked === 'owner') {
    const names: ReadonlyMap<string, string> =
      asked === 'pipeline'
        ? new Map(catalogue.pipelines.map(({ id, name }) => [String(id), name]))
        : new Map(Object.entries(catalogue.users))
    return {
      key: asked,
      label: asked,
      grouping: { kind: asked },
      nameOf: (key) => (key === '' ? nothing : (names.get(key) ?? `${asked} ${key}`)),
    }
  }
  if (asked === 'source') return bySource(catalogue)
  const [, prefix, name = asked] = /^(person|org|organization|deal)\.(.+)$/.exec(asked) ?? []
  const of = prefix === 'person' ? 'person' : prefix?.startsWith('org') ? 'organization' : 'deal'
  return byField(asked, of, fieldOf(name, of, catalogue), catalogue)
}

type Of = 'deal' | 'person' | 'organization'

/** Fields that say where somebody came from, by what companies call them. */
const sourceSlugs = ['source', 'lead_source', 'deal_source', 'source_channel']

function bySource(catalogue: KeptCatalogue): By {
  for (const entity of ['deal', 'person'] as const) {
    const field = fieldsOf(entity, catalogue).find(({ name }) => sourceSlugs.includes(slug(name)))
    if (field) return byField('source', entity, field, catalogue)
  }
  throw unknown('field for the source: neither deals nor persons have a custom field', 'Source', [])
}

function byField(key: string, of: Of, field: KeptField, { users }: KeptCatalogue): By {
  const label = (id: string): string =>
    field.options[id] ?? (field.type === 'user' ? (users[id] ?? `user ${id}`) : id)
  return {
    key,
    label: of === 'deal' ? field.name : `${field.name} of the ${of}`,
    grouping: { kind: 'field', of, key: field.key },
    nameOf: (value) =>
      value === ''
        ? nothing
        : field.type === 'options'
          ? value.split(',').map(label).join(', ')
          : label(value),
  }
}

function fieldOf(asked: string, of: Of, catalogue: KeptCatalogue): KeptField {
  const fields = fieldsOf(of, catalogue)
  const name = asked.replace(/^custom_fields\./, '')
  const wanted = name.trim().toLowerCase()
  const found = [
    fields.filter(({ key }) => key === name),
    fields.filter((field) => field.name.trim().toLowerCase() === wanted),
    fields.filter((field) => slug(field.name) === wanted),
  ].find((some) => some.length > 0)
  if (found === undefined) {
    const others = ['pipeline', 'owner', 'source', ...fields.map((field) => slug(field.name))]
    throw unknown(`field of the ${of}`, nearestName(asked, others) === undefined ? asked : name, others)
  }
  const [field] = found
  if (field === undefined || found.length > 1)
    throw invalid(
      `Several fields of the ${of} are called ${JSON.stringify(asked)}: name one by its key (${found.map(({ key }) => key).join(', ')}).`,
    )
  return field
}

/** Of a deal only what the mirror keeps of it. */
const kept = ['option', 'options', 'user', 'organization', 'flag']

function fieldsOf(of: Of, catalogue: KeptCatalogue): readonly KeptField[] {
  if (of === 'person') return catalogue.personFields
  if (of === 'organization') return catalogue.organizationFields
  return catalogue.dealFields.filter(({ custom, type }) => custom && kept.includes(type))
}

function slug(name: string): string {
  return name
    .trim()
    .toLowerCase()
    .replace(/[\s-]+/g, '_')
}
