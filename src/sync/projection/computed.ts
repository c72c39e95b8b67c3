/** Rule R2.3: the computed fields of a cluster, from its deals, activities and leads. Pure. */
import type { Deal, FieldValue } from '../model/index.ts'

/** A deal, cut down to what the computed fields and lists ask. */
export type DealFacts = Pick<
  Deal,
  'id' | 'status' | 'value' | 'currency' | 'stageId' | 'pipelineId' | 'wonAt' | 'lostAt' | 'updatedAt'
>

export type ActivityFacts = {
  /** Earliest `YYYY-MM-DD` of an undone activity. */
  readonly nextDate: string | null
  /** Latest `YYYY-MM-DD` of a done one. */
  readonly lastDate: string | null
}

export type Money = {
  readonly defaultCurrency: string
  readonly exchangeRates: Readonly<Record<string, number>>
}

export const computedNames = [
  'open_deals_count',
  'won_deals_count',
  'lost_deals_count',
  'closed_deals_count',
  'total_revenue',
  'last_won_time',
  'last_deal_stage',
  'last_deal_pipeline',
  'last_deal_value',
  'next_activity_date',
  'last_activity_date',
  'open_leads_count',
] as const
export type ComputedName = (typeof computedNames)[number]

export function isComputedName(name: string): name is ComputedName {
  return (computedNames as readonly string[]).includes(name)
}

/** Which part of the source a computed field needs to be read. */
export function sourceOfComputed(name: ComputedName): 'deals' | 'activities' | 'leads' {
  if (name === 'open_leads_count') return 'leads'
  return name === 'next_activity_date' || name === 'last_activity_date' ? 'activities' : 'deals'
}

export type ClusterFacts = {
  readonly deals: readonly DealFacts[]
  readonly openLeads: number
  readonly activities: ActivityFacts
}

export type Names = {
  readonly stage: (id: number) => string | undefined
  readonly pipeline: (id: number) => string | undefined
}

/** The value of a computed field, or null when there is nothing to say (no deal, no activity). Zero is a value. */
export function computeField(
  name: ComputedName,
  facts: ClusterFacts,
  money: Money,
  names: Names,
): FieldValue | null {
  const { deals } = facts
  switch (name) {
    case 'open_deals_count':
      return count(deals, (deal) => deal.status === 'open')
    case 'won_deals_count':
      return count(deals, (deal) => deal.status === 'won')
    case 'lost_deals_count':
      return count(deals, (deal) => deal.status === 'lost')
    case 'closed_deals_count':
      return count(deals, (deal) => deal.status !== 'open')
    case 'total_revenue':
      return { kind: 'number', number: wonRevenue(deals, money).amount }
    case 'last_won_time': {
      const times = deals.flatMap((deal) => (deal.status === 'won' && deal.wonAt ? [deal.wonAt] : []))
      return times.length === 0 ? null : { kind: 'timestamp', at: times.reduce((a, b) => (a > b ? a : b)) }
    }
    case 'last_deal_stage':
      return text(lastDeal(deals)?.stageId, names.stage)
    case 'last_deal_pipeline':
      return text(lastDeal(deals)?.pipelineId, names.pipeline)
    case 'last_deal_value': {
      const deal = lastDeal(deals)
      return deal ? { kind: 'number', number: deal.value } : null
    }
    case 'next_activity_date':
      return date(facts.activities.nextDate)
    case 'last_activity_date':
      return date(facts.activities.lastDate)
    case 'open_leads_count':
      return { kind: 'number', number: facts.openLeads }
  }
}

/** The won value in the default currency, and the currencies that had no rate and were left out. */
export function wonRevenue(
  deals: readonly DealFacts[],
  money: Money,
): { amount: number; skippedCurrencies: readonly string[] } {
  let amount = 0
  const skipped = new Set<string>()
  for (const deal of deals) {
    if (deal.status !== 'won' || deal.value === 0) continue
    const currency = deal.currency ?? money.defaultCurrency
    const rate = currency === money.defaultCurrency ? 1 : money.exchangeRates[currency]
    if (rate === undefined) skipped.add(currency)
    else amount += deal.value * rate
  }
  // Four decimals: more than any currency has, fewer than binary fractions leave behind.
  return { amount: Math.round(amount * 10_000) / 10_000, skippedCurrencies: [...skipped].sort() }
}

/** The deal with the newest update (tie: the higher id). */
export function lastDeal(deals: readonly DealFacts[]): DealFacts | null {
  return newest(deals, (deal) => deal.updatedAt ?? '')
}

/** The closed deal that was closed last (tie: the higher id); its own status tells whether won or lost. */
export function newestClosedDeal(deals: readonly DealFacts[]): DealFacts | null {
  return newest(
    deals.filter((deal) => deal.status !== 'open'),
    (deal) => (deal.status === 'won' ? deal.wonAt : deal.lostAt) ?? deal.updatedAt ?? '',
  )
}

function newest(deals: readonly DealFacts[], time: (deal: DealFacts) => string): DealFacts | null {
  let best: DealFacts | null = null
  for (const deal of deals) {
    if (!best || time(deal) > time(best) || (time(deal) === time(best) && deal.id > best.id)) best = deal
  }
  return best
}

function count(deals: readonly DealFacts[], counts: (deal: DealFacts) => boolean): FieldValue {
  return { kind: 'number', number: deals.filter(counts).length }
}

function text(id: number | null | undefined, name: (id: number) => string | undefined): FieldValue | null {
  const found = id == null ? undefined : name(id)
  return found === undefined ? null : { kind: 'text', text: found }
}

function date(day: string | null): FieldValue | null {
  return day === null ? null : { kind: 'date', date: day }
}
