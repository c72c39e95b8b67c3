/**
 * The service of a server that runs on the same data directory, as if it were open here. It works with the server's
 * configuration, and says so where this side's is another one.
 */
import type net from 'node:net'
import { TajoError } from '../../base/error.ts'
import { DEFAULT_CONNECTION, type LoadedConfig, type LoadedConnections } from '../../config/index.ts'
import { visitDataDirectory } from '../../store/index.ts'
import type { OperationName, ParamsGivenOf, ResultOf } from '../../wire/index.ts'
import type { Installation, Service, SyncOptions } from '../service-face.ts'
import { type CallOptions, createCaller } from './caller.ts'
import { configurationFingerprint } from './protocol.ts'

export type RemoteOptions = {
  /** The connection that is meant; '' or left out: the server's default one. */
  readonly connection?: string | undefined
  /** Sentences for the person who waits, at most a few per call. */
  readonly onNotice?: ((text: string) => void) | undefined
}

/** The other side checks it as well. */
type WebhookBody = ParamsGivenOf<'webhooks.receive'>['body']

/** There is one server on a data directory: `live` throws `server_running`. */
export type RemoteService = Service & { live(): Promise<never> }

/**
 * What to do about a store that could not be opened: where another process has the data directory and serves others,
 * its connection; else `error` is thrown again. A store on a PostgreSQL server has no such door, since any number may use
 * it at once: two syncs there meet at the lease (`connection_busy`).
 */
export async function askServer(
  error: unknown,
  dataDir: string,
  { file, connections, server }: LoadedConnections,
  options: RemoteOptions,
): Promise<Installation> {
  if (!(error instanceof TajoError) || error.code !== 'store_locked') throw error
  const socket = await visitDataDirectory(dataDir)
  if (socket === null) throw error
  const [first] = connections.values()
  if (first === undefined) throw new Error(`${file} describes no connection`)
  const config = connections.get(options.connection ?? DEFAULT_CONNECTION) ?? first
  const service = await remoteService(socket, config, options)
  return {
    server,
    names: () => [...connections.keys()],
    defaultName: () => options.connection ?? null,
    connections: service.installation,
    keys: service.keys,
    oauth: service.oauth.browser,
    find: () => service,
    connection: () => service,
    live: () => service.live(),
    close: () => service.close(),
  }
}

