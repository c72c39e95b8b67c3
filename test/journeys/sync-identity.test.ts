import { describe, expect, it } from 'vitest'
import { brevoNow } from '../support/contact-oracle.ts'
import {
  addPerson,
  contactOf,
  expectAccounted,
  type Journey,
  only,
  openJourney,
  writesOf,
} from '../support/journey.ts'

const small = { data: { persons: 12 } } as const

async function complete(journey: Journey, full = false): Promise<void> {
  const report = await journey.sync({ full })
  expect(report).toMatchObject({ status: 'complete', reason: null })
  expectAccounted(report)
}

const rename = ({ sandbox }: Journey, id: number, email: string): void =>
  void sandbox.pipedrive.state.patch('person', id, { emails: only(email) })

describe('a person and its contact', () => {
  it('R1.3: a changed address renames the contact, and an attribute changed with it follows in the same sync', async () => {
    const journey = await openJourney(small)
    const id = addPerson(journey, 'ada.old@test.example')
    await complete(journey)
    const contactId = contactOf(journey, 'ada.old@test.example').id
    journey.sandbox.pipedrive.state.patch('person', id, {
      name: 'Ada Renamed',
      emails: only('ada.new@test.example'),
    })
    await complete(journey)
    expect(contactOf(journey, 'ada.new@test.example')).toMatchObject({
      id: contactId,
      attributes: { EXT_ID: `pipedrive-person-${id}`, FULLNAME: 'Ada Renamed' },
    })
    expect(journey.sandbox.brevo.state.contact('ada.old@test.example')).toBeNull()
    expect(await writesOf(journey, () => complete(journey))).toBe(0)
  })

  it.each(['before our last reading', 'after our last reading'])(
    'R4.2: a contact that unsubscribed %s stays blocklisted when its address changes',
    async (when) => {
      const journey = await openJourney(small)
      const id = addPerson(journey, 'eve.old@test.example')
      await complete(journey)
      const { brevo } = journey.sandbox
      if (when.startsWith('before')) brevo.state.unsubscribe('eve.old@test.example')
      rename(journey, id, 'eve.new@test.example')
      if (when.startsWith('after')) {
        // Unsubscribes while Tajo computes: after Brevo was read, before the first write.
        let done = false
        await journey.sync({
          onProgress: ({ stage }) => {
            if (done || stage !== 'project') return
            done = true
            brevo.state.unsubscribe('eve.old@test.example')
          },
        })
      }
      await complete(journey)
      expect(contactOf(journey, 'eve.new@test.example').emailBlacklisted).toBe(true)
    },
  )

  it('R1.4: when the lead person leaves its cluster the contact follows it, and the rest get one of their own', async () => {
    const journey = await openJourney(small)
    const other = addPerson(journey, 'shared@test.example', { name: 'The Other' })
    const lead = addPerson(journey, 'shared@test.example', { name: 'The Lead' })
    // Within one second the lower id leads; the test wants the second to.
    const { state } = journey.sandbox.pipedrive
    await new Promise((resolve) => setTimeout(resolve, 1_100))
    state.patch('person', lead, { name: 'The Lead' })
    await complete(journey)
    const contactId = contactOf(journey, 'shared@test.example').id
    expect(contactOf(journey, 'shared@test.example').attributes.FULLNAME).toBe('The Lead')
    rename(journey, lead, 'lead@test.example')
    await complete(journey)
    expect(contactOf(journey, 'lead@test.example')).toMatchObject({
      id: contactId,
      attributes: { FULLNAME: 'The Lead', EXT_ID: `pipedrive-person-${lead}` },
    })
    expect(contactOf(journey, 'shared@test.example')).toMatchObject({
      attributes: { FULLNAME: 'The Other', EXT_ID: `pipedrive-person-${other}` },
    })
    expect(await writesOf(journey, () => complete(journey))).toBe(0)
  })

  it('R1.4: two persons may swap their addresses', async () => {
    const journey = await openJourney(small)
    const [a, b] = [addPerson(journey, 'a@test.example'), addPerson(journey, 'b@test.example')]
    await complete(journey)
    rename(journey, a, 'b@test.example')
    rename(journey, b, 'a@test.example')
    await complete(journey)
    expect(contactOf(journey, 'b@test.example').attributes).toMatchObject({
      EXT_ID: `pipedrive-person-${a}`,
      FULLNAME: 'a',
    })
    expect(contactOf(journey, 'a@test.example').attributes).toMatchObject({
      EXT_ID: `pipedrive-person-${b}`,
      FULLNAME: 'b',
    })
    expect(await writesOf(journey, () => complete(journey))).toBe(0)
  })

  it('R1.3: addresses move along a chain of three persons, each contact with its own', async () => {
    const journey = await openJourney(small)
    const ids = ['a', 'b', 'c'].map((name) => addPerson(journey, `${name}@test.example`))
    await complete(journey)
    const [a, b, c] = ids.map((id) => {
      const email = journey.sandbox.pipedrive.state.find('person', id)?.emails[0]?.value ?? ''
      return contactOf(journey, email).id
    })
    for (const [index, name] of ['b', 'c', 'd'].entries())
      rename(journey, ids[index] ?? 0, `${name}@test.example`)
    await complete(journey)
    const holders = ['b', 'c', 'd'].map((name) => contactOf(journey, `${name}@test.example`))
    expect(holders.map((contact) => contact.attributes.EXT_ID)).toEqual(
      ids.map((id) => `pipedrive-person-${id}`),
    )
    expect(new Set(holders.map((contact) => contact.id)).size).toBe(3)
    expect([a, b, c]).toContain(holders[2]?.id)
    expect(await writesOf(journey, () => complete(journey))).toBe(0)
  })

  it('R1.4: a person that loses its address keeps its contact, off the lists Tajo gave it, and counts as no_email', async () => {
    const journey = await openJourney(small)
    const id = addPerson(journey, 'gone@test.example')
    await complete(journey)
    const before = contactOf(journey, 'gone@test.example')
    journey.sandbox.brevo.state.addToList('gone@test.example', 2)
    journey.sandbox.pipedrive.state.patch('person', id, { emails: [] })
    const report = await journey.sync()
    expect(report).toMatchObject({ status: 'complete', lists: { added: 0, removed: 1 } })
    expect(report.contacts.skipped.no_email).toBe(1)
    expectAccounted(report)
    expect(contactOf(journey, 'gone@test.example')).toMatchObject({
      id: before.id,
      listIds: [2],
      attributes: before.attributes,
    })
    // A colleague's membership of a managed list is a colleague's, even where Tajo's had been.
    journey.sandbox.brevo.state.addToList('gone@test.example', 60)
    expect(await writesOf(journey, () => complete(journey))).toBe(0)
    rename(journey, id, 'back@test.example')
    await complete(journey)
    expect(contactOf(journey, 'back@test.example')).toMatchObject({ id: before.id, listIds: [2, 60] })
  })

  it('R1.4: a new address that already is another contact adopts that one, and the old one leaves our lists', async () => {
    const journey = await openJourney(small)
    const id = addPerson(journey, 'first@test.example')
    const adoptedId = journey.sandbox.brevo.state.addContact({
      email: 'form@test.example',
      attributes: { JOB_TITLE: 'kept' },
      listIds: [2],
    })
    await complete(journey)
    rename(journey, id, 'form@test.example')
    await complete(journey)
    expect(contactOf(journey, 'form@test.example')).toMatchObject({
      id: adoptedId,
      listIds: [2, 60],
      attributes: { JOB_TITLE: 'kept', EXT_ID: `pipedrive-person-${id}` },
    })
    expect(contactOf(journey, 'first@test.example').listIds).toEqual([])
    expect(await writesOf(journey, () => complete(journey))).toBe(0)
  })

  it('R1.5: adopts a contact that a form made, and leaves everything on it that is not mapped', async () => {
    const journey = await openJourney(small)
    const { state } = journey.sandbox.brevo
    const contactId = state.addContact({
      email: 'form@test.example',
      attributes: { JOB_TITLE: 'Gardener', FIRSTNAME: 'Formy', LASTNAME: 'Kept' },
      listIds: [2],
    })
    const id = addPerson(journey, 'Form@Test.example', { name: 'Pipe', first_name: 'Pipe', last_name: null })
    await complete(journey)
    expect(contactOf(journey, 'form@test.example')).toMatchObject({
      id: contactId,
      listIds: [2, 60],
      attributes: {
        JOB_TITLE: 'Gardener',
        FIRSTNAME: 'Pipe',
        LASTNAME: 'Kept',
        EXT_ID: `pipedrive-person-${id}`,
      },
    })
  })

  it('R6.4: one edit in Pipedrive changes exactly that contact', async () => {
    const journey = await openJourney(small)
    const id = addPerson(journey, 'edit@test.example')
    await complete(journey)
    const before = brevoNow(journey.sandbox)
    journey.sandbox.pipedrive.state.patch('person', id, { name: 'Edited Now' })
    expect(await writesOf(journey, () => complete(journey))).toBe(1)
    const after = brevoNow(journey.sandbox)
    const changed = Object.keys(after).filter(
      (email) => JSON.stringify(after[email]) !== JSON.stringify(before[email]),
    )
    expect(changed).toEqual(['edit@test.example'])
    expect(after['edit@test.example']?.attributes.FULLNAME).toBe('Edited Now')
  })
})

