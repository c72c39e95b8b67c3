/** Asks the server for an operation of the wire, as one answer or with word of how far it is. It keeps nothing. */
import { operations } from 'virtual:operations'
import type { OperationName, ParamsGivenOf, ResultOf } from '../../../src/wire/index.ts'
import { type Target, toRequest } from './address.ts'
import { readEvents } from './event-stream.ts'
import { Problem, readProblem, toProblem, UNREADABLE } from './problem.ts'

export type Progress = {
  readonly stage: string
  readonly what: string
  readonly done: number
  readonly total: number | null
}

export type Following = {
  readonly onProgress?: (progress: Progress) => void
  readonly onNotice?: (text: string) => void
  readonly signal?: AbortSignal
}

type SentOptions = {
  readonly method: string
  readonly body?: string | null
  readonly signal?: AbortSignal | undefined
  readonly accept?: string
  readonly lastEventId?: string | null
}

/** The page may be served below another path; the interface is always beside it. */
export async function send(
  url: string,
  { method, body = null, signal, accept = 'application/json', lastEventId = null }: SentOptions,
): Promise<Response> {
  const headers: Record<string, string> = { accept }
  if (method !== 'GET') headers['x-tajo-request'] = '1'
  if (lastEventId !== null) headers['last-event-id'] = lastEventId
  if (body !== null) headers['content-type'] = 'application/json'
  try {
    return await fetch(url, { method, headers, body, credentials: 'same-origin', ...(signal && { signal }) })
  } catch (thrown) {
    if (signal?.aborted) throw thrown
    throw toProblem(thrown)
  }
}

export async function readAnswer(response: Response): Promise<unknown> {
  const text = await response.text()
  let body: unknown
  try {
    body = text === '' ? null : JSON.parse(text)
  } catch {
    throw new Problem({ code: UNREADABLE, status: response.status, detail: `HTTP ${response.status}` })
  }
  if (!response.ok) throw readProblem(response.status, body)
  return body
}

/** The table has every operation that its type names. */
function targetOf(name: OperationName): Target {
  return operations[name] as Target
}

export async function call<N extends OperationName>(
  name: N,
  params: ParamsGivenOf<N>,
  connection: string | null,
  signal?: AbortSignal,
): Promise<ResultOf<N>> {
  const { url, ...request } = toRequest(targetOf(name), params, connection)
  return (await readAnswer(await send(url, { ...request, signal }))) as ResultOf<N>
}

/** The same, told how far it is while it lasts. */
export async function follow<N extends OperationName>(
  name: N,
  params: ParamsGivenOf<N>,
  connection: string | null,
  { onProgress, onNotice, signal }: Following,
): Promise<ResultOf<N>> {
  const { url, ...request } = toRequest(targetOf(name), params, connection)
  const response = await send(url, { ...request, signal, accept: 'text/event-stream' })
  const streams = response.headers.get('content-type')?.startsWith('text/event-stream') ?? false
  if (!response.ok || !streams || response.body === null) return (await readAnswer(response)) as ResultOf<N>
  try {
    for await (const { event, data } of readEvents(response.body)) {
      const told: unknown = JSON.parse(data)
      if (event === 'progress') onProgress?.(told as Progress)
      else if (event === 'notice') onNotice?.(textOf(told))
      else if (event === 'problem') throw readProblem(response.status, told)
      else if (event === 'result') return told as ResultOf<N>
    }
  } catch (thrown) {
    // A line that breaks in the middle.
    if (signal?.aborted || thrown instanceof Problem) throw thrown
    throw toProblem(thrown)
  }
  throw toProblem(new Error(name))
}

function textOf(told: unknown): string {
  return typeof told === 'string' ? told : String((told as { text?: unknown }).text ?? '')
}
