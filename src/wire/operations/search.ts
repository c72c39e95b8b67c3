/** Finding records in Pipedrive. */
import { z } from 'zod'
import { defineOperations } from '../operation.ts'

const type = z.enum(['person', 'deal', 'organization', 'lead'])

export const searchOperations = defineOperations({
  'search.run': {
    method: 'GET',
    path: '/search',
    scope: 'read',
    summary: 'Finds persons, deals, organizations and leads in Pipedrive (20 tokens)',
    params: z.strictObject({
      term: z.string().min(1).describe('Two characters at least, one with `exact`'),
      types: z.array(type).exactOptional(),
      exact: z.boolean().exactOptional(),
      limit: z.int().min(1).max(100).exactOptional(),
    }),
    result: z.strictObject({
      hits: z.array(
        z.strictObject({
          type,
          id: z.string(),
          title: z.string().nullable(),
          emails: z.array(z.string()),
          organization: z.string().nullable(),
          contactId: z.int().nullable(),
        }),
      ),
      more: z.boolean(),
    }),
  },
})
