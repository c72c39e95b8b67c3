/** How many webhooks a second are accepted, each durable before it is answered, and how long a sender waits for that. */
import { openStage, type StoreKind, storesHere } from './live-stage.ts'
import type { LoadResult } from './webhook-load.ts'

const persons = 1_000

export type Row = Record<string, string | number>

/** As fast as they are taken, then 2,000 a second: the worker looks into them all the while. */
export async function measureWebhooks(): Promise<readonly Row[]> {
  const rows: Row[] = []
  for (const kind of storesHere()) {
    const stage = await openStage(kind, { data: { persons }, latencyMs: 0, open: true })
    try {
      await stage.firstPass()
      await stage.load({ connections: 32, perSecond: null, count: 20_000, seconds: 3, persons })
      for (const connections of [16, 64]) {
        const most = await stage.load({ connections, perSecond: null, count: 100_000, seconds: 8, persons })
        rows.push(toRow(kind, `as fast as they go, ${connections} connections`, most))
        await stage.server('settled')
      }
      for (const perSecond of [500, 1_000, 2_000]) {
        const paced = await stage.load({ connections: 64, perSecond, count: 100_000, seconds: 8, persons })
        rows.push(toRow(kind, `${perSecond} a second`, paced))
        await stage.server('settled')
      }
    } finally {
      await stage.close()
    }
  }
  return rows
}

/** 500 a second while the first pass reads and writes everything. */
export async function measureWithBackfill(backfill: number): Promise<readonly Row[]> {
  const rows: Row[] = []
  for (const kind of storesHere()) {
    const stage = await openStage(kind, { data: { persons: backfill }, latencyMs: 150, open: false })
    try {
      const beside = stage.load({
        connections: 64,
        perSecond: 500,
        count: 1e6,
        seconds: backfill / 1_000,
        persons,
      })
      await Promise.race([beside, stage.firstPass()])
      const result = await beside
      const over = stage.news.some(({ event }) => event === 'sync.finished')
      rows.push(
        toRow(
          kind,
          `500 a second, pass of ${backfill} persons ${over ? 'ended meanwhile' : 'beside it'}`,
          result,
        ),
      )
    } finally {
      await stage.close()
    }
  }
  return rows
}

function toRow(store: StoreKind, load: string, result: LoadResult): Row {
  return {
    store,
    load,
    'accepted / s': Math.round(result.accepted / result.seconds),
    'p50 ms': +result.p50Ms.toFixed(1),
    'p99 ms': +result.p99Ms.toFixed(1),
    'worst ms': Math.round(result.worstMs),
    refused: JSON.stringify(result.refused),
  }
}
