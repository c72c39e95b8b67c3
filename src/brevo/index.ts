/** The Brevo room: a client over a table of endpoints. Knows Brevo's behaviour, nothing of Pipedrive or of syncing. */

// Rooms above may not reach into transport: what they need of it for vendor calls is handed on here.
export {
  ApiError,
  type Applied,
  type BudgetForecast,
  type BudgetState,
  type CallOptions,
  type GovernorState,
  type Lane,
} from '../transport/index.ts'
export { type BrevoClientOptions, createBrevoClient } from './client.ts'
export type {
  BrevoCampaignStatsOptions,
  BrevoClient,
  BrevoCompanyAttributeOptions,
  BrevoCompanyPageOptions,
  BrevoContactPageOptions,
  BrevoIdentifierType,
  BrevoListMembers,
} from './client-face.ts'
export { duplicateIdentifiers, isInvalidPhone } from './errors.ts'
export { type BrevoMachine, type BrevoMachineOptions, createBrevoMachineTokens } from './machine-tokens.ts'
export type {
  BrevoAccount,
  BrevoAttribute,
  BrevoAttributeRequest,
  BrevoFolder,
  BrevoList,
  BrevoListChange,
  BrevoProcess,
  BrevoWebhook,
  BrevoWebhookChange,
  BrevoWebhookRequest,
} from './record/account.ts'
export type { BrevoCampaign, BrevoContactStatistics } from './record/campaign-statistics.ts'
export type {
  BrevoCompany,
  BrevoCompanyAttribute,
  BrevoCompanyAttributeType,
  BrevoCompanyImportMapping,
  BrevoCompanyImportRequest,
  BrevoCompanyImportRow,
  BrevoCompanyLinks,
  BrevoCompanyPage,
  BrevoCreateCompany,
  BrevoUnreadableCompany,
  BrevoUpdateCompany,
} from './record/company.ts'
export type {
  BrevoAttributeValue,
  BrevoAttributeValues,
  BrevoContact,
  BrevoContactPage,
  BrevoCreateContact,
  BrevoCreated,
  BrevoImportRequest,
  BrevoImportRow,
  BrevoUnreadableContact,
  BrevoUpdateContact,
} from './record/contact.ts'
export type { BrevoUpdateDeal } from './record/deal.ts'
export type { BrevoEventRequest, BrevoEventsBatchResult, BrevoStoredEvent } from './record/event.ts'
