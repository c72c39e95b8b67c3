/** The composition root: builds everything from the environment and the configuration, and closes it again. */
import { resolve } from 'node:path'
import { type Clock, systemClock } from '../base/clock.ts'
import { TajoError } from '../base/error.ts'
import { nearestName } from '../base/suggest.ts'
import {
  checkSettingsText,
  DEFAULT_CONNECTION,
  type Environment,
  type LoadedConfig,
  type LoadedConnections,
  loadConnections,
  loadStoredConnection,
} from '../config/index.ts'
import { listStoredConnections, openStore, type Store } from '../store/index.ts'
import { isOfInstallation } from '../wire/index.ts'
import { type ConnectionService, createConnectionService } from './connection-service.ts'
import { createConnections, type Known } from './connections.ts'
import { openDoorway } from './doorway/doorway.ts'
import { askServer } from './doorway/remote-service.ts'
import type { Installation } from './installation-face.ts'
import { createKeys } from './keys/api-keys.ts'
import { type LiveContext, type LiveRequest, type RunningLive, startLive } from './live/live.ts'
import type { LiveOptions } from './live-face.ts'
import { createInstallationBrowser } from './oauth/installation-browser.ts'
import { isOperation } from './operations.ts'
import { createSecretBox } from './secrets.ts'
import type { Service } from './service-face.ts'
import { createFilePlace, createStorePlace, type SettingsPlace } from './settings/place.ts'
import { createTurns, type Turns } from './turns.ts'

export type InstallationOptions = {
  readonly environment: Environment
  /** Default: TAJO_CONFIG, else `./tajo.yaml` where there is one. */
  readonly configFile?: string | undefined
  /** The connection that is meant where none is named; default: the only one, else `default`. */
  readonly connection?: string | undefined
  readonly clock?: Clock | undefined
  /** How long one request to a service may take in a sync or while serving, milliseconds; default 30,000. */
  readonly timeoutMs?: number | undefined
  /** Answers the other commands on this data directory while the installation is open; default false. */
  readonly serve?: boolean | undefined
  /** What a running server has to say to the person who waits for a command. */
  readonly onNotice?: ((text: string) => void) | undefined
}

/**
 * Reads the configuration and opens the store. Where a server has the data directory, the result speaks to that server.
 * Throws ConfigError and the store's errors; makes no call to a service.
 */
