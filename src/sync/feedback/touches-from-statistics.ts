/**
 * What campaigns did to one contact, from Brevo's statistics (https://developers.brevo.com/reference/get-contact-stats).
 * They tell one moment for each campaign or link, and not which opens were a machine's.
 */
import type { BrevoContactStatistics } from '../../brevo/index.ts'
import type { NewTouch } from '../../store/index.ts'

type Line = {
  readonly campaignId?: number | string | null | undefined
  readonly eventTime?: string | null | undefined
}

const longestUrl = 2_000

export function touchesFromStatistics(
  contactId: number,
  statistics: BrevoContactStatistics,
): readonly NewTouch[] {
  const touch = (kind: NewTouch['kind'], line: Line, url = ''): readonly NewTouch[] => {
    const campaignId = Number(line.campaignId)
    const time = new Date(line.eventTime ?? '')
    if (!Number.isSafeInteger(campaignId) || campaignId <= 0 || Number.isNaN(time.getTime())) return []
    return [
      {
        contact_id: contactId,
        email: null,
        campaign_id: campaignId,
        campaign: null,
        kind,
        url,
        at: time.toISOString(),
        source: 'statistics',
        machine: false,
      },
    ]
  }
  return [
    ...(statistics.delivered ?? []).flatMap((line) => touch('delivered', line)),
    ...(statistics.opened ?? []).flatMap((line) => touch('opened', line)),
    ...(statistics.clicked ?? []).flatMap((line) =>
      linksOf(line.links).flatMap(({ url, eventTime }) =>
        touch(
          'clicked',
          { campaignId: line.campaignId, eventTime },
          typeof url === 'string' ? url.slice(0, longestUrl) : '',
        ),
      ),
    ),
  ]
}

function linksOf(links: unknown): readonly { url?: unknown; eventTime?: string }[] {
  return Array.isArray(links) ? links.filter((link) => typeof link === 'object' && link !== null) : []
}
