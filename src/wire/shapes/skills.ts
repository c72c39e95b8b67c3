/** Shapes of skills and of what came of them. */
import { z } from 'zod'

const texts = z.array(z.string())

export const skillVerdict = z.strictObject({
  file: z.string(),
  name: z.string(),
  valid: z.boolean(),
  faults: texts.describe('In the order of the file, each with its line and column'),
})

export const skillView = z.strictObject({
  name: z.string(),
  state: z.enum(['on', 'off', 'invalid']),
  because: z.string(),
  builtIn: z.boolean(),
  file: z.string(),
  version: z.string().nullable(),
  description: z.string().nullable(),
  category: z.string().nullable(),
  status: z.string().nullable(),
  triggers: texts,
  actions: texts,
  permissions: texts,
  relatedSkills: texts,
  featured: z.boolean(),
  mcpTool: z.string().nullable(),
  runnable: z.boolean().describe('Whether it may be asked for'),
  faults: texts,
})

const runState = z.enum(['waiting', 'sent', 'done', 'failed', 'skipped'])
const actions = z.array(z.strictObject({ name: z.string(), result: z.string().nullable() }))

export const skillRunView = z.strictObject({
  run: z.int(),
  skill: z.string(),
  version: z.string().nullable(),
  trigger: z.string(),
  subject: z.string(),
  state: runState,
  reason: z.string().nullable(),
  actions,
  noticedAt: z.string(),
  dueAt: z.string().nullable(),
  endedAt: z.string().nullable(),
})

export const skillOutcome = z.strictObject({
  dryRun: z.boolean(),
  state: z.enum(['planned', ...runState.options]),
  reason: z.string().nullable(),
  run: z.int().nullable(),
  actions,
  planned: z.array(z.strictObject({ name: z.string(), parameters: z.record(z.string(), z.unknown()) })),
})

export const skillRunStates = runState
