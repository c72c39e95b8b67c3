/** What this account's reports can be split by and confined to, and how the page calls it. */
import type { ResultOf } from '../../../src/wire/index.ts'
import { useLook } from '../api/use-operation.ts'
import { useWords } from '../language/use-words.ts'

/** As the server calls what a deal has nothing of. */
export const NONE = '(none)'

export type Choices = ResultOf<'reports.choices'>
type Field = Pick<Choices['fields'][number], 'of' | 'name'>

/** Undefined while it is not known. */
export function useChoices(): Choices | undefined {
  return useLook('reports.choices', {}, { keep: true }).data
}

/** `Lead source of the person`; a deal's field by its name alone. */
export function useFieldName(): (field: Field) => string {
  const { t } = useWords()
  return ({ of, name }) => (of === 'deal' ? name : t(`reports.fieldOf.${of}`, { name }))
}

/** What an answer is grouped by, in the language of the page. */
export function useByName(): (by: { readonly key: string; readonly label: string }) => string {
  const { lookUp } = useWords()
  const choices = useChoices()
  const fieldName = useFieldName()
  return ({ key, label }) => {
    const field = choices?.fields.find(({ by }) => by === key)
    return field === undefined ? (lookUp(`reports.bys.${key}`) ?? label) : fieldName(field)
  }
}
