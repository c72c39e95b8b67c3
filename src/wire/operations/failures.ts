/** Records that a service refused. */
import { z } from 'zod'
import { defineOperations } from '../operation.ts'
import { failureCause, failureView, syncReport } from '../shapes/run.ts'
import { pass } from './run.ts'

const selection = z
  .strictObject({ ids: z.array(z.string()).exactOptional(), code: z.string().exactOptional() })
  .describe('By the ids of `failures.list`, by code, or all when both are absent')
const retried = selection.extend({
  withDiscarded: z
    .boolean()
    .exactOptional()
    .describe('Those that were discarded, too; by their ids they are in any case'),
})

export const failureOperations = defineOperations({
  'failures.list': {
    method: 'GET',
    path: '/failures',
    scope: 'read',
    summary: 'What failed, why, and what to do about it',
    params: z.strictObject({}),
    result: z.array(failureView),
  },
  'failures.causes': {
    method: 'GET',
    path: '/failures/causes',
    scope: 'read',
    summary: 'Failures by cause, with how many records each has and the newest of them',
    params: z.strictObject({}),
    result: z.array(failureCause),
  },
  'failures.page': {
    method: 'GET',
    path: '/failures/page',
    scope: 'read',
    summary: 'Some of the failures at a time, the newest first',
    params: z.strictObject({
      code: z.string().exactOptional(),
      withDiscarded: z.boolean().default(false),
      offset: z.int().min(0).default(0),
      limit: z.int().min(1).max(500).default(50),
    }),
    result: z.strictObject({ total: z.int(), items: z.array(failureView) }),
  },
  'failures.retry': {
    method: 'POST',
    path: '/failures/retry',
    scope: 'operate',
    summary:
      'Opens failures again and makes a pass; those that were discarded only by their ids, or when asked to',
    params: z.strictObject({ selection: retried, ...pass }),
    result: z.strictObject({ retried: z.int(), report: syncReport.nullable() }),
    progress: true,
  },
  'failures.discard': {
    method: 'POST',
    path: '/failures/discard',
    scope: 'operate',
    summary: 'Stops trying failures until their records change',
    params: z.strictObject({ selection }),
    result: z.int().describe('How many'),
    repeatable: true,
  },
})
