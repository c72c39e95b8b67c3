/** Pipelines and campaigns in figures. */
import type { Call, CallOptions, ProgressOptions } from './caller.ts'
import type { Params, Result } from './shapes.ts'

export type Reports = {
  /** What reports can be split by and confined to, by name. */
  choices(options?: CallOptions): Promise<Result<'reports.choices'>>
  /** Funnel, time in stage, win rate, value by stage, forecast and revenue. */
  pipeline(options?: CallOptions & Params<'reports.pipeline'>): Promise<Result<'reports.pipeline'>>
  /** Which campaigns are credited with which won deals, by five models. */
  attribution(options?: CallOptions & Params<'reports.attribution'>): Promise<Result<'reports.attribution'>>
  /** What reading the histories from before would cost. */
  backfillForecast(options?: CallOptions): Promise<Result<'reports.backfillForecast'>>
  /** Reads histories of deals and contacts from before, within the tokens given. */
  backfill(options?: ProgressOptions & Params<'reports.backfill'>): Promise<Result<'reports.backfill'>>
}

export function createReports(call: Call): Reports {
  return {
    choices: (options) => call('reports.choices', {}, options),
    pipeline: ({ signal, ...params } = {}) => call('reports.pipeline', params, { signal }),
    attribution: ({ signal, ...params } = {}) => call('reports.attribution', params, { signal }),
    backfillForecast: (options) => call('reports.backfillForecast', {}, options),
    backfill: ({ maxTokens, ...options } = {}) => call('reports.backfill', { maxTokens }, options),
  }
}
