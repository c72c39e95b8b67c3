/**
 * One case's world: a handful of persons, both simulators on a clock that the case holds, a Tajo that can be killed, and webhooks
 * that lie where they arrived until the case hands them on.
 */
import fs from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { manualClock } from '../../../src/base/clock.ts'
import { TajoError } from '../../../src/base/error.ts'
import { type Config, loadConfig } from '../../../src/config/index.ts'
import { createInbox } from '../../../src/service/live/inbox.ts'
import { careForWebhooks } from '../../../src/service/webhooks/care.ts'
import { createWebhookCredentials } from '../../../src/service/webhooks/credentials.ts'
import { type BrevoSeed, emptyBrevoSeed } from '../../../src/simulators/brevo/seed.ts'
import { createBrevoSimulator, createPipedriveSimulator } from '../../../src/simulators/index.ts'
import type { FaultRule } from '../../../src/simulators/kit/faults.ts'
import type { SeedPerson } from '../../../src/simulators/pipedrive/seed.ts'
import { readConnection, type Store } from '../../../src/store/index.ts'
import { createLife } from '../live-model/mortal.ts'
import { createNetwork, type Side } from '../live-model/network.ts'
import { openReceiver, type Received, type Receiver } from '../live-model/receiver.ts'
import { type Operation, startProcess } from '../live-model/tajo-process.ts'
import { codeOf, foreignList, ourList, pipedriveSeed, type Setting, sources, toYaml } from './fields.ts'

/** What all cases share. The store stays the caller's. */
export type Stage = { readonly store: Store; readonly receiver: Receiver; close(): Promise<void> }

export async function openStage(store: Store): Promise<Stage> {
  const receiver = await openReceiver()
  return { store, receiver, close: () => receiver.close() }
}

export type Trouble = {
  readonly killedAfter?: number | undefined
  readonly fault?: (FaultRule & { readonly side: Side }) | undefined
}

export type Outcome =
  | { readonly kind: 'done'; readonly nextAt: Date | null }
  | { readonly kind: 'killed' | 'troubled'; readonly error: unknown }

export type Webhook = Received & { handedOverAt: number | null }

export type World = Awaited<ReturnType<typeof openWorld>>

const begin = new Date('2026-11-02T08:00:00.250Z')
const day = 86_400_000

export async function openWorld(stage: Stage, connection: string, setting: Setting) {
  const clock = manualClock(begin)
  const { store } = stage
  const pipedrive = createPipedriveSimulator({
    seed: pipedriveSeed(initialPersons()),
    clock,
    randomSeed: 1,
    limits: { burst: 100_000, search: 100_000, dailyTokens: 100_000_000, deals: 300_000 },
  })
  const brevo = createBrevoSimulator({
    seed: initialBrevo(),
    clock,
    limits: { contacts: {}, events: {}, other: {} },
    // While a process waits, hours pass in no time: no delivery is late for that.
    switches: { webhookTimeoutMs: 400 * day, importTime: { queueMs: 0, baseMs: 20, perRowUs: 10 } },
  })
  brevo.calls.keepBodies = true
  pipedrive.calls.keepBodies = true
  const [pipedriveUrl, brevoUrl] = await Promise.all([pipedrive.listen(), brevo.listen()])
  const webhooks: Webhook[] = []
  const stopListening = stage.receiver.listen(connection, (received) =>
    webhooks.push({ ...received, handedOverAt: null }),
  )
  const config = toConfig(setting)
  const start = () =>
    startProcess({
      store,
      connection,
      config,
      clock,
      life,
      pipedrive: { url: pipedriveUrl, apiToken: pipedrive.apiTokens[0] ?? '' },
      brevoUrl: `${brevoUrl}/v3`,
    })
  let life = createLife()
  let process = start()
  const network = createNetwork({ pipedrive: pipedrive.faults, brevo: brevo.faults }, () => life)
  const inbox = createInbox({ store, defaultConnection: () => connection, clock, onArrived: () => undefined })
  const restart = async (): Promise<void> => {
    life.end()
    await process.close()
    life = createLife()
    process = start()
  }
  const settleWebhooks = async (): Promise<void> => {
    await pipedrive.settleWebhooks()
    await brevo.state.webhooksQuiet()
  }
  return {
    store,
    connection,
    clock,
    setting,
    pipedrive,
    brevo,
    webhooks,
    restart,
    settleWebhooks,
    /** As `serve` does at its start. */
    async registerWebhooks(): Promise<void> {
      const credentials = createWebhookCredentials()
      const publicUrl = stage.receiver.url
      const report = await careForWebhooks({
        ...process.context,
        config,
        publicUrl,
        credentials,
        mode: 'register',
      })
      if (report.status !== 'complete') throw new Error(`webhooks: ${JSON.stringify(report.items)}`)
    },
    async handOver(webhook: Webhook): Promise<void> {
      await inbox.store(webhook.source, null, webhook.body)
      await store.intake.emptied()
      webhook.handedOverAt ??= clock.now().getTime()
    },
    async run(operation: Operation, { killedAfter, fault }: Trouble = {}): Promise<Outcome> {
      network.expect({})
      life.endsAfter(killedAfter ?? null)
      if (fault) (fault.side === 'brevo' ? brevo : pipedrive).faults.add(fault)
      try {
        return { kind: 'done', nextAt: await process.perform(operation) }
      } catch (error) {
        if (life.isOver) return { kind: 'killed', error }
        if (fault && error instanceof TajoError && /^(pipedrive|brevo)_/.test(error.code))
          return { kind: 'troubled', error }
        throw error
      } finally {
        life.endsAfter(null)
        pipedrive.faults.clear()
        brevo.faults.clear()
        if (life.isOver) await restart()
        await settleWebhooks()
      }
    },
    async isFirstSyncDone(): Promise<boolean> {
      return (await readConnection(store.db, connection)).told_since !== null
    },
    /** Whether everything was listed within the last day. */
    async isListed(): Promise<boolean> {
      const { listed_at } = await readConnection(store.db, connection)
      return clock.now().getTime() - (listed_at?.getTime() ?? 0) < day
    },
    async close(): Promise<void> {
      stopListening()
      life.end()
      await process.close()
      await Promise.all([pipedrive.close(), brevo.close()])
    },
  }
}

