/** Deals as a test or a colleague in Brevo's own pages sees and changes them, without HTTP, keys or limits. */
import type { CompanyValue } from './company-store.ts'
import { createDeal, dealValues } from './deal-change.ts'
import type { BrevoWorld } from './world.ts'

export type BrevoDealSnapshot = {
  id: string
  name: string
  /** Without the name, moments and counts. */
  attributes: Record<string, CompanyValue>
}

export type DealState = {
  /** In order of creation, without moments. */
  deals(): BrevoDealSnapshot[]
  /** A body as `POST /crm/deals` takes it, from somebody else; returns the id. Throws the API's refusal. */
  addDeal(body: Record<string, unknown>): string
}

/** `settle` carries out what is due and answers the account. */
export function createDealState(settle: () => BrevoWorld): DealState {
  return {
    deals() {
      const world = settle()
      return world.deals
        .all()
        .map((deal) => ({ id: deal.id, name: deal.name, attributes: dealValues(deal, world) }))
    },
    addDeal: (body) => createDeal(body, settle()).id,
  }
}
