/** What must be true once all is quiet: both sides equal, every difference told, consent in step, nobody lost. */
import { identityOf } from '../contact-oracle.ts'
import { livePersons } from './deeds.ts'
import { bothWays, consentOf, isUnfit, personIdOf } from './fields.ts'
import { type Ledger, type Pair, shown } from './ledger.ts'
import type { World } from './world.ts'

/** In words, everything that is wrong. */
export async function judge(world: World, ledger: Ledger): Promise<readonly string[]> {
  const { store, connection } = world
  const rows = await store.db
    .selectFrom('failures')
    .selectAll()
    .where('connection', '=', connection)
    .execute()
  const told = new Set(rows.filter(({ entity }) => entity === 'person edit').map((row) => row.record_id))
  const strange = rows.filter(({ code }) => code !== 'field_not_turned_back')
  const faults = ledger
    .pairs()
    .flatMap((pair) => [
      ...differences(pair, ledger, told),
      ...consentFaults(pair),
      ...ledger.unexplained(pair),
    ])
  return [
    ...faults,
    ...strange.map(
      ({ entity, record_id, code, message }) => `failure of ${entity} ${record_id}: ${code} ${message}`,
    ),
    ...missing(world, ledger),
  ]
}

function differences(pair: Pair, ledger: Ledger, told: ReadonlySet<string>): readonly string[] {
  const { person, contact, inPipedrive, inBrevo } = pair
  const of = `of person ${person.id} (contact ${contact.id})`
  const faults: string[] = []
  for (const field of bothWays) {
    const [p, b] = [inPipedrive[field], inBrevo[field]]
    if (p === b || isUnfit(p) || (field === 'SMS' && ledger.isNumberOfOthers(pair))) continue
    // A person has to have a name.
    if (/NAME$/.test(field) && inBrevo.FIRSTNAME === null && inBrevo.LASTNAME === null) continue
    if (isUnfit(b) && told.has(String(person.id))) continue
    faults.push(`${field} ${of} is ${shown(p)} in Pipedrive and ${shown(b)} in Brevo`)
  }
  const background = inBrevo.BACKGROUND
  if (background !== null && inPipedrive.BACKGROUND !== background)
    faults.push(`BACKGROUND ${of} is ${shown(inPipedrive.BACKGROUND)}, not ${shown(background)} as in Brevo`)
  if (person.name.trim() !== String(contact.attributes.FULLNAME ?? ''))
    faults.push(`FULLNAME ${of} is ${contact.attributes.FULLNAME}, not ${person.name}`)
  return faults
}

function consentFaults({ person, contact }: Pair): readonly string[] {
  const faults: string[] = []
  if (contact.emailBlacklisted && consentOf(person) < 1)
    faults.push(`contact ${contact.id} is blocklisted, and person ${person.id} does not say so`)
  if (person.marketing_status === 'unsubscribed' && !contact.emailBlacklisted)
    faults.push(`person ${person.id} is unsubscribed, and contact ${contact.id} is not blocklisted`)
  return faults
}

function missing({ pipedrive, brevo, setting }: World, ledger: Ledger): readonly string[] {
  const persons = livePersons(pipedrive.state)
  const contacts = brevo.state.contacts()
  const homeless = persons.filter((person) => {
    const address = identityOf(person)
    return (
      address !== null && !ledger.orphaned.has(person.id) && !contacts.some(({ email }) => email === address)
    )
  })
  const addresses = new Set(
    persons.flatMap(({ emails }) => emails.map(({ value }) => value.trim().toLowerCase())),
  )
  const unborn =
    setting.create === 'never'
      ? []
      : contacts.filter(
          (contact) =>
            !addresses.has(contact.email ?? '') &&
            personIdOf(contact) === null &&
            !String(contact.attributes.EXT_ID ?? '').startsWith('tajo-released-'),
        )
  return [
    ...homeless.map(({ id }) => `person ${id} has no contact`),
    ...unborn.map(({ id, email }) => `contact ${id} ${email} has no person`),
  ]
}
