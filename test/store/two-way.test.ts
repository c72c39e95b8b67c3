/** The tables of the way back: agreements, edits that wait, and what was written lately. On both engines. */
import { sql } from 'kysely'
import { beforeEach, expect, it } from 'vitest'
import {
  agreeInStep,
  countEditOutcomes,
  countOpenEdits,
  dropEdits,
  dropFormerEdits,
  dueEdits,
  endEdit,
  forgetAgreements,
  linkContacts,
  markEditsSent,
  newContacts,
  nextDue,
  noteAgreed,
  noteBlockedBy,
  noteWrites,
  type PersonEditRow,
  putEdits,
  readKnown,
  recentWrites,
  removeKnown,
  reopenEdits,
  setEditState,
  settleKnown,
  stopFields,
  stoppedFields,
  upsertKnown,
  upsertRecords,
} from '../../src/store/index.ts'
import type { Store } from '../../src/store/open.ts'
import { forEachStore } from '../support/stores.ts'

const C = 'default'
const at = new Date('2026-06-01T10:00:00Z')
const later = (seconds: number): Date => new Date(at.getTime() + seconds * 1000)
const all = { now: null, after: 0, limit: 10 }

const edit = (contactId: number, changes: Partial<PersonEditRow> = {}): PersonEditRow => ({
  contact_id: contactId,
  person_id: contactId - 100,
  command: { edits: [] },
  fingerprint: 'wanted',
  ...changes,
})

const contact = (id: number, email: string, lists: readonly number[] = []) => ({
  contact_id: id,
  email,
  ext_id: null,
  sms: null,
  attributes: { A: 'x' },
  lists,
  email_blocked: false,
  sms_blocked: false,
  blocked_by: null,
  modified_at: at.toISOString(),
})

