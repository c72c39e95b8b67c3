/** Persons by a piece of their name or address, on both engines. */
import { sql } from 'kysely'
import { beforeEach, expect, it } from 'vitest'
import { findPersons, readConnection, type Store, upsertRecords } from '../../src/store/index.ts'
import { forEachStore } from '../support/stores.ts'

const C = 'default'

const person = (id: number, name: string | null, email: string | null, deleted = false) => ({
  id: String(id),
  doc: {
    fields: name === null ? {} : { name: { kind: 'text', text: name } },
    emails: email === null ? [] : [{ value: email, primary: true }],
  },
  version: null,
  fingerprint: `f${id}`,
  deleted,
  person_id: null,
  org_id: null,
  identity: email?.toLowerCase() ?? null,
  problem: null,
})

forEachStore('persons by a piece of text', (open) => {
  let store: Store
  const namesOf = async (text: string, limit = 10): Promise<readonly string[]> =>
    (await findPersons(store.db, C, text, limit)).map(({ name }) => name)
  beforeEach(async () => {
    store = await open()
    await readConnection(store.db, C)
    await readConnection(store.db, 'other')
    await upsertRecords(store.db, C, 'person', [
      person(1, 'Ada Kim', 'ada@test.example'),
      person(2, 'Kim Ada', 'Kim.Second@Test.example'),
      person(3, '박서연', 'seoyeon@test.example'),
      person(4, 'Gone Kim', 'gone@test.example', true),
      person(5, '50%_off', null),
      person(6, null, 'nameless@test.example'),
    ])
    await upsertRecords(store.db, 'other', 'person', [person(1, 'Kim Elsewhere', 'kim@other.example')])
  })

  it('are found whatever the capitals, those that begin with it first, and nobody deleted or of another connection', async () => {
    expect(await namesOf('KIM')).toEqual(['Kim Ada', 'Ada Kim'])
    expect(await namesOf('서연')).toEqual(['박서연'])
    expect(await namesOf('second@test')).toEqual(['Kim Ada'])
    expect(await namesOf('nameless')).toEqual([''])
    expect(await namesOf('test.example', 2)).toHaveLength(2)
    expect(await namesOf('nobody')).toEqual([])
  })

  it('are found by what is written, not by a pattern', async () => {
    expect(await namesOf('50%_')).toEqual(['50%_off'])
    expect(await namesOf('%')).toEqual(['50%_off'])
    expect(await namesOf("'")).toEqual([])
  })

  it('have the contact that is linked to them', async () => {
    await sql`insert into links (connection, person_id, contact_id) values (${C}, 3, 33)`.execute(store.db)
    expect(await findPersons(store.db, C, '서연', 1)).toEqual([
      { person_id: 3, name: '박서연', email: 'seoyeon@test.example', contact_id: 33 },
    ])
  })
})
