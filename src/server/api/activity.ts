/**
 * What happens, for those who look on: the latest news is kept, and everything new goes to whoever listens. It says what
 * the log says, with ids and without names; memory is bounded, for what is kept and for every listener.
 */
import { randomBytes } from 'node:crypto'
import type { ServerResponse } from 'node:http'
import type { LiveNews } from '../../service/index.ts'
import { toSafeNews } from '../../service/index.ts'
import { type EventStream, openEventStream } from './event-stream.ts'

export type ActivityItem = {
  /** ISO 8601. */
  readonly at: string
  /** Null: of the server itself. */
  readonly connection: string | null
  readonly level: LiveNews['level']
  readonly event: string
  readonly message: string
  readonly details: unknown
}

export type Activity = {
  tell(news: LiveNews): void
  /** Answers with what came after `lastId` as far as it is kept, and with all that comes. Null: of every connection. */
  follow(response: ServerResponse, connection: string | null, lastId: string | null): void
  /** Ends all answers. */
  close(): void
}

export type ActivityOptions = {
  readonly now?: () => Date
  /** How much is kept; default 200. */
  readonly kept?: number
  /** How far behind a listener may be, bytes. */
  readonly mostUnreadBytes?: number
}

type Kept = { readonly number: number; readonly item: ActivityItem }
type Listener = { readonly stream: EventStream; readonly connection: string | null }

/** Far more than the page in a few browsers; each holds a connection and a buffer. */
const MOST_LISTENERS = 100

export function createActivity({
  now = () => new Date(),
  kept: most = 200,
  mostUnreadBytes = 1_000_000,
}: ActivityOptions = {}): Activity {
  // Ids of another start say nothing about this one.
  const start = randomBytes(4).toString('hex')
  const kept: Kept[] = []
  const listeners = new Set<Listener>()
  let number = 0
  const send = ({ stream, connection }: Listener, { number: id, item }: Kept): void => {
    if (connection === null || item.connection === connection) stream.send('news', item, `${start}-${id}`)
  }
  return {
    tell(news) {
      if (news.level === 'debug') return
      number += 1
      const entry = { number, item: toItem(news, now()) }
      kept.push(entry)
      if (kept.length > most) kept.shift()
      for (const listener of listeners) send(listener, entry)
    },
    follow(response, connection, lastId) {
      const [oldest] = listeners
      if (listeners.size >= MOST_LISTENERS) oldest?.stream.end()
      const listener = { stream: openEventStream(response, { mostUnreadBytes }), connection }
      const after = numberOf(lastId, start)
      for (const entry of kept) if (entry.number > after) send(listener, entry)
      listeners.add(listener)
      response.on('close', () => listeners.delete(listener))
    },
    close() {
      for (const { stream } of listeners) stream.end()
      listeners.clear()
    },
  }
}

function numberOf(lastId: string | null, start: string): number {
  const [, theirs, number] = /^([0-9a-f]+)-(\d+)$/.exec(lastId ?? '') ?? []
  return theirs === start ? Number(number) : 0
}

function toItem(news: LiveNews, at: Date): ActivityItem {
  const { connection } = news.details
  return {
    at: at.toISOString(),
    connection: typeof connection === 'string' ? connection : null,
    level: news.level,
    event: news.event,
    ...toSafeNews(news),
  }
}
