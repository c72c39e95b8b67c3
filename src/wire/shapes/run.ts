/** Shapes of passes, of how things stand, and of what failed. The words are those of docs/cli.md. */
import { z } from 'zod'

/** ISO 8601, UTC. */
export const time = z.iso.datetime()
const count = z.int()
const counts = z.record(z.string(), count)

const previewChange = z.strictObject({
  action: z.string(),
  personId: count,
  email: z.string(),
  attributes: z.array(z.string()),
  addLists: z.array(count),
  removeLists: z.array(count),
})

const previewPerson = z.strictObject({
  action: z.enum(['create', 'update']),
  personId: count.nullable(),
  contactId: count,
  email: z.string(),
  fields: z.array(
    z.strictObject({ name: z.string(), from: z.unknown(), to: z.unknown(), because: z.string() }),
  ),
  consent: z.string().nullable(),
})

const previewConflict = z.strictObject({
  personId: count,
  contactId: count,
  name: z.string(),
  inPipedrive: z.unknown(),
  inBrevo: z.unknown(),
  winner: z.enum(['pipedrive', 'brevo']),
  because: z.string(),
})

/** The accounting of a pass; every figure is counted by itself (rule R6.1). */
export const syncReport = z.strictObject({
  run: z.string(),
  mode: z.enum(['full', 'incremental']),
  dryRun: z.boolean(),
  status: z.enum(['complete', 'incomplete', 'paused']),
  startedAt: time,
  finishedAt: time,
  resumeAt: time.nullable(),
  reason: z.string().nullable(),
  contacts: z.strictObject({
    read: count,
    created: count,
    updated: count,
    unchanged: count,
    skipped: counts,
    failed: count,
  }),
  companies: z.strictObject({
    read: count,
    created: count,
    updated: count,
    unchanged: count,
    failed: count,
    waiting: count,
  }),
  lists: z.strictObject({ added: count, removed: count }),
  events: z.strictObject({ sent: count, no_contact: count, failed: count }),
  persons: z.strictObject({ created: count, updated: count, conflicts: count }),
  warnings: counts,
  requests: z.strictObject({
    pipedrive: z.strictObject({ count, tokens: z.number() }),
    brevo: z.strictObject({ count }),
  }),
  preview: z
    .strictObject({
      attributes: z.array(z.strictObject({ name: z.string(), type: z.string() })),
      lists: z.array(z.string()),
      changes: z.array(previewChange),
      persons: z.array(previewPerson),
      conflicts: z.array(previewConflict),
    })
    .exactOptional()
    .describe('Dry runs only'),
})

export const runProgress = z.strictObject({
  stage: z.enum(['check', 'read', 'project', 'deliver', 'verify', 'done']),
  what: z.string(),
  done: z.number(),
  total: z.number().nullable(),
})

/** How far a pass is. */
export type Progress = Readonly<z.output<typeof runProgress>>

export const checkReport = z.strictObject({
  status: z.enum(['ok', 'errors', 'paused']),
  items: z.array(
    z.strictObject({
      level: z.enum(['ok', 'fixed', 'warning', 'error']),
      subject: z.string(),
      message: z.string(),
      remedy: z.string().nullable(),
      location: z.string().nullable(),
    }),
  ),
})

const runSummary = z.strictObject({
  run: z.string(),
  mode: z.string(),
  dryRun: z.boolean(),
  status: z.string(),
  startedAt: time,
  finishedAt: time.nullable(),
  resumeAt: time.nullable(),
  reason: z.string().nullable(),
})

const syncMode = z.enum(['realtime', 'batch', 'hybrid'])
const vendor = z.enum(['pipedrive', 'brevo'])

export const liveReadings = z.strictObject({
  mode: syncMode,
  requests: z.array(z.strictObject({ vendor, status: z.string(), count })),
  deliveries: z.array(z.strictObject({ source: vendor, stored: count, duplicates: count })),
  budgets: z.array(
    z.strictObject({
      vendor,
      budget: z.string(),
      left: z.number().nullable(),
      limit: z.number().nullable(),
      renewedAt: time.nullable(),
    }),
  ),
  backlog: z.strictObject({
    inbox: count,
    dirty: count,
    outbox: count,
    edits: count,
    events: count,
    companies: count,
  }),
  backlogAgeSeconds: z.number(),
  lagSeconds: z.strictObject({ count, p50: z.number().nullable(), p99: z.number().nullable() }),
  events: z.strictObject({ sent: count, no_contact: count, failed: count, waiting: count }),
  failures: count,
  lastPollAt: time.nullable(),
  lastListingAt: time.nullable(),
  webhooksHealthy: z.boolean().nullable(),
  paused: z.strictObject({ reason: z.string(), until: time.nullable() }).nullable(),
})

/** The server lets the connection rest. */
export const hold = z.strictObject({
  heldAt: time,
  because: z.enum(['setup', 'person']).describe('`setup`: it is being set up and has not begun yet'),
})

export const statusReport = z.strictObject({
  connection: z.string(),
  store: z.string(),
  lastRun: runSummary.nullable(),
  runs: z.array(runSummary),
  persons: z.strictObject({
    live: count,
    withContact: count,
    inStep: count,
    failed: count,
    discarded: count,
  }),
  backlog: z.strictObject({
    inbox: count,
    dirty: count,
    outbox: count,
    edits: count,
    events: count,
    companies: count,
    oldestAt: time.nullable(),
  }),
  mode: syncMode,
  warnings: counts,
  listedAt: time.nullable(),
  live: liveReadings.nullable(),
  hold: hold.nullable(),
})

export const failureView = z.strictObject({
  id: z.string(),
  entity: z.string(),
  code: z.string(),
  disposition: z.enum(['retry', 'reject', 'pause']),
  message: z.string(),
  vendorMessage: z.string().nullable(),
  remedy: z.string(),
  attempts: count,
  discarded: z.boolean(),
  firstAt: time,
  lastAt: time,
})

export const failureCause = z.strictObject({
  code: z.string(),
  open: count,
  discarded: count,
  since: time,
  example: failureView,
})
