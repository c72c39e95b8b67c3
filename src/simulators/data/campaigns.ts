/** Campaigns of the past, and what they did to the contacts that are in Brevo already. Knows no deal but by its end. */
import type { BrevoSeedCampaign, BrevoSeedTouch } from '../brevo/seed.ts'
import { seededRandom } from '../kit/random.ts'
import type { SeedDeal } from '../pipedrive/seed.ts'
import { DAY_MS } from './account.ts'

const NAMES = [
  'Welcome series',
  'Product news',
  'Customer story',
  'Webinar invitation',
  '봄맞이 할인',
  'Renewal reminder',
]

export function createCampaigns(now: Date): BrevoSeedCampaign[] {
  return NAMES.map((name, index) => ({
    id: 11 + index,
    name,
    sentAt: new Date(now.getTime() - (720 - index * 10) * DAY_MS).toISOString(),
  }))
}

/** In the months before each of these deals ended, some campaigns reached its person; most were opened, some clicked. */
export function createTouches(
  deals: readonly SeedDeal[],
  campaigns: readonly BrevoSeedCampaign[],
  seed: number,
): BrevoSeedTouch[] {
  const random = seededRandom(seed * 15_485_863 + 7)
  return deals
    .flatMap((deal) => {
      const end = Date.parse(deal.update_time)
      return Array.from({ length: random.int(2, 4) }, (): BrevoSeedTouch[] => {
        const campaign = random.pick(campaigns)
        const sent = end - random.int(2, 85) * DAY_MS - random.int(0, DAY_MS)
        const touch = (event: BrevoSeedTouch['event'], minutes: number, url?: string): BrevoSeedTouch => ({
          event,
          campaignId: campaign.id,
          at: new Date(sent + minutes * 60_000).toISOString(),
          ...(url === undefined ? {} : { url }),
        })
        const url = `https://yourcompany.example/${campaign.id}/offer`
        return [
          touch('delivered', 0),
          ...(random.chance(0.85) ? [touch('opened', random.int(3, 600))] : []),
          ...(random.chance(0.7) ? [touch('click', random.int(601, 1_200), url)] : []),
        ]
      }).flat()
    })
    .sort((a, b) => (a.at < b.at ? -1 : 1))
}
