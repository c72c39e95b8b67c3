/** E-mail campaigns, by name. What they did to whom stands with the contacts. */
import type { BrevoCalls } from '../calls.ts'
import type { BrevoClient } from '../client-face.ts'
import { ENDPOINTS } from '../endpoints.ts'
import { readAll } from '../read-records.ts'
import { campaignSchema } from '../record/campaign-statistics.ts'

/** The most Brevo gives. */
const PAGE = 100

export function createCampaigns(calls: BrevoCalls): BrevoClient['campaigns'] {
  return {
    async *pages(options) {
      for (let offset = 0; ; offset += PAGE) {
        const query = { limit: PAGE, offset, sort: 'desc', excludeHtmlContent: true }
        const { body } = await calls.request(ENDPOINTS.campaigns.page, { query, options })
        const campaigns = readAll(body.campaigns ?? [], campaignSchema, 'campaign')
        if (campaigns.length > 0) yield campaigns
        if (campaigns.length < PAGE) return
      }
    },
  }
}
