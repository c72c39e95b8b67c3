/** The composition root: builds everything from the environment and the configuration, and closes it again. */
import { type Clock, systemClock } from '../base/clock.ts'
import { TajoError } from '../base/error.ts'
import { type Environment, type LoadedConfig, loadConfig } from '../config/index.ts'
import { discardFailures, openStore, type Store } from '../store/index.ts'
import { type RunContext, runSync, SettingsUnfit, type SyncReport } from '../sync/index.ts'
import { runCheck } from './check.ts'
import { brevoAccess, notConnected, pipedriveAccess, readStored } from './clients.ts'
import { createConnectors } from './connectors.ts'
import { createDedupe } from './dedupe.ts'
import { openDoorway } from './doorway/doorway.ts'
import { askServer } from './doorway/remote-service.ts'
import { explain } from './explain.ts'
import { readCauses, readFailurePage, readFailures, retryFailures } from './failures.ts'
import { createKeys } from './keys/api-keys.ts'
import { withLease } from './lease.ts'
import { type RunningLive, startLive } from './live/live.ts'
import { createReceiver } from './live/receiver.ts'
import { createPrivacy } from './privacy/privacy.ts'
import { createSecretBox, type SecretBox } from './secrets.ts'
import type { Service, SyncOptions } from './service-face.ts'
import { locateFault, toSyncSettings } from './settings.ts'
import { createSkills } from './skills/skills.ts'
import { readStatus } from './status.ts'
import { createTurns, type Turns } from './turns.ts'
import { createWebhooks } from './webhooks/connection-webhooks.ts'
import { receivedText } from './webhooks/received-body.ts'

export type ServiceOptions = {
  readonly environment: Environment
  /** Default: TAJO_CONFIG, else `./tajo.yaml` where there is one. */
  readonly configFile?: string | undefined
  /** Which connection of the store; default `default`. */
  readonly connection?: string | undefined
  readonly clock?: Clock | undefined
  /** How long one request to a service may take in a sync or while serving, milliseconds; default 30,000. */
  readonly timeoutMs?: number | undefined
  /** Answers the other commands on this data directory while this service is open; default false. */
  readonly serve?: boolean | undefined
  /** What a running server has to say to the person who waits for a command. */
  readonly onNotice?: ((text: string) => void) | undefined
}

/**
 * Reads the configuration and opens the store. Where a server has the data directory, the result is that server's
 * service. Throws ConfigError and the store's errors; makes no call to a service.
 */
