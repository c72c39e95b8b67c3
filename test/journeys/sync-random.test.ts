import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type BrevoNow, brevoNow, expectedBrevo, identityOf } from '../support/contact-oracle.ts'
import { expectAccounted, type Journey, only, openJourney, writesOf } from '../support/journey.ts'

/** The same edits for every commit, or others: TAJO_MODEL_SEED. */
const seed = Number(process.env.TAJO_MODEL_SEED ?? 20_261_102)

/** What people do between two syncs. `who` and `what` choose among what is there. */
const deed = fc.record({
  kind: fc.constantFrom(
    'rename person',
    'empty industry',
    'set industry',
    'move deal',
    'new deal',
    'delete deal',
    'archive deal',
    'rename organization',
    'unsubscribe in Pipedrive',
    'new person',
    'delete person',
    'phone',
    'foreign list',
    'leave foreign list',
    'foreign attribute',
    'overwrite a mapped attribute',
    'leave our list',
    'unsubscribe in Brevo',
    'stranger',
  ),
  who: fc.nat(),
  what: fc.nat({ max: 9 }),
})
type Deed = typeof deed extends fc.Arbitrary<infer D> ? D : never

function act({ sandbox: { pipedrive, brevo } }: Journey, { kind, who, what }: Deed, serial: number): void {
  const { state } = pipedrive
  const one = <R>(rows: readonly R[]): R => rows[who % rows.length] as R
  const live = <R extends object>(table: { all(): Iterable<R> }): R[] =>
    [...table.all()].filter((row) => (row as { is_deleted?: boolean }).is_deleted !== true)
  const person = one(live(state.tables.person))
  const newDeal = () => state.insert('deal', { title: 'New', person_id: person.id, value: what, stage_id: 1 })
  const deal = one(live(state.tables.deal).filter((row) => !row.is_archived)) ?? newDeal()
  const industry = state.seed.fields.find((field) => field.field_name === 'Industry')?.field_code ?? ''
  const contact = one(brevo.state.contacts())
  const email = contact.email ?? ''
  const change = (values: Record<string, unknown>): void => void state.patch('person', person.id, values)
  const deeds: Record<string, () => unknown> = {
    'rename person': () => change({ name: `Name ${what}`, last_name: `L${serial}` }),
    'empty industry': () => change({ custom_fields: { [industry]: null } }),
    'set industry': () => change({ custom_fields: { [industry]: `Industry ${what}` } }),
    'move deal': () =>
      state.patch('deal', deal.id, {
        status: ['open', 'won', 'lost'][what % 3],
        stage_id: (what % 4) + 1,
        person_id: person.id,
      }),
    'new deal': newDeal,
    'delete deal': () => state.delete('deal', deal.id),
    'archive deal': () => state.archive('deal', deal.id),
    'rename organization': () =>
      state.patch('organization', one(live(state.tables.organization)).id, { name: `Org ${serial}` }),
    'unsubscribe in Pipedrive': () => change({ marketing_status: 'unsubscribed' }),
    'new person': () => state.insert('person', { name: 'New', emails: only(`new${serial}@test.example`) }),
    'delete person': () => state.delete('person', person.id),
    phone: () => change({ phones: what < 2 ? [] : only(`010-5550-00${10 + what}`) }),
    'foreign list': () => brevo.state.addToList(email, 2),
    'leave foreign list': () => brevo.state.removeFromList(email, 2),
    'foreign attribute': () => brevo.state.editContact(email, { JOB_TITLE: `Job ${serial}` }),
    'overwrite a mapped attribute': () => brevo.state.editContact(email, { FULLNAME: 'Overwritten' }),
    'leave our list': () => brevo.state.removeFromList(email, 60),
    'unsubscribe in Brevo': () => brevo.state.unsubscribe(email),
    stranger: () =>
      brevo.state.addContact({
        email: `s${serial}@test.example`,
        attributes: { SMS: `8210${55_510_000 + serial}` },
      }),
  }
  deeds[kind]?.()
}

async function sync(journey: Journey): Promise<void> {
  const report = await journey.sync({ full: true })
  expect(report).toMatchObject({ status: 'complete', reason: null })
  expectAccounted(report)
}

/** Contacts of persons that are gone lose Tajo's lists and nothing else (rule R7.1). */
function withoutLists(before: BrevoNow, ours: BrevoNow, journey: Journey): BrevoNow {
  const emails = new Set(
    [...journey.sandbox.pipedrive.state.tables.person.all()]
      .filter((person) => !person.is_deleted)
      .map((person) => identityOf(person)),
  )
  return Object.fromEntries(
    Object.entries(before).map(([email, contact]) => {
      const mine = ours[email]?.lists ?? []
      const lists = emails.has(email) ? contact.lists : contact.lists.filter((id) => !mine.includes(id))
      return [email, { ...contact, lists }]
    }),
  )
}

describe('whatever happens between two syncs', () => {
  it('R6.4 R2 R3 R4: Brevo is afterwards what the rules say, and a further sync writes nothing', async () => {
    const journey = await openJourney({ data: { persons: 40 } })
    await sync(journey)
    let serial = 0
    await fc.assert(
      fc.asyncProperty(fc.array(deed, { minLength: 1, maxLength: 12 }), async (deeds) => {
        const ours = expectedBrevo(journey.sandbox, {})
        for (const item of deeds) act(journey, item, serial++)
        const before = brevoNow(journey.sandbox)
        await sync(journey)
        const expected = expectedBrevo(journey.sandbox, withoutLists(before, ours, journey), ours)
        expect(brevoNow(journey.sandbox)).toEqual(expected)
        expect(await writesOf(journey, () => journey.sync())).toBe(0)
      }),
      // One journey serves all runs, each going on from where the last one ended: shrinking would start elsewhere.
      { seed, numRuns: 25, endOnFailure: true },
    )
  })
})
