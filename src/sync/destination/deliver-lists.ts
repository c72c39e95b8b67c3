/** Memberships only: 150 contacts a request. https://developers.brevo.com/reference/addcontacttolist-1 */
import type { BrevoClient } from '../../brevo/index.ts'
import type { WriteCommand } from '../model/index.ts'

const membersAtMost = 150

/** Adds and removes as the commands say, list by list. Which contacts Brevo refused shows when they are read back. */
export async function deliverLists(
  brevo: BrevoClient,
  commands: readonly WriteCommand[],
  signal?: AbortSignal,
): Promise<void> {
  for (const [direction, listsOf] of [
    ['addContacts', (command: WriteCommand) => command.addLists],
    ['removeContacts', (command: WriteCommand) => command.removeLists],
  ] as const) {
    const members = new Map<number, number[]>()
    for (const command of commands) {
      for (const listId of listsOf(command)) {
        if (command.contactId !== null)
          members.set(listId, [...(members.get(listId) ?? []), command.contactId])
      }
    }
    for (const [listId, ids] of members) {
      for (let start = 0; start < ids.length; start += membersAtMost) {
        await brevo.lists[direction](
          listId,
          { ids: ids.slice(start, start + membersAtMost) },
          { lane: 'backfill', signal },
        )
      }
    }
  }
}
