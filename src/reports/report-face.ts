/** What reports are asked and what they answer, as types only. Money is in the account's own currency unless one is named. */
import type { Funnel } from './funnel.ts'
import type { Model } from './models.ts'
import type { CurrencyAmount, Money, Rates } from './money.ts'
import type { Interval, Period } from './period.ts'

/** Which deals a report is about, and over which time. */
export type Scope = {
  /** Name or id; default: all. */
  readonly pipeline?: string | undefined
  readonly owner?: string | undefined
  /** `<as in `by`>=<choice>`, by name or id: only these deals. */
  readonly where?: string | undefined
  /** `YYYY-MM-DD` in UTC; default: the last 90 days. */
  readonly from?: string | undefined
  /** The last day; default: today. */
  readonly to?: string | undefined
  /** With the time before, of the same length; default true. */
  readonly compare?: boolean | undefined
}

export type PipelineQuery = Scope & {
  /** `pipeline`, `owner`, `source`, or a field: `<name>` of the deal, `person.<name>`, `org.<name>`. */
  readonly by?: string | undefined
}

export type AttributionQuery = Scope & {
  /** Which model orders the campaigns and makes the flows; default `linear`. All are computed. */
  readonly model?: Model | undefined
  /** Days before the win; default 90. */
  readonly lookback?: number | undefined
  /** Whether opens count beside clicks; `all`: those of machines, too. Default `none`. */
  readonly opens?: 'none' | 'human' | 'all' | undefined
  /** How many deals are listed with their credits; default 100. */
  readonly limit?: number | undefined
}

/** What a report is computed with, besides the store. */
export type ReportSettings = { readonly rates: Rates['rates']; readonly now: Date }

export type OnlyView = { readonly key: string; readonly label: string; readonly value: string }

type Choices = readonly { readonly id: string; readonly name: string }[] | null

export type ChoiceField = {
  /** As `by` takes it, and `where` before the sign. */
  readonly by: string
  readonly of: 'deal' | 'person' | 'organization'
  readonly key: string
  readonly name: string
  /** What `where` takes behind the sign; null: whatever was written. */
  readonly choices: Choices
  /** Why it cannot be used: no values are kept; or they are amounts or times, which make no groups. */
  readonly problem: 'not_kept' | 'no_groups' | null
}

export type ReportChoices = {
  readonly pipelines: readonly { readonly id: number; readonly name: string }[]
  readonly owners: readonly { readonly id: number; readonly name: string }[]
  /** The field that `source` stands for; null: there is none. */
  readonly source: Pick<ChoiceField, 'of' | 'name' | 'choices'> | null
  /** The deals' first. */
  readonly fields: readonly ChoiceField[]
}

type Head = {
  readonly generatedAt: string
  readonly currency: string
  readonly period: Period
  /** The time before, compared with; null where none is. */
  readonly previous: Period | null
  readonly pipeline: { readonly id: number; readonly name: string } | null
  readonly owner: { readonly id: number; readonly name: string } | null
  /** The deals that `where` confines it to. */
  readonly only: OnlyView | null
  /** Amounts in no sum, because their currency has no rate (`exchange_rates`). */
  readonly unconverted: readonly (CurrencyAmount & { readonly of: 'added' | 'won' | 'lost' | 'open' })[]
}

export type Summary = {
  readonly added: Money
  readonly won: Money
  readonly lost: Money
  /** Of the deals closed in the time, the share that was won. */
  readonly winRate: number | null
  /** Of the won deals that are in the sum. */
  readonly averageValue: number | null
  /** Days from being added to being won. */
  readonly cycleDays: { readonly average: number; readonly median: number } | null
}

export type StayTimes = {
  readonly pipelineId: number
  readonly stageId: number
  readonly name: string
  readonly stays: number
  readonly medianDays: number
  readonly p90Days: number
  readonly averageDays: number
}

export type OpenStage = {
  readonly pipelineId: number
  readonly stageId: number
  readonly name: string
  readonly open: Money
  readonly probability: number | null
  /** The value times the probability. */
  readonly weighted: number
  /** The stage's own probability in Pipedrive, or how many of the closed deals that reached it were won. */
  readonly probabilityFrom: 'stage' | 'history' | 'none'
}

export type RevenuePoint = { readonly day: string; readonly deals: number; readonly value: number }

export type Group = {
  readonly key: string
  readonly name: string
  readonly added: number
  readonly won: Money
  readonly lost: number
  readonly winRate: number | null
  readonly medianCycleDays: number | null
  readonly open: Money
  readonly weighted: number
}

export type PipelineReport = Head & {
  readonly summary: Summary
  readonly summaryBefore: Summary | null
  /** Of the deals added in the time, how far they have come until now. */
  readonly funnels: readonly Funnel[]
  /** Of stays that ended in the time. */
  readonly timeInStage: readonly StayTimes[]
  /** Deals that are open now. */
  readonly openStages: readonly OpenStage[]
  readonly forecast: {
    readonly open: number
    readonly weighted: number
    readonly probabilityFrom: 'stage' | 'history' | 'mixed' | 'none'
  }
  /** What the open deals bring a day: their number × win rate × average value ÷ average days to a win. */
  readonly velocity: number | null
  readonly revenue: {
    readonly interval: Interval
    readonly points: readonly RevenuePoint[]
    readonly before: readonly RevenuePoint[] | null
  }
  readonly by: { readonly key: string; readonly label: string } | null
  readonly groups: readonly Group[]
  /** Of how many of all deals every stage they went through is known. */
  readonly history: { readonly deals: number; readonly complete: number }
}

export type Credit = {
  /** Parts of deals, which add up to whole ones. */
  readonly deals: number
  readonly value: number
  readonly currencies: readonly { readonly currency: string; readonly value: number }[]
}

export type CampaignCredit = {
  readonly campaignId: number
  readonly campaign: string
  readonly touches: number
  /** Won deals with at least one touch of it. */
  readonly deals: number
  readonly models: Readonly<Record<Model, Credit>>
  /** By the chosen model, in the time before. */
  readonly before: Credit | null
}

export type AttributionFlow = {
  readonly campaignId: number
  /** Where the deal stood when it was touched; null: before there was a deal. */
  readonly stageId: number | null
  readonly stage: string
  /** Parts of won deals by the chosen model, and their value. */
  readonly deals: number
  readonly value: number
}

export type AttributedDeal = {
  readonly dealId: number
  readonly title: string
  readonly wonAt: string
  readonly currency: string
  readonly value: number
  /** Oldest first, each with its part of the deal's value, in the deal's currency. */
  readonly touches: readonly {
    readonly campaignId: number
    readonly at: string
    readonly credits: Readonly<Record<Model, number>>
  }[]
}

export type AttributionTotals = {
  readonly won: Money
  readonly attributed: Money
  readonly unattributed: Money
}

export type AttributionReport = Head & {
  readonly model: Model
  readonly lookbackDays: number
  readonly opens: 'none' | 'human' | 'all'
  readonly totals: AttributionTotals
  readonly totalsBefore: AttributionTotals | null
  /** The chosen model's first comes first. */
  readonly campaigns: readonly CampaignCredit[]
  readonly flows: readonly AttributionFlow[]
  /** Won deals with touches, the newest first, as many as were asked for. */
  readonly deals: readonly AttributedDeal[]
  /** Whether any touch was ever kept. */
  readonly hasTouches: boolean
}
