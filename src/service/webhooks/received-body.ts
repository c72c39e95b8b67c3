/** What a program of somebody's own hands over, as the text that the inbox keeps. It refuses what is neither vendor's nor ours. */
import { randomUUID } from 'node:crypto'
import { TajoError } from '../../base/error.ts'
import { isJsonObject } from '../../base/json.ts'
import { readTopic } from '../../sync/index.ts'
import type { InboxSource } from '../live-face.ts'

/** Throws `webhook_not_understood` for what nobody can have sent. A vendor's body is kept whatever it says. */
export function receivedText(source: InboxSource, body: unknown): string {
  if (source === 'brevo' || Array.isArray(body) || !isJsonObject(body)) return JSON.stringify(body)
  if (!('topic' in body)) {
    if (isJsonObject(body.meta)) return JSON.stringify(body)
    throw notUnderstood('it has neither the meta of a webhook of Pipedrive nor a topic with a payload')
  }
  try {
    readTopic(body)
  } catch (error) {
    throw notUnderstood((error as Error).message, error)
  }
  // The same words a second time are news again: a deal may move there, back, and there once more.
  return JSON.stringify({ ...body, id: randomUUID() })
}

function notUnderstood(why: string, cause?: unknown): TajoError {
  return new TajoError({
    code: 'webhook_not_understood',
    disposition: 'reject',
    message: `This is nothing that a webhook says: ${why}. Hand over the body as it came, or { topic: 'deal.stage_changed', payload: { dealId } }.`,
    cause,
  })
}
