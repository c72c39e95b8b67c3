/** Shapes of one person's data, and of duplicates. */
import { z } from 'zod'
import { time } from './run.ts'

const row = z.record(z.string(), z.unknown())
const ids = z.array(z.int())

export const personExport = z.strictObject({
  email: z.string(),
  exportedAt: time,
  found: z.boolean(),
  incomplete: z.array(z.strictObject({ part: z.string(), code: z.string(), message: z.string() })),
  erased: z.boolean(),
  pipedrive: z.strictObject({
    persons: z.array(z.unknown()),
    deals: z.array(z.unknown()),
    activities: z.array(z.unknown()),
    leads: z.array(z.unknown()),
    notes: z.array(z.unknown()),
  }),
  brevo: z.strictObject({
    contacts: z.array(
      z.strictObject({
        contact: z.unknown(),
        lists: z.array(z.strictObject({ id: z.int(), name: z.string().nullable() })),
        campaignStats: z.array(z.unknown()),
        events: z.array(z.unknown()),
      }),
    ),
  }),
  store: z.record(z.string(), z.array(row)),
})

/** Ids and counts only. */
export const erasure = z.strictObject({
  dryRun: z.boolean(),
  addresses: z.int(),
  brevo: z.strictObject({ contactIds: ids }),
  pipedrive: z.strictObject({ personIds: ids, deleted: z.boolean() }),
  sharedWith: ids,
  store: z.record(z.string(), z.int()),
})

export const allowance = z.strictObject({ lifted: z.boolean(), personIds: ids })

export const survivorRule = z.enum(['lead', 'oldest', 'most_deals'])
const reason = z.enum(['same_email', 'shared_address', 'same_phone_and_name'])

const duplicateCluster = z.strictObject({
  kind: z.enum(['same_email', 'suggestion']),
  because: z.array(reason),
  shared: z.array(z.string()),
  namesDiffer: z.boolean(),
  survivorId: z.int(),
  persons: z.array(
    z.strictObject({
      personId: z.int(),
      name: z.string().nullable(),
      email: z.string().nullable(),
      phone: z.string().nullable(),
      organizationId: z.int().nullable(),
      deals: z.strictObject({ open: z.int(), won: z.int(), lost: z.int() }),
      addedAt: z.string().nullable(),
      updatedAt: z.string().nullable(),
    }),
  ),
  gains: z.array(
    z.strictObject({ field: z.string(), name: z.string(), value: z.string(), fromPersonId: z.int() }),
  ),
  losses: z.array(
    z.strictObject({
      field: z.string(),
      name: z.string(),
      kept: z.string(),
      lost: z.string(),
      fromPersonId: z.int(),
    }),
  ),
  failed: z.array(z.strictObject({ loserId: z.int(), message: z.string(), at: z.string().nullable() })),
})

export const duplicateReport = z.strictObject({
  survivor: survivorRule,
  listedAt: time.nullable(),
  clusters: z.array(duplicateCluster),
  suggestionCount: z.int(),
  suggestions: z.array(duplicateCluster),
})

export const plannedMerge = z.strictObject({
  loserId: z.int(),
  survivorId: z.int(),
  because: z.array(reason),
})

export const mergePlan = z.strictObject({
  survivor: survivorRule,
  clusters: z.array(duplicateCluster),
  merges: z.array(plannedMerge),
  more: z.int(),
  forecast: z.strictObject({
    tokens: z.number(),
    remaining: z.number().nullable(),
    fits: z.boolean().nullable(),
    days: z.number().nullable(),
    resetsAt: z.string(),
  }),
})

export const mergeReport = z.strictObject({
  status: z.enum(['complete', 'incomplete', 'paused']),
  merged: z.int(),
  skipped: z.int(),
  failed: z.int(),
  left: z.int(),
  items: z.array(
    z.strictObject({
      loserId: z.int(),
      survivorId: z.int(),
      state: z.enum(['merged', 'skipped', 'failed', 'left']),
      message: z.string().nullable(),
    }),
  ),
  reason: z.string().nullable(),
  resumeAt: z.string().nullable(),
  requests: z.strictObject({ count: z.int(), tokens: z.number() }),
  follows: z.enum(['server', 'sync']),
})
