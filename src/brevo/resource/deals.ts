/** CRM deals: single changes. Makes, links and deletes none. */
import type { BrevoCalls } from '../calls.ts'
import { refusal } from '../check-request.ts'
import type { BrevoClient } from '../client-face.ts'
import { ENDPOINTS } from '../endpoints.ts'
import type { BrevoUpdateDeal } from '../record/deal.ts'
import { assertChange, crmId } from './crm-changes.ts'

const { deals } = ENDPOINTS

export function createDeals(calls: BrevoCalls): BrevoClient['deals'] {
  return {
    async update(id, change, options) {
      assertChange(change, 'deal', 'leave it out')
      assertStage(change)
      await calls.request(deals.update, {
        params: { id: crmId(id, 'deal') },
        body: { json: change },
        options,
      })
    },
  }
}

function assertStage({ attributes }: BrevoUpdateDeal): void {
  if (attributes?.pipeline === undefined || attributes.deal_stage !== undefined) return
  throw refusal('A deal moves to a pipeline and a stage of it: give deal_stage beside pipeline, both as ids.')
}
