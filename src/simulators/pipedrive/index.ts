/**
 * A simulated Pipedrive: API v2, the living part of API v1, and the v1 endpoints that left support, with their limits,
 * prices and refusals, its webhooks and its OAuth server. Written from the vendor's documents; shares no code with the client.
 */
import { type Clock, systemClock } from '../../base/clock.ts'
import { DeliveryChannel } from '../kit/delivery-channel.ts'
import { seededRandom } from '../kit/random.ts'
import { createSimulator, type Simulator } from '../kit/simulator.ts'
import { pipedriveControls } from './controls.ts'
import { createApi } from './endpoint.ts'
import { pipedriveEndpoints } from './endpoints.ts'
import { limitsOf, Meter, type PipedriveLimits, type PipedrivePlan } from './meter.ts'
import { oauthControls, uninstall } from './oauth-controls.ts'
import { createOAuthRoutes } from './oauth-routes.ts'
import { type PipedriveApp, SANDBOX_APP } from './oauth-server.ts'
import { injectedBody } from './refusal.ts'
import type { PipedriveSeed } from './seed.ts'
import { PipedriveState } from './state.ts'
import { DEFAULT_SWITCHES, type PipedriveSwitches } from './switches.ts'
import type { ReachabilityCheck } from './v1-webhooks.ts'
import { webhookControls } from './webhook-controls.ts'
import { WebhookDeliverer, type WebhookDelivery } from './webhook-delivery.ts'

export type { PipedriveLimits, PipedrivePlan } from './meter.ts'
export { type PipedriveApp, SANDBOX_APP } from './oauth-server.ts'
export type { PipedriveSeed } from './seed.ts'
export type { Change, Occurrence, PipedriveState, UserChange } from './state.ts'
export type { PipedriveSwitches } from './switches.ts'
export type { WebhookDelivery } from './webhook-delivery.ts'

export type PipedriveSimulatorOptions = {
  seed: PipedriveSeed
  clock?: Clock
  /** Default 'lite'. */
  plan?: PipedrivePlan
  /** Seats multiply the daily tokens; default 1. */
  seats?: number
  /** Added to every answer, milliseconds; default 0. */
  latencyMs?: number
  /** The first belongs to the first admin, the next to the users after; default: one made from the random seed. */
  apiTokens?: readonly string[]
  /** Apps of the Developer Hub; default: `SANDBOX_APP`, which may call back to any address on loopback. */
  oauthApps?: readonly PipedriveApp[]
  /** Instead of the plan's. */
  limits?: Partial<PipedriveLimits>
  switches?: Partial<PipedriveSwitches>
  /** Of faults, generated ids and the sometimes missing headers; default 1. */
  randomSeed?: number
}

export type PipedriveSimulator = Simulator & {
  readonly state: PipedriveState
  /** The tokens that were accepted at the start. */
  readonly apiTokens: readonly string[]
  /** Every attempt to deliver a webhook, and every event that was lost without one, in the order they ended. */
  webhookDeliveries(): readonly WebhookDelivery[]
  /**
   * A user takes an app out of his account: its tokens end, and its callback is told
   * (https://pipedrive.readme.io/docs/app-uninstallation). Resolves with the answer's status; null: nobody was told.
   */
  uninstallApp(clientId: string, userId: number): Promise<number | null>
  /** The next `count` events that somebody subscribed to reach nobody. */
  dropWebhooks(count: number): void
  /**
   * Resolves when no delivery is under way or about to begin. What waits on the clock (retries, delays) counts only
   * with `waits`; under a clock that stands still that would be for ever.
   */
  settleWebhooks(options?: { waits?: boolean }): Promise<void>
}

export function createPipedriveSimulator(options: PipedriveSimulatorOptions): PipedriveSimulator {
  const { seed, clock = systemClock, plan = 'lite', seats = 1, randomSeed = 1 } = options
  const random = seededRandom(randomSeed)
  const switches = { ...DEFAULT_SWITCHES, ...seed.switches, ...options.switches }
  const meter = new Meter(limitsOf(plan, seats, options.limits ?? {}), switches, random)
  const state = new PipedriveState({ seed, switches, clock, meter, randomSeed })
  const apiTokens = options.apiTokens ?? [
    Array.from({ length: 40 }, () => random.int(0, 15).toString(16)).join(''),
  ]
  const holders = [...seed.users].sort((a, b) => Number(b.is_admin) - Number(a.is_admin))
  apiTokens.forEach((token, index) => {
    const user = holders[Math.min(index, holders.length - 1)]
    if (user) state.addToken(token, user.id)
  })
  for (const app of options.oauthApps ?? [SANDBOX_APP]) state.oauth.putApp(app)
  const channel = new DeliveryChannel(clock)
  const deliverer = new WebhookDeliverer({ state, channel, random: seededRandom(randomSeed + 1) })
  const api = createApi(state, pipedriveEndpoints(switches, reachabilityCheck(channel)))
  const oauth = createOAuthRoutes(state)
  const uninstallApp = (clientId: string, userId: number): Promise<number | null> =>
    uninstall(state, channel, clientId, userId)
  const simulator = createSimulator({
    handle: (request) => (new URL(request.url).pathname.startsWith('/oauth/') ? oauth : api).fetch(request),
    errorBody: injectedBody,
    snapshot: () => state.snapshot(),
    controls: {
      ...pipedriveControls(state),
      ...webhookControls(state, deliverer),
      ...oauthControls(state, uninstallApp),
    },
    clock,
    seed: randomSeed,
    latencyMs: options.latencyMs ?? 0,
  })
  const closeServer = simulator.close
  return Object.assign(simulator, {
    state,
    apiTokens,
    uninstallApp,
    webhookDeliveries: () => deliverer.deliveries(),
    dropWebhooks: (count: number) => deliverer.dropNext(count),
    settleWebhooks: (waiting?: { waits?: boolean }) => channel.settled(waiting),
    async close() {
      deliverer.close()
      await channel.close()
      await closeServer()
    },
  })
}

/** Which request the vendor makes is not documented; any answer counts that does not point elsewhere. */
function reachabilityCheck(channel: DeliveryChannel): ReachabilityCheck {
  return async (url) => {
    const status = await channel.send({ method: 'GET', url, timeoutMs: 10_000 })
    return status !== null && (status < 300 || status >= 400)
  }
}
