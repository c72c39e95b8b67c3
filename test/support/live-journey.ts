/** A journey with a server on it: the service live behind its HTTP server, with webhooks registered at both simulators. */
import { onTestFinished } from 'vitest'
import { createServer, type RunningServer } from '../../src/server/index.ts'
import type { Live, LiveNews } from '../../src/service/index.ts'
import { type Journey, type JourneyOptions, openJourney } from './journey.ts'

export type LiveJourney = Journey & {
  readonly live: Live
  readonly url: string
  /** Everything that was told so far. */
  readonly news: LiveNews[]
  /** Waits until deliveries have arrived and nothing is under way any more. */
  quiet(): Promise<void>
  stop(): Promise<void>
}

export type LiveJourneyOptions = JourneyOptions & {
  /** Default true. */
  webhooks?: boolean
  /** What there is to do before the server begins, which will be reached at `url`. */
  beforeLive?: (journey: Journey, url: string) => void | Promise<void>
  /** Fails the test when something is told that is wrong by itself. Default true. */
  strict?: boolean
}

export async function openLiveJourney(options: LiveJourneyOptions = {}): Promise<LiveJourney> {
  const { webhooks = true, beforeLive, ...rest } = options
  const journey = await openJourney(rest)
  const news: LiveNews[] = []
  const started = Promise.withResolvers<Live>()
  const server: RunningServer = await createServer({
    live: started.promise,
    port: 0,
    host: '127.0.0.1',
    onNews: (item) => news.push(item),
    oauth: journey.service.oauth.browser,
  })
  await beforeLive?.(journey, server.url)
  const live = await journey.service.live({
    onNews: (item) => news.push(item),
    publicUrl: webhooks ? server.url : null,
    localUrl: server.url,
  })
  started.resolve(live)
  let stopped: Promise<void> | null = null
  const stop = (): Promise<void> => {
    stopped ??= (async () => {
      await server.close(1_000)
      await live.stop()
    })()
    return stopped
  }
  onTestFinished(stop)
  const quiet = async (): Promise<void> => {
    for (let round = 0; round < 2; round++) {
      await journey.sandbox.pipedrive.settleWebhooks()
      await live.settled(AbortSignal.timeout(600_000))
      await journey.sandbox.brevo.state.webhooksQuiet()
      await live.settled(AbortSignal.timeout(600_000))
    }
  }
  return Object.assign(Object.create(journey) as Journey, { live, url: server.url, news, quiet, stop })
}
