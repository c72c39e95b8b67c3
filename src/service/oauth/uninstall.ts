/** Pipedrive's word that a user took the app out of his account. It is believed only with the app's own credentials. */
import { createHash, timingSafeEqual } from 'node:crypto'
import { z } from 'zod'
import { TajoError } from '../../base/error.ts'
import type { Config } from '../../config/index.ts'
import { changeStored, isAuthorised, type StoredCredentials, type Vault } from '../stored-credentials.ts'
import { notAuthorised } from './oauth-errors.ts'

export type UninstallContext = Vault & {
  readonly config: Config
  readonly onLost: (error: TajoError) => Promise<void>
}

/** So far the clocks of both sides may be apart. */
const CLOCKS_MS = 60_000

const id = z.union([z.number(), z.string()]).transform(String)

/** https://pipedrive.readme.io/docs/app-uninstallation */
const noticeSchema = z.looseObject({
  client_id: z.string(),
  company_id: id,
  user_id: id,
  timestamp: z.unknown().optional(),
})

type Notice = z.output<typeof noticeSchema>

export async function uninstall(
  context: UninstallContext,
  { authorization, body }: { readonly authorization: string | null; readonly body: string },
): Promise<boolean> {
  const { oauth } = context.config.pipedrive
  if (oauth === null || authorization === null) return false
  if (!isSame(authorization, basic(oauth.clientId, oauth.clientSecret))) return false
  const notice = readNotice(body)
  if (notice.client_id !== oauth.clientId) return false
  const at = readTime(notice.timestamp)
  let isOurs = false
  const left = await changeStored(context, (stored) => {
    isOurs = isMeant(stored, notice, at)
    const { pipedrive: _, ...rest } = stored
    return isOurs ? { ...rest, uninstalledAt: (at ?? new Date()).toISOString() } : null
  })
  if (isOurs) await context.onLost(notAuthorised(left, null))
  return true
}

/** Every user installs an app for himself; and a word that was on its way while the account was connected again is old. */
function isMeant({ pipedrive }: StoredCredentials, notice: Notice, at: Date | null): boolean {
  if (!isAuthorised(pipedrive) || pipedrive.clientId !== notice.client_id) return false
  if (pipedrive.companyId !== null && String(pipedrive.companyId) !== notice.company_id) return false
  if (String(pipedrive.userId) !== notice.user_id) return false
  return at === null || at.getTime() >= new Date(pipedrive.since).getTime() - CLOCKS_MS
}

function readNotice(body: string): Notice {
  let value: unknown = null
  try {
    value = JSON.parse(body)
  } catch {
    // Told as what it is below.
  }
  const read = noticeSchema.safeParse(value)
  if (read.success) return read.data
  throw new TajoError({
    code: 'oauth_notice_invalid',
    message: 'This is no notice of Pipedrive that an app was uninstalled.',
  })
}

function readTime(value: unknown): Date | null {
  const time = typeof value === 'string' ? new Date(value) : null
  return time === null || Number.isNaN(time.getTime()) ? null : time
}

function basic(user: string, password: string): string {
  return `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`
}

function isSame(given: string, expected: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest()
  return timingSafeEqual(digest(given), digest(expected))
}
