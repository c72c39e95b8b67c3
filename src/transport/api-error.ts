/** The one error that a vendor call ends in. Carries facts about the call, never a header, a query or a credential. */
import { type Disposition, type ErrorDetails, TajoError } from '../base/error.ts'

/** `no`: the vendor surely did not act on the request; `maybe`: it may have acted on it. */
export type Applied = 'no' | 'maybe'

export type ApiErrorOptions = {
  /** `pipedrive`, `brevo`, ... */
  vendor: string
  code: string
  message: string
  disposition: Disposition
  method: string
  /** Without query; parts that may hold personal data stand as `{name}`. */
  path: string
  /** 0 when no answer came. */
  status: number
  /** The service's own error code, where it sent one. */
  vendorCode?: string | null
  /** The service's own words, trimmed to 500 characters and freed of credentials. */
  vendorMessage?: string | null
  /** The service's own structured facts (Brevo: `metadata`). */
  metadata?: unknown
  requestId?: string | null
  attempts?: number
  applied: Applied
  notBefore?: Date | undefined
  details?: ErrorDetails
  cause?: unknown
}

export class ApiError extends TajoError {
  readonly vendor: string
  readonly method: string
  readonly path: string
  readonly status: number
  readonly vendorCode: string | null
  readonly vendorMessage: string | null
  readonly metadata: unknown
  readonly requestId: string | null
  /** How often the request was sent before this was given up. */
  readonly attempts: number
  readonly applied: Applied

  constructor(options: ApiErrorOptions) {
    super({
      code: options.code,
      message: options.message,
      disposition: options.disposition,
      details: {
        ...options.details,
        method: options.method,
        path: options.path,
        status: options.status,
        attempts: options.attempts ?? 1,
        applied: options.applied,
      },
      ...(options.notBefore ? { notBefore: options.notBefore } : {}),
      ...(options.cause === undefined ? {} : { cause: options.cause }),
    })
    this.vendor = options.vendor
    this.method = options.method
    this.path = options.path
    this.status = options.status
    this.vendorCode = options.vendorCode ?? null
    this.vendorMessage = options.vendorMessage ?? null
    this.metadata = options.metadata ?? null
    this.requestId = options.requestId ?? null
    this.attempts = options.attempts ?? 1
    this.applied = options.applied
  }
}
