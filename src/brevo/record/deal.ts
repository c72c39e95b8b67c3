/** Brevo's CRM deals, written. A change cannot carry links: at Brevo they would replace all there are. */
import type { BrevoAttributeValues } from './contact.ts'

/**
 * At least one of name and attributes. Keys of attributes are internal names (`amount`, `deal_owner`); a `pipeline` comes with
 * its `deal_stage`, both as ids. {@link https://developers.brevo.com/reference/patch_crm-deals-id}
 */
export type BrevoUpdateDeal = {
  name?: string
  attributes?: BrevoAttributeValues
}