/** `socket` is past the lock's greeting. Throws `service_version_mismatch`, `connection_unknown`, `server_gone`. */
export async function remoteService(
  socket: net.Socket,
  config: LoadedConfig,
  { connection = '', onNotice = () => {} }: RemoteOptions,
): Promise<RemoteService> {
  const configuration = configurationFingerprint(config)
  const caller = await createCaller(socket, { connection, configuration, onNotice })
  // What comes back has the shape that the service gave it: both sides speak the same version of the protocol.
  const call = <N extends OperationName>(
    name: N,
    params: ParamsGivenOf<N>,
    options: CallOptions = {},
  ): Promise<ResultOf<N>> => caller.call(name, params, options) as Promise<ResultOf<N>>
  const compareConfigurations = (): void => {
    if (caller.configuration !== configuration) onNotice(differenceText(caller.pid, config))
  }
  return {
    config,
    sync(options) {
      compareConfigurations()
      return call('sync.run', toPass(options), options)
    },
    check({ fix, signal }) {
      compareConfigurations()
      return call('check.run', { fix }, { signal })
    },
    status: () => call('status.read', {}),
    explain: (subject) => call('contacts.explain', { subject }),
    find: (query) => call('contacts.find', query),
    failures: {
      list: () => call('failures.list', {}),
      causes: () => call('failures.causes', {}),
      page: (query) => call('failures.page', query),
      retry(selection, options) {
        compareConfigurations()
        return call('failures.retry', { selection, ...toPass(options) }, options)
      },
      discard: (selection) => call('failures.discard', { selection }),
    },
    connections: {
      connectPipedrive: (credentials) => call('connectors.connectPipedrive', credentials),
      connectBrevo: (credentials) => call('connectors.connectBrevo', credentials),
      connectBrevoApp: (credentials) => call('connectors.connectBrevoApp', credentials),
      list: () => call('connectors.list', {}),
      test: (name) => call('connectors.test', { name }),
      disconnect: (name) => call('connectors.disconnect', { name }),
    },
    oauth: {
      begin: () => call('oauth.begin', {}),
      wait: (id, { signal } = {}) => call('oauth.wait', { id }, { signal }),
      // Browsers come to the server itself.
      browser: { start: elsewhere, finish: elsewhere, uninstall: elsewhere },
    },
    secrets: { rotate: () => call('secrets.rotate', {}) },
    webhooks: {
      register({ publicUrl, signal } = {}) {
        compareConfigurations()
        return call('webhooks.register', { publicUrl }, { signal })
      },
      list({ signal } = {}) {
        compareConfigurations()
        return call('webhooks.list', {}, { signal })
      },
      remove: ({ signal } = {}) => call('webhooks.remove', {}, { signal }),
      verify: (source, authorization) => call('webhooks.verify', { source, authorization }),
      receive: ({ source, body }, { signal } = {}) =>
        call('webhooks.receive', { source, body: body as WebhookBody }, { signal }),
    },
    privacy: {
      export: (email, { signal } = {}) => call('privacy.export', { email }, { signal }),
      erase: (email, { signal, pipedrive = false, dryRun = false } = {}) =>
        call('privacy.erase', { email, pipedrive, dryRun }, { signal }),
      allow: (email, { signal } = {}) => call('privacy.allow', { email }, { signal }),
    },
    dedupe: {
      list: (options = {}) => call('dedupe.list', options),
      plan({ signal, ...selection } = {}) {
        compareConfigurations()
        return call('dedupe.plan', selection, { signal })
      },
      merge: (merges, options) => call('dedupe.merge', { merges }, options),
    },
    skills: {
      list: () => call('skills.list', {}),
      validate: (files) => call('skills.validate', files === undefined ? {} : { files }),
      run(name, { signal, ...request } = {}) {
        compareConfigurations()
        return call('skills.run', { name, ...request }, { signal })
      },
      runs: (filter = {}) => call('skills.runs', filter),
    },
    keys: {
      list: () => call('keys.list', {}),
      create: (key) => call('keys.create', key),
      revoke: (key) => call('keys.revoke', { key }),
      // Whoever checks keys serves, and there is one server.
      authenticate: () => Promise.reject(serverRunning(caller.pid)),
      holds: () => Promise.reject(serverRunning(caller.pid)),
    },
    search: (query, { signal } = {}) => call('search.run', query, { signal }),
    installation: {
      list: () => call('connections.list', {}),
      add: (added) => call('connections.add', added),
      remove: (name) => call('connections.remove', { name }),
    },
    reports: {
      choices: () => call('reports.choices', {}),
      pipeline: (query = {}) => call('reports.pipeline', query),
      attribution: (query = {}) => call('reports.attribution', query),
      backfillForecast: ({ signal } = {}) => call('reports.backfillForecast', {}, { signal }),
      backfill({ maxTokens, ...options } = {}) {
        compareConfigurations()
        return call('reports.backfill', { maxTokens }, options)
      },
    },
    settings: {
      read: () => call('settings.read', {}),
      survey: ({ signal } = {}) => call('settings.survey', {}, { signal }),
      preview: (draft, { signal } = {}) => call('settings.preview', { draft }, { signal }),
      tryOut: (draft, options) => call('settings.tryOut', { draft }, options),
      save: (request) => call('settings.save', request),
      undo: (request) => call('settings.undo', request),
      createAttribute: (attribute) => call('settings.createAttribute', attribute),
      createList: (list) => call('settings.createList', list),
    },
    holding: {
      begin: (request) => call('hold.begin', request),
      end: () => call('hold.end', {}),
    },
    async live() {
      throw serverRunning(caller.pid)
    },
    async close() {
      caller.close()
    },
  }
}

async function elsewhere(): Promise<never> {
  throw new Error('The running server answers browsers')
}

function serverRunning(pid: number): TajoError {
  return new TajoError({
    code: 'server_running',
    message: `Another server (process ${pid}) already runs on this data directory. Stop it first, or give this one a directory of its own (TAJO_DATA_DIR).`,
    disposition: 'pause',
    details: { pid },
  })
}

function toPass({ full, dryRun }: SyncOptions): Pick<SyncOptions, 'full' | 'dryRun'> {
  return { ...(full !== undefined && { full }), ...(dryRun !== undefined && { dryRun }) }
}

function differenceText(pid: number, { config }: LoadedConfig): string {
  return `Note: the running server (process ${pid}) still works with the configuration it started with, which differs from ${config.file === null ? "this command's settings" : `${config.file} and the environment of this command`}. Restart it to put the new one to use.`
}
