/** Does the contact, as Brevo now has it, equal what was asked for (rule R6.3)? Pure. */
import { type Contact, type KnownContact, SMS, type WriteCommand } from '../model/index.ts'
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

type Before = Pick<KnownContact, 'email' | 'extId' | 'sms' | 'attributes' | 'lists' | 'emailBlocked'>

/**
 * Whether the contact is as it was known when the command was made, but for what the command asked for: somebody else may have
 * changed it meanwhile, and then a command that was done is not all that is wanted.
 */
export function isOtherwiseAs(before: Before, command: WriteCommand, contact: Contact): boolean {
  const asked = new Set([...Object.keys(command.attributes), ...command.clear])
  const names = new Set([...Object.keys(before.attributes), ...Object.keys(contact.attributes)])
  const moved = new Set([...command.addLists, ...command.removeLists])
  const stays = (lists: readonly number[], others: readonly number[]): boolean =>
    lists.every((id) => moved.has(id) || others.includes(id))
  return (
    (command.renamedFrom !== null || before.email === contact.email) &&
    (command.extId !== null || before.extId === contact.extId) &&
    (command.sms !== null || asked.has(SMS) || before.sms === contact.sms) &&
    (command.block || before.emailBlocked === contact.emailBlocked) &&
    [...names].every(
      (name) => asked.has(name) || sameValue(before.attributes[name], contact.attributes[name]),
    ) &&
    stays(before.lists, contact.lists) &&
    stays(contact.lists, before.lists)
  )
}
