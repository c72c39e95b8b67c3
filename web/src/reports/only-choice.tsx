/** To which deals both reports are confined: those that have one choice of a field, whatever else is asked. */
import { NativeSelect } from '@mantine/core'
import { useWords } from '../language/use-words.ts'
import type { ScopeControlsProps } from './scope-controls.tsx'
import { type Choices, NONE, useChoices, useFieldName } from './use-choices.ts'

export function OnlyChoice({ scope, onChange }: Pick<ScopeControlsProps, 'scope' | 'onChange'>) {
  const { t, lookUp } = useWords()
  const choices = useChoices()
  const fieldName = useFieldName()
  const fields = (choices?.fields ?? []).filter((field) => field.choices !== null)
  const of = choicesOf(scope.field, choices)
  return (
    <>
      <NativeSelect
        label={t('reports.only')}
        value={scope.field}
        onChange={(event) => onChange({ field: event.currentTarget.value, choice: '' })}
        data={[
          { value: '', label: t('reports.allDeals') },
          ...(choices?.source?.choices ? [{ value: 'source', label: t('reports.bys.source') }] : []),
          ...fields.map((field) => ({ value: field.by, label: fieldName(field) })),
        ]}
      />
      {scope.field === '' ? null : (
        <NativeSelect
          label={t('reports.choice')}
          value={scope.choice}
          onChange={(event) => onChange({ choice: event.currentTarget.value })}
          data={[
            { value: '', label: t('reports.choose') },
            ...of.map(({ id, name }) => ({ value: id, label: lookUp(`reports.flags.${id}`) ?? name })),
            { value: NONE, label: t('reports.nothing') },
          ]}
        />
      )}
    </>
  )
}

function choicesOf(
  by: string,
  choices: Choices | undefined,
): NonNullable<Choices['fields'][number]['choices']> {
  const found = by === 'source' ? choices?.source : choices?.fields.find((field) => field.by === by)
  return found?.choices ?? []
}
