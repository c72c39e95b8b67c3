/** Shapes of one person explained: both sides, why they are as they are, and what Brevo was told. */
import { z } from 'zod'
import { failureView, time } from './run.ts'

const count = z.int()

const consent = z.enum(['subscribed', 'bounced', 'unsubscribed', 'complained'])

const reverseView = z.strictObject({
  conflict: z.enum(['newest', 'pipedrive', 'brevo']),
  lastChanged: z.strictObject({ pipedrive: time.nullable(), brevo: time.nullable() }),
  fields: z.array(
    z.strictObject({
      attribute: z.string(),
      way: z.enum(['both', 'to_pipedrive']),
      inPipedrive: z.unknown(),
      inBrevo: z.unknown(),
      agreed: z.unknown().optional(),
      outcome: z.enum(['same', 'to_brevo', 'to_pipedrive', 'left']),
      because: z.enum([
        'equal',
        'nothing_agreed_yet',
        'changed_in_pipedrive',
        'changed_in_brevo',
        'both_changed',
        'brevo_is_right',
        'not_usable',
        'cannot_be_turned_back',
        'required_in_pipedrive',
        'another_field_says_otherwise',
        'address_of_another_person',
        'stopped',
      ]),
      problem: z.string().nullable(),
      remedy: z.string().nullable(),
    }),
  ),
  consent: z.strictObject({
    field: z.string().nullable(),
    inPipedrive: z.string().nullable(),
    next: consent.nullable(),
    emailBlocked: z.boolean().nullable(),
    blockedBy: z.string().nullable(),
  }),
  edit: z
    .strictObject({
      state: z.enum(['pending', 'sent', 'failed', 'settled']),
      fields: z.array(z.string()),
      consent: consent.nullable(),
      attempts: count,
      plannedAt: time,
      notBefore: time.nullable(),
    })
    .nullable(),
  stopped: z.array(z.string()),
  failure: failureView.nullable(),
})

export const explanation = z.strictObject({
  personId: count,
  email: z.string().nullable(),
  verdict: z.string(),
  outcome: z.enum([
    'in_step',
    'waiting',
    'no_email',
    'invalid_email',
    'erased',
    'same_email',
    'failed',
    'discarded',
    'deleted',
    'deleted_in_brevo',
  ]),
  source: z.record(z.string(), z.unknown()),
  cluster: z.array(z.strictObject({ personId: count, name: z.string(), lead: z.boolean() })),
  contactId: count.nullable(),
  fields: z.array(
    z.strictObject({
      attribute: z.string(),
      source: z.string(),
      wanted: z.unknown(),
      inBrevo: z.unknown(),
      state: z.string(),
    }),
  ),
  lists: z.array(
    z.strictObject({
      listId: count,
      name: z.string().nullable(),
      because: z.array(z.string()),
      member: z.boolean(),
      ours: z.boolean(),
    }),
  ),
  consent: z.strictObject({ emailBlocked: z.boolean().nullable(), smsBlocked: z.boolean().nullable() }),
  warnings: z.array(z.strictObject({ code: z.string(), detail: z.string() })),
  failure: failureView.nullable(),
  pending: z.array(z.strictObject({ action: z.string(), state: z.string() })),
  events: z
    .array(
      z.strictObject({
        name: z.string().nullable().describe('In Brevo; null: it has not been named yet'),
        entity: z.string(),
        recordId: z.string(),
        action: z.string(),
        occurredAt: time,
        sentAt: time.nullable(),
        state: z.enum(['waiting', 'sent', 'done', 'no_contact', 'unwanted', 'failed']),
      }),
    )
    .describe('The newest first, at most fifty'),
  reverse: reverseView.nullable(),
})
