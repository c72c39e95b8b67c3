/** The Pipedrive room: a client over a table of endpoints. Knows Pipedrive's behaviour, nothing of Brevo or of syncing. */

// Rooms above may not reach into transport: what they need of it for vendor calls is handed on here.
export {
  type AccessToken,
  ApiError,
  type Applied,
  type BudgetForecast,
  type BudgetState,
  type CallOptions,
  createTokenSource,
  type GovernorState,
  type Lane,
  lifeOf,
  type TokenSource,
} from '../transport/index.ts'
export { createPipedriveClient, type PipedriveClientOptions } from './client.ts'
export type {
  CursorOptions,
  EntityResource,
  LeadListOptions,
  ListOptions,
  NoteListOptions,
  PipedriveClient,
  SearchOptions,
} from './client-face.ts'
export {
  createPipedriveOAuth,
  type PipedriveOAuth,
  type PipedriveOAuthOptions,
  type PipedriveTokens,
} from './oauth.ts'
export type { Page, UnreadableRecord } from './page.ts'
export type {
  PipedriveActivityType,
  PipedriveCurrency,
  PipedriveField,
  PipedriveFieldOption,
  PipedriveFieldRequest,
  PipedriveFieldType,
  PipedrivePipeline,
  PipedriveStage,
  PipedriveUser,
  PipedriveWebhook,
  PipedriveWebhookRequest,
} from './record/account.ts'
export type { PipedriveActivity, PipedriveActivityChange } from './record/activity.ts'
export type { PipedriveDeal, PipedriveDealChange } from './record/deal.ts'
export type { PipedriveAddress, PipedriveContactPoint } from './record/field-shapes.ts'
export type {
  PipedriveChange,
  PipedriveNote,
  PipedriveNoteRequest,
  PipedrivePersonHit,
  PipedriveRecent,
  PipedriveSearchHit,
} from './record/history.ts'
export type { PipedriveLead, PipedriveLeadChange } from './record/lead.ts'
export type { PipedriveOrganization, PipedriveOrganizationChange } from './record/organization.ts'
export type {
  PipedriveContactPointChange,
  PipedrivePerson,
  PipedrivePersonChange,
} from './record/person.ts'
export { type PipedriveUninstallNotice, readUninstallNotice } from './uninstall-notice.ts'