function toConfig(setting: Setting): Config {
  const directory = fs.mkdtempSync(join(tmpdir(), 'tajo-model-'))
  try {
    const file = join(directory, 'tajo.yaml')
    fs.writeFileSync(file, toYaml(setting))
    return loadConfig({ file, env: {} }).config
  } finally {
    fs.rmSync(directory, { recursive: true })
  }
}

/** Persons with everything, with little, and with an unsubscription. */
function initialPersons(): readonly SeedPerson[] {
  const times = { add_time: '2026-10-01T08:00:00Z', update_time: '2026-10-01T08:00:00Z' }
  return [1, 2, 3, 4, 5].map((id) => ({
    id,
    owner_id: 1,
    ...times,
    name: `First${id} Last${id}`,
    first_name: `First${id}`,
    last_name: `Last${id}`,
    org_id: null,
    emails: [
      { value: `p${id}@test.example`, primary: true, label: 'work' },
      ...(id === 1 ? [{ value: 'home1@test.example', primary: false, label: 'home' }] : []),
    ],
    phones: id === 4 ? [] : [{ value: `010-9000-000${id}`, primary: true, label: 'mobile' }],
    custom_fields:
      id === 4
        ? {}
        : {
            [codeOf.INDUSTRY]: `Trade ${id}`,
            [codeOf.LEAD_SOURCE]: sources[id % sources.length]?.id ?? 0,
            [codeOf.COMPANY_SIZE]: id * 10,
            [codeOf.FIRST_MET]: `2026-01-0${id}`,
          },
    ...(id === 5 ? { marketing_status: 'unsubscribed' as const } : {}),
  }))
}

/** Contacts that are there already: of a person who never filled anything in, of a blocklisted one, and of nobody. */
function initialBrevo(): BrevoSeed {
  const empty = emptyBrevoSeed()
  const createdAt = '2026-09-01T08:00:00.000Z'
  return {
    ...empty,
    lists: [...empty.lists, { id: ourList, name: 'All contacts', folderId: 1 }],
    contacts: [
      { email: 'p4@test.example', attributes: { FIRSTNAME: 'Firstfour', SMS: '821090000004' } },
      { email: 'p3@test.example', emailBlacklisted: true },
      { email: 'reader@test.example', attributes: { FIRSTNAME: 'Reader' }, listIds: [foreignList] },
    ].map((contact) => ({ ...contact, createdAt, modifiedAt: createdAt })),
  }
}
