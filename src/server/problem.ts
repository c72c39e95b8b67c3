/** Refusals as problem documents (RFC 9457). They say what is wrong and never repeat what was sent. */
import { STATUS_CODES } from 'node:http'

export const PROBLEM_TYPE = 'application/problem+json'

export type Problem = {
  readonly status: number
  /** As in docs/errors.md. */
  readonly code: string
  readonly detail: string
  readonly headers?: Readonly<Record<string, string>>
}

/** Headers of every answer: nothing here may be kept by a cache or taken for another type. */
export const COMMON_HEADERS = { 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' } as const

export function problemHeaders({ headers }: Problem): Record<string, string> {
  return { ...COMMON_HEADERS, 'content-type': PROBLEM_TYPE, ...headers }
}

export function problemText({ status, code, detail }: Problem): string {
  return JSON.stringify({ type: 'about:blank', title: STATUS_CODES[status] ?? 'Error', status, detail, code })
}

export function methodProblem(method: string, allowed: string): Problem {
  return {
    status: 405,
    code: 'method_not_allowed',
    detail: `${method} is not answered here; ${allowed} is.`,
    headers: { allow: allowed },
  }
}
