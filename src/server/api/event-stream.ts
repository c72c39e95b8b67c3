/** Server-sent events on one answer. Memory is bounded: what may be left out is, and whoever reads too slowly is cut off. */
import type { ServerResponse } from 'node:http'
import { COMMON_HEADERS } from '../problem.ts'

export type EventStream = {
  /** Always sent. */
  send(event: string, data: unknown, id?: string): void
  /** Left out while the reader is behind: only the latest of these is worth anything. */
  sendIfIdle(event: string, data: unknown): void
  end(): void
}

const HEARTBEAT_MS = 15_000
const MOST_BEHIND_BYTES = 64_000
/** More than the longest event has. A reader that is so far behind comes again and says where it was. */
const MOST_UNREAD_BYTES = 8_000_000

export function openEventStream(
  response: ServerResponse,
  { mostUnreadBytes = MOST_UNREAD_BYTES }: { mostUnreadBytes?: number } = {},
): EventStream {
  // nginx would keep the events until it has a page full of them.
  response.writeHead(200, {
    ...COMMON_HEADERS,
    'content-type': 'text/event-stream; charset=utf-8',
    'x-accel-buffering': 'no',
  })
  response.flushHeaders()
  const write = (text: string): void => {
    if (response.writableEnded || response.destroyed) return
    response.write(text)
    if (response.writableLength > mostUnreadBytes) response.destroy()
  }
  const heartbeat = setInterval(() => write(': still here\n\n'), HEARTBEAT_MS)
  heartbeat.unref()
  response.on('close', () => clearInterval(heartbeat))
  const send: EventStream['send'] = (event, data, id) =>
    write(`${id === undefined ? '' : `id: ${id}\n`}event: ${event}\ndata: ${JSON.stringify(data)}\n\n`)
  return {
    send,
    sendIfIdle(event, data) {
      if (response.writableLength < MOST_BEHIND_BYTES) send(event, data)
    },
    end() {
      clearInterval(heartbeat)
      response.end()
    },
  }
}
