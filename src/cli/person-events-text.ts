/** The events of one person, for `tajo explain`. Reads the explanation only. */
import type { Explanation } from '../service/index.ts'
import { toMinute } from './failure-text.ts'
import type { Output } from './output.ts'

type Event = Explanation['events'][number]

const STATES: Readonly<Record<Event['state'], string>> = {
  waiting: 'waits',
  sent: 'sent, not confirmed yet',
  done: 'in Brevo',
  no_contact: 'no contact',
  unwanted: 'not to be sent',
  failed: 'failed',
}

/** As many as fit on a screen; the document has the others. */
const SHOWN = 10

/** Nothing where nothing happened. */
export function printEvents(output: Output, { events }: Explanation): void {
  if (events.length === 0) return
  output.heading('Events')
  output.table(
    ['When', 'In Brevo', 'What happened', 'State'],
    events
      .slice(0, SHOWN)
      .map(({ occurredAt, name, entity, recordId, action, state }) => [
        toMinute(occurredAt),
        name ?? '-',
        `${entity} ${recordId} ${action.replaceAll('_', ' ')}`,
        STATES[state],
      ]),
  )
  if (events.length > SHOWN) output.print(`  and ${events.length - SHOWN} before those; --json has them`)
}
