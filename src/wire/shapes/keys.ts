/** The shape of an API key. Its secret is in the answer to `keys.create` and nowhere else. */
import { z } from 'zod'
import { time } from './run.ts'

export const scope = z
  .enum(['read', 'operate', 'admin'])
  .describe('`read` looks, `operate` also syncs and repairs, `admin` also changes access and data for good')

export const keyView = z.strictObject({
  id: z.string(),
  name: z.string(),
  scope,
  connection: z.string().nullable().describe('The only connection it opens; null: all'),
  state: z.enum(['valid', 'expired', 'revoked']),
  createdAt: time,
  expiresAt: time.nullable(),
  lastUsedAt: time.nullable().describe('To the minute'),
  revokedAt: time.nullable(),
})
