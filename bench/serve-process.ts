/** A server as `tajo serve` runs it, in a process of its own, and what it answers about itself. Reads the environment. */
import { readEnvironment } from '../src/config/index.ts'
import { createServer } from '../src/server/index.ts'
import type { Live, LiveNews } from '../src/service/index.ts'
import { openService } from '../src/service/index.ts'
import { dearest, watchStatements } from './statement-times.ts'

export type ServerAnswer = {
  readonly rssMb: number
  readonly heapMb: number
  readonly cpuMs: number
  readonly backlog: number
}

const statements = process.env.BENCH_STATEMENTS ? watchStatements() : null
const started = Promise.withResolvers<Live>()
const onNews = (news: LiveNews): void => {
  if (process.env.BENCH_NEWS) console.error(news.level, news.event, news.message)
  if (news.event === 'sync.finished' || news.level === 'error') process.send?.({ news })
}
const service = await openService({ environment: readEnvironment() })
const server = await createServer({ live: started.promise, port: 0, host: '127.0.0.1', onNews })
const live = await service.live({ onNews, publicUrl: server.url })
started.resolve(live)
process.on('message', (message) => void answer(message as { ask: string; id: number }))
process.on('disconnect', () => process.exit(0))
process.send?.({ url: server.url })

async function answer({ ask, id }: { ask: string; id: number }): Promise<void> {
  if (ask === 'stop') {
    if (statements)
      for (const { text, ...time } of dearest(statements, 25)) console.error(time, text.slice(0, 200))
    await server.close(1_000)
    await live.stop()
    await service.close()
    process.send?.({ id, answer: null }, () => process.exit(0))
    return
  }
  if (ask === 'settled') await live.settled()
  const { backlog } = await live.readings()
  const cpu = process.cpuUsage()
  const memory = process.memoryUsage()
  const told: ServerAnswer = {
    rssMb: memory.rss / 2 ** 20,
    heapMb: memory.heapUsed / 2 ** 20,
    cpuMs: (cpu.user + cpu.system) / 1000,
    backlog: backlog.inbox,
  }
  process.send?.({ id, answer: told })
}
