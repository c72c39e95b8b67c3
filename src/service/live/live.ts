/** A server that is always in step: one inbox and one job engine for all its connections, put together and taken apart again. */
import { TajoError } from '../../base/error.ts'
import { readHold } from '../../store/index.ts'
import { isHeld } from '../hold.ts'
import type { Health, Live, LiveNews, LiveOptions } from '../live-face.ts'
import { createTurns, type Turns } from '../turns.ts'
import { createInbox } from './inbox.ts'
import { type JobEngine, type JobName, startJobs } from './jobs.ts'
import { type LiveConnection, type LiveContext, openLiveConnection } from './live-connection.ts'
import { doorKeys } from './open-inbox.ts'
import { told } from './worker-state.ts'

export type { LiveContext } from './live-connection.ts'

export type RunningLive = Live & {
  /** Credentials were replaced, or a hold is over: a pause ends, and a connection that waited begins. */
  wake(connection: string): Promise<void>
  /** The account was lost: pauses at once, and not only when the next request is refused. */
  halt(connection: string, error: TajoError): Promise<void>
  /** Where a browser on this machine finds the HTTP server; null: there is none. */
  readonly localUrl: string | null
  /** There are hints that no webhook brought. */
  lookAround(connection: string): Promise<void>
  add(context: LiveContext): Promise<void>
  /** Goes on with other settings; what is taken in meanwhile waits for them. */
  replace(context: LiveContext): Promise<void>
  /** Lets it rest; what is taken in meanwhile is kept. */
  hold(connection: string): Promise<void>
  /** Ends its work; nothing more is taken in for it. */
  remove(connection: string): Promise<void>
}

export type LiveRequest = LiveOptions & {
  /** The one that is meant where none is named; null: there is none. */
  readonly defaultConnection: () => string | null
  /** Whether a connection that cannot begin ends it all; else it waits for its credentials, and the others begin. */
  readonly strict: boolean
}

/** What is under way is waited for so long when the server stops; the rest the next start goes on with. */
const stopMs = 8_000
const busyMs = 1_000
/** A hold that ends in another process is noticed so late, and what could not begin is tried again. */
const heldMs = 30_000
/** Mended by somebody who connects the accounts. */
const waitingFor = [
  'config_not_connected',
  'config_disabled',
  'pipedrive_uninstalled',
  'oauth_app_missing',
  'oauth_app_changed',
  'connection_held',
]

type Member = {
  readonly context: LiveContext
  live: LiveConnection | null
  reason: string
  /** Somebody lets it rest; perhaps in another process. */
  held: boolean
  /** It could not begin for a reason that may pass: the timetable tries it again. */
  failed: boolean
}

