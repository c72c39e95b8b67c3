/** Pipedrive's word that a user took the app out of his account. It is believed only with the app's own credentials. */
import { createHash, timingSafeEqual } from 'node:crypto'
import type { Clock } from '../../base/clock.ts'
import { TajoError } from '../../base/error.ts'
import type { Config } from '../../config/index.ts'
import { type PipedriveUninstallNotice, readUninstallNotice } from '../../pipedrive/index.ts'
import { basicAuthorization } from '../basic-authorization.ts'
import { changeStored, isAuthorised, type StoredCredentials, type Vault } from '../stored-credentials.ts'
import { notAuthorised } from './oauth-errors.ts'

export type UninstallContext = Vault & {
  readonly config: Config
  readonly clock: Clock
  readonly onLost: (error: TajoError) => Promise<void>
}

/** So far the clocks of both sides may be apart. */
const CLOCKS_MS = 60_000

export async function uninstall(
  context: UninstallContext,
  { authorization, body }: { readonly authorization: string | null; readonly body: string },
): Promise<boolean> {
  const { oauth } = context.config.pipedrive
  if (oauth === null || authorization === null) return false
  if (!isSame(authorization, basicAuthorization(oauth.clientId, oauth.clientSecret))) return false
  const notice = readUninstallNotice(body)
  if (notice === null) throw noticeInvalid()
  if (notice.clientId !== oauth.clientId) return false
  const at = (notice.at ?? context.clock.now()).toISOString()
  let isOurs = false
  const left = await changeStored(context, (stored) => {
    isOurs = isMeant(stored, notice)
    const { pipedrive: _, ...rest } = stored
    return isOurs ? { ...rest, uninstalledAt: at } : null
  })
  if (isOurs) await context.onLost(notAuthorised(left, null))
  return true
}

/** Every user installs an app for himself; and a word that was on its way while the account was connected again is old. */
function isMeant(
  { pipedrive }: StoredCredentials,
  { clientId, companyId, userId, at }: PipedriveUninstallNotice,
): boolean {
  if (!isAuthorised(pipedrive) || pipedrive.clientId !== clientId) return false
  if (pipedrive.companyId !== null && String(pipedrive.companyId) !== companyId) return false
  if (String(pipedrive.userId) !== userId) return false
  return at === null || at.getTime() >= new Date(pipedrive.since).getTime() - CLOCKS_MS
}

function noticeInvalid(): TajoError {
  return new TajoError({
    code: 'oauth_notice_invalid',
    message: 'This is no notice of Pipedrive that an app was uninstalled.',
  })
}

function isSame(given: string, expected: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest()
  return timingSafeEqual(digest(given), digest(expected))
}
