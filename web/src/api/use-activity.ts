/** What happens on the server, as it happens. It takes up again by itself when the line breaks. */
import { useEffect, useState } from 'react'
import { send } from './call.ts'
import { readEvents } from './event-stream.ts'
import { useConnection } from './use-operation.ts'

export type News = {
  readonly id: number
  /** ISO 8601. */
  readonly at: string
  readonly level: 'debug' | 'info' | 'warn' | 'error'
  readonly event: string
  readonly message: string
  /** What the message is about: ids and numbers. */
  readonly details: Readonly<Record<string, string | number>>
}

export type Activity = { readonly state: 'connecting' | 'open' | 'lost'; readonly news: readonly News[] }

const KEPT = 60
const AGAIN_MS = 5_000

/** Newest first. */
export function useActivity(): Activity {
  const connection = useConnection()
  const [activity, setActivity] = useState<Activity>({ state: 'connecting', news: [] })
  useEffect(() => {
    const stop = new AbortController()
    setActivity({ state: 'connecting', news: [] })
    void listen(connection, stop.signal, setActivity)
    return () => stop.abort()
  }, [connection])
  return activity
}

type Change = (change: (before: Activity) => Activity) => void

async function listen(connection: string | null, signal: AbortSignal, change: Change): Promise<void> {
  const base = connection === null ? '/api' : `/api/connections/${encodeURIComponent(connection)}`
  let id = 0
  let last: string | null = null
  while (!signal.aborted) {
    try {
      const response = await send(`${base}/activity`, {
        method: 'GET',
        signal,
        accept: 'text/event-stream',
        lastEventId: last,
      })
      if (!response.ok || response.body === null) throw new Error(String(response.status))
      change(({ news }) => ({ state: 'open', news }))
      for await (const { data, id: at } of readEvents(response.body)) {
        last = at ?? last
        const item = readNews(data, ++id)
        if (item !== null) change(({ news }) => ({ state: 'open', news: [item, ...news].slice(0, KEPT) }))
      }
    } catch {
      // Said to the viewer by the state below; nothing is lost that the server's log does not have.
    }
    if (signal.aborted) return
    change(({ news }) => ({ state: 'lost', news }))
    await new Promise((resolve) => setTimeout(resolve, AGAIN_MS))
  }
}

function readNews(data: string, id: number): News | null {
  const told = JSON.parse(data) as Partial<News>
  if (typeof told.message !== 'string' || told.level === 'debug') return null
  return {
    id,
    at: told.at ?? new Date().toISOString(),
    level: told.level ?? 'info',
    event: told.event ?? '',
    message: told.message,
    details: told.details ?? {},
  }
}
