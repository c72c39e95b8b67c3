/** A refusal as the page shows it: the problem document of the server (RFC 9457), or what stood in its way. */

export class Problem extends Error {
  readonly code: string
  readonly status: number

  constructor({ code, status, detail }: { code: string; status: number; detail: string }) {
    super(detail)
    this.name = 'Problem'
    this.code = code
    this.status = status
  }
}

/** The server could not be reached at all. Its words are the page's own, by code. */
export const UNREACHABLE = 'page_server_unreachable'
/** An answer that is none of Tajo's: a proxy in between, or another version. */
export const UNREADABLE = 'page_answer_unreadable'

/** Whether there was no server to answer: nobody at all, or a proxy that says so. */
export function isLost({ code, status }: Pick<Problem, 'code' | 'status'>): boolean {
  return code === UNREACHABLE || (code === UNREADABLE && status >= 502 && status <= 504)
}

export function toProblem(thrown: unknown): Problem {
  if (thrown instanceof Problem) return thrown
  const detail = thrown instanceof Error ? thrown.message : String(thrown)
  return new Problem({ code: UNREACHABLE, status: 0, detail })
}

/** What a body that is no success says. */
export function readProblem(status: number, body: unknown): Problem {
  const { code, detail, message } = isRecord(body) ? body : {}
  return new Problem({
    code: typeof code === 'string' ? code : UNREADABLE,
    status,
    detail: [detail, message].find((text) => typeof text === 'string') ?? `HTTP ${status}`,
  })
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null
}
