/** Reports for the doors: with the configuration's rates, and for a backfill with the clients it needs. */
import { attributionReport, pipelineReport, type ReportSettings, reportChoices } from '../reports/index.ts'
import { backfill, forecastBackfill } from '../sync/index.ts'
import { type ClientsContext, withClients } from './clients.ts'
import type { Reports } from './reports-face.ts'
import type { Turns } from './turns.ts'

/** `turns`: of backfills alone, which stand in no pass's way. */
export function createReports(context: ClientsContext, turns: Turns): Reports {
  const { store, connection, config, clock } = context
  const settings = (): ReportSettings => ({ rates: config.exchangeRates, now: clock.now() })
  return {
    choices: () => reportChoices(store, connection),
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
