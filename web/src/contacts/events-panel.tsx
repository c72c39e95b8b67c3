/** What Brevo was told of a person: the newest first, as many as the server names. */
import { Text } from '@mantine/core'
import { useRecordName } from '../failures/record-name.tsx'
import { useWords } from '../language/use-words.ts'
import { Panel } from '../parts/panel.tsx'
import { ScrolledTable } from '../parts/scrolled-table.tsx'
import { StateLabel, type StateTone } from '../parts/state-label.tsx'
import { Td } from '../parts/td.tsx'
import type { Person } from './person-page.tsx'

type Event = Person['events'][number]

const TONES: Readonly<Record<Event['state'], StateTone>> = {
  waiting: 'busy',
  sent: 'busy',
  done: 'good',
  no_contact: 'none',
  unwanted: 'none',
  failed: 'bad',
}

/** What the server sends at most: with so many there may be more. */
const AT_MOST = 50

export function EventsPanel({ events }: { events: Person['events'] }) {
  const { t, dateTime, number } = useWords()
  const title = t('contacts.events.title')
  return (
    <Panel
      title={title}
      note={events.length < AT_MOST ? undefined : t('contacts.events.newest', { number: number(AT_MOST) })}
    >
      {events.length === 0 ? (
        <Text c="dimmed">{t('contacts.events.none')}</Text>
      ) : (
        <ScrolledTable
          label={title}
          minWidth={560}
          head={[
            t('contacts.events.at'),
            t('contacts.events.name'),
            t('contacts.events.what'),
            t('contacts.events.state'),
          ]}
        >
          {events.map((event, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: one record may do the same twice in a second
            <tr key={`${event.entity} ${event.recordId} ${event.occurredAt} ${index}`}>
              <Td>
                <time dateTime={event.occurredAt}>{dateTime(event.occurredAt)}</time>
              </Td>
              <Td>{event.name === null ? t('contacts.events.unnamed') : <code>{event.name}</code>}</Td>
              <Td>
                <Happened event={event} />
              </Td>
              <Td>
                <StateLabel tone={TONES[event.state]}>
                  {t(`contacts.events.states.${event.state}`)}
                </StateLabel>
                {event.sentAt === null ? null : (
                  <Text fz="sm" c="dimmed" pt={2}>
                    {t('contacts.events.sentAt', { time: dateTime(event.sentAt) })}
                  </Text>
                )}
              </Td>
            </tr>
          ))}
        </ScrolledTable>
      )}
    </Panel>
  )
}

function Happened({ event: { entity, recordId, action } }: { event: Event }) {
  const { t, lookUp } = useWords()
  const record = useRecordName()(entity, recordId)
  return t('contacts.events.happened', {
    record,
    action: lookUp(`contacts.events.actions.${action}`) ?? action,
  })
}
