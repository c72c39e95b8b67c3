/** The attribution report (rule R10.2): which campaigns are credited with which won deals. It asks no service. */
import {
  hasTouches,
  readCampaignNames,
  readDealTitles,
  readMoves,
  readWonDeals,
  type Store,
  type TouchChoice,
  type WonDeal,
} from '../store/index.ts'
import { type CreditedDeal, creditDeals, type Tally, tallyCredits } from './credits.ts'
import { flowsOf } from './flows.ts'
import { MODELS, type Model } from './models.ts'
import { rounded, sumOf, withoutRate } from './money.ts'
import { spanOf } from './period.ts'
import { invalid } from './report-error.ts'
import type {
  AttributedDeal,
  AttributionQuery,
  AttributionReport,
  AttributionTotals,
  CampaignCredit,
  ReportSettings,
} from './report-face.ts'
import { type Asked, readQuestion } from './scope.ts'

const defaultLookback = 90
const mostLookback = 730
const defaultLimit = 100

/** Throws `report_too_early`, `report_unknown`, `report_invalid`. */
export async function attributionReport(
  store: Store,
  connection: string,
  query: AttributionQuery,
  settings: ReportSettings,
): Promise<AttributionReport> {
  const { model = 'linear', lookback = defaultLookback, opens = 'none', limit = defaultLimit } = query
  if (!Number.isInteger(lookback) || lookback < 1 || lookback > mostLookback)
    throw invalid(`The look-back is from 1 to ${mostLookback} days, not ${lookback}.`)
  const asked = await readQuestion(store, connection, query, settings)
  const { scope, period, previous, rates, catalogue } = asked
  const choice: TouchChoice = { lookbackDays: lookback, opens }
  const { db } = store
  const [won, earlier] = await Promise.all([
    readWonDeals(db, scope, spanOf(period), choice),
    previous && readWonDeals(db, scope, spanOf(previous), choice),
  ])
  const credited = creditDeals(won.filter(isTouched), rates.currency)
  const earlierCredits =
    earlier && tallyCredits(creditDeals(earlier.filter(isTouched), rates.currency), rates)
  const listed = credited.slice(0, limit)
  const idsOf = (some: readonly CreditedDeal[]) => some.map(({ deal }) => deal.deal_id)
  const [names, moves, titles] = await Promise.all([
    readCampaignNames(db, connection),
    readMoves(db, connection, idsOf(credited)),
    readDealTitles(db, connection, idsOf(listed)),
  ])
  const totals = totalsOf(asked, won)
  return {
    generatedAt: settings.now.toISOString(),
    currency: rates.currency,
    period,
    previous,
    pipeline: asked.pipeline,
    owner: asked.owner,
    only: asked.only,
    unconverted: withoutRate(totals.won, rates).map((amount) => ({ of: 'won' as const, ...amount })),
    model,
    lookbackDays: lookback,
    opens,
    totals,
    totalsBefore: earlier && totalsOf(asked, earlier),
    campaigns: campaignsOf(tallyCredits(credited, rates), earlierCredits, model, names),
    flows: flowsOf(credited, moves, { model, stages: catalogue.stages, rates }),
    deals: listed.map((one) => toDeal(one, titles)),
    hasTouches: credited.length > 0 || (await hasTouches(db, connection)),
  }
}

function isTouched({ touches }: WonDeal): boolean {
  return touches.length > 0
}

function totalsOf({ rates }: Asked, won: readonly WonDeal[]): AttributionTotals {
  const rows = (some: readonly WonDeal[]) =>
    sumOf(
      some.map(({ currency, value }) => ({ currency, value, deals: 1 })),
      rates,
    )
  return {
    won: rows(won),
    attributed: rows(won.filter(isTouched)),
    unattributed: rows(won.filter((deal) => !isTouched(deal))),
  }
}

function campaignsOf(
  now: ReadonlyMap<number, Tally>,
  earlier: ReadonlyMap<number, Tally> | null,
  model: Model,
  names: ReadonlyMap<number, string>,
): readonly CampaignCredit[] {
  const campaigns = [...now].map(
    ([campaignId, { touches, deals, models }]): CampaignCredit => ({
      campaignId,
      campaign: names.get(campaignId) ?? `Campaign ${campaignId}`,
      touches,
      deals,
      models,
      before: earlier?.get(campaignId)?.models[model] ?? null,
    }),
  )
  return campaigns.sort(
    (a, b) => b.models[model].value - a.models[model].value || a.campaignId - b.campaignId,
  )
}

function toDeal(
  { deal, currency, touches, credits, factor }: CreditedDeal,
  titles: ReadonlyMap<number, string>,
): AttributedDeal {
  return {
    dealId: deal.deal_id,
    title: titles.get(deal.deal_id) ?? '',
    wonAt: new Date(deal.won_at * 1000).toISOString(),
    currency,
    value: rounded(Number(deal.value), currency),
    touches: touches.map(({ campaignId, at }, index) => ({
      campaignId,
      at: new Date(at * 1000).toISOString(),
      credits: Object.fromEntries(
        MODELS.map((model) => [model, (credits[model][index] ?? 0) / factor]),
      ) as Record<Model, number>,
    })),
  }
}
