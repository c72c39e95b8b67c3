/** The two clients of a running server: made anew when a credential was refused, and counted over all of them. */
import type { Clock } from '../../base/clock.ts'
import { TajoError } from '../../base/error.ts'
import type { LoadedConfig } from '../../config/index.ts'
import type { Store } from '../../store/index.ts'
import { openClients } from '../clients.ts'
import type { LiveReadings } from '../live-face.ts'
import type { SecretBox } from '../secrets.ts'
import type { Clients, WorkerOptions } from './worker-state.ts'

export type AccountsContext = {
  readonly config: LoadedConfig
  /** Reads the configuration again: a refused credential may have been replaced there. */
  readonly reloadConfig: () => LoadedConfig
  readonly store: Store
  readonly connection: string
  readonly clock: Clock
  /** How long one request to a service may take; default: the clients'. */
  readonly timeoutMs: number | undefined
  readonly box: SecretBox
}

export type Accounts = Pick<WorkerOptions, 'config' | 'clients' | 'renewClients'> & {
  /** By vendor and answer, since the start. */
  requests(): LiveReadings['requests']
  close(): Promise<void>
}

/** Throws when the connector is switched off or has no credentials. */
export async function openAccounts(context: AccountsContext): Promise<Accounts> {
  let config = context.config
  let clients = await makeClients(context, config)
  /** Of clients that are closed by now: a pause may last for days, with new ones every minute. */
  const before: Counts = { pipedrive: {}, brevo: {} }
  const close = ({ pipedrive, brevo }: Clients): Promise<unknown> =>
    Promise.all([pipedrive.close(), brevo.close()])
  return {
    config: () => config,
    clients: () => clients,
    async renewClients() {
      config = context.reloadConfig()
      const former = clients
      clients = await makeClients(context, config)
      for (const vendor of vendors) add(before[vendor], former[vendor].usage().byStatus)
      await close(former)
    },
    requests: () =>
      vendors.flatMap((vendor) => {
        const counts = { ...before[vendor] }
        add(counts, clients[vendor].usage().byStatus)
        return Object.entries(counts).map(([status, count]) => ({
          vendor,
          status: status === '0' ? 'none' : status,
          count,
        }))
      }),
    async close() {
      await close(clients)
    },
  }
}

const vendors = ['pipedrive', 'brevo'] as const
type Counts = Record<(typeof vendors)[number], Record<string, number>>

function add(to: Record<string, number>, counts: Readonly<Record<string, number>>): void {
  for (const [status, count] of Object.entries(counts)) to[status] = (to[status] ?? 0) + count
}

async function makeClients(context: AccountsContext, { config, locate }: LoadedConfig): Promise<Clients> {
  if (!config.pipedrive.enabled) {
    throw new TajoError({
      code: 'config_disabled',
      disposition: 'pause',
      message: `${locate('connectors.pipedrive.enabled')}: the connector is switched off; set it to true to serve.`,
    })
  }
  return openClients({ ...context, config })
}
