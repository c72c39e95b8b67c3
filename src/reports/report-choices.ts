/** What reports can be split by and confined to in this account, by name; and what cannot, with the reason. */
import { type KeptCatalogue, readKeptCatalogue, type Store } from '../store/index.ts'
import { fieldsOf, findSource, type Of, problemOf } from './fields.ts'
import type { Named } from './names.ts'
import { tooEarly } from './report-error.ts'
import type { ChoiceField, ReportChoices } from './report-face.ts'
import { choicesOf } from './split.ts'

const prefixes = { deal: 'deal', person: 'person', organization: 'org' } as const

/** Throws `report_too_early`. */
export async function reportChoices(store: Store, connection: string): Promise<ReportChoices> {
  const catalogue = await readKeptCatalogue(store.db, connection)
  if (catalogue === null) throw tooEarly()
  const source = findSource(catalogue)
  return {
    pipelines: catalogue.pipelines.map(({ id, name }) => ({ id, name })),
    owners: Object.entries(catalogue.users)
      .map(([id, name]): Named => ({ id: Number(id), name }))
      .sort(byName),
    source:
      source === undefined
        ? null
        : { of: source.of, name: source.field.name, choices: choicesOf(source.field, catalogue) },
    fields: (['deal', 'person', 'organization'] as const).flatMap((of) =>
      choosable(of, catalogue).sort(byName),
    ),
  }
}

/** Custom fields, and those with choices that every account has. Of the deal's also those that cannot be used. */
function choosable(of: Of, catalogue: KeptCatalogue): ChoiceField[] {
  return fieldsOf(of, catalogue).flatMap((field) => {
    const problem = problemOf(of, field, catalogue)
    if (of !== 'deal' && (problem !== null || !(field.custom || Object.keys(field.options).length > 0)))
      return []
    return [
      {
        by: `${prefixes[of]}.${field.key}`,
        of,
        key: field.key,
        name: field.name,
        choices: problem === null ? choicesOf(field, catalogue) : null,
        problem,
      },
    ]
  })
}

function byName(a: { readonly name: string }, b: { readonly name: string }): number {
  return a.name.localeCompare(b.name)
}
