/** What people do on either side, chosen among what is there. A deed that has nothing to act on does nothing. */
import fc from 'fast-check'
import type { BrevoState } from '../../../src/simulators/brevo/index.ts'
import type { PipedriveState } from '../../../src/simulators/pipedrive/index.ts'
import type { SeedPerson } from '../../../src/simulators/pipedrive/seed.ts'
import { identityOf } from '../contact-oracle.ts'
import {
  allFields,
  codeOf,
  type FieldName,
  foreignList,
  ofContact,
  ourList,
  personIdOf,
  sources,
} from './fields.ts'

const kinds = [
  ...Array<'edit in Pipedrive'>(10).fill('edit in Pipedrive'),
  ...Array<'edit in Brevo'>(12).fill('edit in Brevo'),
  ...Array<'edit on both sides'>(4).fill('edit on both sides'),
  'edit much in Brevo',
  'full name in Brevo',
  'name in Pipedrive',
  'another phone first',
  'lose the address',
  'address of a stranger',
  'address of another person',
  'number of another person',
  'unsubscribe',
  'complain',
  'bounce',
  'block',
  'unblock',
  'unsubscribe in Pipedrive',
  'delete person',
  'merge persons',
  'new person',
  'new person of a contact',
  'delete contact',
  'form',
  'form again',
  'join a list',
  'leave our list',
] as const

export type Deed = {
  readonly deed: (typeof kinds)[number]
  readonly who: number
  readonly field: FieldName
  readonly what: number
}

export const anyDeed: fc.Arbitrary<Deed> = fc.record({
  deed: fc.constantFrom(...kinds),
  who: fc.nat({ max: 4 }),
  field: fc.constantFrom(...allFields),
  what: fc.nat({ max: 9 }),
})

export type Scene = {
  readonly pipedrive: PipedriveState
  readonly brevo: BrevoState
  /** Makes things unlike each other. */
  serial: number
}

const only = (value: string) => [{ value, primary: true, label: 'work' }]
type Acting = Deed & { readonly scene: Scene; readonly serial: number }

/** Returns what was done, in words; null when there was nothing to act on. */
export function act(scene: Scene, deed: Deed): string | null {
  const acting = { ...deed, scene, serial: ++scene.serial }
  switch (deed.deed) {
    case 'edit in Pipedrive':
      return editInPipedrive(acting)
    case 'edit in Brevo':
      return editInBrevo(acting)
    case 'edit on both sides':
      return [
        editInPipedrive(acting),
        editInBrevo({ ...acting, serial: ++scene.serial, what: deed.what + 3 }),
      ].join(' and ')
    case 'new person':
    case 'new person of a contact':
    case 'delete person':
    case 'merge persons':
      return ofPersons(acting)
    default:
      return ofOnePerson(acting) ?? ofOneContact(acting)
  }
}

export function livePersons({ tables }: PipedriveState): SeedPerson[] {
  return [...tables.person.all()].filter((person) => person.is_deleted !== true)
}

function pick<R>(rows: readonly R[], which: number): R | undefined {
  return rows[which % Math.max(1, rows.length)]
}

function change(
  { pipedrive }: Scene,
  person: SeedPerson,
  what: string,
  values: Record<string, unknown>,
): string {
  pipedrive.patch('person', person.id, values)
  return `person ${person.id}: ${what}`
}

function editInPipedrive({ scene, who, field, what, serial }: Acting): string | null {
  const person = pick(livePersons(scene.pipedrive), who)
  if (!person) return null
  const [values, told] = personValues(person, field, what, serial)
  return change(scene, person, `${field} ${told}`, values)
}

