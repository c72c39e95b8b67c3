/** What people do: edits in Pipedrive and deeds in Brevo, chosen among what is there. A deed that has nothing to act on does nothing. */
import fc from 'fast-check'
import type { BrevoState } from '../../../src/simulators/brevo/index.ts'
import type { PipedriveState } from '../../../src/simulators/pipedrive/index.ts'
import type { SeedDeal, SeedPerson } from '../../../src/simulators/pipedrive/seed.ts'

const kinds = [
  'rename person',
  'change e-mail',
  'change phone',
  'change organization',
  'change industry',
  'new person',
  'delete person',
  'merge persons',
  'new deal',
  'move deal',
  'move deal',
  'move deal',
  'win, lose or reopen',
  'win, lose or reopen',
  'move and close at once',
  'edit deal',
  'deal to somebody else',
  'archive deal',
  'delete deal',
  'merge deals',
  'new activity',
  'edit activity',
  'finish activity',
  'new lead',
  'archive lead',
  'convert lead',
  'rename organization',
  'delete organization',
  'unsubscribe in Pipedrive',
  'unsubscribe in Brevo',
  'foreign list in Brevo',
  'leave our list in Brevo',
  'overwrite in Brevo',
] as const

export type Deed = { readonly deed: (typeof kinds)[number]; readonly who: number; readonly what: number }

export const anyDeed: fc.Arbitrary<Deed> = fc.record({
  deed: fc.constantFrom(...kinds),
  who: fc.nat({ max: 9 }),
  what: fc.nat({ max: 9 }),
})

export type Scene = {
  readonly pipedrive: PipedriveState
  readonly brevo: BrevoState
  /** Contacts that unsubscribed in Brevo. */
  readonly blockedByHand: Set<number>
  /** Makes things unlike each other. */
  serial: number
}

const only = (value: string) => [{ value, primary: true, label: 'work' }]

/** Returns what was done, in words; null when there was nothing to act on. */
export function act(scene: Scene, { deed, who, what }: Deed): string | null {
  const serial = ++scene.serial
  const done = personDeeds(scene, deed, who, what, serial) ?? dealDeeds(scene, deed, who, what, serial)
  return done ?? otherDeeds(scene, deed, who, what, serial) ?? brevoDeeds(scene, deed, who, serial)
}

function alive<R extends object>(table: { all(): Iterable<R> }): R[] {
  return [...table.all()].filter((row) => (row as { is_deleted?: boolean }).is_deleted !== true)
}

function pick<R>(rows: readonly R[], which: number): R | undefined {
  return rows[which % Math.max(1, rows.length)]
}

function personDeeds(
  { pipedrive }: Scene,
  deed: Deed['deed'],
  who: number,
  what: number,
  serial: number,
): string | null {
  const persons = alive(pipedrive.tables.person)
  const person = pick(persons, who)
  if (deed === 'new person') {
    const values = {
      name: `New Person${serial}`,
      emails: newEmails(persons, what, serial),
      phones: newPhones(what, serial),
    }
    const { id } = pipedrive.insert('person', values)
    return `person ${id} is added as ${emailOf(values.emails)}`
  }
  if (!person) return null
  const change = (values: Record<string, unknown>): void => void pipedrive.patch('person', person.id, values)
  switch (deed) {
    case 'rename person':
      change({ name: `Name L${serial}` })
      return `person ${person.id} is renamed`
    case 'change e-mail': {
      const emails = newEmails(persons, what, serial)
      change({ emails })
      return `person ${person.id} gets the address ${emailOf(emails)}`
    }
    case 'change phone': {
      const phones = newPhones(what, serial)
      change({ phones })
      return `person ${person.id} gets the phone ${phones[0]?.value ?? 'none'}`
    }
    case 'change organization': {
      const organization = what < 3 ? null : (pick(alive(pipedrive.tables.organization), what)?.id ?? null)
      change({ org_id: organization })
      return `person ${person.id} goes to organization ${organization}`
    }
    case 'change industry': {
      const field = pipedrive.seed.fields.find((item) => item.field_name === 'Industry')
      change({ custom_fields: { [field?.field_code ?? '']: what < 4 ? null : `Industry ${serial}` } })
      return `person ${person.id} changes its industry`
    }
    case 'delete person':
      pipedrive.delete('person', person.id)
      return `person ${person.id} is deleted`
    case 'merge persons': {
      const other = pick(
        persons.filter((one) => one !== person),
        what,
      )
      if (!other) return null
      pipedrive.merge('person', person.id, other.id)
      return `person ${person.id} is merged into ${other.id}`
    }
    case 'unsubscribe in Pipedrive':
      change({ marketing_status: 'unsubscribed' })
      return `person ${person.id} is unsubscribed in Pipedrive`
    default:
      return null
  }
}

/** Mostly one of its own; now and then somebody else's, none, or none that is one. */
function newEmails(persons: readonly SeedPerson[], what: number, serial: number) {
  if (what === 0) return []
  if (what === 1) return only('no address')
  const other = pick(persons, serial)?.emails[0]?.value
  return only(what <= 3 && other ? other : `p${serial}@test.example`)
}

function newPhones(what: number, serial: number) {
  if (what < 2) return []
  return only(what < 5 ? '010-5550-0001' : `010-5550-${String(1000 + serial).padStart(4, '0')}`)
}

function emailOf(emails: readonly { value: string }[]): string {
  return emails[0]?.value ?? 'none'
}

