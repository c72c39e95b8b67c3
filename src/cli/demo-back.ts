/** The acts of the demo that begin in Brevo, and what must come of them in Pipedrive. It waits for nothing and prints nothing. */
import type { Sandbox } from '../simulators/index.ts'
import { type Cast, firstNameOf } from './demo-cast.ts'
import { type Act, contactEffect, type Effect, personEffect, personValue } from './demo-effects.ts'

type Script = { readonly sandbox: Sandbox; readonly cast: Cast }

const INDUSTRY = 'Industry'
const CONSENT = 'Brevo consent'

/** An edit in Brevo, and then one on each side at once: the merge goes by field, so neither is lost. */
export function goBothWays({ sandbox, cast: { customer } }: Script): readonly Act[] {
  const { brevo, pipedrive } = sandbox
  const { id, email, name, contactId } = customer
  const industry = personValue(sandbox, id, INDUSTRY)
  const [first, second] = ['Robotics', 'Shipbuilding']
  const renamed = name.replace(firstNameOf(customer), 'Grace')
  const code = pipedrive.state.fields
    .custom('person')
    .find((field) => field.field_name === INDUSTRY)?.field_code
  return [
    {
      where: 'Brevo',
      text: `${name} (contact ${contactId}): INDUSTRY ${industry} is corrected to ${first}`,
      perform: () => brevo.state.editContact(email, { INDUSTRY: first }),
      effects: () => [personEffect(sandbox, customer, INDUSTRY, first)],
    },
    {
      where: 'Brevo',
      text: `${name}: FIRSTNAME becomes Grace; at the same moment somebody in Pipedrive makes the industry ${second}`,
      perform() {
        brevo.state.editContact(email, { FIRSTNAME: 'Grace' })
        pipedrive.state.patch('person', id, { custom_fields: { [code ?? '']: second } })
      },
      effects: () => [
        personEffect(sandbox, customer, 'name', renamed),
        contactEffect(sandbox, customer, `INDUSTRY is ${second}, FIRSTNAME still Grace`, {
          INDUSTRY: second,
          FIRSTNAME: 'Grace',
        }),
      ],
    },
  ]
}

/** Whoever unsubscribes stays so, whatever is edited later, and the salespeople see it. */
export function unsubscribes({ sandbox, cast: { reader } }: Script): readonly Act[] {
  const { state } = sandbox.brevo
  const name = `${firstNameOf(reader)} Curie`
  const isBlocked = (): boolean => state.contact(reader.contactId)?.emailBlacklisted === true
  const lastName = contactEffect(sandbox, reader, 'LASTNAME is Curie, still unsubscribed', {
    LASTNAME: 'Curie',
  })
  const stillBlocked: Effect = { ...lastName, seen: async () => (await lastName.seen()) && isBlocked() }
  return [
    {
      where: 'Brevo',
      text: `${reader.name} (contact ${reader.contactId}) unsubscribes from a newsletter`,
      perform: () => state.unsubscribe(reader.email),
      effects: () => [personEffect(sandbox, reader, CONSENT, 'unsubscribed')],
    },
    {
      where: 'Pipedrive',
      text: `${reader.name} becomes ${name}`,
      perform: () => sandbox.pipedrive.state.patch('person', reader.id, { name }),
      effects: () => [stillBlocked],
    },
  ]
}
