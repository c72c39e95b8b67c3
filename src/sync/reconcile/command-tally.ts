/** Counts what commands would do to Brevo: contacts, each once, and memberships. It sends nothing. */
import type { OutboxRow } from '../../store/index.ts'
import type { ContactCommand, WriteCommand } from '../model/index.ts'

export function createCommandTally() {
  const created = new Set<number>()
  const updated = new Set<number>()
  const lists = { added: 0, removed: 0 }
  return {
    lists,
    counts: () => ({ created: created.size, updated: updated.size }),
    /** The first write to a contact, to be shown; null for everything else. */
    take({ command: json }: Pick<OutboxRow, 'command'>): WriteCommand | null {
      const command = json as unknown as ContactCommand
      lists.removed += command.removeLists.length
      if (command.kind !== 'write') return null
      lists.added += command.addLists.length
      const { personId, action } = command
      const isFirst = !created.has(personId) && !updated.has(personId)
      if (action === 'create') created.add(personId)
      else updated.add(personId)
      return isFirst ? command : null
    },
  }
}
