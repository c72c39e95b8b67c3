/** What an answer is grouped by, and to which deals a question is confined: pipelines, owners, and fields by name. */
import type { Grouping, KeptCatalogue, KeptField, OnlyDeals } from '../store/index.ts'
import { findField, findSource, type Of } from './fields.ts'
import type { Named } from './names.ts'
import { invalid, unknown } from './report-error.ts'

export type Choice = { readonly id: string; readonly name: string }

export type By = {
  readonly key: string
  /** What the groups are, for people: `owner`, `Lead source of the person`. */
  readonly label: string
  readonly grouping: Grouping
  /** What there is to choose from; null: whatever was written. */
  readonly choices: readonly Choice[] | null
  nameOf(key: string): string
}

const nothing = '(none)'

/**
 * `pipeline`, `owner`, `source`; a field of the deal by key, name or slug; one of the person or organization as
 * `person.<field>`, `org.<field>`. Throws `report_unknown`, `report_invalid`.
 */
export function readBy(asked: string, catalogue: KeptCatalogue): By {
  if (asked === 'pipeline' || asked === 'owner') {
    const choices = asked === 'pipeline' ? toChoices(catalogue.pipelines) : usersOf(catalogue)
    const names = new Map(choices.map(({ id, name }) => [id, name]))
    return {
      key: asked,
      label: asked,
      grouping: { kind: asked },
      choices,
      nameOf: (key) => (key === '' ? nothing : (names.get(key) ?? `${asked} ${key}`)),
    }
  }
  if (asked === 'source') {
    const found = findSource(catalogue)
    if (found) return byField('source', found.of, found.field, catalogue)
    throw unknown('field for the source: neither deals nor persons have a custom field', 'Source', [])
  }
  const [, prefix, name = asked] = /^(person|org|organization|deal)\.(.+)$/.exec(asked) ?? []
  const of = prefix === 'person' ? 'person' : prefix?.startsWith('org') ? 'organization' : 'deal'
  return byField(asked, of, findField(asked, name, of, catalogue), catalogue)
}

function byField(key: string, of: Of, field: KeptField, catalogue: KeptCatalogue): By {
  const { users } = catalogue
  const label = (id: string): string =>
    field.options[id] ?? (field.type === 'user' ? (users[id] ?? `user ${id}`) : id)
  return {
    key,
    label: of === 'deal' ? field.name : `${field.name} of the ${of}`,
    grouping: { kind: 'field', of, key: field.key },
    choices: choicesOf(field, catalogue),
    nameOf: (value) =>
      value === ''
        ? nothing
        : field.type === 'options'
          ? value.split(',').map(label).join(', ')
          : label(value),
  }
}

export function choicesOf(field: KeptField, catalogue: KeptCatalogue): readonly Choice[] | null {
  if (field.type === 'option' || field.type === 'options')
    return Object.entries(field.options).map(([id, name]) => ({ id, name }))
  if (field.type === 'user') return usersOf(catalogue)
  return field.type === 'flag' ? ['true', 'false'].map((id) => ({ id, name: id })) : null
}

function usersOf({ users }: KeptCatalogue): readonly Choice[] {
  return Object.entries(users).map(([id, name]) => ({ id, name }))
}

function toChoices(all: readonly Named[]): readonly Choice[] {
  return all.map(({ id, name }) => ({ id: String(id), name }))
}

export type Only = {
  readonly key: string
  readonly label: string
  readonly value: string
  readonly deals: OnlyDeals
}

/**
 * `<as in readBy>=<choice>`, the choice by id or name; nothing behind the sign, or `(none)`: deals without one. Of a field
 * with several choices: deals that have it among them. Throws `report_unknown`, `report_invalid`.
 */
export function readOnly(asked: string, catalogue: KeptCatalogue): Only {
  const at = asked.indexOf('=')
  if (at < 1)
    throw invalid(
      `A field and what it holds are expected, such as "source=Website", not ${JSON.stringify(asked)}.`,
    )
  const { key, label, grouping, choices, nameOf } = readBy(asked.slice(0, at).trim(), catalogue)
  const wanted = asked.slice(at + 1).trim()
  const ids = idsOf(wanted, choices)
  if (ids.length === 0)
    throw unknown(
      `choice of ${label}`,
      wanted,
      (choices ?? []).map(({ name }) => name),
    )
  return { key, label, value: nameOf(ids[0] ?? ''), deals: { grouping, keys: ids } }
}

/** Choices of one name are one. */
function idsOf(wanted: string, choices: readonly Choice[] | null): readonly string[] {
  const plain = wanted.toLowerCase()
  const byId = (choices ?? []).filter(({ id }) => id === wanted)
  const found =
    byId.length > 0 ? byId : (choices ?? []).filter(({ name }) => name.trim().toLowerCase() === plain)
  if (found.length > 0) return found.map(({ id }) => id)
  if (wanted === '' || wanted === nothing) return ['']
  return choices === null ? [wanted] : []
}
