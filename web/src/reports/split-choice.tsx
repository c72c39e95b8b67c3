/** By what the report is split: pipelines, owners, or a field by its name; fields that cannot be used stand there, too. */
import { NativeSelect } from '@mantine/core'
import { useWords } from '../language/use-words.ts'
import { type Choices, useChoices, useFieldName } from './use-choices.ts'

export type SplitChoiceProps = { readonly value: string; readonly onChange: (by: string) => void }

export function SplitChoice({ value, onChange }: SplitChoiceProps) {
  const { t } = useWords()
  const choices = useChoices()
  const fieldName = useFieldName()
  const source = choices?.source
  const labelOf = (field: Choices['fields'][number]): string =>
    field.problem === null
      ? fieldName(field)
      : `${fieldName(field)} (${t(`reports.problems.${field.problem}`)})`
  return (
    <NativeSelect
      label={t('reports.by')}
      value={value}
      onChange={(event) => onChange(event.currentTarget.value)}
      data={[
        { value: '', label: t('reports.notSplit') },
        { value: 'pipeline', label: t('reports.bys.pipeline') },
        { value: 'owner', label: t('reports.bys.owner') },
        ...(source ? [{ value: 'source', label: t('reports.bys.source') }] : []),
        ...(['deal', 'person', 'organization'] as const).flatMap((of) => {
          const items = (choices?.fields ?? []).filter((field) => field.of === of)
          if (items.length === 0) return []
          return [
            {
              group: t(`reports.fieldsOf.${of}`),
              items: items.map((field) => ({
                value: field.by,
                label: labelOf(field),
                disabled: field.problem !== null,
              })),
            },
          ]
        }),
      ]}
    />
  )
}
