import { expect, it } from 'vitest'
import type { Explanation } from '../service/index.ts'
import type { Output } from './output.ts'
import { printEvents } from './person-events-text.ts'

const event: Explanation['events'][number] = {
  name: 'deal_won',
  entity: 'deal',
  recordId: '12',
  action: 'stage_changed',
  occurredAt: '2026-05-02T10:00:00.000Z',
  sentAt: null,
  state: 'done',
}

function printed(events: Explanation['events']): string[] {
  const lines: string[] = []
  const output: Pick<Output, 'heading' | 'table' | 'print'> = {
    heading: (text) => lines.push(text),
    table: (_head, rows) => lines.push(...rows.map((row) => row.join(' | '))),
    print: (text = '') => lines.push(text),
  }
  printEvents(output as Output, { events } as Explanation)
  return lines
}

it('events are told with their names in Brevo, what happened, and what became of them', () => {
  expect(printed([event, { ...event, name: null, state: 'no_contact' }])).toEqual([
    'Events',
    '2026-05-02 10:00 UTC | deal_won | deal 12 stage changed | in Brevo',
    '2026-05-02 10:00 UTC | - | deal 12 stage changed | no contact',
  ])
})

it('of many events the latest are told, and how many there are before them; of none nothing', () => {
  const lines = printed(Array.from({ length: 13 }, () => event))
  expect(lines).toHaveLength(12)
  expect(lines.at(-1)).toBe('  and 3 before those; --json has them')
  expect(printed([])).toEqual([])
})
