/** What goes back to Pipedrive, field by field, and why. */
import { Stack, Text } from '@mantine/core'
import { FailureText } from '../failures/failure-text.tsx'
import { useWords } from '../language/use-words.ts'
import { Panel } from '../parts/panel.tsx'
import { ScrolledTable } from '../parts/scrolled-table.tsx'
import { StateLabel, type StateTone } from '../parts/state-label.tsx'
import { Td } from '../parts/td.tsx'
import { Value } from './fields-panel.tsx'
import type { Person } from './person-page.tsx'

type Reverse = NonNullable<Person['reverse']>

const TONES: Readonly<Record<Reverse['fields'][number]['outcome'], StateTone>> = {
  same: 'good',
  to_brevo: 'busy',
  to_pipedrive: 'busy',
  left: 'none',
}

export function ReversePanel({ reverse }: { reverse: Reverse }) {
  const { t, dateTime } = useWords()
  const title = t('contacts.reverse.title')
  const when = (iso: string | null): string => (iso === null ? t('contacts.reverse.never') : dateTime(iso))
  return (
    <Panel
      title={title}
      note={t('contacts.reverse.changedIn', {
        pipedrive: when(reverse.lastChanged.pipedrive),
        brevo: when(reverse.lastChanged.brevo),
      })}
    >
      <Stack gap="md">
        {reverse.failure === null ? null : <FailureText failure={reverse.failure} />}
        {reverse.edit === null ? null : (
          <Text fz="sm">{t('contacts.reverse.edit', { fields: reverse.edit.fields.join(', ') })}</Text>
        )}
        <ScrolledTable
          label={title}
          minWidth={560}
          head={[
            t('contacts.reverse.attribute'),
            t('contacts.reverse.inPipedrive'),
            t('contacts.reverse.inBrevo'),
            t('contacts.reverse.what'),
          ]}
        >
          {reverse.fields.map((field) => (
            <tr key={field.attribute}>
              <Td fw={550}>{field.attribute}</Td>
              <Td>
                <Value value={field.inPipedrive} />
              </Td>
              <Td>
                <Value value={field.inBrevo} />
              </Td>
              <Td>
                <StateLabel tone={TONES[field.outcome]}>
                  {t(`contacts.reverse.outcome.${field.outcome}`)}
                </StateLabel>
                {field.because === 'equal' ? null : (
                  <Text fz="sm" c="dimmed" pt={2}>
                    {t(`contacts.reverse.because.${field.because}`)}
                  </Text>
                )}
              </Td>
            </tr>
          ))}
        </ScrolledTable>
      </Stack>
    </Panel>
  )
}