/** As a user of Pipedrive would type them. */
function personValues(
  person: SeedPerson,
  field: FieldName,
  what: number,
  serial: number,
): [Record<string, unknown>, string] {
  const empties = what === 0
  const custom = (code: string, value: unknown): [Record<string, unknown>, string] => [
    { custom_fields: { [code]: value } },
    `is ${value}`,
  ]
  switch (field) {
    case 'EMAIL': {
      const rest = person.emails.filter((entry) => !entry.primary)
      const emails = [...only(`pd${serial}@test.example`), ...rest]
      return [{ emails }, `is pd${serial}@test.example`]
    }
    case 'SMS': {
      const value = what === 1 ? 'ext. 12' : `${what % 2 === 0 ? '010-2' : '+82 10 2'}${padded(serial)}`
      return empties ? [{ phones: [] }, 'is emptied'] : [{ phones: only(value) }, `is ${value}`]
    }
    case 'FIRSTNAME':
      return [{ first_name: `F${serial}` }, `is F${serial}`]
    case 'LASTNAME':
      return empties ? [{ last_name: '' }, 'is emptied'] : [{ last_name: `L${serial}` }, `is L${serial}`]
    case 'LEAD_SOURCE':
      return custom(codeOf.LEAD_SOURCE, empties ? null : pick(sources, what + serial)?.id)
    case 'COMPANY_SIZE':
      return custom(codeOf.COMPANY_SIZE, empties ? null : what === 1 ? 0 : serial * 10)
    case 'FIRST_MET':
      return custom(codeOf.FIRST_MET, empties ? null : dayOf(serial))
    default:
      return custom(codeOf[field], empties ? null : `${field.toLowerCase()} ${serial}`)
  }
}

function editInBrevo({ scene, who, field, what, serial }: Acting): string | null {
  const person = pick(livePersons(scene.pipedrive), who)
  const contact = contactsOf(scene).find((each) => personIdOf(each) === person?.id)
  if (!person || !contact) return null
  return edit(scene, contact, { [field]: contactValue(contact, field, what, serial) })
}

type Contact = ReturnType<BrevoState['contacts']>[number]

function contactsOf({ brevo }: Scene): Contact[] {
  return brevo.contacts()
}

function edit({ brevo }: Scene, contact: Contact, attributes: Record<string, unknown>): string {
  brevo.editContact(contact.email ?? '', attributes)
  return `contact ${contact.id}: ${JSON.stringify(attributes)}`
}

/** As somebody in Brevo's pages would type it. */
function contactValue(contact: Contact, field: FieldName, what: number, serial: number): unknown {
  const empties = what === 0
  const names = ofContact(contact)
  switch (field) {
    case 'EMAIL':
      return `br${serial}@test.example`
    case 'SMS':
      return empties ? '' : `8210${3}${padded(serial)}`
    case 'FIRSTNAME':
    case 'LASTNAME':
      return empties && (field === 'FIRSTNAME' ? names.LASTNAME : names.FIRSTNAME) !== null
        ? ''
        : `B${serial}`
    case 'LEAD_SOURCE': {
      if (empties) return ''
      if (what === 1) return `Billboard ${serial}`
      const option = pick(sources, what + serial)?.label ?? ''
      const own = String(contact.attributes.LEAD_SOURCE ?? option)
      return what === 2 ? own.toUpperCase() : what === 3 ? ` ${option.toLowerCase()} ` : option
    }
    case 'COMPANY_SIZE':
      return empties ? '' : serial * 100
    case 'FIRST_MET':
      return empties ? '' : dayOf(serial)
    default:
      return empties ? '' : `${field.toLowerCase()} of brevo ${serial}`
  }
}

function padded(serial: number): string {
  return String(serial).padStart(7, '0')
}

function dayOf(serial: number): string {
  return new Date(Date.UTC(2025, 0, 1 + serial)).toISOString().slice(0, 10)
}

function ofPersons({ scene, deed, who, what, serial }: Acting): string | null {
  const { pipedrive, brevo } = scene
  const persons = livePersons(pipedrive)
  const person = pick(persons, who)
  if (deed === 'new person' || deed === 'new person of a contact') {
    const taken = new Set(
      persons.flatMap(({ emails }) => emails.map(({ value }) => value.trim().toLowerCase())),
    )
    const strangers = brevo.contacts().filter(({ email }) => !taken.has(email ?? ''))
    const email = deed === 'new person' ? `new${serial}@test.example` : pick(strangers, what)?.email
    if (!email || persons.length > 7) return null
    const made = pipedrive.insert('person', {
      name: `New Person${serial}`,
      emails: only(email),
      phones: what % 2 === 0 ? only(`010-4${padded(serial)}`) : [],
      custom_fields: what % 3 === 0 ? { [codeOf.INDUSTRY]: `New ${serial}` } : {},
    })
    return `new person ${made.id} ${email}`
  }
  if (!person || persons.length < 4) return null
  if (deed === 'delete person') {
    pipedrive.delete('person', person.id)
    return `person ${person.id} is deleted`
  }
  const other = pick(persons, who + 1 + (what % (persons.length - 1)))
  if (!other || other === person) return null
  pipedrive.merge('person', person.id, other.id)
  return `person ${person.id} is merged into ${other.id}`
}

