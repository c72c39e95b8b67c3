/** The first changes of a dry run, contact by contact. */
import { Text } from '@mantine/core'
import type { ResultOf } from '../../../src/wire/index.ts'
import { useWords } from '../language/use-words.ts'
import { ScrolledTable } from '../parts/scrolled-table.tsx'
import { Td } from '../parts/td.tsx'

export type Change = NonNullable<ResultOf<'sync.run'>['preview']>['changes'][number]

export type ChangesTableProps = {
  readonly changes: readonly Change[]
  readonly shown: number
  readonly listName?: (id: number) => string
}

export function ChangesTable({ changes, shown, listName = String }: ChangesTableProps) {
  const { t, number, lookUp } = useWords()
  const more = changes.length - shown
  return (
    <div>
      <ScrolledTable
        label={t('overview.result.changes', { number: number(changes.length) })}
        minWidth={560}
        head={[
          t('overview.result.person'),
          t('overview.result.action'),
          t('overview.result.attributesColumn'),
          t('overview.result.listsColumn'),
        ]}
      >
        {changes.slice(0, shown).map((change) => (
          <tr key={`${change.action} ${change.personId}`}>
            <Td>{change.email || change.personId}</Td>
            <Td>{lookUp(`overview.result.actions.${change.action}`) ?? change.action}</Td>
            <Td>{change.attributes.join(', ')}</Td>
            <Td>
              {[
                ...change.addLists.map((id) => `+${listName(id)}`),
                ...change.removeLists.map((id) => `−${listName(id)}`),
              ].join(', ')}
            </Td>
          </tr>
        ))}
      </ScrolledTable>
      {more > 0 ? (
        <Text fz="sm" c="dimmed" pt="xs">
          {t('overview.result.moreChanges', { number: number(more) })}
        </Text>
      ) : null}
    </div>
  )
}
