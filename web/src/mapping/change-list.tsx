/** Changes of settings in words, one a line. */
import { useWords } from '../language/use-words.ts'
import type { SettingChange, SettingValue } from './compare-drafts.ts'
import { useCountryName } from './country-choice.tsx'
import type { Survey } from './find-field.ts'
import { layStages } from './stage-board.ts'
import { useSourceLabel } from './use-field-label.ts'

export type ChangeListProps = {
  readonly changes: readonly SettingChange[]
  readonly survey: Survey | null
}

export function ChangeList({ changes, survey }: ChangeListProps) {
  const { t } = useWords()
  const describe = useDescription(survey)
  return (
    <ul className="mapping-changes">
      {changes.map((change) => {
        const { name, from, to } = describe(change)
        return (
          <li key={`${change.kind} ${change.name}`}>
            <strong>{name}</strong>{' '}
            {t('mapping.changes.fromTo', {
              from: from ?? t('mapping.changes.none'),
              to: to ?? t('mapping.changes.none'),
            })}
          </li>
        )
      })}
    </ul>
  )
}

type Described = { readonly name: string; readonly from: string | null; readonly to: string | null }

function useDescription(survey: Survey | null): (change: SettingChange) => Described {
  const { t, lookUp } = useWords()
  const countryName = useCountryName()
  const sourceName = useSourceLabel(survey?.pipedrive.fields ?? [])
  const listName = (value: SettingValue): string | null =>
    value === null
      ? null
      : (survey?.brevo.lists.find(({ id }) => id === value)?.name ??
        t('mapping.list.id', { id: String(value) }))
  const stageName = (stage: string): string => {
    if (stage === 'won' || stage === 'lost') return t(`mapping.stages.${stage}`)
    const columns = layStages([{ stage, listId: 1 }], survey?.pipedrive.pipelines ?? [])
    const column = columns.find(({ cards }) => cards.some(({ listId }) => listId !== null))
    const card = column?.cards.find(({ listId }) => listId !== null)
    return column?.kind === 'pipeline' ? `${column.name} / ${card?.name ?? stage}` : stage
  }
  const onOff = (value: SettingValue): string =>
    t(value === true ? 'mapping.changes.on' : 'mapping.changes.off')
  return ({ kind, name, from, to }) => {
    const as = (title: string, text: (value: SettingValue) => string | null): Described => ({
      name: title,
      from: text(from),
      to: text(to),
    })
    switch (kind) {
      case 'row':
        return as(sourceName(name), asText)
      case 'list':
        return as(lookUp(`mapping.lists.${name}`) ?? name, listName)
      case 'stage':
        return as(stageName(name), listName)
      case 'sync':
        return as(lookUp(`mapping.more.parts.${name}`) ?? name, onOff)
      case 'bothWays':
        return as(t('mapping.more.bothWays'), onOff)
      case 'country':
        return as(t('mapping.more.country'), (value) => (value === null ? null : countryName(String(value))))
    }
  }
}

function asText(value: SettingValue): string | null {
  return value === null ? null : String(value)
}
