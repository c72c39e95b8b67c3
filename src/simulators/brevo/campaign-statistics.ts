/**
 * What the recipients of campaigns did, told per contact as the API tells it
 * (https://developers.brevo.com/reference/get-contact-stats): one line per campaign, or per link, with a count. Of several
 * moments the latest is told; which one the vendor tells is not documented.
 */
import type { BrevoCampaignEventName } from './webhook-payloads.ts'

/** `blocked`: by an administrator, without a campaign. */
export type HistoryEntry =
  | { event: BrevoCampaignEventName; campaignId: number; url: string; atMs: number }
  | { event: 'blocked'; atMs: number }

type CampaignEntry = Exclude<HistoryEntry, { event: 'blocked' }>

export type Period = { fromMs: number; untilMs: number }

const DAY_MS = 86_400_000
/** How far a question may reach, and does when it names no days. */
export const STATISTICS_DAYS = 90

/** From a documentation range: nobody's address. */
const IP = '203.0.113.7'

export const lastDays = (nowMs: number): Period => ({
  fromMs: nowMs - STATISTICS_DAYS * DAY_MS,
  untilMs: nowMs + 1,
})

/** `{}` for a contact to whom nothing happened in the period; a member without entries is left out. */
export function presentStatistics(history: readonly HistoryEntry[], { fromMs, untilMs }: Period): object {
  const lived = history.filter(({ atMs }) => atMs >= fromMs && atMs < untilMs)
  const of = (event: BrevoCampaignEventName): CampaignEntry[] =>
    lived.filter((entry): entry is CampaignEntry => entry.event === event)
  const all = {
    messagesSent: sentOf(history)
      .filter(({ atMs }) => atMs >= fromMs && atMs < untilMs)
      .map(toLine),
    delivered: byCampaign(of('delivered')).map(({ last }) => toLine(last)),
    opened: byCampaign(of('opened')).map(({ last, count }) => ({ ...toLine(last), count, ip: IP })),
    clicked: byCampaign(of('click')).map(({ last, entries }) => ({
      campaignId: last.campaignId,
      links: linksOf(entries),
    })),
    hardBounces: byCampaign(of('hard_bounce')).map(({ last }) => toLine(last)),
    softBounces: byCampaign(of('soft_bounce')).map(({ last }) => toLine(last)),
    complaints: byCampaign(of('spam')).map(({ last }) => toLine(last)),
  }
  const userUnsubscription = byCampaign(of('unsubscribed')).map(({ last }) => ({ ...toLine(last), ip: IP }))
  const adminUnsubscription = lived
    .filter(({ event }) => event === 'blocked')
    .map(({ atMs }) => ({ eventTime: toTime(atMs), ip: IP }))
  const hasUnsubscriptions = userUnsubscription.length + adminUnsubscription.length > 0
  return {
    ...Object.fromEntries(Object.entries(all).filter(([, lines]) => lines.length > 0)),
    ...(hasUnsubscriptions ? { unsubscriptions: { userUnsubscription, adminUnsubscription } } : {}),
  }
}

/** There is no event for sending: a campaign was sent when the first thing happened to it. */
function sentOf(history: readonly HistoryEntry[]): CampaignEntry[] {
  const first = new Map<number, CampaignEntry>()
  for (const entry of history) {
    if (entry.event !== 'blocked' && !first.has(entry.campaignId)) first.set(entry.campaignId, entry)
  }
  return [...first.values()]
}

type Group = { last: CampaignEntry; count: number; entries: CampaignEntry[] }

const byCampaign = (entries: CampaignEntry[]): Group[] => grouped(entries, ({ campaignId }) => campaignId)

function grouped(entries: CampaignEntry[], keyOf: (entry: CampaignEntry) => unknown): Group[] {
  const groups = Map.groupBy(entries, keyOf).values()
  return [...groups].map((group) => ({
    last: group.at(-1) as CampaignEntry,
    count: group.length,
    entries: group,
  }))
}

function linksOf(clicks: CampaignEntry[]): object[] {
  return grouped(clicks, ({ url }) => url).map(({ last, count }) => ({
    count,
    eventTime: toTime(last.atMs),
    ip: IP,
    url: last.url,
  }))
}

const toLine = ({ campaignId, atMs }: CampaignEntry): { campaignId: number; eventTime: string } => ({
  campaignId,
  eventTime: toTime(atMs),
})

const toTime = (ms: number): string => `${new Date(ms).toISOString().slice(0, 19)}Z`
