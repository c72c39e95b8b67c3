/**
 * Tells of refused webhooks without letting whoever sends them fill the log: the first of a kind at once, then one line
 * a minute with the number. Names neither sender nor content.
 */
import type { InboxSource, LiveNews } from '../service/index.ts'

const QUIET_MS = 60_000

export type RefusalNews = (source: InboxSource, status: number, code: string) => void

export function createRefusalNews(
  onNews: (news: LiveNews) => void,
  now: () => number = Date.now,
): RefusalNews {
  const kinds = new Map<string, { saidAtMs: number; unsaid: number }>()
  return (source, status, code) => {
    const key = `${source} ${code}`
    const kind = kinds.get(key) ?? { saidAtMs: Number.NEGATIVE_INFINITY, unsaid: 0 }
    kinds.set(key, kind)
    kind.unsaid += 1
    const nowMs = now()
    if (nowMs - kind.saidAtMs < QUIET_MS) return
    const count = kind.unsaid
    kind.saidAtMs = nowMs
    kind.unsaid = 0
    onNews({
      level: 'warn',
      event: 'webhook.refused',
      message: `${count === 1 ? 'A webhook' : `${count} webhooks`} for ${source} answered with ${status}.`,
      details: { source, status, code, count },
    })
  }
}
