/**
 * What Pipedrive tells the callback of an app that a user took out of his account. It proves nothing: who may say so is for
 * the credentials it came with. {@link https://pipedrive.readme.io/docs/app-uninstallation}
 */
import { z } from 'zod'

export type PipedriveUninstallNotice = {
  readonly clientId: string
  readonly companyId: string
  readonly userId: string
  /** Null where Pipedrive does not say. */
  readonly at: Date | null
}

const id = z.union([z.number(), z.string()]).transform(String)

const noticeSchema = z.looseObject({
  client_id: z.string(),
  company_id: id,
  user_id: id,
  timestamp: z.unknown().optional(),
})

/** Null for what is no such notice. */
export function readUninstallNotice(body: string): PipedriveUninstallNotice | null {
  const read = noticeSchema.safeParse(parsed(body))
  if (!read.success) return null
  const { client_id, company_id, user_id, timestamp } = read.data
  return { clientId: client_id, companyId: company_id, userId: user_id, at: readTime(timestamp) }
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body)
  } catch {
    // No JSON is no notice.
    return undefined
  }
}

function readTime(value: unknown): Date | null {
  const time = typeof value === 'string' ? new Date(value) : null
  return time === null || Number.isNaN(time.getTime()) ? null : time
}
