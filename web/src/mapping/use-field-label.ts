/** What a field is called: as Pipedrive calls it, with whose it is, or in the page's words where Tajo computes it. */
import { useWords } from '../language/use-words.ts'
import { findField, type SourceField } from './find-field.ts'

export function useFieldLabel(): (field: SourceField) => string {
  const { t, lookUp } = useWords()
  return ({ source, label, group }) => {
    if (group === 'computed') return lookUp(`mapping.computed.${source}`) ?? label
    return group === 'organization' ? t('mapping.rows.ofOrganization', { field: label }) : label
  }
}

/** The source as it is written where the account has no such field. */
export function useSourceLabel(fields: readonly SourceField[]): (source: string) => string {
  const labelOf = useFieldLabel()
  return (source) => {
    const field = findField(source, fields)
    return field === undefined ? source : labelOf(field)
  }
}
