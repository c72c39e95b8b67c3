/** Passes, checks, and how things stand. */
import { z } from 'zod'
import { defineOperations } from '../operation.ts'
import { explanation } from '../shapes/explanation.ts'
import { checkReport, statusReport, syncReport } from '../shapes/run.ts'

export const pass = { full: z.boolean().exactOptional(), dryRun: z.boolean().exactOptional() }

export const runOperations = defineOperations({
  'sync.run': {
    method: 'POST',
    path: '/sync',
    scope: 'operate',
    summary: 'One pass over both accounts',
    params: z.strictObject(pass),
    result: syncReport,
    progress: true,
  },
  'check.run': {
    method: 'POST',
    path: '/check',
    scope: 'operate',
    summary: 'Compares the configuration with both accounts; with `fix`, creates what is missing',
    params: z.strictObject({ fix: z.boolean().default(false) }),
    result: checkReport,
  },
  'status.read': {
    method: 'GET',
    path: '/status',
    scope: 'read',
    summary: 'Whether both are in step, what waits, and the last runs',
    params: z.strictObject({}),
    result: statusReport,
  },
  'contacts.find': {
    method: 'GET',
    path: '/contacts',
    scope: 'read',
    summary: 'Persons by a piece of their name or address, from the store',
    params: z.strictObject({
      text: z.string().trim().min(1).max(200),
      limit: z.int().min(1).max(100).exactOptional(),
    }),
    result: z.strictObject({
      hits: z.array(
        z.strictObject({
          personId: z.int(),
          name: z.string(),
          email: z.string().nullable(),
          contactId: z.int().nullable(),
        }),
      ),
      more: z.boolean(),
    }),
  },
  'contacts.explain': {
    method: 'POST',
    path: '/contacts/explain',
    scope: 'read',
    summary: 'One person: the record, the contact, and why they are as they are',
    params: z.strictObject({ subject: z.string().describe('A Pipedrive person id, or an e-mail address') }),
    result: explanation,
    repeatable: true,
  },
})