forEachStore('the way back', (open) => {
  let store: Store

  beforeEach(async () => {
    store = await open()
    await upsertKnown(store.db, C, [contact(101, 'a@x.test'), contact(102, 'b@x.test', [5])])
  })

  /** Person 1 wants what contact 101 has. */
  async function bringInStep(): Promise<void> {
    await sql`insert into wanted (connection, person_id, identity, attributes, lists, keep, unsubscribed, fingerprint)
      values (${C}, 1, 'a@x.test', '{"A":"x"}', '{}', '{}', false, 'one')`.execute(store.db)
    await settleKnown(store.db, C, [
      {
        contact_id: 101,
        person_id: 1,
        in_step: 'one-',
        written: [],
        cleared: [],
        added_lists: [],
        removed_lists: [],
        agreed: {},
        agreed_with: null,
      },
    ])
  }

  const agreedOf = async (id: number) => (await readKnown(store.db, C, [id]))[0]?.agreed

  it('R9.2 takes for agreed what is in step, empty values too, and nothing else', async () => {
    await bringInStep()
    const names = ['A', 'B', 'SMS', 'EMAIL']
    expect(await agreeInStep(store.db, C, { names, agreedWith: 'f' })).toBe(1)
    expect(await agreedOf(101)).toEqual({ A: 'x', B: null, SMS: null, EMAIL: 'a@x.test' })
    expect(await agreedOf(102)).toEqual({})
    expect(await agreeInStep(store.db, C, { names, agreedWith: 'f' })).toBe(0)
  })

  it('R9.2 leaves an agreement as it is when further fields come in', async () => {
    await bringInStep()
    await noteAgreed(store.db, C, [{ contact_id: 101, agreed: { A: 'older' } }])
    await agreeInStep(store.db, C, { names: ['A', 'B'], agreedWith: 'g' })
    expect(await agreedOf(101)).toEqual({ A: 'older', B: null })
  })

  it('R9.1 forgets agreements and edits when nothing goes back any more', async () => {
    await bringInStep()
    await agreeInStep(store.db, C, { names: ['A'], agreedWith: 'f' })
    await putEdits(store.db, C, 'run', [edit(101)], at)
    await forgetAgreements(store.db, C)
    expect(await agreedOf(101)).toEqual({})
    expect(await countOpenEdits(store.db, C)).toEqual({ open: 0, next: null })
  })

  it('keeps one edit for a contact: a newer plan takes its place, the same one keeps its turn', async () => {
    await putEdits(store.db, C, 'run', [edit(101)], at)
    await setEditState(store.db, C, 101, { state: 'pending', notBefore: later(60) })
    await putEdits(store.db, C, 'run', [edit(101)], later(1))
    expect(await dueEdits(store.db, C, { ...all, now: later(2) })).toEqual([])
    expect(await nextDue(store.db, C)).toEqual(later(60))
    await putEdits(store.db, C, 'run', [edit(101, { command: { edits: [1] } })], later(3))
    expect(await dueEdits(store.db, C, { ...all, now: later(4) })).toMatchObject([
      { command: { edits: [1] } },
    ])
  })

  it('forgets what is not owed any more, but not a creation of which nobody knows what came', async () => {
    await putEdits(
      store.db,
      C,
      'run',
      [edit(101), edit(102, { person_id: null, fingerprint: 'b@x.test' })],
      at,
    )
    await markEditsSent(store.db, C, [102], at)
    await dropEdits(store.db, C, [101, 102])
    expect(await dueEdits(store.db, C, all)).toMatchObject([{ contact_id: 102, state: 'sent', attempts: 1 }])
    await putEdits(store.db, C, 'run', [edit(102, { person_id: null, command: { more: 1 } })], later(1))
    expect((await dueEdits(store.db, C, all))[0]?.state).toBe('sent')
  })

  it('forgets what a contact that the person had before, or that is gone, still owed', async () => {
    await bringInStep()
    const rows = [edit(101, { person_id: 1 }), edit(102, { person_id: 1 }), edit(103, { person_id: 2 })]
    await putEdits(store.db, C, 'run', rows, at)
    await dropFormerEdits(store.db, C, [
      { person_id: 1, contact_id: 102 },
      { person_id: 2, contact_id: 103 },
    ])
    const open = async () => (await dueEdits(store.db, C, all)).map(({ contact_id }) => Number(contact_id))
    expect(await open()).toEqual([102, 103])
    await removeKnown(store.db, C, [102])
    expect(await open()).toEqual([103])
  })

  it('R6.2 does not try a refused edit again until it is reopened or planned anew', async () => {
    await bringInStep()
    await putEdits(store.db, C, 'run', [edit(101)], at)
    await setEditState(store.db, C, 101, { state: 'failed', notBefore: null })
    expect(await dueEdits(store.db, C, all)).toEqual([])
    await stopFields(store.db, C, [{ contact_id: 101, attribute: 'A' }], at)
    await reopenEdits(store.db, C, { personIds: [1], contactIds: [] })
    expect(await stoppedFields(store.db, C, [101])).toEqual([])
    // Its contact is compared again.
    expect((await readKnown(store.db, C, [101]))[0]?.in_step).toBeNull()
    await putEdits(store.db, C, 'run', [edit(101)], later(9))
    expect(await dueEdits(store.db, C, all)).toHaveLength(1)
  })

  it('R6.1 counts what became of a run’s edits once', async () => {
    await putEdits(store.db, C, 'run', [edit(101), edit(102)], at)
    await endEdit(store.db, C, 101, { run: 'run', outcome: 'updated' })
    await endEdit(store.db, C, 102, null)
    expect(await countEditOutcomes(store.db, C, 'run')).toEqual({ created: 0, updated: 1, conflicts: 0 })
    expect(await countEditOutcomes(store.db, C, 'another')).toEqual({ created: 0, updated: 0, conflicts: 0 })
  })

  it('R9.4 finds contacts that are nobody’s: on a list, not released, not looked at before', async () => {
    const request = { lists: null, emails: null, after: 0, limit: 10 }
    const ids = async (changes: Partial<Parameters<typeof newContacts>[2]> = {}) =>
      (await newContacts(store.db, C, { ...request, ...changes })).map((row) => row.contact_id)
    expect(await ids()).toEqual([101, 102])
    expect(await ids({ lists: [5, 9] })).toEqual([102])
    expect(await ids({ emails: ['a@x.test'] })).toEqual([101])
    await linkContacts(store.db, C, [{ contact_id: 101, person_id: 1 }])
    await upsertKnown(store.db, C, [{ ...contact(103, 'c@x.test'), ext_id: 'tajo-released-103' }])
    expect(await ids()).toEqual([102])
    await putEdits(store.db, C, 'run', [edit(102, { person_id: null, fingerprint: 'b@x.test' })], at)
    await setEditState(store.db, C, 102, { state: 'settled', notBefore: null })
    expect(await ids()).toEqual([])
    // Under another address it is looked at anew.
    await upsertKnown(store.db, C, [contact(102, 'new@x.test')])
    expect(await ids()).toEqual([102])
    const person = {
      doc: {},
      version: null,
      fingerprint: 'p',
      deleted: false,
      person_id: null,
      org_id: null,
      problem: null,
    }
    await upsertRecords(store.db, C, 'person', [{ ...person, id: '7', identity: 'new@x.test' }], false)
    expect(await ids()).toEqual([])
  })

  it('R9.5 keeps why a contact is blocklisted while it is, and no longer', async () => {
    const blockedBy = async () => (await readKnown(store.db, C, [101]))[0]?.blocked_by
    await noteBlockedBy(store.db, C, [{ email: 'a@x.test', reason: 'bounced' }])
    await upsertKnown(store.db, C, [{ ...contact(101, 'a@x.test'), email_blocked: true }])
    expect(await blockedBy()).toBe('bounced')
    await noteBlockedBy(store.db, C, [{ email: 'a@x.test', reason: 'complained' }])
    await noteBlockedBy(store.db, C, [{ email: 'a@x.test', reason: 'unsubscribed' }])
    expect(await blockedBy()).toBe('complained')
    await upsertKnown(store.db, C, [contact(101, 'a@x.test')])
    expect(await blockedBy()).toBeNull()
  })

  it('R9.3 remembers what was written lately, value and direction, and forgets the rest', async () => {
    const write = (second: number, value: unknown) => ({
      contact_id: 101,
      attribute: 'A',
      direction: 'to_brevo' as const,
      value,
      at: later(second),
    })
    await noteWrites(store.db, C, [write(0, 'x'), write(10, ['a', 'b'])], at)
    await noteWrites(store.db, C, [write(20, null)], later(5))
    const rows = await recentWrites(store.db, C, [101], at)
    expect(rows.map(({ value, at: moment }) => [value, moment])).toEqual([
      [['a', 'b'], later(10)],
      [null, later(20)],
    ])
  })
})
