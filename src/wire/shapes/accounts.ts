/** Shapes of the two accounts and their webhooks. No credential is ever in them. */
import { z } from 'zod'

const vendor = z.enum(['pipedrive', 'brevo'])

export const connectorView = z.strictObject({
  name: vendor,
  credentials: z.enum(['configuration', 'stored', 'none']),
  apiUrl: z.string().nullable(),
  state: z.enum(['untested', 'ok', 'refused', 'unreachable']),
  detail: z.string(),
})

export const webhookReport = z.strictObject({
  mode: z.enum(['register', 'look', 'remove']),
  status: z.enum(['complete', 'incomplete']),
  publicUrl: z.string().nullable(),
  items: z.array(
    z.strictObject({
      vendor,
      id: z.int().nullable(),
      object: z.string().nullable(),
      events: z.array(z.string()),
      url: z.string().nullable(),
      state: z.enum([
        'ok',
        'created',
        'updated',
        'removed',
        'missing',
        'duplicate',
        'disabled',
        'outdated',
        'foreign',
        'refused',
      ]),
      code: z.string().nullable(),
      message: z.string(),
      remedy: z.string().nullable(),
    }),
  ),
  warnings: z.array(z.strictObject({ vendor, code: z.string(), message: z.string(), remedy: z.string() })),
})

export const disconnection = z.strictObject({
  forgotten: z.boolean(),
  webhooks: webhookReport.nullable(),
  revoked: z.boolean().nullable(),
})

export const authorisation = z.strictObject({
  id: z.string(),
  url: z.string(),
  redirectUri: z.string(),
  expiresAt: z.string(),
  served: z.boolean(),
})

export const secretRotation = z.strictObject({
  resealed: z.int(),
  resumed: z.boolean(),
  key: z.enum(['file', 'environment']),
})

export const webhookReceipt = z.strictObject({
  state: z.enum(['done', 'queued', 'waiting']),
  reason: z.string().nullable(),
})
