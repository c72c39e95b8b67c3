/** A small live connection that keeps what it is given in an array, and the answers a test gives it. */
import type { Health, Inbox, Live, LiveNews, LiveReadings } from '../service/index.ts'
import { createServer, type RunningServer, type ServerLimits } from './server.ts'

export type Kept = { source: string; connection: string | null; body: string }

export const BASIC = `Basic ${Buffer.from('tajo:s3cret').toString('base64')}`
export const BEARER = 'Bearer s3cret-of-brevo'

export const READINGS: LiveReadings = {
  mode: 'hybrid',
  requests: [
    { vendor: 'pipedrive', status: '200', count: 12 },
    { vendor: 'brevo', status: 'none', count: 1 },
  ],
  deliveries: [
    { source: 'pipedrive', stored: 9, duplicates: 1 },
    { source: 'brevo', stored: 0, duplicates: 0 },
  ],
  budgets: [
    { vendor: 'pipedrive', budget: 'tokens', left: 28_300, limit: null, renewedAt: null },
    { vendor: 'brevo', budget: 'other', left: null, limit: null, renewedAt: null },
  ],
  backlog: { inbox: 3, dirty: 2, outbox: 1, edits: 0, events: 4, companies: 0 },
  backlogAgeSeconds: 1.5,
  lagSeconds: { count: 10, p50: 0.4, p99: 2.5 },
  events: { sent: 7, no_contact: 2, failed: 0, waiting: 4 },
  failures: 5,
  lastPollAt: '2026-11-24T09:00:00.000Z',
  lastListingAt: null,
  webhooksHealthy: null,
  paused: null,
}

/** Knows the default connection and `east`. `store`, `health` and `readings` may be replaced. */
export function createSmallLive() {
  const kept: Kept[] = []
  const small = {
    kept,
    stopped: 0,
    store: (async (source, connection, body) => {
      kept.push({ source, connection, body })
    }) as Inbox['store'],
    health: async (): Promise<Health> => ({ ready: true, reasons: [] }),
    readings: async (): Promise<LiveReadings> => READINGS,
  }
  const live: Live = {
    inbox: {
      authenticate: (source, connection, authorization) =>
        (connection === null || connection === 'east') &&
        authorization === (source === 'pipedrive' ? BASIC : BEARER),
      store: (...delivery) => small.store(...delivery),
    },
    connections: () => ['default'],
    health: () => small.health(),
    readings: () => small.readings(),
    settled: () => Promise.resolve(),
    async stop() {
      small.stopped += 1
    },
  }
  return { small, live }
}

export type Scene = Awaited<ReturnType<typeof openScene>>

/** A server on a free port of loopback. */
async function nobody(): Promise<never> {
  throw new Error('nobody connects an account here')
}

export async function openScene(limits: Partial<ServerLimits> = {}) {
  const { small, live } = createSmallLive()
  const news: LiveNews[] = []
  const server: RunningServer = await createServer({
    live,
    port: 0,
    host: '127.0.0.1',
    onNews: (item) => news.push(item),
    oauth: { start: nobody, finish: nobody, uninstall: nobody },
    limits,
  })
  return {
    small,
    news,
    server,
    url: server.url,
    post: (path: string, body: string | Uint8Array<ArrayBuffer>, authorization: string | null = BASIC) =>
      fetch(`${server.url}${path}`, {
        method: 'POST',
        body,
        headers: authorization === null ? {} : { authorization },
      }),
    end: () => server.close(0),
  }
}
