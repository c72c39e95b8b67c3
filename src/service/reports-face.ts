/** What can be asked about pipelines and campaigns, as types only. Reports read the store; only the backfill asks the services. */
import type {
  AttributionQuery,
  AttributionReport,
  PipelineQuery,
  PipelineReport,
  ReportChoices,
} from '../reports/index.ts'
import type { BackfillForecast, BackfillReport, RunProgress } from '../sync/index.ts'

export type {
  AttributedDeal,
  AttributionFlow,
  AttributionQuery,
  AttributionReport,
  AttributionTotals,
  CampaignCredit,
  Credit,
  Group,
  Model,
  Money,
  OpenStage,
  PipelineQuery,
  PipelineReport,
  ReportChoices,
  RevenuePoint,
  StayTimes,
  Summary,
} from '../reports/index.ts'
export type { BackfillForecast, BackfillReport } from '../sync/index.ts'

export type Reports = {
  /** What reports can be split by and confined to, by name. Throws `report_too_early`. */
  choices(): Promise<ReportChoices>
  /** Throws `report_too_early`, `report_unknown`, `report_invalid`. */
  pipeline(query?: PipelineQuery): Promise<PipelineReport>
  /** Throws likewise. */
  attribution(query?: AttributionQuery): Promise<AttributionReport>
  /** What a backfill costs, against what is left of the day. Throws `history_too_early` and Pipedrive's refusal. */
  backfillForecast(options?: { readonly signal?: AbortSignal | undefined }): Promise<BackfillForecast>
  /** Reads histories of deals and contacts, within the tokens given; goes on where it ended. Sends no event. */
  backfill(options?: BackfillOptions): Promise<BackfillReport>
}

export type BackfillOptions = {
  /** Pipedrive's tokens that it may spend this time; null or left out: as many as it takes. */
  readonly maxTokens?: number | null | undefined
  readonly signal?: AbortSignal | undefined
  readonly onProgress?: ((progress: RunProgress) => void) | undefined
}
