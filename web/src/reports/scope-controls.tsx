/** What is counted: period, pipeline, owner, one choice of a field, and whatever the report adds. */
import { Group, NativeSelect, TextInput } from '@mantine/core'
import type { ReactNode } from 'react'
import { useWords } from '../language/use-words.ts'
import { OnlyChoice } from './only-choice.tsx'
import { useChoices } from './use-choices.ts'
import type { Scope } from './use-scope.ts'

export type ScopeControlsProps = {
  readonly scope: Scope
  readonly onChange: (change: Partial<Scope>) => void
  readonly children?: ReactNode
}

export function ScopeControls({ scope, onChange, children }: ScopeControlsProps) {
  const { t, number } = useWords()
  const { pipelines = [], owners = [] } = useChoices() ?? {}
  return (
    <Group component="section" aria-label={t('reports.controls')} gap="sm" align="flex-end">
      <NativeSelect
        label={t('reports.period')}
        value={scope.span}
        onChange={(event) => onChange({ span: event.currentTarget.value as Scope['span'] })}
        data={[
          { value: '30', label: t('reports.days', { number: number(30) }) },
          { value: '90', label: t('reports.days', { number: number(90) }) },
          { value: '365', label: t('reports.year') },
          { value: 'custom', label: t('reports.custom') },
        ]}
      />
      {scope.span === 'custom'
        ? (['from', 'to'] as const).map((name) => (
            <TextInput
              key={name}
              type="date"
              label={t(`reports.${name}`)}
              value={scope[name]}
              onChange={(event) => onChange({ [name]: event.currentTarget.value })}
            />
          ))
        : null}
      <NativeSelect
        label={t('reports.pipeline')}
        value={scope.pipeline}
        onChange={(event) => onChange({ pipeline: event.currentTarget.value })}
        data={[{ value: '', label: t('reports.allPipelines') }, ...withChosen(pipelines, scope.pipeline)]}
      />
      <NativeSelect
        label={t('reports.owner')}
        value={scope.owner}
        onChange={(event) => onChange({ owner: event.currentTarget.value })}
        data={[{ value: '', label: t('reports.allOwners') }, ...withChosen(owners, scope.owner)]}
      />
      <OnlyChoice scope={scope} onChange={onChange} />
      {children}
    </Group>
  )
}

type Named = { readonly id: number; readonly name: string }

/** What is chosen stays a choice while the others are not known. */
function withChosen(all: readonly Named[], chosen: string): { value: string; label: string }[] {
  const items = all.map(({ id, name }) => ({ value: String(id), label: name }))
  return chosen === '' || items.some(({ value }) => value === chosen)
    ? items
    : [...items, { value: chosen, label: chosen }]
}