/** Throws what keeps it from beginning, before anything is begun. */
export async function startLive(
  contexts: readonly [LiveContext, ...LiveContext[]],
  options: LiveRequest,
): Promise<RunningLive> {
  const { store, clock } = contexts[0]
  const { defaultConnection } = options
  const members = new Map<string, Member>()
  let engine: JobEngine | null = null
  const fail = (error: unknown): void => onError(options, error)
  const running = (): JobEngine => {
    if (engine === null) throw new Error('the jobs have not been started')
    return engine
  }
  const lookAround = async (connection: string): Promise<void> => {
    if (members.get(connection)?.live) await running().of(connection).now('step')
  }
  const inbox = createInbox({
    store,
    clock,
    defaultConnection,
    onArrived: (connections) => {
      // A wake-up that gets lost is made up for by the next one, or by the poll of the queue.
      for (const connection of engine === null ? [] : connections) void lookAround(connection).catch(fail)
    },
  })
  /** `strict`: what keeps it from beginning is thrown; else what somebody has to mend is waited for. */
  const open = async (context: LiveContext, strict: boolean): Promise<Member> => {
    const { connection } = context
    const member: Member = { context, live: null, reason: '', held: false, failed: false }
    try {
      const held = await readHold(store.db, connection)
      if (held !== null) throw isHeld(held)
      member.live = await openLiveConnection(context, options, () => running().of(connection))
    } catch (error) {
      if (strict || !(error instanceof TajoError) || !waitingFor.includes(error.code)) throw error
      member.reason = error.message
      member.held = error.code === 'connection_held'
      const level = member.held ? 'info' : 'warn'
      options.onNews(told(level, 'connection.waiting', error.message, { connection, code: error.code }))
    }
    inbox.use(connection, await doorKeys(context))
    members.set(connection, member)
    return member
  }
  const start = async ({ context, live, held, failed }: Member): Promise<void> => {
    await live?.begin()
    if (held || failed)
      await putOff(running(), context.connection, 'later', new Date(clock.now().getTime() + heldMs))
  }
  const begin = async (context: LiveContext): Promise<void> => {
    const member = await open(context, false).catch(async (error: unknown) => {
      const reason = error instanceof Error ? error.message : String(error)
      const failed: Member = { context, live: null, reason, held: false, failed: true }
      members.set(context.connection, failed)
      await start(failed)
      throw error
    })
    await running().grow(members.size)
    await start(member)
  }
  const end = async (member: Member | undefined): Promise<void> => {
    if (!member?.live) return
    const { live } = member
    member.live = null
    live.stop()
    await live.close()
  }
  const hold = async (connection: string): Promise<void> => {
    const member = members.get(connection)
    if (!member?.live) return
    await end(member)
    await begin(member.context)
  }
  const changes = new Map<string, Turns>()
  /** Beginning and ending: two at once would leave one of them open for ever. */
  const inTurn = (connection: string, change: () => Promise<void>): Promise<void> => {
    const turns = changes.get(connection) ?? createTurns()
    changes.set(connection, turns)
    return turns.take({}, change)
  }
  const obey = async (connection: string): Promise<void> => {
    const member = members.get(connection)
    const isHeld = (await readHold(store.db, connection)) !== null
    if (member === undefined || (isHeld === member.held && !member.failed)) return
    await (member.live ? hold(connection) : begin(member.context))
  }
  /** Another process may have changed it; this one says so itself. */
  const isResting = async (member: Member): Promise<boolean> => {
    const { connection } = member.context
    const isHeld = (await readHold(store.db, connection)) !== null
    if (isHeld !== member.held || member.failed) void inTurn(connection, () => obey(connection)).catch(fail)
    else if (isHeld) await start(member)
    return isHeld || member.held
  }
  for (const context of contexts) await open(context, options.strict)
  engine = await startJobs({
    store,
    clock,
    onError: fail,
    work: async (connection, name, signal) => {
      const member = members.get(connection)
      if (member === undefined || (await isResting(member)) || member.live === null) return
      // Who only waits for another job of the same connection must not keep the others from a place.
      if (member.context.turns.busy() && members.size > running().places())
        await putOff(running(), connection, name, new Date(clock.now().getTime() + busyMs))
      else await member.live.work(name, signal)
    },
  })
  await engine.grow(members.size)
  if (store.intake.damaged > 0) options.onNews(lostDeliveries(store.intake.damaged))
  for (const member of members.values()) await start(member)
  const one = (connection: string | null | undefined): LiveConnection => {
    const name = connection ?? defaultConnection()
    const member = name === null ? undefined : members.get(name)
    if (member?.live) return member.live
    throw notLive(name, member?.reason)
  }
  return {
    inbox,
    connections: () => [...members].flatMap(([name, { live }]) => (live ? [name] : [])),
    health: () => health([...members.values()], members.size > 1),
    readings: async (connection) => ({
      ...(await one(connection).readings()),
      deliveries: inbox.deliveries(connection ?? defaultConnection() ?? ''),
    }),
    settled: async (signal) => {
      for (const { live } of members.values()) await live?.settled(signal)
    },
    lookAround,
    wake: (connection) =>
      inTurn(connection, async () => {
        const member = members.get(connection)
        if (member === undefined) return
        if (member.live) await member.live.wake()
        else await begin(member.context)
      }),
    halt: async (connection, error) => members.get(connection)?.live?.halt(error),
    localUrl: options.localUrl ?? null,
    add: (context) => inTurn(context.connection, () => begin(context)),
    replace: (context) =>
      inTurn(context.connection, async () => {
        await end(members.get(context.connection))
        await begin(context)
      }),
    hold: (connection) => inTurn(connection, () => hold(connection)),
    remove: (connection) =>
      inTurn(connection, async () => {
        inbox.use(connection, null)
        const member = members.get(connection)
        members.delete(connection)
        await end(member)
        // What else is under way in this process: nothing may be written once it is forgotten.
        await member?.context.turns.take({}, async () => {})
      }),
    async stop() {
      await inbox.close()
      const all = [...members.values()].flatMap(({ live }) => live ?? [])
      for (const live of all) live.stop()
      await running().stop(stopMs)
      for (const live of all) await live.close()
    },
  }
}

async function putOff(engine: JobEngine, connection: string, name: JobName, time: Date): Promise<void> {
  await engine.of(connection).at(name === 'step' ? 'later' : name, time)
}

/** The server is ready when every connection is. */
async function health(members: readonly Member[], named: boolean): Promise<Health> {
  const reasons: string[] = []
  for (const { context, live, reason } of members) {
    const own = live === null ? [reason] : (await live.health()).reasons
    reasons.push(...own.map((text) => (named ? `${context.connection}: ${text}` : text)))
  }
  return { ready: reasons.length === 0, reasons }
}

function notLive(name: string | null, reason: string | undefined): TajoError {
  const why = reason ?? (name === null ? 'no connection was named' : 'there is no such connection here')
  return new TajoError({
    code: 'connection_not_live',
    disposition: 'pause',
    message: `The connection ${name ?? ''} is not looked after: ${why}`,
  })
}

/** The polls find what they spoke of; that the disk loses what was written to it, a person should know. */
function lostDeliveries(count: number): LiveNews {
  const message = `${count} accepted webhooks can no longer be read from the journal; the disk has lost them. Polling finds what they told of.`
  return told('error', 'inbox.damaged', message, { count })
}

function onError({ onNews }: LiveOptions, error: unknown): void {
  const message = error instanceof Error ? error.message : String(error)
  onNews(told('error', 'jobs.failed', `A job failed and is tried again: ${message}`, {}))
}
