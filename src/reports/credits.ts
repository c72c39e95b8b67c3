/** The value of won deals in parts for the touches before them, and these parts by campaign. Parts are whole cents. Pure. */
import type { WonDeal } from '../store/index.ts'
import { allocate, MODELS, type Model, weightsOf } from './models.ts'
import { convert, digitsOf, type Rates, rounded, unitsOf } from './money.ts'
import type { Credit } from './report-face.ts'

export type TouchTime = {
  readonly campaignId: number
  /** Seconds since 1970. */
  readonly at: number
}

export type CreditedDeal = {
  readonly deal: WonDeal
  readonly currency: string
  /** So many units are one of the currency. */
  readonly factor: number
  /** Oldest first. */
  readonly touches: readonly TouchTime[]
  /** For each touch its part: of the value in units, and of the deal. */
  readonly credits: Readonly<Record<Model, readonly number[]>>
  readonly weights: Readonly<Record<Model, readonly number[]>>
}

/** `own`: the account's currency, which deals without one are in. */
export function creditDeals(deals: readonly WonDeal[], own: string): readonly CreditedDeal[] {
  const factors = new Map<string, number>()
  return deals.map((deal) => {
    const currency = deal.currency ?? own
    const factor = factors.get(currency) ?? 10 ** digitsOf(currency)
    factors.set(currency, factor)
    return creditDeal(deal, currency, factor)
  })
}

function creditDeal(deal: WonDeal, currency: string, factor: number): CreditedDeal {
  const units = unitsOf(Number(deal.value), factor)
  const touches: TouchTime[] = []
  for (let index = 0; index < deal.touches.length; index += 2)
    touches.push({ campaignId: deal.touches[index] ?? 0, at: deal.touches[index + 1] ?? 0 })
  const times = touches.map(({ at }) => at)
  const of = <T>(part: (model: Model) => T): Record<Model, T> =>
    Object.fromEntries(MODELS.map((model) => [model, part(model)])) as Record<Model, T>
  const weights = of((model) => weightsOf(model, times, deal.won_at))
  return { deal, currency, factor, touches, weights, credits: of((model) => allocate(units, weights[model])) }
}

export type Tally = {
  readonly touches: number
  readonly deals: number
  readonly models: Readonly<Record<Model, Credit>>
}

type Sum = { deals: number; units: Map<string, { units: number; factor: number }> }

/** By campaign. Units are added up before anything is rounded or converted. */
export function tallyCredits(deals: readonly CreditedDeal[], rates: Rates): ReadonlyMap<number, Tally> {
  const sums = new Map<number, { touches: number; deals: number; last: number; models: Record<Model, Sum> }>()
  for (const { deal, currency, factor, touches, credits, weights } of deals) {
    touches.forEach(({ campaignId }, index) => {
      let sum = sums.get(campaignId)
      if (sum === undefined) {
        sum = { touches: 0, deals: 0, last: -1, models: emptySums() }
        sums.set(campaignId, sum)
      }
      sum.touches++
      if (sum.last !== deal.deal_id) sum.deals++
      sum.last = deal.deal_id
      for (const model of MODELS) {
        const part = sum.models[model]
        part.deals += weights[model][index] ?? 0
        const units = part.units.get(currency)
        if (units) units.units += credits[model][index] ?? 0
        else part.units.set(currency, { units: credits[model][index] ?? 0, factor })
      }
    })
  }
  return new Map(
    [...sums].map(([campaignId, { touches, deals: touched, models }]) => [
      campaignId,
      {
        touches,
        deals: touched,
        models: Object.fromEntries(
          MODELS.map((model) => [model, toCredit(models[model], rates)]),
        ) as Tally['models'],
      },
    ]),
  )
}

function emptySums(): Record<Model, Sum> {
  return Object.fromEntries(MODELS.map((model) => [model, { deals: 0, units: new Map() }])) as Record<
    Model,
    Sum
  >
}

function toCredit({ deals, units }: Sum, rates: Rates): Credit {
  const currencies = [...units]
    .map(([currency, { units: some, factor }]) => ({ currency, value: some / factor }))
    .sort((a, b) => (a.currency < b.currency ? -1 : 1))
  const value = currencies.reduce((sum, one) => sum + (convert(one.value, one.currency, rates) ?? 0), 0)
  return { deals: Math.round(deals * 10_000) / 10_000, value: rounded(value, rates.currency), currencies }
}
