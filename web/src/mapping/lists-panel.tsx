/** The four lists that contacts are put on by what they are. */
import { SimpleGrid } from '@mantine/core'
import type { Dispatch } from 'react'
import { useWords } from '../language/use-words.ts'
import { Panel } from '../parts/panel.tsx'
import type { Draft, DraftAction } from './draft-state.ts'
import type { Survey } from './find-field.ts'
import type { PlacedFaults } from './join-rows.ts'
import { ListChoice } from './list-choice.tsx'
import { ProblemList } from './problem-list.tsx'

export type ListsPanelProps = {
  readonly draft: Draft
  readonly survey: Survey | null
  readonly faults: PlacedFaults['ofList']
  readonly dispatch: Dispatch<DraftAction>
}

const ROLES = [
  ['allContacts', 'all_contacts'],
  ['qualifiedLeads', 'qualified_leads'],
  ['customers', 'customers'],
  ['churned', 'churned'],
] as const

export function ListsPanel({ draft, survey, faults, dispatch }: ListsPanelProps) {
  const { t } = useWords()
  return (
    <Panel title={t('mapping.lists.title')} note={t('mapping.lists.note')}>
      <SimpleGrid cols={{ base: 1, sm: 2 }} spacing="lg">
        {ROLES.map(([role, written]) => (
          <div key={role}>
            <ListChoice
              label={t(`mapping.lists.${role}`)}
              description={t(`mapping.lists.help.${role}`)}
              lists={survey?.brevo.lists ?? null}
              value={draft.lists[role]}
              onChange={(listId) => dispatch({ type: 'setList', role, listId })}
              suggestion={t(`mapping.lists.${role}`)}
            />
            <ProblemList problems={faults.get(written) ?? []} />
          </div>
        ))}
      </SimpleGrid>
    </Panel>
  )
}
