/** The service of one connection: every capability, bound to its configuration and its part of the store. */
import { TajoError } from '../base/error.ts'
import type { LoadedConfig } from '../config/index.ts'
import { discardFailures, readHold } from '../store/index.ts'
import { type Resolution, type RunContext, runSync, SettingsUnfit, type SyncReport } from '../sync/index.ts'
import { runCheck } from './check.ts'
import { openClients } from './clients.ts'
import { createConnectors } from './connectors.ts'
import { createDedupe } from './dedupe.ts'
import { explain } from './explain.ts'
import { readCauses, readFailurePage, readFailures, retryFailures } from './failures.ts'
import { find } from './find.ts'
import { createHolding } from './hold.ts'
import type { Connections } from './installation-face.ts'
import { withLease } from './lease.ts'
import type { AccountsContext } from './live/accounts.ts'
import type { RunningLive } from './live/live.ts'
import { createReceiver } from './live/receiver.ts'
import { createOAuth } from './oauth/authorise.ts'
import { createPrivacy } from './privacy/privacy.ts'
import { createReports } from './reports.ts'
import { rotateSecrets } from './rotate-secrets.ts'
import { createSearch } from './search.ts'
import type { Service, SyncOptions } from './service-face.ts'
import { createSettings, type SettingsContext } from './settings/settings.ts'
import { carryOut } from './skills/carry-out.ts'
import { createShelf, type SkillShelf } from './skills/skill-shelf.ts'
import { createSkills } from './skills/skills.ts'
import { readStatus } from './status.ts'
import { locateFault, toSyncSettings } from './sync-settings.ts'
import type { Turns } from './turns.ts'
import { createWebhooks } from './webhooks/connection-webhooks.ts'
import { receivedText } from './webhooks/received-body.ts'

export type ConnectionContext = AccountsContext &
  Pick<SettingsContext, 'place' | 'saving' | 'onSaved'> & {
    /** Of passes: the lease does not tell apart those of one process. */
    readonly turns: Turns
    /** Of backfills, which stand in no pass's way. */
    readonly backfills: Turns
    readonly connections: Connections
    readonly keys: Service['keys']
    /** The server in this process, if one runs. */
    readonly running: () => RunningLive | null
  }

export type ConnectionService = Omit<Service, 'live'>

/** `live` concerns the whole installation; `close` ends what this connection has under way, and leaves the store open. */
export function createConnectionService(context: ConnectionContext): ConnectionService {
  const { store, connection, clock, box, running } = context
  const { config } = context.config
  const shelf = createShelf(() => context.config)
  const inner = { ...context, config, shelf }
  /** This connection in the server, if it is looked after there. */
  const readings = (): Pick<RunningLive, 'readings'> | null => {
    const live = running()
    return live?.connections().includes(connection) ? { readings: () => live.readings(connection) } : null
  }
  const receiver = createReceiver(context)
  /** A server that waits for other credentials need not wait any longer. */
  const onConnected = async (): Promise<void> => {
    receiver.renew()
    await running()?.wake(connection)
  }
  return {
    config: context.config,
    sync: (request) => sync(context, shelf, request),
    check: ({ fix, signal }) => runCheck({ ...context, fix, signal }),
    status: () => readStatus({ ...inner, running: readings() }),
    find: (query) => find(store, connection, query),
    explain: (subject) => explain(store, connection, config, subject),
    failures: {
      list: () => readFailures(store, connection),
      causes: () => readCauses(store, connection),
      page: (query) => readFailurePage(store, connection, query),
      async retry(selection, request) {
        const retried = await retryFailures(store, connection, selection)
        return { retried, report: retried === 0 ? null : await sync(context, shelf, request) }
      },
      discard: (selection) => discardFailures(store.db, connection, selection),
    },
    connections: createConnectors({ ...inner, onConnected }),
    oauth: createOAuth({
      ...inner,
      servedAt: () => running()?.localUrl ?? null,
      onConnected,
      onLost: async (error) => running()?.halt(connection, error),
    }),
    secrets: { rotate: () => rotateSecrets(store, box) },
    webhooks: {
      ...createWebhooks({ store, connection, config, box, clock }),
      verify: async (source, authorization) =>
        running()?.inbox.authenticate(source, connection, authorization) ??
        receiver.authenticate(source, authorization),
      async receive({ source, body }, { signal } = {}) {
        const text = receivedText(source, body)
        if (readings() === null) return receiver.receive(source, text, signal)
        await running()?.inbox.store(source, connection, text)
        return { state: 'queued', reason: null }
      },
    },
    privacy: createPrivacy({ ...inner, onHints: async () => running()?.lookAround(connection) }),
    dedupe: createDedupe({
      ...inner,
      async onHints() {
        await running()?.lookAround(connection)
        return readings() !== null
      },
    }),
    settings: createSettings(context),
    holding: createHolding({
      store,
      connection,
      clock,
      async onChanged() {
        const live = running()
        if ((await readHold(store.db, connection)) === null) await live?.wake(connection)
        else await live?.hold(connection)
      },
    }),
    reports: createReports(inner, context.backfills),
    search: createSearch(inner),
    installation: context.connections,
    keys: context.keys,
    close: () => receiver.close(),
    skills: createSkills({ ...context, shelf }),
  }
}

function sync(context: ConnectionContext, shelf: SkillShelf, options: SyncOptions): Promise<SyncReport> {
  const onWait = (): void =>
    options.onNotice?.('Another pass is under way, and shown; this one begins when it has ended.')
  const { signal, onProgress } = options
  return context.turns.take({ signal, onWait, onProgress }, () => pass(context, shelf, options))
}

async function pass(
  context: ConnectionContext,
  shelf: SkillShelf,
  options: SyncOptions,
): Promise<SyncReport> {
  const { config, store, connection, clock } = context
  if (!config.config.pipedrive.enabled) {
    throw new TajoError({
      code: 'config_disabled',
      disposition: 'pause',
      message: `${config.locate('connectors.pipedrive.enabled')}: the connector is switched off; set it to true to sync.`,
    })
  }
  const { pipedrive, brevo } = await openClients({ ...context, config: config.config })
  try {
    return await withLease(store, connection, options.signal, async (signal) => {
      let resolution: Resolution | null = null
      const run: RunContext = {
        store,
        connection,
        pipedrive,
        brevo,
        settings: toSyncSettings(config.config, shelf.noticed()),
        clock,
        signal,
        onProgress(progress) {
          context.turns.tell(progress)
          options.onProgress?.(progress)
        },
        onResolved: (resolved) => {
          resolution = resolved
        },
      }
      const report = await runSync(run, { full: options.full ?? false, dryRun: options.dryRun ?? false })
      if (options.dryRun !== true && report.status !== 'paused' && resolution !== null)
        await carryOut(run, shelf, resolution)
      return report
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
