/** Which status an error of the product is answered with. Foreign errors are a 500 without their words. */
import { TajoError } from '../../base/error.ts'
import type { Problem } from '../problem.ts'

/** Where nothing says how long it takes. */
const RETRY_SECONDS = 30

/** What the disposition alone does not say. */
const STATUS: Readonly<Record<string, number>> = {
  request_invalid: 400,
  request_unknown: 404,
  person_unknown: 404,
  connection_unknown: 404,
  connection_unnamed: 404,
  connection_exists: 409,
  connection_in_file: 409,
  settings_changed: 409,
  settings_nothing_to_undo: 409,
  attribute_exists: 409,
  list_exists: 409,
  key_unknown: 404,
  skill_unknown: 404,
  key_name_taken: 409,
  connection_busy: 409,
  server_running: 409,
  server_gone: 503,
  brevo_limited: 429,
  pipedrive_limited: 429,
  pipedrive_budget_spent: 429,
  pipedrive_budget_reserved: 429,
}

/**
 * `retry`: 503, it may work later. `pause` until a time: 503 too. `pause` until somebody acts, and `reject`: 422, since
 * the same request will not work as things are.
 */
export function toProblem(thrown: unknown, now: Date = new Date()): Problem {
  if (!(thrown instanceof TajoError)) {
    return {
      status: 500,
      code: 'request_failed',
      detail: 'Tajo met something it does not know; its log says where.',
    }
  }
  const { code, message, disposition, details, notBefore } = thrown
  const status = statusOf(thrown)
  const seconds =
    notBefore === undefined
      ? RETRY_SECONDS
      : Math.max(1, Math.ceil((notBefore.getTime() - now.getTime()) / 1_000))
  return {
    status,
    code,
    detail: message,
    ...(status === 429 || status === 503 ? { headers: { 'retry-after': String(seconds) } } : {}),
    more: { disposition, details, notBefore: notBefore?.toISOString() ?? null },
  }
}

function statusOf({ code, disposition, notBefore }: TajoError): number {
  const known = STATUS[code]
  if (known !== undefined) return known
  if (code.startsWith('store_')) return 503
  if (disposition === 'retry') return 503
  return disposition === 'pause' && notBefore !== undefined ? 503 : 422
}
