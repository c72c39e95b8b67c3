/** The engine in this process, on the store that is opened here; or that of the process that has the data directory. */
import type { Environment } from '../config/index.ts'
import { callOperation, openService } from '../service/index.ts'
import type { Engine } from './caller.ts'
import type { TajoClientOptions } from './options.ts'
import type { Result } from './shapes.ts'

export async function openLocalEngine(
  environment: Environment,
  { connection, timeoutMs }: TajoClientOptions,
): Promise<Engine> {
  const closing = new AbortController()
  // Commands and other programs on this data directory are answered by this process meanwhile.
  const service = await openService({ environment, connection, timeoutMs, serve: true })
  const underWay = new Set<Promise<unknown>>()
  return {
    async call(name, params, { signal, onProgress = () => {}, onNotice = () => {} } = {}) {
      const both = signal ? AbortSignal.any([signal, closing.signal]) : closing.signal
      // As on the wire: what is undefined is left out, and nothing is shared with the caller.
      const told: unknown = JSON.parse(JSON.stringify(params))
      const work = callOperation(service, name, told, { signal: both, onProgress, onNotice })
      underWay.add(work)
      try {
        return (await work) as Result<typeof name>
      } finally {
        underWay.delete(work)
      }
    },
    async close() {
      closing.abort(new Error('The client was closed'))
      await Promise.allSettled(underWay)
      await service.close()
    },
  }
}
