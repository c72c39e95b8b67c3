/** The deals of the account in order of creation. Which companies a deal is linked to stands with the companies. */
import { type CompanyValue, toCrmId } from './company-store.ts'

export type Deal = {
  readonly id: string
  /** By internal name. Neither the name nor what the account counts and stamps itself. */
  attributes: Record<string, CompanyValue>
  name: string
  /** Contacts that were deleted since may be among them. */
  contactIds: Set<number>
  readonly createdAtMs: number
  updatedAtMs: number
}

export class DealStore {
  readonly #deals = new Map<string, Deal>()
  #made = 0

  insert(name: string, atMs: number): Deal {
    this.#made++
    const deal: Deal = {
      id: toCrmId(atMs, 'd0', this.#made),
      name,
      attributes: {},
      contactIds: new Set(),
      createdAtMs: atMs,
      updatedAtMs: atMs,
    }
    this.#deals.set(deal.id, deal)
    return deal
  }

  get(id: string): Deal | undefined {
    return this.#deals.get(id)
  }

  all(): Deal[] {
    return [...this.#deals.values()]
  }
}
