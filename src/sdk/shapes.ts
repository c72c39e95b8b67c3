/** The words of the wire under the names that a program uses. Types only. */
import type { OperationName, ParamsGivenOf, Progress, ResultOf } from '../wire/index.ts'

export type { OperationName, Progress }
/** What an operation takes; what may be left out is optional. */
export type Params<N extends OperationName> = ParamsGivenOf<N>
export type Result<N extends OperationName> = ResultOf<N>

export type ConnectorName = 'pipedrive' | 'brevo'
export type ConnectorView = Result<'connectors.test'>
export type Disconnection = Result<'connectors.disconnect'>
export type SyncReport = Result<'sync.run'>
export type StatusReport = Result<'status.read'>
export type CheckReport = Result<'check.run'>
export type Explanation = Result<'contacts.explain'>
export type FailureView = Result<'failures.list'>[number]
/** By ids, by code, or all when both are absent. */
export type FailureSelection = Params<'failures.discard'>['selection']
export type RetrySelection = Params<'failures.retry'>['selection']
export type FailureRetry = Result<'failures.retry'>
export type SkillView = Result<'skills.list'>[number]
export type SkillVerdict = Result<'skills.validate'>[number]
export type SkillOutcome = Result<'skills.run'>
export type SkillRunView = Result<'skills.runs'>[number]
export type WebhookReport = Result<'webhooks.list'>
export type WebhookReceipt = Result<'webhooks.receive'>
