/** Refusals as problem documents (RFC 9457). They say what is wrong and never repeat what was sent. */
import { STATUS_CODES } from 'node:http'
import type { Disposition, ErrorDetails } from '../base/error.ts'

export const PROBLEM_TYPE = 'application/problem+json'

export type Problem = {
  readonly status: number
  /** As in docs/errors.md. */
  readonly code: string
  readonly detail: string
  readonly headers?: Readonly<Record<string, string>>
  /** Of errors that the product threw: what its TajoError holds besides. */
  readonly more?: {
    readonly disposition: Disposition
    readonly details: ErrorDetails
    /** ISO 8601. */
    readonly notBefore: string | null
  }
}

/** Headers of every answer: nothing here may be kept by a cache or taken for another type. */
export const COMMON_HEADERS = { 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' } as const

export function problemHeaders({ headers }: Problem): Record<string, string> {
  return { ...COMMON_HEADERS, 'content-type': PROBLEM_TYPE, ...headers }
}

export function problemText({ status, code, detail, more }: Problem): string {
  return JSON.stringify({
    type: 'about:blank',
    title: STATUS_CODES[status] ?? 'Error',
    status,
    detail,
    code,
    ...more,
  })
}

export function methodProblem(method: string, allowed: string): Problem {
  return {
    status: 405,
    code: 'method_not_allowed',
    detail: `${method} is not answered here; ${allowed} is.`,
    headers: { allow: allowed },
  }
}
