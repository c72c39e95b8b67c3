/** Field by field: what Brevo should have and what it has, with what differs first in the eye. */
import { Switch, Text } from '@mantine/core'
import { useState } from 'react'
import { useWords } from '../language/use-words.ts'
import { Panel } from '../parts/panel.tsx'
import { ScrolledTable } from '../parts/scrolled-table.tsx'
import { StateLabel, type StateTone } from '../parts/state-label.tsx'
import { Td } from '../parts/td.tsx'
import type { Person } from './person-page.tsx'
import { valueText } from './value-text.ts'

const TONES: Readonly<Record<string, StateTone>> = {
  same: 'good',
  differs: 'warn',
  'to be cleared': 'warn',
  'left out': 'warn',
  'empty in Pipedrive': 'none',
}

export function FieldsPanel({ fields }: { fields: Person['fields'] }) {
  const { t, lookUp } = useWords()
  const [only, setOnly] = useState(false)
  const shown = only
    ? fields.filter(({ state }) => state !== 'same' && state !== 'empty in Pipedrive')
    : fields
  return (
    <Panel
      title={t('contacts.fields')}
      action={
        <Switch
          size="sm"
          label={t('contacts.onlyDiffering')}
          checked={only}
          onChange={(event) => setOnly(event.currentTarget.checked)}
        />
      }
    >
      {shown.length === 0 ? (
        <Text c="dimmed">{t('contacts.allSame')}</Text>
      ) : (
        <ScrolledTable
          label={t('contacts.fields')}
          minWidth={560}
          head={[
            t('contacts.field.attribute'),
            t('contacts.field.wanted'),
            t('contacts.field.inBrevo'),
            t('contacts.field.state'),
          ]}
        >
          {shown.map(({ attribute, source, wanted, inBrevo, state }) => (
            <tr key={attribute}>
              <Td>
                <Text fz="sm" fw={550}>
                  {attribute}
                </Text>
                <Text c="dimmed" className="page-value">
                  {source}
                </Text>
              </Td>
              <Td>
                <Value value={wanted} />
              </Td>
              <Td>
                <Value value={inBrevo} />
              </Td>
              <Td>
                <StateLabel tone={TONES[state] ?? 'none'}>
                  {lookUp(`contacts.state.${state.replaceAll(' ', '_')}`) ?? state}
                </StateLabel>
              </Td>
            </tr>
          ))}
        </ScrolledTable>
      )}
    </Panel>
  )
}

export function Value({ value }: { value: unknown }) {
  const { t } = useWords()
  const text = valueText(value)
  return text === null ? (
    <Text component="span" fz="sm" c="dimmed" fs="italic">
      {t('contacts.emptyValue')}
    </Text>
  ) : (
    <span>{text}</span>
  )
}
