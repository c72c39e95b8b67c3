/** Which commands may share one import: Brevo applies lists, blocklists and emptying to all rows alike. */
import type { WriteCommand } from '../model/index.ts'

/** The group of commands that change memberships only. */
export const listsKey = 'lists'

export type ImportGroup = {
  readonly lists: readonly number[]
  readonly emailBlock: boolean
  readonly smsBlock: boolean
  readonly clear: boolean
}

/** Commands with equal keys can go in one import. An address change never can: imports match by address. */
export function groupKey(command: WriteCommand): string {
  if (command.renamedFrom !== null || command.lists.length === 0) return ''
  return JSON.stringify([
    command.lists,
    command.block || command.emailBlocked,
    command.smsBlocked,
    command.clear.length > 0,
  ])
}

export function fromGroupKey(key: string): ImportGroup {
  const [lists, emailBlock, smsBlock, clear] = JSON.parse(key) as [number[], boolean, boolean, boolean]
  return { lists, emailBlock, smsBlock, clear }
}
