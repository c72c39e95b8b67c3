/** `GET /emailCampaigns` (https://developers.brevo.com/reference/get-email-campaigns): campaigns that were sent, without figures. */
import type { Hono } from 'hono'
import { cutPage, readPage } from './request.ts'
import type { BrevoSeedCampaign } from './seed.ts'
import type { BrevoWorld } from './world.ts'

export function campaignRoutes(app: Hono, world: BrevoWorld): void {
  app.get('/emailCampaigns', (c) => {
    const page = readPage(c, { standard: 50, most: 100 })
    const campaigns = [...world.campaigns.values()].sort((a, b) => a.id - b.id)
    return c.json({ campaigns: cutPage(campaigns, page).map(present), count: campaigns.length })
  })
}

function present({ id, name, sentAt }: BrevoSeedCampaign): object {
  return {
    id,
    name,
    subject: name,
    type: 'classic',
    status: 'sent',
    testSent: false,
    header: '[DEFAULT_HEADER]',
    footer: '[DEFAULT_FOOTER]',
    sender: { name: 'Your Company', id: 1, email: 'news@yourcompany.example' },
    replyTo: 'news@yourcompany.example',
    toField: '',
    tag: '',
    inlineImageActivation: false,
    mirrorActive: false,
    sentDate: sentAt,
    createdAt: sentAt,
    modifiedAt: sentAt,
    recipients: { lists: [], exclusionLists: [] },
    statistics: {},
  }
}
