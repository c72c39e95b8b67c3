/** Rules R5.1, R5.2 and R5.4: which events follow from what a write to the mirror changed. */
import { describe, expect, test } from 'vitest'
import type { RecordChange, Swept } from '../../store/index.ts'
import {
  type ChangeAction,
  type Entity,
  type EventWatch,
  type SourceRecord,
  watchKey,
} from '../model/index.ts'
import { sampleDeal, sampleOrganization, samplePerson } from '../model/testdata/samples.ts'
import { eventsOfChanges, eventsOfDeletions, personOf } from './changes.ts'

const since = new Date('2026-03-01T00:00:00.000Z')
const before = '2026-02-28T23:59:59.000Z'
const after = '2026-03-01T00:00:00.000Z'
const later = '2026-03-02T08:00:00.000Z'
const now = new Date('2026-03-03T00:00:00.000Z')

const entities: readonly Entity[] = ['person', 'organization', 'deal', 'activity', 'lead']
const all: EventWatch = {
  since,
  watched: new Set(
    entities.flatMap((entity) =>
      (['added', 'updated', 'deleted'] as ChangeAction[]).map((action) => watchKey(entity, action)),
    ),
  ),
}

const absent: Omit<RecordChange, 'id'> = {
  existed: false,
  old_person_id: null,
  old_identity: null,
  old_org_id: null,
  old_deleted: null,
  old_doc: null,
}

/** The record was there, as `old`. */
function was(old: SourceRecord): Omit<RecordChange, 'id'> {
  return { ...absent, existed: true, old_deleted: old.deleted, old_doc: old as never }
}

/** The events of a record that the mirror did not have (`was` null) or had otherwise. */
function eventsOf(record: SourceRecord, change: Omit<RecordChange, 'id'>, watch = all, complete = false) {
  const id = String(record.id)
  return eventsOfChanges(watch, new Map([[id, record]]), [{ id, ...change }], { now, complete })
}

const person = (changes = {}) => samplePerson({ addedAt: before, updatedAt: before, ...changes })

describe('a record that the mirror did not have', () => {
  test('R5.2 is added if it was made since the first sync began', () => {
    const record = person({ addedAt: after, updatedAt: later })
    expect(eventsOf(record, absent)).toEqual([
      {
        key: 'person:1:added:',
        entity: 'person',
        record_id: '1',
        action: 'added',
        person_id: 1,
        occurred_at: after,
        facts: { record },
      },
    ])
  })

  test('R5.1 is no news if it is older, or if nobody knows how old it is', () => {
    expect(eventsOf(person({ updatedAt: later }), absent)).toEqual([])
    expect(eventsOf(person({ addedAt: null, updatedAt: later }), absent)).toEqual([])
  })

  test('R5.2 is no news if it is deleted already', () => {
    expect(eventsOf(person({ addedAt: after, deleted: true }), absent)).toEqual([])
  })
})

describe('a record that the mirror had', () => {
  test('R5.2 is updated when its version is another one', () => {
    const record = person({ updatedAt: later })
    expect(eventsOf(record, was(person()))).toMatchObject([
      {
        key: expect.stringContaining(`person:1:updated:${later}:`),
        action: 'updated',
        occurred_at: later,
        facts: { record },
      },
    ])
  })

  test('R5.1 is not updated by a different reading of the same version in a complete listing: that is our own doing', () => {
    const read = person({ phones: [{ value: '+49 30 1', primary: true }] })
    expect(eventsOf(read, was(person()), all, true)).toEqual([])
  })

  test('R5.1 edited twice in a second, it is updated twice when somebody said so', () => {
    const [first, second] = ['+49 30 1', '+49 30 2'].map((value) =>
      person({ phones: [{ value, primary: true }] }),
    )
    const keys = [first, second].map((record) => record && eventsOf(record, was(person()))[0]?.key)
    expect(new Set(keys).size).toBe(2)
    expect(keys).not.toContain(undefined)
  })

  test('R5.1 is updated each time where the source gives no version', () => {
    const unversioned = person({ updatedAt: null })
    expect(eventsOf(unversioned, was(unversioned))).toMatchObject([
      {
        key: expect.stringContaining(`person:1:updated:${now.toISOString()}:`),
        occurred_at: now.toISOString(),
      },
    ])
  })

  test('R5.1 has the same key however often the same change is noticed, and another for another', () => {
    const keyOf = (updatedAt: string) => eventsOf(person({ updatedAt }), was(person()))[0]?.key
    expect(keyOf(later)).toBe(keyOf(later))
    expect(keyOf(after)).not.toBe(keyOf(later))
  })

  test('R5.2 is deleted once', () => {
    const gone = person({ deleted: true, updatedAt: later })
    expect(eventsOf(gone, was(person()))).toMatchObject([
      { key: `person:1:deleted:${later}`, action: 'deleted', occurred_at: later },
    ])
    expect(eventsOf(gone, was(person({ deleted: true })))).toEqual([])
  })

  test('R7.1 and that comes back after its deletion is updated', () => {
    const back = person({ updatedAt: later })
    expect(eventsOf(back, was(person({ deleted: true })))).toMatchObject([{ action: 'updated' }])
  })
})

describe('what is watched', () => {
  test('R5.2 decides, by kind of record and action', () => {
    const watch = { since, watched: new Set([watchKey('person', 'added'), watchKey('deal', 'updated')]) }
    const newDeal = sampleDeal({ addedAt: after, updatedAt: after })
    expect(eventsOf(person({ addedAt: after }), absent, watch)).toHaveLength(1)
    expect(eventsOf(newDeal, absent, watch)).toEqual([])
    expect(eventsOf({ ...newDeal, updatedAt: later }, was(newDeal), watch)).toHaveLength(1)
    expect(eventsOf(person({ updatedAt: later }), was(person()), watch)).toEqual([])
    const gone: Swept = { id: '1', person_id: 1, org_id: null, identity: null, doc: person() as never }
    expect(eventsOfDeletions(watch, 'person', [gone], now)).toEqual([])
  })

  test('R5.1 one write tells of each of its records, and of nothing that it does not hold', () => {
    const records = new Map([1, 2].map((id) => [String(id), person({ id, addedAt: after })]))
    const changes = ['1', '2', '3'].map((id) => ({ id, ...absent }))
    const events = eventsOfChanges(all, records, changes, { now, complete: false })
    expect(events.map((event) => event.record_id)).toEqual(['1', '2'])
  })
})

describe('records that are gone', () => {
  test('R5.2 are deleted now, in the version that was last seen', () => {
    const deal = sampleDeal({ id: 8, personId: 4, updatedAt: later })
    const gone: Swept = { id: '8', person_id: 4, org_id: null, identity: null, doc: deal as never }
    expect(eventsOfDeletions(all, 'deal', [gone], now)).toEqual([
      {
        key: `deal:8:deleted:${later}`,
        entity: 'deal',
        record_id: '8',
        action: 'deleted',
        person_id: 4,
        occurred_at: now.toISOString(),
        facts: { record: deal },
      },
    ])
  })
})

test('R5.4 the contact that hears of it is that of the person, or of the person of a deal', () => {
  expect(personOf(samplePerson({ id: 3 }))).toBe(3)
  expect(personOf(sampleDeal({ personId: 4 }))).toBe(4)
  expect(personOf(sampleDeal({ personId: null }))).toBeNull()
  expect(personOf(sampleOrganization())).toBeNull()
})