function ofOnePerson({ scene, deed, who, what, serial }: Acting): string | null {
  const persons = livePersons(scene.pipedrive)
  const person = pick(persons, who)
  const other = pick(persons, who + 1)
  if (!person || !other) return null
  switch (deed) {
    case 'name in Pipedrive':
      return change(scene, person, `name is Whole Name${serial}`, { name: `Whole Name${serial}` })
    case 'another phone first': {
      const phones = [
        ...only(`010-5${padded(serial)}`),
        ...person.phones.map((entry) => ({ ...entry, primary: false })),
      ]
      return change(scene, person, `010-5${padded(serial)} first`, { phones })
    }
    case 'lose the address':
      return change(scene, person, 'no address', { emails: [] })
    case 'address of another person': {
      const address = identityOf(other)
      return address && change(scene, person, `address of ${other.id}`, { emails: only(address) })
    }
    case 'address of a stranger': {
      const stranger = pick(
        scene.brevo.contacts().filter((contact) => personIdOf(contact) === null),
        what,
      )
      return stranger?.email
        ? change(scene, person, `address ${stranger.email}`, { emails: only(stranger.email) })
        : null
    }
    case 'number of another person':
      return other.phones[0] ? change(scene, person, `number of ${other.id}`, { phones: other.phones }) : null
    case 'unsubscribe in Pipedrive':
      return change(scene, person, 'unsubscribed', { marketing_status: 'unsubscribed' })
    default:
      return null
  }
}

function ofOneContact({ scene, deed, who, what, serial }: Acting): string | null {
  const { brevo } = scene
  if (deed === 'form') {
    const email = `form${serial}@test.example`
    brevo.addContact({
      email,
      attributes: {
        FIRSTNAME: `Form${serial}`,
        ...(what % 2 === 0 ? { SMS: `82106${padded(serial)}` } : {}),
      },
      ...(what % 3 === 0 ? { listIds: [foreignList] } : {}),
      emailBlacklisted: what === 4,
    })
    return `form of ${email}`
  }
  const contact = pick(brevo.contacts(), who)
  const email = contact?.email
  if (!contact || !email) return null
  const say = (text: string): string => `contact ${contact.id}: ${text}`
  const campaign = { email, campaignId: 1, campaignName: 'Spring' }
  switch (deed) {
    case 'edit much in Brevo':
      return edit(scene, contact, {
        FIRSTNAME: `M${serial}`,
        INDUSTRY: `Much ${serial}`,
        COMPANY_SIZE: serial,
        ...(what % 2 === 0 ? { EMAIL: `much${serial}@test.example` } : {}),
      })
    case 'full name in Brevo':
      return edit(scene, contact, { FULLNAME: `Somebody Else ${serial}` })
    case 'unsubscribe':
      brevo.unsubscribe(email)
      return say('unsubscribes')
    case 'complain':
      brevo.emitCampaignEvent({ event: 'spam', ...campaign })
      return say('complains')
    case 'bounce':
      brevo.emitCampaignEvent({ event: 'hard_bounce', ...campaign })
      return say('bounces')
    case 'block':
      brevo.blockContact(email)
      return say('is blocklisted')
    case 'unblock':
      brevo.unblockContact(email)
      return say('is resubscribed by hand')
    case 'delete contact':
      brevo.deleteContact(email)
      return say('is deleted')
    case 'form again':
      brevo.addContact({ email, updateEnabled: true, attributes: { FIRSTNAME: `Again${serial}` } })
      return say(`fills a form in as Again${serial}`)
    case 'join a list':
      brevo.addToList(email, foreignList)
      return say('joins a list')
    case 'leave our list':
      brevo.removeFromList(email, ourList)
      return say('is taken off our list')
    default:
      return null
  }
}
