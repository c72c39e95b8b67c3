/** Connecting, testing and forgetting the two services. */

import type { Clock } from '../base/clock.ts'
import { TajoError } from '../base/error.ts'
import type { BrevoClient } from '../brevo/index.ts'
import type { Config } from '../config/index.ts'
import { createPipedriveClient, type PipedriveClient } from '../pipedrive/index.ts'
import type { Store } from '../store/index.ts'
import { brevoAccess, makeBrevoClient, notConnected, pipedriveAccess } from './clients.ts'
import { describeBrevo, describePipedrive } from './describe-account.ts'
import { openPipedriveApp } from './oauth/stored-tokens.ts'
import type { SecretBox } from './secrets.ts'
import type { ConnectorName, ConnectorView, Service } from './service-face.ts'
import { type BrevoCredentials, changeStored, isAuthorised, readStored } from './stored-credentials.ts'
import { tellServer } from './tell-server.ts'
import { removeWebhooksOf } from './webhooks/connection-webhooks.ts'

export type ConnectorContext = {
  readonly store: Store
  readonly connection: string
  readonly config: Config
  readonly box: SecretBox
  readonly clock: Clock
  /** Called after other credentials were stored. */
  readonly onConnected: () => Promise<void>
}

export function createConnectors(context: ConnectorContext): Service['connections'] {
  const { store, connection, config, box, clock, onConnected } = context
  return {
    async connectPipedrive({ apiToken, companyDomain }) {
      const apiUrl =
        config.pipedrive.apiUrl ??
        (companyDomain ? `https://${companyDomain}.pipedrive.com` : 'https://api.pipedrive.com')
      const detail = await using(
        createPipedriveClient({
          apiUrl,
          credential: { apiToken },
          apiVersion: config.pipedrive.apiVersion,
          clock,
        }),
        askPipedrive,
      )
      await changeStored(context, ({ uninstalledAt: _, ...stored }) => ({
        ...stored,
        pipedrive: { apiToken, companyDomain, apiUrl },
      }))
      return tellServer(onConnected, {
        name: 'pipedrive',
        credentials: 'stored',
        apiUrl,
        state: 'ok',
        detail,
      })
    },
    connectBrevo: ({ apiKey }) => connectBrevo(context, { apiKey, apiUrl: config.brevo.apiUrl }),
    connectBrevoApp(credentials) {
      const { apiUrl, oauthUrl } = config.brevo
      return connectBrevo(context, { ...credentials, apiUrl, oauthUrl })
    },
    list: async () =>
      Promise.all((['pipedrive', 'brevo'] as const).map((name) => view(context, name, false))),
    test: (name) => view(context, name, true),
    async disconnect(name) {
      const webhooks = await removeWebhooksOf(context, name)
      const { [name]: former, pipedrive } = await readStored(store, connection, box)
      const revoked =
        name === 'pipedrive' && isAuthorised(pipedrive) ? await revoke(context, pipedrive) : null
      await changeStored(context, ({ [name]: forgotten, ...rest }) => (forgotten === undefined ? null : rest))
      return { forgotten: former !== undefined, webhooks, revoked }
    },
  }
}

async function connectBrevo(context: ConnectorContext, brevo: BrevoCredentials): Promise<ConnectorView> {
  const detail = await using(makeBrevoClient(brevo, context.clock), askBrevo)
  await changeStored(context, (stored) => ({ ...stored, brevo }))
  return tellServer(context.onConnected, {
    name: 'brevo',
    credentials: 'stored',
    apiUrl: brevo.apiUrl,
    state: 'ok',
    detail,
  })
}

/** Forgotten they are in any case: what Pipedrive did not hear of ends with the refresh token, unused, after sixty days. */
async function revoke(
  { config, clock }: ConnectorContext,
  { refreshToken, clientId }: { refreshToken: string; clientId: string },
): Promise<boolean> {
  if (config.pipedrive.oauth?.clientId !== clientId) return false
  const { oauth } = openPipedriveApp(config, clock)
  try {
    await oauth.revoke(refreshToken)
    return true
  } catch (error) {
    if (!(error instanceof TajoError)) throw error
    return false
  } finally {
    await oauth.close()
  }
}

async function view(context: ConnectorContext, name: ConnectorName, call: boolean): Promise<ConnectorView> {
  const stored = await readStored(context.store, context.connection, context.box)
  const access = { pipedrive: pipedriveAccess, brevo: brevoAccess }[name](
    context.config,
    stored,
    context.clock,
  )
  if (access === null) {
    const { message } = notConnected(name, stored)
    return { name, credentials: 'none', apiUrl: null, state: 'untested', detail: message }
  }
  const base = { name, credentials: access.from, apiUrl: access.apiUrl }
  if (!call)
    return { ...base, state: 'untested', detail: 'connected; `tajo connectors test` asks the service' }
  try {
    const client = access.make()
    const detail =
      'persons' in client ? await using(client, askPipedrive) : await using(client as BrevoClient, askBrevo)
    return { ...base, state: 'ok', detail }
  } catch (error) {
    if (!(error instanceof TajoError)) throw error
    return {
      ...base,
      state: error.code.endsWith('_unreachable') ? 'unreachable' : 'refused',
      detail: error.message,
    }
  }
}

async function using<C extends { close(): Promise<void> }>(
  client: C,
  ask: (client: C) => Promise<string>,
): Promise<string> {
  try {
    return await ask(client)
  } finally {
    await client.close()
  }
}

async function askPipedrive(client: PipedriveClient): Promise<string> {
  return describePipedrive(await client.users.me({ lane: 'interactive' }), client.budget())
}

async function askBrevo(client: BrevoClient): Promise<string> {
  return describeBrevo(await client.account.get({ lane: 'interactive' }))
}
