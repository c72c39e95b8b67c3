/** The transport room: one request, one retry authority, one governor per credential. Knows no vendor. */

export {
  type ApiCall,
  type ApiCaller,
  createApiCaller,
  type VendorRules,
  type Verdict,
} from './api-caller.ts'
export { ApiError, type ApiErrorOptions, type Applied } from './api-error.ts'
export { createGovernor, type Governor, type GovernorOptions } from './governor.ts'
export type { BudgetForecast, BudgetState, GovernorState, WindowState } from './governor-state.ts'
export { type CallOptions, LANES, type Lane } from './lane.ts'
export { headerNumber, type LimitNews, type WindowNews } from './limit-news.ts'
export { readRetryAfter } from './retry-timing.ts'
export { createSender, type HttpAnswer, type HttpMethod, type Sender } from './send.ts'
export { SendFault, type SendFaultKind } from './send-fault.ts'
export {
  createTokenEndpoint,
  type TokenAnswer,
  type TokenEndpoint,
  type TokenEndpointOptions,
} from './token-endpoint.ts'
export { type AccessToken, createTokenSource, lifeOf, type TokenSource } from './token-source.ts'
