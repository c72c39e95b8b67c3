/** Tajo in your own program: `import { TajoClient } from '@tajo/sdk'`. Importing it opens and loads nothing else. */
export { type Disposition, type ErrorDetails, TajoError } from '../base/error.ts'
export type { CallOptions, ProgressOptions } from './caller.ts'
export type { Connections } from './connections.ts'
export type {
  BrevoCredentials,
  Connectors,
  PipedriveCredentials,
  SyncOptions,
  TopicMessage,
  WebhookInput,
} from './connectors.ts'
export type { TajoClientOptions } from './options.ts'
export type { Reports } from './reports.ts'
export type { Settings, SettingsDraft } from './settings.ts'
export type {
  CheckReport,
  ConnectorName,
  ConnectorView,
  Disconnection,
  Explanation,
  FailureRetry,
  FailureSelection,
  FailureView,
  OperationName,
  Params,
  Progress,
  Result,
  RetrySelection,
  SkillOutcome,
  SkillRunView,
  SkillVerdict,
  SkillView,
  StatusReport,
  SyncReport,
  WebhookReceipt,
  WebhookReport,
} from './shapes.ts'
export type { SkillRequest, Skills } from './skills.ts'
export { TajoApiError } from './tajo-api-error.ts'
export { TajoClient } from './tajo-client.ts'
export type { AuthorizationSource } from './webhooks.ts'
