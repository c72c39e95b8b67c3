/** Shapes of the reports. Money is in the account's own currency unless one is named. */
import { z } from 'zod'
import { time } from './run.ts'

const day = z.string().describe('YYYY-MM-DD')
const share = z.number().nullable().describe('0 to 1')

const money = z.strictObject({
  deals: z.int(),
  value: z.number().describe("In the account's currency, as far as there are rates"),
  currencies: z.array(z.strictObject({ currency: z.string(), deals: z.int(), value: z.number() })),
})

const period = z.strictObject({ from: day, to: day, days: z.int() })
const named = z.strictObject({ id: z.int(), name: z.string() })

const of = z.enum(['deal', 'person', 'organization'])
const choices = z
  .array(z.strictObject({ id: z.string(), name: z.string() }))
  .nullable()
  .describe('What `where` takes behind the sign; null: whatever was written')

export const reportChoices = z.strictObject({
  pipelines: z.array(named),
  owners: z.array(named),
  source: z
    .strictObject({ of, name: z.string(), choices })
    .nullable()
    .describe('The field that `source` stands for'),
  fields: z.array(
    z.strictObject({
      by: z.string().describe('As `by` takes it, and `where` before the sign'),
      of,
      key: z.string(),
      name: z.string(),
      choices,
      problem: z
        .enum(['not_kept', 'no_groups'])
        .nullable()
        .describe('Why it cannot be used: no values are kept, or they are amounts or times'),
    }),
  ),
})

const head = {
  generatedAt: time,
  currency: z.string(),
  period,
  previous: period.nullable(),
  pipeline: named.nullable(),
  owner: named.nullable(),
  only: z
    .strictObject({ key: z.string(), label: z.string(), value: z.string() })
    .nullable()
    .describe('The deals that `where` confines it to'),
  unconverted: z
    .array(
      z.strictObject({
        of: z.enum(['added', 'won', 'lost', 'open']),
        currency: z.string(),
        deals: z.int(),
        value: z.number(),
      }),
    )
    .describe('Amounts in no sum: their currency has no rate'),
}

const summary = z.strictObject({
  added: money,
  won: money,
  lost: money,
  winRate: share,
  averageValue: z.number().nullable(),
  cycleDays: z.strictObject({ average: z.number(), median: z.number() }).nullable(),
})

const funnel = z.strictObject({
  pipelineId: z.int(),
  pipeline: z.string(),
  deals: z.int(),
  stages: z.array(
    z.strictObject({
      stageId: z.int(),
      name: z.string(),
      entered: z.int(),
      reached: z.int(),
      conversion: share,
      drop: z.int(),
      lost: z.int(),
      open: z.int(),
    }),
  ),
  won: z.int(),
  conversion: share,
})

const stage = { pipelineId: z.int(), stageId: z.int(), name: z.string() }
const points = z.array(z.strictObject({ day, deals: z.int(), value: z.number() }))

export const pipelineReport = z.strictObject({
  ...head,
  summary,
  summaryBefore: summary.nullable(),
  funnels: z.array(funnel),
  timeInStage: z.array(
    z.strictObject({
      ...stage,
      stays: z.int(),
      medianDays: z.number(),
      p90Days: z.number(),
      averageDays: z.number(),
    }),
  ),
  openStages: z.array(
    z.strictObject({
      ...stage,
      open: money,
      probability: share,
      weighted: z.number(),
      probabilityFrom: z.enum(['stage', 'history', 'none']),
    }),
  ),
  forecast: z.strictObject({
    open: z.number(),
    weighted: z.number(),
    probabilityFrom: z.enum(['stage', 'history', 'mixed', 'none']),
  }),
  velocity: z.number().nullable().describe('What the open deals bring a day'),
  revenue: z.strictObject({
    interval: z.enum(['day', 'week', 'month']),
    points,
    before: points.nullable(),
  }),
  by: z.strictObject({ key: z.string(), label: z.string() }).nullable(),
  groups: z.array(
    z.strictObject({
      key: z.string(),
      name: z.string(),
      added: z.int(),
      won: money,
      lost: z.int(),
      winRate: share,
      medianCycleDays: z.number().nullable(),
      open: money,
      weighted: z.number(),
    }),
  ),
  history: z
    .strictObject({ deals: z.int(), complete: z.int() })
    .describe('Of how many of all deals every stage they went through is known'),
})

export const model = z.enum(['first', 'last', 'linear', 'time_decay', 'position'])
export const opens = z.enum(['none', 'human', 'all'])

const credit = z.strictObject({
  deals: z.number(),
  value: z.number(),
  currencies: z.array(z.strictObject({ currency: z.string(), value: z.number() })),
})

const totals = z.strictObject({ won: money, attributed: money, unattributed: money })

export const attributionReport = z.strictObject({
  ...head,
  model,
  lookbackDays: z.int(),
  opens,
  totals,
  totalsBefore: totals.nullable(),
  campaigns: z.array(
    z.strictObject({
      campaignId: z.int(),
      campaign: z.string(),
      touches: z.int(),
      deals: z.int(),
      models: z.record(model, credit),
      before: credit.nullable(),
    }),
  ),
  flows: z.array(
    z.strictObject({
      campaignId: z.int(),
      stageId: z.int().nullable(),
      stage: z.string(),
      deals: z.number(),
      value: z.number(),
    }),
  ),
  deals: z.array(
    z.strictObject({
      dealId: z.int(),
      title: z.string(),
      wonAt: time,
      currency: z.string(),
      value: z.number(),
      touches: z.array(
        z.strictObject({ campaignId: z.int(), at: time, credits: z.record(model, z.number()) }),
      ),
    }),
  ),
  hasTouches: z.boolean(),
})

export const backfillForecast = z.strictObject({
  deals: z.int(),
  tokens: z.number(),
  budget: z.strictObject({
    remaining: z.number().nullable(),
    reserve: z.number(),
    fits: z.boolean().nullable(),
    days: z.number().nullable(),
    resetsAt: time,
  }),
  contacts: z.int(),
  requests: z.int(),
})

export const backfillReport = z.strictObject({
  status: z.enum(['complete', 'incomplete', 'paused']),
  deals: z.strictObject({ read: z.int(), partial: z.int(), failed: z.int(), left: z.int() }),
  contacts: z.strictObject({ read: z.int(), failed: z.int(), left: z.int() }),
  touches: z.int(),
  tokens: z.number(),
  reason: z.string().nullable(),
  resumeAt: time.nullable(),
})