describe('what is gone in Pipedrive', () => {
  it('R7.1: a deleted person is noticed by a full sync and taken off our lists only; it may come back', async () => {
    const journey = await openJourney(small)
    const id = addPerson(journey, 'deleted@test.example')
    await complete(journey)
    journey.sandbox.brevo.state.addToList('deleted@test.example', 2)
    const before = contactOf(journey, 'deleted@test.example')
    journey.sandbox.pipedrive.state.delete('person', id)
    await complete(journey, true)
    expect(contactOf(journey, 'deleted@test.example')).toMatchObject({
      id: before.id,
      listIds: [2],
      attributes: before.attributes,
    })
    expect(await writesOf(journey, () => complete(journey, true))).toBe(0)
    journey.sandbox.pipedrive.state.patch('person', id, { is_deleted: false, name: 'Back Again' })
    await complete(journey)
    expect(contactOf(journey, 'deleted@test.example')).toMatchObject({
      id: before.id,
      listIds: [2, 60],
      attributes: { FULLNAME: 'Back Again' },
    })
  })

  it('R7.1: with delete_behavior hard the contact is deleted', async () => {
    const journey = await openJourney({
      ...small,
      yaml: (text) =>
        text.replace('    default_country: KR', '    default_country: KR\n    delete_behavior: hard'),
    })
    const id = addPerson(journey, 'hard@test.example')
    const moved = addPerson(journey, 'moved@test.example')
    journey.sandbox.brevo.state.addContact({ email: 'target@test.example' })
    await complete(journey)
    journey.sandbox.pipedrive.state.delete('person', id)
    rename(journey, moved, 'target@test.example')
    await complete(journey, true)
    expect(journey.sandbox.brevo.state.contact('hard@test.example')).toBeNull()
    expect(contactOf(journey, 'target@test.example').attributes.EXT_ID).toBe(`pipedrive-person-${moved}`)
    expect(await writesOf(journey, () => complete(journey, true))).toBe(0)
  })

  it('R7.2 R7.3: a merged person gives its deals to the survivor; an archived deal still counts', async () => {
    const journey = await openJourney(small)
    const loser = addPerson(journey, 'loser@test.example')
    const survivor = addPerson(journey, 'survivor@test.example')
    const { state } = journey.sandbox.pipedrive
    const deal = state.insert('deal', {
      title: 'D',
      person_id: loser,
      value: 100,
      status: 'won',
      stage_id: 1,
    })
    await complete(journey)
    expect(contactOf(journey, 'loser@test.example').attributes).toMatchObject({ WON_DEALS: 1, LTV: 100 })
    state.archive('deal', deal.id)
    await complete(journey, true)
    expect(contactOf(journey, 'loser@test.example').attributes).toMatchObject({ WON_DEALS: 1, LTV: 100 })
    state.merge('person', loser, survivor)
    await complete(journey, true)
    expect(contactOf(journey, 'survivor@test.example')).toMatchObject({
      listIds: [60, 62, 63],
      attributes: { WON_DEALS: 1, LTV: 100 },
    })
    expect(contactOf(journey, 'loser@test.example').listIds).toEqual([])
    // What is left of the other person in Brevo is not said to differ.
    const { persons } = await journey.service.status()
    expect(persons.inStep).toBe(persons.withContact)
    expect(persons.withContact).toBeLessThanOrEqual(persons.live)
    state.delete('deal', deal.id)
    await complete(journey)
    expect(contactOf(journey, 'survivor@test.example')).toMatchObject({
      listIds: [60],
      attributes: { WON_DEALS: 0, LTV: 0 },
    })
  })

  it('R7.3: leads that appear later, are archived, or vanish move the list of qualified leads', async () => {
    const journey = await openJourney({ data: { persons: 4 } })
    const id = addPerson(journey, 'lead@test.example')
    const { state } = journey.sandbox.pipedrive
    for (const lead of [...state.tables.lead.all()]) state.delete('lead', lead.id)
    await complete(journey)
    expect(contactOf(journey, 'lead@test.example').listIds).toEqual([60])
    const lead = state.insert('lead', { title: 'L', person_id: id })
    await complete(journey, true)
    expect(contactOf(journey, 'lead@test.example').listIds).toEqual([60, 61])
    state.archive('lead', lead.id)
    await complete(journey, true)
    expect(contactOf(journey, 'lead@test.example').listIds).toEqual([60])
    state.archive('lead', lead.id, false)
    await complete(journey, true)
    state.delete('lead', lead.id)
    await complete(journey, true)
    expect(contactOf(journey, 'lead@test.example').listIds).toEqual([60])
  })

  it('R9.6: a contact deleted in Brevo is not made again until its person changes', async () => {
    const journey = await openJourney(small)
    const id = addPerson(journey, 'erased@test.example')
    await complete(journey)
    journey.sandbox.brevo.state.deleteContact('erased@test.example')
    const report = await journey.sync({ full: true })
    expect(report).toMatchObject({ status: 'complete', contacts: { skipped: { deleted_in_brevo: 1 } } })
    expectAccounted(report)
    await complete(journey)
    expect(journey.sandbox.brevo.state.contact('erased@test.example')).toBeNull()
    const { state } = journey.sandbox.pipedrive
    state.patch('person', id, { name: 'Changed Since' })
    await complete(journey)
    expect(contactOf(journey, 'erased@test.example').attributes.FULLNAME).toBe('Changed Since')
    // Back to what it was when it was deleted: a change like any other.
    state.patch('person', id, { name: 'erased' })
    await complete(journey)
    expect(contactOf(journey, 'erased@test.example').attributes.FULLNAME).toBe('erased')
  })
})