function dealDeeds(
  { pipedrive }: Scene,
  deed: Deed['deed'],
  who: number,
  what: number,
  serial: number,
): string | null {
  const deals = alive(pipedrive.tables.deal)
  const deal = pick(deals, who)
  const person = pick(alive(pipedrive.tables.person), what)?.id ?? null
  if (deed === 'new deal') {
    const values = { title: `New ${serial}`, person_id: person, value: 10 * what, stage_id: (what % 4) + 1 }
    const { id } = pipedrive.insert('deal', values)
    return `deal ${id} of person ${person} is added in stage ${values.stage_id}`
  }
  if (!deal) return null
  const change = (values: Partial<SeedDeal>): void => void pipedrive.patch('deal', deal.id, values)
  const stage = ((deal.stage_id + (what % 3)) % 4) + 1
  const status = other(deal.status, what)
  switch (deed) {
    case 'move deal':
      change({ stage_id: stage })
      return `deal ${deal.id}: stage ${deal.stage_id} -> ${stage}`
    case 'win, lose or reopen':
      change({ status })
      return `deal ${deal.id}: ${deal.status} -> ${status}`
    case 'move and close at once':
      change({ status, stage_id: stage })
      return `deal ${deal.id}: stage ${deal.stage_id} -> ${stage} and ${deal.status} -> ${status}`
    case 'edit deal':
      change({ title: `Title ${serial}`, value: serial })
      return `deal ${deal.id} is edited`
    case 'deal to somebody else':
      change({ person_id: what === 0 ? null : person })
      return `deal ${deal.id} goes to person ${what === 0 ? null : person}`
    case 'archive deal':
      pipedrive.archive('deal', deal.id, !deal.is_archived)
      return `deal ${deal.id} is ${deal.is_archived ? 'taken out of the archive' : 'archived'}`
    case 'delete deal':
      pipedrive.delete('deal', deal.id)
      return `deal ${deal.id} is deleted`
    case 'merge deals': {
      const survivor = pick(
        deals.filter((one) => one !== deal),
        what,
      )
      if (!survivor) return null
      pipedrive.merge('deal', deal.id, survivor.id)
      return `deal ${deal.id} is merged into ${survivor.id}`
    }
    default:
      return null
  }
}

function other(status: SeedDeal['status'], what: number): SeedDeal['status'] {
  const others = (['open', 'won', 'lost'] as const).filter((one) => one !== status)
  return others[what % 2] ?? 'open'
}

function otherDeeds(
  { pipedrive }: Scene,
  deed: Deed['deed'],
  who: number,
  what: number,
  serial: number,
): string | null {
  const person = pick(alive(pipedrive.tables.person), what)?.id ?? null
  const activity = pick(alive(pipedrive.tables.activity), who)
  const lead = pick(alive(pipedrive.tables.lead), who)
  const organization = pick(alive(pipedrive.tables.organization), who)
  if (deed === 'new activity') {
    const values = { subject: `Call ${serial}`, type: 'call', person_id: person, done: what > 6 }
    return `activity ${pipedrive.insert('activity', values).id} of person ${person} is added`
  }
  if (deed === 'new lead') {
    const values = { title: `Lead ${serial}`, person_id: person }
    return `lead ${pipedrive.insert('lead', values).id} of person ${person} is added`
  }
  if (deed === 'edit activity' && activity) {
    pipedrive.patch('activity', activity.id, { subject: `Subject ${serial}` })
    return `activity ${activity.id} is edited`
  }
  if (deed === 'finish activity' && activity) {
    pipedrive.patch('activity', activity.id, { done: activity.done !== true })
    return `activity ${activity.id} is ${activity.done ? 'reopened' : 'done'}`
  }
  if (deed === 'archive lead' && lead) {
    pipedrive.archive('lead', lead.id, lead.is_archived !== true)
    return `lead ${lead.id} is ${lead.is_archived ? 'taken out of the archive' : 'archived'}`
  }
  if (deed === 'convert lead' && lead) {
    const deal = pipedrive.convertLead(lead.id, { stage_id: (what % 4) + 1 })
    return `lead ${lead.id} becomes deal ${deal.id} in stage ${deal.stage_id}`
  }
  if (deed === 'rename organization' && organization) {
    pipedrive.patch('organization', organization.id, { name: `Organization ${serial}` })
    return `organization ${organization.id} is renamed`
  }
  if (deed === 'delete organization' && organization) {
    pipedrive.delete('organization', organization.id)
    return `organization ${organization.id} is deleted`
  }
  return null
}

function brevoDeeds(
  { brevo, blockedByHand }: Scene,
  deed: Deed['deed'],
  who: number,
  serial: number,
): string | null {
  const contact = pick(brevo.contacts(), who)
  const email = contact?.email
  if (contact === undefined || email == null) return null
  const ours = contact.listIds.find((id) => id >= 60)
  switch (deed) {
    case 'unsubscribe in Brevo':
      brevo.unsubscribe(email)
      blockedByHand.add(contact.id)
      return `${email} unsubscribes in Brevo`
    case 'foreign list in Brevo':
      if (!contact.listIds.includes(2)) brevo.addToList(email, 2)
      return `${email} is put on list 2 in Brevo`
    case 'leave our list in Brevo':
      if (ours === undefined) return null
      brevo.removeFromList(email, ours)
      return `${email} is taken off list ${ours} in Brevo`
    case 'overwrite in Brevo':
      brevo.editContact(email, { FULLNAME: `Overwritten ${serial}` })
      return `${email} is renamed in Brevo`
    default:
      return null
  }
}
