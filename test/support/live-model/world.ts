/**
 * One case's world: both simulators on a clock that the case holds, a Tajo over a store that outlives its processes, and
 * webhooks that lie where they were delivered until the case hands them on, once, twice or never.
 */
import { type ManualClock, manualClock } from '../../../src/base/clock.ts'
import { TajoError } from '../../../src/base/error.ts'
import type { Config } from '../../../src/config/index.ts'
import { createInbox } from '../../../src/service/live/inbox.ts'
import { careForWebhooks } from '../../../src/service/webhooks/care.ts'
import { createWebhookCredentials } from '../../../src/service/webhooks/credentials.ts'
import type { BrevoSeed } from '../../../src/simulators/brevo/seed.ts'
import {
  createBrevoSimulator,
  createDataSet,
  createPipedriveSimulator,
} from '../../../src/simulators/index.ts'
import { readConnection, type Store } from '../../../src/store/index.ts'
import { createLife, type Life } from './mortal.ts'
import { createNetwork, type Trouble } from './network.ts'
import type { Received, Receiver } from './receiver.ts'
import { advanceTo, type Operation, startProcess, type TajoProcess } from './tajo-process.ts'

/** What all cases share. */
export type Stage = {
  readonly store: Store
  readonly receiver: Receiver
  readonly config: Config
  /** How many persons the account begins with. */
  readonly persons: number
}

export type Outcome =
  | { readonly kind: 'done'; readonly nextAt: Date | null }
  | { readonly kind: 'killed' | 'troubled'; readonly error: unknown }

export type Webhook = Received & { handedOverAt: number | null }

export type World = Awaited<ReturnType<typeof openWorld>>

export type Brevo = ReturnType<typeof createBrevoSimulator>

const begin = new Date('2026-11-02T08:00:00.250Z')

export async function openWorld(stage: Stage, connection: string, seed: number) {
  const clock = manualClock(begin)
  const { store } = stage
  const pipedrive = createPipedriveSimulator({
    seed: createDataSet({ persons: stage.persons }, seed, begin).pipedrive,
    clock,
    randomSeed: seed,
    limits: { burst: 100_000, search: 100_000, dailyTokens: 100_000_000, deals: 300_000 },
  })
  const brevoSeed = (): BrevoSeed => createDataSet({ persons: stage.persons }, seed, begin).brevo
  const brevo = createBrevo(brevoSeed(), clock)
  const [pipedriveUrl, brevoUrl] = await Promise.all([pipedrive.listen(), brevo.listen()])
  const webhooks: Webhook[] = []
  const stopListening = stage.receiver.listen(connection, (received) =>
    webhooks.push({ ...received, handedOverAt: null }),
  )
  const start = (life: Life, name: string, url: string): TajoProcess =>
    startProcess({
      store,
      connection: name,
      config: stage.config,
      clock,
      life,
      pipedrive: { url: pipedriveUrl, apiToken: pipedrive.apiTokens[0] ?? '' },
      brevoUrl: `${url}/v3`,
    })
  let life = createLife()
  let process = start(life, connection, brevoUrl)
  const network = createNetwork({ pipedrive: pipedrive.faults, brevo: brevo.faults }, () => life)
  const restart = async (): Promise<void> => {
    life.end()
    await process.close()
    life = createLife()
    process = start(life, connection, brevoUrl)
  }
  const settleWebhooks = async (): Promise<void> => {
    await pipedrive.settleWebhooks()
    await brevo.state.webhooksQuiet()
  }
  return {
    connection,
    clock,
    pipedrive,
    brevo,
    webhooks,
    /** Brevo's contacts before Tajo came. */
    initial: brevo.state.snapshot(),
    /** Contacts that unsubscribed in Brevo. */
    blockedByHand: new Set<number>(),
    /** Nothing is remembered but what the store has. */
    restart,
    settleWebhooks,
    registerWebhooks: () => registerWebhooks(stage, process),
    handOver: createHandOver(stage, connection, clock),
    async run(operation: Operation, trouble: Trouble = {}): Promise<Outcome> {
      network.expect(trouble)
      life.endsAfter(trouble.killedAfter ?? null)
      try {
        return { kind: 'done', nextAt: await process.perform(operation) }
      } catch (error) {
        if (life.isOver) return { kind: 'killed', error }
        if (trouble.fault && isVendors(error)) return { kind: 'troubled', error }
        throw error
      } finally {
        network.expect({})
        life.endsAfter(null)
        if (life.isOver) await restart()
        await settleWebhooks()
      }
    },
    /** Whether everything was listed within the last day. */
    async isListed(): Promise<boolean> {
      const { listed_at } = await readConnection(store.db, connection)
      return clock.now().getTime() - (listed_at?.getTime() ?? 0) < 86_400_000
    },
    /** A Tajo that never was here before, in front of a Brevo that nobody synced to. The caller closes it. */
    async freshSync(): Promise<Brevo> {
      const fresh = createBrevo(brevoSeed(), clock)
      const other = start(createLife(), `${connection}-fresh`, await fresh.listen())
      try {
        await syncToTheEnd(other, clock)
      } finally {
        await other.close()
      }
      return fresh
    },
    async close(): Promise<void> {
      stopListening()
      life.end()
      await process.close()
      await Promise.all([pipedrive.close(), brevo.close()])
    },
  }
}

function createBrevo(seed: BrevoSeed, clock: ManualClock): Brevo {
  return createBrevoSimulator({
    seed,
    clock,
    limits: { contacts: {}, events: {}, other: {} },
    switches: {
      eventVisibleAfterMs: 5_000,
      // While a process waits, hours pass in no time: no delivery is late for that.
      webhookTimeoutMs: 400 * 86_400_000,
      importTime: { queueMs: 0, baseMs: 20, perRowUs: 10 },
    },
  })
}

function isVendors(error: unknown): boolean {
  return error instanceof TajoError && /^(pipedrive|brevo)_/.test(error.code)
}

/** As `serve` does at its start. */
async function registerWebhooks({ config, receiver }: Stage, { context }: TajoProcess): Promise<void> {
  const report = await careForWebhooks({
    ...context,
    config,
    publicUrl: receiver.url,
    credentials: createWebhookCredentials(),
    mode: 'register',
  })
  if (report.status !== 'complete') throw new Error(`webhooks: ${JSON.stringify(report.items)}`)
}

/** Through the inbox of the service, as the server does. */
function createHandOver({ store }: Stage, connection: string, clock: ManualClock) {
  const inbox = createInbox({ store, defaultConnection: () => connection, clock, onArrived: () => undefined })
  return async (some: readonly Webhook[]): Promise<void> => {
    for (const webhook of some) {
      await inbox.store(webhook.source, null, webhook.body)
      await store.intake.emptied()
      webhook.handedOverAt ??= clock.now().getTime()
    }
  }
}

async function syncToTheEnd(process: TajoProcess, clock: ManualClock): Promise<void> {
  for (let round = 0; round < 6; round++) {
    const resumeAt = await process.perform('full sync')
    if (resumeAt === null) return
    await advanceTo(clock, resumeAt)
  }
  throw new Error('a fresh sync comes to no end')
}
