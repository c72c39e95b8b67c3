/** Pipelines and campaigns in figures. Reports only read; the backfill spends tokens of the account. */
import { z } from 'zod'
import { defineOperations } from '../operation.ts'
import {
  attributionReport,
  backfillForecast,
  backfillReport,
  model,
  opens,
  pipelineReport,
  reportChoices,
} from '../shapes/reports.ts'

const scope = {
  pipeline: z.string().exactOptional().describe('Name or id'),
  owner: z.string().exactOptional().describe('Name or id'),
  where: z
    .string()
    .exactOptional()
    .describe('Only deals of one group: what `by` takes, =, and a choice by name or id; source=Website'),
  from: z.string().exactOptional().describe('First day, YYYY-MM-DD (UTC); default: 90 days up to `to`'),
  to: z.string().exactOptional().describe('Last day; default: today'),
  compare: z.boolean().exactOptional().describe('With the time before; default true'),
}

export const reportOperations = defineOperations({
  'reports.choices': {
    method: 'GET',
    path: '/reports/choices',
    scope: 'read',
    summary: 'What reports can be split by and confined to in this account, by name',
    params: z.strictObject({}),
    result: reportChoices,
  },
  'reports.pipeline': {
    method: 'GET',
    path: '/reports/pipeline',
    scope: 'read',
    summary: 'Funnel, time in stage, win rate, value by stage, forecast and revenue',
    params: z.strictObject({
      ...scope,
      by: z
        .string()
        .exactOptional()
        .describe('pipeline, owner, source, a field of the deal, person.<field> or org.<field>'),
    }),
    result: pipelineReport,
  },
  'reports.attribution': {
    method: 'GET',
    path: '/reports/attribution',
    scope: 'read',
    summary: 'Which campaigns are credited with which won deals, by five models',
    params: z.strictObject({
      ...scope,
      model: model.exactOptional().describe('Which model orders the campaigns; default linear'),
      lookback: z.int().exactOptional().describe('Days before the win; default 90'),
      opens: opens.exactOptional().describe('Whether opens count beside clicks; all: those of machines, too'),
      limit: z.int().min(0).max(10_000).exactOptional().describe('How many deals are listed; default 100'),
    }),
    result: attributionReport,
  },
  'reports.backfillForecast': {
    method: 'GET',
    path: '/reports/backfill',
    scope: 'read',
    summary: 'What reading the histories from before would cost',
    params: z.strictObject({}),
    result: backfillForecast,
  },
  'reports.backfill': {
    method: 'POST',
    path: '/reports/backfill',
    scope: 'operate',
    summary: 'Reads histories of deals and contacts from before, within the tokens given',
    params: z.strictObject({ maxTokens: z.int().min(0).nullable().exactOptional() }),
    result: backfillReport,
    progress: true,
  },
})
