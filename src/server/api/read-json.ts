/** The body of a request as one JSON object of bounded size. It looks at nothing inside. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Problem } from '../problem.ts'
import { type BodyMemory, readBody } from '../read-body.ts'

export type JsonLimits = {
  /** The most one body may have, bytes. */
  readonly bodyBytes: number
  readonly memory: BodyMemory
}

/** `gone`: the sender went away. */
export type JsonRead = { readonly body: Readonly<Record<string, unknown>> } | Problem | 'gone'

const CROWDED_SECONDS = 10
const JSON_TYPE = /^application\/json\s*(;|$)/i

/** No body at all is an empty object. */
export async function readJson(
  { bodyBytes, memory }: JsonLimits,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<JsonRead> {
  const { headers } = request
  const length = Number(headers['content-length'] ?? 0)
  if (length > bodyBytes) return tooLarge(bodyBytes)
  if (headers['transfer-encoding'] === undefined && length === 0) return { body: {} }
  if (!JSON_TYPE.test(headers['content-type'] ?? '')) return wrongType()
  if (headers.expect?.toLowerCase() === '100-continue') response.writeContinue()
  const read = await readBody(request, bodyBytes, memory)
  switch (read.kind) {
    case 'cut':
      return 'gone'
    case 'too_large':
      return tooLarge(bodyBytes)
    case 'crowded':
      return crowded()
  }
  memory.usedBytes -= read.bytes
  return toObject(read.text)
}

function toObject(text: string): JsonRead {
  if (text.trim() === '') return { body: {} }
  try {
    const value: unknown = JSON.parse(text)
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return { body: { ...value } }
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
  }
  return { status: 400, code: 'body_not_json', detail: 'The body is no JSON object with the parameters.' }
}

function wrongType(): Problem {
  return {
    status: 415,
    code: 'content_type_wrong',
    detail: 'The body has to be JSON: "Content-Type: application/json".',
    headers: { accept: 'application/json' },
  }
}

function tooLarge(bodyBytes: number): Problem {
  return { status: 413, code: 'body_too_large', detail: `A body may have ${bodyBytes} bytes at most.` }
}

function crowded(): Problem {
  return {
    status: 429,
    code: 'server_crowded',
    detail: 'Too much arrives at once; ask again.',
    headers: { 'retry-after': String(CROWDED_SECONDS) },
  }
}
