/** For tests: any wanted contact, any known one, and what Brevo holds after a change. It models Brevo, not Tajo. */
import fc from 'fast-check'
import { type ContactChange, type KnownContact, SMS, type WantedContact } from '../../model/index.ts'

const names = ['A', 'B', 'C']
const emails = fc.constantFrom('ada@example.com', 'bob@example.com')
const numbers = fc.constantFrom('+821011111111', '+821022222222')
const values = fc.oneof(
  fc.constantFrom('x', 'y', 0, 1, false, true),
  fc.subarray(['p', 'q', 'r'], { minLength: 1 }),
)
const attributes = fc.dictionary(fc.constantFrom(...names), values, { noNullPrototype: true })
const lists = fc.subarray([1, 2, 3, 4])

export const wantedContacts: fc.Arbitrary<WantedContact> = fc
  .record({
    personId: fc.constantFrom(1, 2),
    email: emails,
    sms: fc.option(numbers),
    attributes,
    lists,
    keep: fc.subarray([...names, SMS]),
    unsubscribed: fc.boolean(),
  })
  // A source is either usable or not.
  .map((wanted) => ({
    ...wanted,
    keep: wanted.keep.filter((name) => (name === SMS ? wanted.sms === null : !(name in wanted.attributes))),
  }))

export const knownContacts: fc.Arbitrary<KnownContact> = fc.record({
  contactId: fc.constant(100),
  email: fc.option(emails),
  extId: fc.constantFrom(null, 'pipedrive-person-1', 'pipedrive-person-2', 'theirs'),
  sms: fc.option(numbers),
  attributes,
  lists,
  emailBlocked: fc.boolean(),
  smsBlocked: fc.boolean(),
  blockedBy: fc.constant(null),
  modifiedAt: fc.constant(null),
  written: fc.subarray([...names, SMS]),
  ourLists: lists,
})

/** The contact after Brevo took the whole change. */
export function applied(change: ContactChange, known: KnownContact | null): KnownContact {
  const kept = Object.entries(known?.attributes ?? {}).filter(([name]) => !change.clear.includes(name))
  const written = [...Object.keys(change.attributes), ...(change.sms === null ? [] : [SMS])]
  const before = known?.lists ?? []
  return {
    contactId: known?.contactId ?? 100,
    email: change.email,
    extId: change.extId ?? known?.extId ?? null,
    sms: change.clear.includes(SMS) ? null : (change.sms ?? known?.sms ?? null),
    attributes: { ...Object.fromEntries(kept), ...change.attributes },
    lists: [...new Set([...before, ...change.addLists])]
      .filter((id) => !change.removeLists.includes(id))
      .sort(),
    emailBlocked: change.block || (known?.emailBlocked ?? false),
    smsBlocked: known?.smsBlocked ?? false,
    blockedBy: null,
    modifiedAt: null,
    written: [
      ...new Set([...(known?.written ?? []).filter((name) => !change.clear.includes(name)), ...written]),
    ],
    ourLists: [...new Set([...(known?.ourLists ?? []), ...change.addLists])].filter(
      (id) => !change.removeLists.includes(id),
    ),
  }
}