export async function openService(options: ServiceOptions): Promise<Service> {
  const { environment, connection = 'default', clock = systemClock, timeoutMs } = options
  const file = options.configFile ?? environment.configFile ?? undefined
  const load = (): LoadedConfig =>
    loadConfig({ env: environment.variables, ...(file === undefined ? {} : { file }) })
  const config = load()
  const ready = Promise.withResolvers<Service>()
  const doorway = options.serve === true ? openDoorway(ready.promise, { connection }) : null
  let store: Store
  try {
    store = await openStore({
      dataDir: environment.dataDir,
      ...(environment.databaseUrl === null ? {} : { databaseUrl: environment.databaseUrl }),
      ...(doorway === null ? {} : { onVisitor: doorway.visit }),
    })
  } catch (error) {
    const { onNotice } = options
    return askServer(error, environment.dataDir, config, { connection, onNotice })
  }
  const box = createSecretBox(environment.secretKey, environment.dataDir)
  let running: RunningLive | null = null
  const inner: Inner = { config, store, connection, clock, timeoutMs, box, turns: createTurns() }
  const receiver = createReceiver({ ...inner, reloadConfig: load })
  const service: Service = {
    config,
    sync: (request) => sync(inner, request),
    check: ({ fix, signal }) => runCheck({ ...inner, fix, signal }),
    status: () => readStatus({ ...inner, config: config.config, running }),
    explain: (subject) => explain(store, connection, config.config, subject),
    failures: {
      list: () => readFailures(store, connection),
      causes: () => readCauses(store, connection),
      page: (query) => readFailurePage(store, connection, query),
      async retry(selection, request) {
        const retried = await retryFailures(store, connection, selection)
        return { retried, report: retried === 0 ? null : await sync(inner, request) }
      },
      discard: (selection) => discardFailures(store.db, connection, selection),
    },
    connections: createConnectors({
      ...inner,
      config: config.config,
      // A server that waits for other credentials need not wait any longer.
      async onConnected() {
        receiver.renew()
        await running?.wake()
      },
    }),
    webhooks: {
      ...createWebhooks({ store, connection, config: config.config, box, clock }),
      verify: async (source, authorization) =>
        running === null
          ? receiver.authenticate(source, authorization)
          : running.inbox.authenticate(source, null, authorization),
      async receive({ source, body }, { signal } = {}) {
        const text = receivedText(source, body)
        if (running === null) return receiver.receive(source, text, signal)
        await running.inbox.store(source, null, text)
        return { state: 'queued', reason: null }
      },
    },
    privacy: createPrivacy({ ...inner, config: config.config, onHints: async () => running?.lookAround() }),
    dedupe: createDedupe({
      ...inner,
      config: config.config,
      async onHints() {
        await running?.lookAround()
        return running !== null
      },
    }),
    skills: createSkills({ config }),
    keys: createKeys({ store, clock, ownKey: environment.apiKey }),
    async live(request) {
      const live = await startLive({ ...inner, reloadConfig: load }, request)
      running = live
      return {
        ...live,
        stop() {
          running = null
          return live.stop()
        },
      }
    },
    async close() {
      await doorway?.close()
      await receiver.close()
      await store.close()
    },
  }
  ready.resolve(service)
  return service
}

type Inner = {
  readonly config: LoadedConfig
  readonly store: Store
  readonly connection: string
  readonly clock: Clock
  readonly timeoutMs: number | undefined
  readonly box: SecretBox
  /** Of passes: the lease does not tell apart those of one process. */
  readonly turns: Turns
}

function sync(inner: Inner, options: SyncOptions): Promise<SyncReport> {
  const onWait = (): void =>
    options.onNotice?.('Another pass is under way; this one begins when it has ended.')
  return inner.turns.take({ signal: options.signal, onWait }, () => pass(inner, options))
}

async function pass(inner: Inner, options: SyncOptions): Promise<SyncReport> {
  const { config, store, connection, clock, timeoutMs, box } = inner
  if (!config.config.pipedrive.enabled) {
    throw new TajoError({
      code: 'config_disabled',
      disposition: 'pause',
      message: `${config.locate('connectors.pipedrive.enabled')}: the connector is switched off; set it to true to sync.`,
    })
  }
  const stored = await readStored(store, connection, box)
  const pipedriveFrom = pipedriveAccess(config.config, stored, clock, timeoutMs)
  const brevoFrom = brevoAccess(config.config, stored, clock, timeoutMs)
  if (pipedriveFrom === null) throw notConnected('pipedrive')
  if (brevoFrom === null) throw notConnected('brevo')
  const pipedrive = pipedriveFrom.make()
  const brevo = brevoFrom.make()
  try {
    return await withLease(store, connection, options.signal, (signal) => {
      const context: RunContext = {
        store,
        connection,
        pipedrive,
        brevo,
        settings: toSyncSettings(config.config),
        clock,
        signal,
        onProgress: options.onProgress,
      }
      return runSync(context, { full: options.full ?? false, dryRun: options.dryRun ?? false })
    })
  } catch (error) {
    throw error instanceof SettingsUnfit ? withLocations(config, error) : error
  } finally {
    await Promise.all([pipedrive.close(), brevo.close()])
  }
}

function withLocations(config: LoadedConfig, error: SettingsUnfit): TajoError {
  const faults = error.faults.map((fault) => `${locateFault(config, fault)}: ${fault.message}`)
  return new TajoError({
    code: error.code,
    disposition: 'pause',
    message: `The configuration does not fit the accounts (nothing was written):\n  ${faults.join('\n  ')}`,
    details: { faults },
    cause: error,
  })
}
