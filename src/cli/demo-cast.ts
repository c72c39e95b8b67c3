/** Whom the demo is about: persons of the simulated account that have a contact in Brevo. It changes nothing. */
import { TajoError } from '../base/error.ts'
import type { Sandbox } from '../simulators/index.ts'

export type CastPerson = {
  readonly id: number
  readonly name: string
  readonly email: string
  /** In Brevo. */
  readonly contactId: number
}

export type Cast = {
  /** Works for `organization`, and lives through most of it. */
  readonly star: CastPerson
  readonly organization: { readonly id: number; readonly name: string }
  /** One human in two records. */
  readonly survivor: CastPerson
  readonly loser: CastPerson
  /** Unsubscribes. */
  readonly reader: CastPerson
  /** Has an industry, about which two people know better. */
  readonly customer: CastPerson
}

/** Enough to find them in any data set without going through a large one. */
const PERSONS_LOOKED_AT = 400
const PLAIN_ADDRESS = /^[a-z0-9.]+@[a-z0-9.-]+$/
/** Names as wide as they are long keep the lines of a terminal straight. */
const PLAIN_NAME = /^[A-Za-z]+ [A-Za-z]+$/

/** Throws `sandbox_unfit` where the account has too few persons for it. */
export function chooseCast({ pipedrive, brevo }: Sandbox): Cast {
  const { tables } = pipedrive.state
  const persons = [...tables.person.all()].slice(0, PERSONS_LOOKED_AT)
  const addresses = persons.flatMap(({ emails }) => emails.map(({ value }) => value.toLowerCase()))
  const times = Map.groupBy(addresses, (address) => address)
  const found = persons.flatMap((person): (CastPerson & { organizationId: number | null })[] => {
    const email = person.emails.find(({ primary }) => primary)?.value ?? ''
    if (person.is_deleted || person.emails.length !== 1 || times.get(email)?.length !== 1) return []
    if (!PLAIN_NAME.test(person.name) || !PLAIN_ADDRESS.test(email)) return []
    const contact = brevo.state.contact(email)
    if (contact === null || contact.emailBlacklisted) return []
    const { id, name, org_id: organizationId = null } = person
    return [{ id, name, email, contactId: contact.id, organizationId }]
  })
  const star = found.find(({ organizationId }) => organizationId !== null)
  const organization = star?.organizationId == null ? undefined : tables.organization.get(star.organizationId)
  const [survivor, loser, reader, ...others] = found.filter((person) => person !== star)
  const customer = others.find(({ contactId }) => {
    return typeof brevo.state.contact(contactId)?.attributes.INDUSTRY === 'string'
  })
  if (!star || !organization || !survivor || !loser || !reader || !customer) throw unfit()
  const { id, name } = organization
  return { star, organization: { id, name }, survivor, loser, reader, customer }
}

export function firstNameOf({ name }: CastPerson): string {
  return name.split(' ')[0] ?? name
}

function unfit(): TajoError {
  return new TajoError({
    code: 'sandbox_unfit',
    message: 'The simulated account has too few plain persons for the demo. Choose another --seed.',
  })
}
