/** What a route of one's own hands over, as JSON. It does not judge what that says. */
import { TajoError } from '../base/error.ts'
import type { Params } from './shapes.ts'

/** What your program knows of a change in Pipedrive. The record is read again whatever this says of it. */
export type TopicMessage = {
  /** A record and what happened to it: `deal.stage_changed`, `person.updated`, `activity.added`. */
  readonly topic: string
  /** At least the id: `dealId`, `personId`, `organizationId`, `activityId`, `leadId`, or `id`. */
  readonly payload: object
}

type Body = Params<'webhooks.receive'>['body']

/** A topic, or a body of the service as it came: parsed or as text, one or an array of them. */
export type WebhookInput = TopicMessage | object | readonly object[] | string | Uint8Array

/** Throws `webhook_not_json`. */
export function readWebhookInput(input: WebhookInput): Body {
  const value: unknown =
    typeof input === 'string' ? parse(input) : input instanceof Uint8Array ? parse(decode(input)) : input
  if (typeof value !== 'object' || value === null) throw notJson()
  return value as Body
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    throw notJson(error)
  }
}

function decode(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes)
}

function notJson(cause?: unknown): TajoError {
  return new TajoError({
    code: 'webhook_not_json',
    disposition: 'reject',
    message:
      'The body of the webhook is no JSON object or array. With Express, express.json() has to come before the route.',
    cause,
  })
}
