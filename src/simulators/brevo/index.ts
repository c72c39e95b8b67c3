/**
 * A simulated Brevo account behind a real HTTP server on loopback, written from the vendor's documents alone
 * (https://developers.brevo.com/reference). Sends no mail, and has no campaigns, automations, pipelines or notes.
 */
import { Hono } from 'hono'
import { type Clock, systemClock } from '../../base/clock.ts'
import { BackgroundWork } from '../kit/background-work.ts'
import { type Random, seededRandom } from '../kit/random.ts'
import { createSimulator, type Simulator } from '../kit/simulator.ts'
import { Access, type BrevoApiKey, SANDBOX_KEY } from './access.ts'
import { accountRoutes } from './account-routes.ts'
import { attributeRoutes } from './attribute-routes.ts'
import { campaignRoutes } from './campaign-routes.ts'
import { companyImportRoutes } from './company-import.ts'
import { companyRoutes } from './company-routes.ts'
import { contactRoutes } from './contact-routes.ts'
import { crmAttributeRoutes } from './crm-attribute-routes.ts'
import { dealRoutes } from './deal-routes.ts'
import { eventRoutes } from './event-routes.ts'
import { importRoutes } from './import-routes.ts'
import { listMemberRoutes } from './list-member-routes.ts'
import { folderRoutes, listRoutes } from './list-routes.ts'
import { type BrevoApp, MachineAccess, SANDBOX_BREVO_APP, TOKEN_PATH } from './machine-access.ts'
import { processRoutes, reportFile } from './process-routes.ts'
import { type BrevoLimits, bucketOf, PLAN_LIMITS, RateBuckets } from './rate-buckets.ts'
import {
  BrevoRefusal,
  injectedBody,
  methodNotAllowed,
  routeUnknown,
  tooEarly,
  tooManyRequests,
} from './refusal.ts'
import type { BrevoSeed } from './seed.ts'
import { type BrevoState, brevoControls, createState } from './state.ts'
import { type BrevoSwitches, DEFAULT_SWITCHES } from './switches.ts'
import { webhookRoutes } from './webhook-routes.ts'
import { type BrevoPlan, type BrevoWorld, createWorld } from './world.ts'

export { type BrevoApiKey, SANDBOX_KEY } from './access.ts'
export type { BrevoCompanySnapshot } from './company-state.ts'
export type { ContactView } from './contact-views.ts'
export type { BrevoDealSnapshot } from './deal-state.ts'
export type { BrevoEventSnapshot } from './event-snapshot.ts'
export { type BrevoApp, SANDBOX_BREVO_APP } from './machine-access.ts'
export type { BrevoLimits } from './rate-buckets.ts'
export type {
  BrevoAttribute,
  BrevoAttributeCategory,
  BrevoAttributeType,
  BrevoAttributeValue,
  BrevoSeed,
  BrevoSeedAccount,
  BrevoSeedContact,
} from './seed.ts'
export { emptyBrevoSeed, standardAttributes } from './seed.ts'
export type { BrevoContactSnapshot, BrevoState } from './state.ts'
export type { BrevoSwitches } from './switches.ts'
export type { BrevoWebhookAttempt } from './webhook-delivery.ts'
export type { BrevoCampaignEvent, BrevoCampaignEventName } from './webhook-payloads.ts'
export type { BrevoPlan } from './world.ts'

export type BrevoSimulatorOptions = {
  seed: BrevoSeed
  clock?: Clock
  /** Default 'starter', the smallest limits. */
  plan?: BrevoPlan
  /** Instead of the plan's. */
  limits?: Partial<BrevoLimits>
  latencyMs?: number
  /** Default one: `xkeysib-sandbox`, named `sandbox`. */
  apiKeys?: BrevoApiKey[]
  /** Private apps that machines sign in with; default: `SANDBOX_BREVO_APP`. */
  apps?: readonly BrevoApp[]
  switches?: Partial<BrevoSwitches>
  /** For faults by rate, 425 by rate, and webhooks that are doubled, dropped or delayed; default 1. */
  randomSeed?: number
}

export type BrevoSimulator = Simulator & {
  state: BrevoState
  /** Every machine's token ends now. */
  endTokens(): void
}

/** In the order of matching: `/contacts/{identifier}` comes last. */
const ROUTES = [
  accountRoutes,
  processRoutes,
  attributeRoutes,
  folderRoutes,
  listRoutes,
  listMemberRoutes,
  importRoutes,
  contactRoutes,
  eventRoutes,
  campaignRoutes,
  companyImportRoutes,
  companyRoutes,
  dealRoutes,
  crmAttributeRoutes,
  webhookRoutes,
]

