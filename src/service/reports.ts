/** Reports for the doors: with the configuration's rates, and for a backfill with the clients it needs. */
import type { Clock } from '../base/clock.ts'
import type { Config } from '../config/index.ts'
import { attributionReport, pipelineReport, type ReportSettings } from '../reports/index.ts'
import type { Store } from '../store/index.ts'
import { backfill, forecastBackfill, type RunContext } from '../sync/index.ts'
import { brevoAccess, notConnected, pipedriveAccess, readStored } from './clients.ts'
import type { Reports } from './reports-face.ts'
import type { SecretBox } from './secrets.ts'
import type { Turns } from './turns.ts'

export type ReportsContext = {
  readonly store: Store
  readonly connection: string
  readonly config: Config
  readonly box: SecretBox
  readonly clock: Clock
  readonly timeoutMs?: number | undefined
}

type Clients = Pick<RunContext, 'pipedrive' | 'brevo'>

/** `turns`: of backfills alone, which stand in no pass's way. */
export function createReports(context: ReportsContext, turns: Turns): Reports {
  const { store, connection, config, clock } = context
  const settings = (): ReportSettings => ({ rates: config.exchangeRates, now: clock.now() })
  return {
    pipeline: (query = {}) => pipelineReport(store, connection, query, settings()),
    attribution: (query = {}) => attributionReport(store, connection, query, settings()),
    backfillForecast: ({ signal } = {}) =>
      withClients(context, (clients) => forecastBackfill({ store, connection, clock, signal, ...clients })),
    backfill: ({ maxTokens = null, signal, onProgress } = {}) =>
      turns.take({ signal }, () =>
        withClients(context, (clients) =>
          backfill({ store, connection, clock, signal, onProgress, ...clients }, maxTokens),
        ),
      ),
  }
}

async function withClients<T>(
  { store, connection, config, box, clock, timeoutMs }: ReportsContext,
  work: (clients: Clients) => Promise<T>,
): Promise<T> {
  const stored = await readStored(store, connection, box)
  const pipedriveFrom = pipedriveAccess(config, stored, clock, timeoutMs)
  const brevoFrom = brevoAccess(config, stored, clock, timeoutMs)
  if (pipedriveFrom === null) throw notConnected('pipedrive')
  if (brevoFrom === null) throw notConnected('brevo')
  const clients = { pipedrive: pipedriveFrom.make(), brevo: brevoFrom.make() }
  try {
    return await work(clients)
  } finally {
    await Promise.all([clients.pipedrive.close(), clients.brevo.close()])
  }
}
