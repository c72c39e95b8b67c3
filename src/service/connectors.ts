/** Connecting, testing and forgetting the two services. */

import type { Clock } from '../base/clock.ts'
import { TajoError } from '../base/error.ts'
import type { BrevoClient } from '../brevo/index.ts'
import { createBrevoClient } from '../brevo/index.ts'
import type { Config } from '../config/index.ts'
import { createPipedriveClient, type PipedriveClient } from '../pipedrive/index.ts'
import type { Store } from '../store/index.ts'
import { brevoAccess, notConnected, pipedriveAccess, readStored, writeStored } from './clients.ts'
import type { SecretBox } from './secrets.ts'
import type { ConnectorName, ConnectorView, Service } from './service-face.ts'
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
        describePipedrive,
      )
      const stored = await readStored(store, connection, box)
      await writeStored(store, connection, box, { ...stored, pipedrive: { apiToken, companyDomain, apiUrl } })
      await onConnected()
      return { name: 'pipedrive', credentials: 'stored', apiUrl, state: 'ok', detail }
    },
    async connectBrevo({ apiKey }) {
      const { apiUrl } = config.brevo
      const detail = await using(createBrevoClient({ apiUrl, credential: { apiKey }, clock }), describeBrevo)
      const stored = await readStored(store, connection, box)
      await writeStored(store, connection, box, { ...stored, brevo: { apiKey, apiUrl } })
      await onConnected()
      return { name: 'brevo', credentials: 'stored', apiUrl, state: 'ok', detail }
    },
    list: async () =>
      Promise.all((['pipedrive', 'brevo'] as const).map((name) => view(context, name, false))),
    test: (name) => view(context, name, true),
    async disconnect(name) {
      const webhooks = await removeWebhooksOf(context, name)
      const { [name]: forgotten, ...rest } = await readStored(store, connection, box)
      if (forgotten !== undefined) await writeStored(store, connection, box, rest)
      return { forgotten: forgotten !== undefined, webhooks }
    },
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
    return { name, credentials: 'none', apiUrl: null, state: 'untested', detail: notConnected(name).message }
  }
  const base = { name, credentials: access.from, apiUrl: access.apiUrl }
  if (!call)
    return { ...base, state: 'untested', detail: 'connected; `tajo connectors test` asks the service' }
  try {
    const client = access.make()
    const detail =
      'persons' in client
        ? await using(client, describePipedrive)
        : await using(client as BrevoClient, describeBrevo)
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

async function describePipedrive(client: PipedriveClient): Promise<string> {
  const me = await client.users.me({ lane: 'interactive' })
  const budget = client.budget()
  const left =
    budget.remaining === null ? '' : `, ${budget.remaining.toLocaleString('en')} API tokens left today`
  return `${me.company_name ?? me.company_domain ?? 'Pipedrive'} as ${me.name ?? `user ${me.id}`}${left}`
}

async function describeBrevo(client: BrevoClient): Promise<string> {
  const account = await client.account.get({ lane: 'interactive' })
  const plan = account.plan?.[0]?.type
  return `${account.companyName ?? account.email ?? 'Brevo'}${plan ? `, plan ${plan}` : ''}`
}