/** The API is at `<listen()>/v3`. */
export function createBrevoSimulator(options: BrevoSimulatorOptions): BrevoSimulator {
  const clock = options.clock ?? systemClock
  const randomSeed = options.randomSeed ?? 1
  const background = new BackgroundWork(clock)
  const world = createWorld(options.seed, {
    clock,
    plan: options.plan ?? 'starter',
    switches: { ...DEFAULT_SWITCHES, ...options.switches },
    notify: (url, body, atMs) =>
      background.startAfter(atMs - clock.now().getTime(), (signal) => notify(url, body, signal)),
    background,
    random: seededRandom(randomSeed + 2),
  })
  const machines = new MachineAccess(options.apps ?? [SANDBOX_BREVO_APP], clock)
  const access = new Access(options.apiKeys ?? [SANDBOX_KEY], machines, clock)
  const counter = { writes: 0 }
  const state = createState(world, access, counter)
  const buckets = new RateBuckets({ ...PLAN_LIMITS[world.plan], ...options.limits })
  const handle = createHandler({
    world,
    access,
    machines,
    buckets,
    counter,
    random: seededRandom(randomSeed + 1),
  })
  const simulator = createSimulator({
    handle,
    errorBody: (status) => ({
      body: JSON.stringify(injectedBody(status)),
      headers: { 'content-type': 'application/json', date: clock.now().toUTCString() },
    }),
    snapshot: () => ({
      contacts: state.snapshot(),
      lists: state.lists(),
      folders: state.folders(),
      attributes: state.attributes(),
      processes: state.processes(),
      events: state.events(),
      companies: state.companies(),
      deals: state.deals(),
      webhooks: state.webhooks(),
      writes: state.writes,
    }),
    controls: { ...brevoControls(state), 'end-tokens': () => machines.endTokens() },
    clock,
    seed: randomSeed,
    ...(options.latencyMs === undefined ? {} : { latencyMs: options.latencyMs }),
  })
  const closeServer = simulator.close
  const close = async (): Promise<void> => {
    await background.close()
    await closeServer()
  }
  return Object.assign(simulator, { state, close, endTokens: () => machines.endTokens() })
}

type Parts = {
  world: BrevoWorld
  access: Access
  machines: MachineAccess
  buckets: RateBuckets
  counter: { writes: number }
  random: Random
}

function createHandler({ world, access, machines, buckets, counter, random }: Parts) {
  const app = createApp(world)
  const answer = async (request: Request, path: string): Promise<Response> => {
    const refused = access.refusal(request, path)
    if (refused?.at === 'key') return toResponse(refused.refusal)
    const { allowed, headers } = buckets.take(bucketOf(request.method, path, world.switches), world.nowMs())
    const isContacts = /^\/v3\/contacts(\/|$)/.test(path)
    const isWrite = isContacts && request.method !== 'GET'
    let response: Response
    if (!allowed) response = toResponse(tooManyRequests())
    else {
      if (isWrite) counter.writes++
      const { tooEarlyRate } = world.switches
      const canBeEarly = isWrite && request.method !== 'DELETE' && tooEarlyRate > 0
      if (refused) response = toResponse(refused.refusal)
      else if (canBeEarly && random.chance(tooEarlyRate)) response = toResponse(tooEarly())
      else response = await world.actor.as(access.keyName(request), () => app.fetch(request))
    }
    for (const [name, value] of Object.entries(headers)) response.headers.set(name, value)
    return response
  }
  return async (request: Request): Promise<Response> => {
    world.processes.settle(world.nowMs())
    const { pathname } = new URL(request.url)
    let response: Response
    if (pathname === TOKEN_PATH) response = await machines.answer(request)
    else if (pathname.startsWith('/reports/')) response = reportFile(pathname, world)
    else response = await answer(request, pathname)
    response.headers.set('date', world.clock.now().toUTCString())
    return response
  }
}

function createApp(world: BrevoWorld): Hono {
  const app = new Hono()
  const v3 = app.basePath('/v3')
  for (const routes of ROUTES) routes(v3, world)
  app.onError((error) => {
    if (error instanceof BrevoRefusal) return toResponse(error)
    return Response.json({ code: 'internal_error', message: `simulator: ${error.stack}` }, { status: 500 })
  })
  app.notFound((c) => {
    const isKnown = app.routes.some((route) => matches(route.path, c.req.path))
    return toResponse(isKnown ? methodNotAllowed(c.req.method) : routeUnknown())
  })
  return app
}

const toResponse = ({ status, body }: BrevoRefusal): Response => Response.json(body, { status })

function matches(pattern: string, path: string): boolean {
  const [segments, parts] = [pattern.split('/'), path.split('/')]
  return (
    segments.length === parts.length &&
    segments.every((segment, index) => segment.startsWith(':') || segment === parts[index])
  )
}

/** Posts to the notifyUrl of an import once it has ended. Nobody answering is nobody's fault. */
async function notify(url: string, body: object, signal: AbortSignal): Promise<void> {
  try {
    await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
      signal,
    })
  } catch {
    // The vendor tells nobody about a notification that did not arrive, and does not repeat it.
  }
}
