/** What is synchronised, which way, and how phone numbers are read. */
import { Fieldset, SimpleGrid, Stack, Switch, Text } from '@mantine/core'
import '@mantine/core/styles/Fieldset.css'
import type { Dispatch } from 'react'
import { useWords } from '../language/use-words.ts'
import { Panel } from '../parts/panel.tsx'
import { CountryChoice, useCountryName } from './country-choice.tsx'
import type { Draft, DraftAction } from './draft-state.ts'
import type { PlacedFaults } from './join-rows.ts'
import { ProblemList } from './problem-list.tsx'

export type MorePanelProps = {
  readonly draft: Draft
  readonly editable: boolean
  readonly faults: PlacedFaults['ofCountry']
  readonly dispatch: Dispatch<DraftAction>
}

const PARTS = ['persons', 'organizations', 'deals', 'leads', 'activities'] as const

export function MorePanel({ draft, editable, faults, dispatch }: MorePanelProps) {
  const { t } = useWords()
  if (!editable) return <MoreRead draft={draft} />
  return (
    <Panel title={t('mapping.more.title')}>
      <SimpleGrid cols={{ base: 1, sm: 2 }} spacing="xl" verticalSpacing="lg">
        <Fieldset variant="unstyled" legend={t('mapping.more.sync')}>
          <Stack gap="sm" mt="xs">
            {PARTS.map((part) => (
              <Switch
                key={part}
                label={t(`mapping.more.parts.${part}`)}
                description={t(`mapping.more.partHelp.${part}`)}
                checked={draft.sync[part]}
                onChange={({ currentTarget }) =>
                  dispatch({ type: 'setSync', part, on: currentTarget.checked })
                }
              />
            ))}
          </Stack>
        </Fieldset>
        <Stack gap="lg">
          <Switch
            label={t('mapping.more.bothWays')}
            description={t('mapping.more.bothWaysHelp')}
            checked={draft.bothWays}
            onChange={({ currentTarget }) => dispatch({ type: 'setBothWays', on: currentTarget.checked })}
          />
          <div>
            <CountryChoice
              label={t('mapping.more.country')}
              description={t('mapping.more.countryHelp')}
              value={draft.defaultCountry}
              onChange={(country) => dispatch({ type: 'setCountry', country })}
            />
            <ProblemList problems={faults} />
          </div>
        </Stack>
      </SimpleGrid>
    </Panel>
  )
}

/** For whoever may only look. */
function MoreRead({ draft }: Pick<MorePanelProps, 'draft'>) {
  const { t } = useWords()
  const countryName = useCountryName()
  const onOff = (on: boolean): string => t(on ? 'mapping.changes.on' : 'mapping.changes.off')
  const pairs = [
    ...PARTS.map((part) => [t(`mapping.more.parts.${part}`), onOff(draft.sync[part])]),
    [t('mapping.more.bothWays'), onOff(draft.bothWays)],
    [
      t('mapping.more.country'),
      draft.defaultCountry === null ? t('mapping.more.noCountry') : countryName(draft.defaultCountry),
    ],
  ]
  return (
    <Panel title={t('mapping.more.title')}>
      <table className="page-pairs">
        <tbody>
          {pairs.map(([name, value]) => (
            <tr key={name}>
              <th scope="row">{name}</th>
              <td>
                <Text fz="sm">{value}</Text>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </Panel>
  )
}