export async function openInstallation(options: InstallationOptions): Promise<Installation> {
  const { environment, clock = systemClock, timeoutMs } = options
  const file = options.configFile ?? environment.configFile ?? undefined
  const { variables } = environment
  const load = (): LoadedConnections =>
    loadConnections({ env: variables, ...(file === undefined ? {} : { file }) })
  const inFile = load()
  const settingsFile = resolve(file ?? (variables.TAJO_CONFIG || 'tajo.yaml'))
  const ready = Promise.withResolvers<Installation>()
  const doorway =
    options.serve === true
      ? openDoorway(async (name, operation) => serve(await ready.promise, name, operation))
      : null
  let store: Store
  try {
    store = await openStore({
      dataDir: environment.dataDir,
      ...(environment.databaseUrl === null ? {} : { databaseUrl: environment.databaseUrl }),
      ...(doorway === null ? {} : { onVisitor: doorway.visit }),
    })
  } catch (error) {
    return askServer(error, environment.dataDir, inFile, options)
  }
  const box = createSecretBox(environment.secretKey, environment.dataDir, environment.previousSecretKey)
  const keys = createKeys({ store, clock, ownKey: environment.apiKey })
  const members = new Map<string, Member>()
  const saving = createTurns()
  let running: RunningLive | null = null
  const meant = (): string | null => {
    const asked = options.connection
    if (asked !== undefined) return asked
    const [only, ...others] = members.keys()
    return members.has(DEFAULT_CONNECTION) ? DEFAULT_CONNECTION : others.length === 0 ? (only ?? null) : null
  }
  const liveContext = ({ known, turns }: Member): LiveContext => ({
    config: known.config,
    reloadConfig: () => reload(known, load),
    store,
    connection: known.name,
    clock,
    timeoutMs,
    box,
    turns,
  })
  const begin = async (
    from: readonly Member[],
    request: LiveOptions & Pick<LiveRequest, 'strict'>,
  ): Promise<RunningLive> => {
    const [first, ...others] = from.map(liveContext)
    if (first === undefined) throw unnamed(members)
    const live = await startLive([first, ...others], { ...request, defaultConnection: meant })
    running = {
      ...live,
      stop() {
        running = null
        return live.stop()
      },
    }
    return running
  }
  const connections = createConnections({
    known: () => [...members.values()].map(({ known }) => known),
    meant,
    store,
    box,
    variables,
    async onAdded(known) {
      const member = take(known)
      await running?.add(liveContext(member))
    },
    async onRemoving(name) {
      await running?.remove(name)
      const member = members.get(name)
      await member?.own.close()
      return member?.service
    },
    onRemoved: (name) => members.delete(name),
  })
  const placeOf = ({ name, settings }: Known): SettingsPlace => {
    if (settings === 'store')
      return createStorePlace(store, box, name, {
        variables,
        load: (text) => loadStoredConnection(name, text ?? '', variables),
      })
    return createFilePlace(settingsFile, inFile.named ? name : null, {
      variables,
      load(text) {
        const { connections } = checkSettingsText(text ?? '', { file: settingsFile, env: variables })
        const found = connections.get(name)
        if (found === undefined) throw unknown(name, members)
        return found
      },
    })
  }
  /** Saved settings take the place of those the connection works with. */
  const renew = async (name: string): Promise<void> => {
    const member = members.get(name)
    if (member === undefined) return
    const place = placeOf(member.known)
    member.known = { ...member.known, config: place.load(await place.read()) }
    const former = member.own
    member.own = create(member)
    try {
      await running?.replace(liveContext(member))
    } finally {
      await former.close()
    }
  }
  const create = ({
    known,
    turns,
    backfills,
  }: Pick<Member, 'known' | 'turns' | 'backfills'>): ConnectionService =>
    createConnectionService({
      store,
      connection: known.name,
      clock,
      timeoutMs,
      box,
      turns,
      backfills,
      connections,
      keys,
      running: () => running,
      config: known.config,
      reloadConfig: () => reload(known, load),
      place: placeOf(known),
      saving,
      onSaved: renew,
    })
  function take(known: Known): Member {
    const [turns, backfills] = [createTurns(), createTurns()]
    const own = create({ known, turns, backfills })
    const ofAll: Pick<Service, 'live' | 'close'> = {
      live: (request) => begin([member], { ...request, strict: true }),
      close: () => close(),
    }
    const member: Member = { known, turns, backfills, own, service: withLatest(ofAll, own, () => member.own) }
    members.set(known.name, member)
    return member
  }
  const close = async (): Promise<void> => {
    await doorway?.close()
    for (const member of members.values()) await member.own.close()
    await store.close()
  }
  try {
    for (const [name, config] of inFile.connections) take({ name, settings: 'file', config })
    for (const { name, settings: sealed } of await listStoredConnections(store.db)) {
      // The file wins: somebody has written down there what holds.
      if (members.has(name)) continue
      const settings = await box.open(sealed, name)
      take({ name, settings: 'store', config: loadStoredConnection(name, settings, variables) })
    }
  } catch (error) {
    await close()
    throw error
  }
  const installation: Installation = {
    server: inFile.server,
    names: () => [...members.keys()],
    defaultName: meant,
    connections,
    keys,
    oauth: createInstallationBrowser({
      store,
      services: () => [...members.values()].map(({ service }) => service),
      find: (name) => members.get(name)?.service ?? null,
    }),
    find: (name) => members.get(name ?? meant() ?? '')?.service ?? null,
    connection(name) {
      const wanted = name ?? meant()
      if (wanted === null) throw unnamed(members)
      const member = members.get(wanted)
      if (member === undefined) throw unknown(wanted, members)
      return member.service
    },
    live: (request) => begin([...members.values()], { ...request, strict: false }),
    close,
  }
  ready.resolve(installation)
  return installation
}

/** What concerns all connections may be asked through any of them. */
function serve(installation: Installation, name: string, operation: string | null): Service {
  if (name !== '') return installation.connection(name)
  const any = operation === null || (isOperation(operation) && isOfInstallation(operation))
  return installation.connection(any ? installation.names()[0] : null)
}

type Member = {
  /** As it is now: saved settings take the place of those before. */
  known: Known
  own: ConnectionService
  readonly turns: Turns
  readonly backfills: Turns
  readonly service: Service
}

/** Of the connection, whoever holds on to it has what is at work now. */
function withLatest<A extends object, B extends object>(fixed: A, first: B, current: () => B): A & B {
  const getters = Object.keys(first)
    .filter((key) => !Object.hasOwn(fixed, key))
    .map((key) => [key, { enumerable: true, get: () => current()[key as keyof B] }])
  return Object.defineProperties({ ...fixed }, Object.fromEntries(getters)) as A & B
}

function reload({ name, settings, config }: Known, load: () => LoadedConnections): LoadedConfig {
  if (settings === 'store') return config
  const { connections } = load()
  return connections.get(name) ?? connections.get(DEFAULT_CONNECTION) ?? config
}

function unnamed(members: ReadonlyMap<string, unknown>): TajoError {
  return new TajoError({
    code: 'connection_unnamed',
    message: `There are several connections (${[...members.keys()].join(', ')}): name the one that is meant, with --connection or TAJO_CONNECTION.`,
  })
}

function unknown(name: string, members: ReadonlyMap<string, unknown>): TajoError {
  const near = nearestName(name, members.keys())
  const known = [...members.keys()].join(', ') || 'none'
  return new TajoError({
    code: 'connection_unknown',
    message: `There is no connection named ${JSON.stringify(name)}${near === undefined ? '' : ` (the nearest is ${near})`}; known: ${known}.`,
  })
}
