/** What a server answered: a result, a problem document (RFC 9457), or events until one of the two comes. */
import type { Disposition, ErrorDetails } from '../base/error.ts'
import { TajoError } from '../base/error.ts'
import { isJsonObject, type Json } from '../base/json.ts'
import type { ProgressOptions } from './caller.ts'
import { readEvents } from './event-stream.ts'
import { TajoApiError } from './tajo-api-error.ts'

type AnswerOptions = Pick<ProgressOptions, 'onProgress' | 'onNotice'> & {
  readonly name: string
  /** The server is there: something of the answer has arrived. */
  readonly onSign: () => void
}

/** Throws TajoApiError for a problem, `answer_invalid` for what is neither, and the network's error where it breaks off. */
export async function readAnswer(response: Response, options: AnswerOptions): Promise<unknown> {
  const type = response.headers.get('content-type') ?? ''
  if (response.ok && type.startsWith('text/event-stream')) return readStreamed(response, options)
  const text = await response.text()
  const body = parse(text)
  if (!response.ok) throw toProblemError(response.status, body, response.headers.get('retry-after'))
  if (body === undefined || !/\bjson\b/.test(type)) throw invalidAnswer(options.name, response.status)
  return body
}

async function readStreamed(
  response: Response,
  { name, onSign, onProgress, onNotice }: AnswerOptions,
): Promise<unknown> {
  if (response.body === null) throw invalidAnswer(name, response.status)
  for await (const { event, data } of readEvents(response.body, onSign)) {
    const value = parse(data)
    if (value === undefined) throw invalidAnswer(name, response.status)
    if (event === 'progress') onProgress?.(value as never)
    else if (event === 'notice' && isJsonObject(value)) onNotice?.(String(value.text))
    else if (event === 'problem')
      throw toProblemError(isJsonObject(value) ? Number(value.status) : 500, value, null)
    else if (event === 'result') return value
  }
  throw new TajoError({
    code: 'server_no_answer',
    disposition: 'retry',
    message: `The server ended its answer to ${name} before the result. What it had done is kept.`,
  })
}

/** A proxy in between answers without a problem document. */
export function toProblemError(
  status: number,
  body: Json | undefined,
  retryAfter: string | null,
): TajoApiError {
  const problem = isJsonObject(body) ? body : {}
  const { code, detail, disposition, details, notBefore } = problem
  const until = timeOf(notBefore) ?? afterSeconds(retryAfter)
  return new TajoApiError({
    status,
    code: typeof code === 'string' ? code : 'answer_invalid',
    message:
      typeof detail === 'string'
        ? detail
        : `The server, or something in between, answered with status ${status} and no explanation. Look whether baseUrl (TAJO_URL) is the address of a Tajo server.`,
    disposition: isDisposition(disposition) ? disposition : dispositionOf(status),
    details: isJsonObject(details) ? (details as ErrorDetails) : {},
    ...(until === null ? {} : { notBefore: until }),
  })
}

function invalidAnswer(name: string, status: number): TajoApiError {
  return new TajoApiError({
    status,
    code: 'answer_invalid',
    message: `The answer to ${name} is no JSON. Look whether baseUrl (TAJO_URL) is the address of a Tajo server, and for a proxy in between.`,
  })
}

function isDisposition(value: unknown): value is Disposition {
  return value === 'retry' || value === 'reject' || value === 'pause'
}

function dispositionOf(status: number): Disposition {
  if (status === 429 || status >= 500) return 'retry'
  return status === 401 || status === 403 ? 'pause' : 'reject'
}

function timeOf(value: unknown): Date | null {
  const date = typeof value === 'string' ? new Date(value) : null
  return date === null || Number.isNaN(date.getTime()) ? null : date
}

/** Seconds or a date (RFC 9110, 10.2.3). */
function afterSeconds(header: string | null): Date | null {
  if (header === null) return null
  return /^\d+$/.test(header.trim()) ? new Date(Date.now() + Number(header) * 1_000) : timeOf(header)
}

function parse(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json
  } catch {
    return undefined
  }
}
