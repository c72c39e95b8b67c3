/** Does the contact, as Brevo now has it, equal what was asked for (rule R6.3)? Pure. */
import { type Contact, SMS, type WriteCommand } from '../model/index.ts'
import { sameValue } from './diff.ts'

/** The names of what is not as the command wanted it; empty when all is. */
export function unmetParts(command: WriteCommand, contact: Contact): readonly string[] {
  const unmet: string[] = []
  if (contact.email !== command.email) unmet.push('EMAIL')
  if (command.extId !== null && contact.extId !== command.extId) unmet.push('EXT_ID')
  if (command.sms !== null && contact.sms !== command.sms) unmet.push(SMS)
  for (const [name, value] of Object.entries(command.attributes)) {
    if (!sameValue(value, contact.attributes[name])) unmet.push(name)
  }
  for (const name of command.clear) {
    const value = name === SMS ? contact.sms : contact.attributes[name]
    if (value !== null && value !== undefined) unmet.push(name)
  }
  for (const listId of command.addLists) if (!contact.lists.includes(listId)) unmet.push(`list ${listId}`)
  for (const listId of command.removeLists) if (contact.lists.includes(listId)) unmet.push(`list ${listId}`)
  if (command.block && !contact.emailBlocked) unmet.push('blocklist')
  return unmet
}
