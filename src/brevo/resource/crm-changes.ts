/** What holds for a change of anything in Brevo's CRM, before it is sent. Types forbid most of it; this holds where they were bypassed. */
import { assertNoNull, refusal } from '../check-request.ts'
import type { BrevoAttributeValues } from '../record/contact.ts'

export type CrmThing = 'company' | 'deal'

export function assertNotBlank(body: { name?: string }, what: CrmThing): void {
  assertNoNull(body)
  if (body.name !== undefined && body.name.trim() === '') {
    throw refusal(`The name of a ${what} must not be blank.`)
  }
}

/** `instead`: how single links are changed. */
export function assertChange(
  change: { name?: string; attributes?: BrevoAttributeValues },
  what: CrmThing,
  instead: string,
): void {
  assertNotBlank(change, what)
  const link = Object.keys(change).find((name) => /^linked/i.test(name))
  if (link !== undefined) {
    throw refusal(`"${link}" in a change would replace all links of the ${what}: ${instead}.`)
  }
  if (change.name === undefined && Object.keys(change.attributes ?? {}).length === 0) {
    throw refusal(`The change of a ${what} names neither a name nor attributes.`)
  }
}

/** An empty id, or dots, would reach another address than the one meant. */
export function crmId(id: string, what: CrmThing): string {
  if (/^[\w-]{1,64}$/.test(id)) return id
  throw refusal(`"${id}" is no id of a ${what}: Brevo's have 24 hexadecimal digits.`)
}
