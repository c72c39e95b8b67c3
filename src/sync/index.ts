/** The pipeline: Pipedrive to mirror to wanted to outbox to Brevo. */
export { runSync, SettingsUnfit, type SyncRequest } from './engine.ts'
export { explainPerson, type PersonExplanation } from './explain.ts'
export type { SettingFault, SyncSettings } from './model/index.ts'
export type { SyncPreview, SyncReport, SyncStatus } from './report.ts'
export { createMissing, type Resolution, resolveAccounts } from './resolve.ts'
export type { RunContext, RunProgress, RunStage } from './run-context.ts'
