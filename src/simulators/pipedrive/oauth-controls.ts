/** What a test, or a user in Pipedrive's own pages, does to an app: installs its registration, takes it out. No OAuth request. */
import type { DeliveryChannel } from '../kit/delivery-channel.ts'
import type { PipedriveApp } from './oauth-server.ts'
import type { Values } from './records.ts'
import type { PipedriveState } from './state.ts'

const NOTICE_TIMEOUT_MS = 10_000

/**
 * `put-app` {clientId, clientSecret, name, redirectUri, scopes} · `end-access` (every access token ends now) ·
 * `uninstall-app` {clientId, userId}.
 */
export function oauthControls(
  state: PipedriveState,
  uninstallApp: (clientId: string, userId: number) => Promise<number | null>,
): Record<string, (body: unknown) => unknown> {
  return {
    'put-app': (body) => state.oauth.putApp(body as PipedriveApp),
    'end-access': () => state.oauth.endAccess(),
    'uninstall-app': (body) => {
      const { clientId, userId } = (body ?? {}) as Values
      // Who controls the sandbox does not wait for what the product answers.
      void uninstallApp(String(clientId), Number(userId))
    },
  }
}

/** The notice goes to the callback's address with the app's own credentials; its answer changes nothing. */
export async function uninstall(
  state: PipedriveState,
  channel: DeliveryChannel,
  clientId: string,
  userId: number,
): Promise<number | null> {
  const app = state.oauth.app(clientId)
  const callback = state.oauth.callbackOf(clientId, userId)
  if (!app || !state.oauth.uninstall(clientId, userId) || callback === null) return null
  const isLoopback = ['localhost', '127.0.0.1', '[::1]'].includes(new URL(callback).hostname)
  if (isLoopback && !state.switches.uninstallToLoopback) return null
  const credentials = Buffer.from(`${app.clientId}:${app.clientSecret}`).toString('base64')
  return channel.send({
    method: 'DELETE',
    url: callback,
    headers: { authorization: `Basic ${credentials}`, 'content-type': 'application/json' },
    body: JSON.stringify({
      client_id: app.clientId,
      company_id: state.seed.company.id,
      user_id: userId,
      timestamp: state.clock.now().toISOString(),
    }),
    timeoutMs: NOTICE_TIMEOUT_MS,
  })
}
