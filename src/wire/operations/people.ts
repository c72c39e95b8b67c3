/** One person's data, and persons that are the same human being. */
import { z } from 'zod'
import { defineOperations } from '../operation.ts'
import {
  allowance,
  duplicateReport,
  erasure,
  mergePlan,
  mergeReport,
  personExport,
  plannedMerge,
  survivorRule,
} from '../shapes/people.ts'

const email = z.string()

const personIds = z.array(z.int())

export const peopleOperations = defineOperations({
  'privacy.export': {
    method: 'POST',
    path: '/privacy/export',
    scope: 'admin',
    summary: 'Everything held about one person, on both sides and in the store',
    params: z.strictObject({ email }),
    result: personExport,
    repeatable: true,
  },
  'privacy.erase': {
    method: 'POST',
    path: '/privacy/erase',
    scope: 'admin',
    summary: 'Removes a person from Brevo and the store, and keeps the person away from then on',
    params: z.strictObject({
      email,
      pipedrive: z.boolean().exactOptional(),
      dryRun: z.boolean().exactOptional(),
    }),
    result: erasure,
  },
  'privacy.allow': {
    method: 'POST',
    path: '/privacy/allow',
    scope: 'admin',
    summary: 'Lets a person be synced again that was erased',
    params: z.strictObject({ email }),
    result: allowance,
    repeatable: true,
  },
  'dedupe.list': {
    method: 'GET',
    path: '/duplicates',
    scope: 'read',
    summary: 'Persons that share an address, who would survive a merge, and what would be lost',
    params: z.strictObject({
      survivor: survivorRule.exactOptional(),
      suggestions: z.boolean().exactOptional(),
    }),
    result: duplicateReport,
  },
  'dedupe.plan': {
    method: 'POST',
    path: '/duplicates/plan',
    scope: 'operate',
    summary: 'What merging would do, and what it costs; merges nobody',
    params: z.strictObject({
      survivor: survivorRule.exactOptional(),
      only: personIds.exactOptional(),
      include: personIds.exactOptional(),
    }),
    result: mergePlan,
    repeatable: true,
  },
  'dedupe.merge': {
    method: 'POST',
    path: '/duplicates/merge',
    scope: 'admin',
    summary: 'Merges persons in Pipedrive, for good, one after the other',
    params: z.strictObject({ merges: z.array(plannedMerge) }),
    result: mergeReport,
    progress: true,
  },
})
