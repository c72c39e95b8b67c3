/** Touches of campaigns in the store, on both engines. */
import { sql } from 'kysely'
import { beforeEach, expect, it } from 'vitest'
import {
  addTouches,
  type NewTouch,
  noteErased,
  readConnection,
  removeKnown,
  type Store,
  upsertKnown,
} from '../../src/store/index.ts'
import { forEachStore } from '../support/stores.ts'

const C = 'default'

const click: NewTouch = {
  contact_id: null,
  email: 'ada@x.test',
  campaign_id: 7,
  campaign: 'Spring',
  kind: 'clicked',
  url: 'https://example.com/',
  at: '2026-06-01T10:00:00.000Z',
  source: 'webhook',
  machine: false,
}

const contact = (id: number, email: string) => ({
  contact_id: id,
  email,
  ext_id: null,
  sms: null,
  attributes: {},
  lists: [],
  email_blocked: false,
  sms_blocked: false,
  blocked_by: null,
  modified_at: null,
})

forEachStore('touches', (open) => {
  let store: Store
  beforeEach(async () => {
    store = await open()
    await readConnection(store.db, C)
  })

  const touches = async () =>
    (
      await sql<Record<string, unknown>>`select contact_id, email, campaign_id, kind, source, machine
        from touches order by at, id`.execute(store.db)
    ).rows

  it('R10.2 keeps a touch once, however often it is told, and another of the same second', async () => {
    await upsertKnown(store.db, C, [contact(70, 'ada@x.test')])
    expect(await addTouches(store.db, C, [click, click])).toBe(1)
    expect(await addTouches(store.db, C, [click])).toBe(0)
    expect(await addTouches(store.db, C, [{ ...click, url: 'https://example.com/other' }])).toBe(1)
    expect(await addTouches(store.db, C, [{ ...click, kind: 'opened', url: '' }])).toBe(1)
    expect((await touches()).map(({ contact_id, email }) => [contact_id, email])).toEqual(
      Array(3).fill([70, null]),
    )
  })

  it('R10.2 gives touches of an address to its contact as soon as that is known, each once', async () => {
    await addTouches(store.db, C, [click])
    expect(await touches()).toMatchObject([{ contact_id: null, email: 'ada@x.test' }])
    await addTouches(store.db, C, [{ ...click, contact_id: 70, email: null }])
    await upsertKnown(store.db, C, [contact(70, 'ada@x.test'), contact(71, 'bob@x.test')])
    expect(await touches()).toMatchObject([{ contact_id: 70, email: null }])
  })

  it('R10.2 believes statistics only where no webhook told the same within a minute', async () => {
    await addTouches(store.db, C, [{ ...click, contact_id: 70 }])
    const told = { ...click, contact_id: 70, source: 'statistics' as const, campaign: null }
    expect(await addTouches(store.db, C, [{ ...told, at: '2026-06-01T10:00:20Z' }])).toBe(0)
    expect(await addTouches(store.db, C, [{ ...told, at: '2026-06-01T10:02:00Z' }])).toBe(1)
    expect(await addTouches(store.db, C, [{ ...told, at: '2026-06-01T10:00:20Z', campaign_id: 8 }])).toBe(1)
  })

  it('R10.2 takes an open for a machine’s when anybody says so', async () => {
    const open = { ...click, contact_id: 70, kind: 'opened' as const, url: '' }
    await addTouches(store.db, C, [open])
    await addTouches(store.db, C, [{ ...open, machine: true }])
    await addTouches(store.db, C, [open])
    expect(await touches()).toMatchObject([{ machine: true }])
  })

  it('R11 keeps none of an erased address, and forgets those of a contact that is gone', async () => {
    await upsertKnown(store.db, C, [contact(70, 'ada@x.test')])
    await addTouches(store.db, C, [click])
    await removeKnown(store.db, C, [70])
    expect(await touches()).toEqual([])
    await noteErased(store.db, C, ['ada@x.test'], new Date())
    expect(await addTouches(store.db, C, [click])).toBe(0)
  })

  it('keeps the last name of a campaign', async () => {
    await addTouches(store.db, C, [click, { ...click, campaign_id: 8, campaign: 'Autumn' }])
    await addTouches(store.db, C, [{ ...click, campaign: 'Spring sale' }])
    await addTouches(store.db, C, [{ ...click, campaign: null }])
    const { rows } = await sql`select id, name from campaigns order by id`.execute(store.db)
    expect(rows).toEqual([
      { id: 7, name: 'Spring sale' },
      { id: 8, name: 'Autumn' },
    ])
  })
})
