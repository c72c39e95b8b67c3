/** Many contacts in one request. Brevo answers before it works: what came of it is known only by reading back. */
import type { BrevoClient } from '../../brevo/index.ts'
import type { WriteCommand } from '../model/index.ts'
import { toAttributes } from './deliver-contact.ts'

/** Brevo takes ten megabytes and advises eight. https://developers.brevo.com/reference/importcontacts-1 */
export const importBytesAtMost = 8_000_000

export type ImportSettings = {
  readonly lists: readonly number[]
  readonly emailBlock: boolean
  readonly smsBlock: boolean
  readonly clear: boolean
}

/** A command as one row of `jsonBody`. */
export function toImportRow(command: WriteCommand): string {
  return JSON.stringify({
    email: command.email,
    attributes: {
      ...toAttributes(command),
      ...(command.extId === null ? {} : { EXT_ID: command.extId }),
    },
  })
}

/** Returns the process that will do the work. */
export async function deliverImport(
  brevo: BrevoClient,
  rows: readonly string[],
  settings: ImportSettings,
  signal?: AbortSignal,
): Promise<number> {
  const { processId } = await brevo.contacts.import(
    {
      listIds: settings.lists,
      jsonBody: `[${rows.join(',')}]`,
      updateExistingContacts: true,
      emptyContactsAttributes: settings.clear,
      // Left out unless true: a blocklisting is never taken back (rule R4.1).
      ...(settings.emailBlock ? { emailBlacklist: true as const } : {}),
      ...(settings.smsBlock ? { smsBlacklist: true as const } : {}),
      disableNotification: true,
    },
    { lane: 'backfill', signal },
  )
  return processId
}

export type ImportStates = { readonly running: readonly number[]; readonly failed: readonly number[] }

/** How the given processes (and with `andOthers` every other import) stand, in one request for up to fifty of them (Brevo counts these calls by the hundred an hour). */
export async function readImportStates(
  brevo: BrevoClient,
  processIds: readonly number[],
  andOthers: boolean,
  signal?: AbortSignal,
): Promise<ImportStates> {
  const listed = await brevo.processes.list({ limit: 50, lane: 'interactive', signal })
  const statusOf = new Map(listed.map((process) => [process.id, process.status]))
  for (const id of processIds.filter((processId) => !statusOf.has(processId))) {
    statusOf.set(id, (await brevo.processes.get(id, { lane: 'interactive', signal })).status)
  }
  // An import whose answer was lost has no number here; it is among those that run.
  const others = andOthers ? listed.map((process) => process.id) : []
  return {
    running: [...new Set([...processIds, ...others])].filter((id) =>
      ['queued', 'in_process', 'processing'].includes(statusOf.get(id) ?? ''),
    ),
    failed: processIds.filter((id) => ['failed', 'cancelled'].includes(statusOf.get(id) ?? '')),
  }
}
