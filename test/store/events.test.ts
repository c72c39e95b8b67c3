/** One person's events in the store, on both engines: in order, bounded, and by the index however many others there are. */
import { sql } from 'kysely'
import { beforeEach, expect, it } from 'vitest'
import {
  addEvents,
  eventsOf,
  failuresOfPerson,
  markEventsSent,
  type NewEvent,
  readConnection,
  recordFailures,
  type Store,
  settleEvents,
} from '../../src/store/index.ts'
import { explaining } from '../support/explaining.ts'
import { forEachStore } from '../support/stores.ts'

const C = 'default'
const now = new Date('2026-05-01T10:00:00.000Z')

const event = (personId: number | null, minute: number, connection = C): NewEvent => ({
  key: `${connection}:${personId}:${minute}`,
  entity: 'deal',
  record_id: String(minute),
  action: 'won',
  person_id: personId,
  occurred_at: new Date(Date.UTC(2026, 3, 1, 9, minute)).toISOString(),
  facts: {},
})

forEachStore('the events of a person', (open) => {
  let store: Store
  beforeEach(async () => {
    store = await open()
    await readConnection(store.db, C)
  })

  it('come the newest first, of all persons that were named and of nobody else, as many as were asked for', async () => {
    const ours = Array.from({ length: 60 }, (_, minute) => event(minute % 2 === 0 ? 7 : 8, minute))
    await addEvents(store.db, C, [...ours, event(9, 99), event(null, 98)], now)
    await addEvents(store.db, 'other', [event(7, 97, 'other')], now)
    const found = await eventsOf(store.db, C, [7, 8], 50)
    expect(found.map(({ record_id }) => Number(record_id))).toEqual(
      Array.from({ length: 50 }, (_, index) => 59 - index),
    )
    expect(await eventsOf(store.db, C, [], 50)).toEqual([])
    expect(await eventsOf(store.db, C, [6], 50)).toEqual([])
  })

  it('tell whatever became of them', async () => {
    await addEvents(store.db, C, [event(7, 1), event(7, 2)], now)
    const { rows } = await sql<{ id: number }>`select id from events order by id`.execute(store.db)
    const [first] = rows.map(({ id }) => id)
    const sent = { id: first ?? 0, name: 'deal_won', contact_id: 70 }
    await markEventsSent(store.db, [sent], now, now)
    await settleEvents(store.db, [sent.id], 'done')
    expect(await eventsOf(store.db, C, [7], 50)).toEqual([
      { ...shown(2), state: 'waiting', name: null, sent_at: null },
      { ...shown(1), state: 'done', name: 'deal_won', sent_at: now },
    ])
  })

  it('are found by the index, though a hundred thousand others are there', async () => {
    await sql`insert into events (connection, key, entity, record_id, action, person_id, occurred_at, noticed_at, facts)
      select ${C}, 'k' || n, 'deal', n::text, 'won', n % 5000, ${now}::timestamptz + n * interval '1 second', ${now}, '{}'
      from generate_series(1, 100000) n`.execute(store.db)
    await sql`analyze events`.execute(store.db)
    const plan = await eventsOf(store.db.withPlugin(explaining), C, [7, 8], 50)
    expect(JSON.stringify(plan)).toMatch(/Index Scan using events_by_person/)
    expect(JSON.stringify(plan)).not.toContain('Seq Scan')
    expect(await eventsOf(store.db, C, [7, 8], 50)).toHaveLength(40)
  })

  it('stand beside what is wrong with that person, and with nothing else of the same number', async () => {
    const failure = {
      code: 'brevo_rejected',
      disposition: 'reject',
      message: 'No.',
      vendor_message: null,
      remedy: 'Correct it.',
      fingerprint: null,
    }
    const entities = ['person', 'person edit', 'new person', 'company', 'unreadable person']
    await recordFailures(
      store.db,
      C,
      entities.map((entity) => ({ ...failure, entity, record_id: '7' })),
      now,
    )
    const found = await failuresOfPerson(store.db, C, 7)
    expect(found.map(({ entity }) => entity)).toEqual(['person', 'person edit', 'unreadable person'])
    expect(await failuresOfPerson(store.db, C, 8)).toEqual([])
  })
})

function shown(minute: number) {
  const { entity, record_id, action, occurred_at } = event(7, minute)
  return { entity, record_id, action, occurred_at }
}
