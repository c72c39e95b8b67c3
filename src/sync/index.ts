/** The pipeline: Pipedrive to mirror to wanted to outbox to Brevo. */
export {
  type BackfillForecast,
  type BackfillReport,
  backfill,
  forecastBackfill,
} from './backfill.ts'
export { bringCompanies, type CompanyReadiness, type CompanyReport, readyCompanies } from './companies.ts'
export * from './dedupe/index.ts'
export { createAttributes, createList } from './destination/index.ts'
export type { AccountSurvey, DraftPreview, DraftTrial } from './draft/index.ts'
export { runSync, SettingsUnfit, type SyncRequest } from './engine.ts'
export { explainPerson, type PersonExplanation } from './explain.ts'
export type { ReversedField, ReverseExplanation } from './explain-merge.ts'
export { brevoDeliveryId } from './feedback/index.ts'
export { type LiveStep, liveStep, type StepResult } from './live-step.ts'
export { forgetInMirror } from './mirror/index.ts'
export { consentWords, extIdOf, type SettingFault, type SyncSettings } from './model/index.ts'
export { fromPlanNote } from './plan-note.ts'
export { type PollResult, pollSource } from './poll.ts'
export { previewDraft } from './preview-draft.ts'
export { type ConsentFieldState, consentFieldState } from './projection/index.ts'
export type { SyncPreview, SyncReport, SyncStatus } from './report.ts'
export { createMissing, type Resolution, resolveAccounts, webUrlOf } from './resolve.ts'
export type { RunContext, RunNews, RunProgress, RunStage } from './run-context.ts'
export { pipedriveDeliveryId, readPersonFields, readTopic } from './source/index.ts'
export { type DraftContext, type SeenAccounts, seeAccounts, surveyAccounts } from './survey-accounts.ts'
export { watchOf } from './telling.ts'
export { tryOutDraft } from './try-out-draft.ts'
