/** All endpoints of the simulated service in the order of matching. A list, nothing else. */
import type { Endpoint } from './endpoint.ts'
import type { PipedriveSwitches } from './switches.ts'
import { ACCOUNT_ENDPOINTS } from './v1-account.ts'
import { v1EntityEndpoints } from './v1-entities.ts'
import { V1_FIELD_ENDPOINTS } from './v1-fields.ts'
import { HISTORY_ENDPOINTS } from './v1-history.ts'
import { LEAD_ENDPOINTS } from './v1-leads.ts'
import { NOTE_ENDPOINTS } from './v1-notes.ts'
import { type ReachabilityCheck, webhookEndpoints } from './v1-webhooks.ts'
import { FIELD_ENDPOINTS } from './v2-fields.ts'
import { PIPELINE_ENDPOINTS } from './v2-pipelines.ts'
import { recordEndpoints } from './v2-records.ts'
import { SEARCH_ENDPOINTS } from './v2-search.ts'

/** Searches stand before the records: `/persons/search` is no id. `isReachable` is for the URLs of webhooks; default: all are. */
export function pipedriveEndpoints(
  switches: PipedriveSwitches,
  isReachable: ReachabilityCheck = () => Promise.resolve(true),
): Endpoint[] {
  return [
    ...SEARCH_ENDPOINTS,
    ...(['person', 'organization', 'deal', 'activity'] as const).flatMap(recordEndpoints),
    ...PIPELINE_ENDPOINTS,
    ...FIELD_ENDPOINTS,
    ...LEAD_ENDPOINTS,
    ...ACCOUNT_ENDPOINTS,
    ...V1_FIELD_ENDPOINTS,
    ...webhookEndpoints(isReachable),
    ...HISTORY_ENDPOINTS,
    ...NOTE_ENDPOINTS,
    ...v1EntityEndpoints(switches),
  ]
}
