/** One POST to a webhook's URL, with what its owner asked to be sent along. Decides nothing about retries. */
import { type Clock, systemClock } from '../../base/clock.ts'
import type { Webhook } from './webhook-store.ts'

/** The network lives in real time: a clock that leaps leaves every answer at least this long to arrive. */
const LEAST_REAL_MS = 500

/** The status, or null when there was no connection or no answer within `timeoutMs`. Rejects when `signal` is aborted. */
export async function postWebhook(
  webhook: Webhook,
  body: unknown,
  { clock, timeoutMs, signal }: { clock: Clock; timeoutMs: number; signal: AbortSignal },
): Promise<number | null> {
  const answered = new AbortController()
  const timeUp = new AbortController()
  const waiting = passed(timeoutMs, clock, AbortSignal.any([signal, answered.signal])).then(
    () => timeUp.abort(),
    () => undefined,
  )
  const { url, headers } = addressOf(webhook)
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers,
      body: JSON.stringify(body),
      redirect: 'manual',
      signal: AbortSignal.any([signal, timeUp.signal]),
    })
    await response.arrayBuffer()
    return response.status
  } catch {
    // Whatever kept the answer away, the vendor only knows that there was none.
    signal.throwIfAborted()
    return null
  } finally {
    answered.abort()
    await waiting
  }
}

async function passed(timeoutMs: number, clock: Clock, signal: AbortSignal): Promise<void> {
  const startedAt = performance.now()
  await clock.sleep(timeoutMs, signal)
  const realMs = performance.now() - startedAt
  await systemClock.sleep(Math.min(timeoutMs, LEAST_REAL_MS) - realMs, signal)
}

/** User and password in the URL become Basic, the bearer token goes before them (https://developers.brevo.com/docs/secured-webhooks). */
function addressOf(webhook: Webhook): { url: URL; headers: Headers } {
  const url = new URL(webhook.url)
  const headers = new Headers({ 'content-type': 'application/json' })
  for (const { key, value } of webhook.headers) headers.set(key, value)
  if (url.username !== '' || url.password !== '') {
    const userAndPassword = `${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`
    headers.set('authorization', `Basic ${Buffer.from(userAndPassword).toString('base64')}`)
    url.username = ''
    url.password = ''
  }
  if (webhook.auth) headers.set('authorization', `Bearer ${webhook.auth.token}`)
  return { url, headers }
}
