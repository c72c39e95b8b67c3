/** Writes an answer without a framework, also to senders that have not finished sending. It decides nothing. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import { COMMON_HEADERS, type Problem, problemHeaders, problemText } from './problem.ts'

/**
 * A sender that is refused half-way is listened to a little longer before the connection is closed: closing at once
 * would throw away the answer with the bytes that nobody read. Bytes and milliseconds.
 */
const LINGER_BYTES = 4 * 1024 * 1024
const LINGER_MS = 1_000

const EMPTY = { ...COMMON_HEADERS, 'content-length': '0' }

/** 200 without a body. */
export function sendEmpty(response: ServerResponse): void {
  response.writeHead(200, EMPTY).end()
}

export function sendJson(response: ServerResponse, status: number, value: unknown): void {
  const text = JSON.stringify(value)
  const headers = { 'content-type': 'application/json', 'content-length': String(Buffer.byteLength(text)) }
  response.writeHead(status, { ...COMMON_HEADERS, ...headers }).end(text)
}

export function sendProblem(request: IncomingMessage, response: ServerResponse, problem: Problem): void {
  const text = problemText(problem)
  const headers = { ...problemHeaders(problem), 'content-length': String(Buffer.byteLength(text)) }
  if (isWhole(request)) {
    response.writeHead(problem.status, headers).end(text)
    return
  }
  response.writeHead(problem.status, { ...headers, connection: 'close' }).write(text)
  discardRest(request, () => response.end())
}

function isWhole(request: IncomingMessage): boolean {
  if (request.complete) return true
  const { 'content-length': length, 'transfer-encoding': coding } = request.headers
  return coding === undefined && (length === undefined || length === '0')
}

function discardRest(request: IncomingMessage, then: () => void): void {
  let left = LINGER_BYTES
  const end = (): void => {
    clearTimeout(timer)
    request.off('data', discard).off('end', end).off('close', end)
    request.pause()
    then()
  }
  const discard = (chunk: Buffer): void => {
    left -= chunk.length
    if (left < 0) end()
  }
  const timer = setTimeout(end, LINGER_MS)
  request.on('data', discard).once('end', end).once('close', end)
  request.resume()
}
