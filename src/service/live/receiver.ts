/**
 * Webhooks that another program received: kept as those at our own door are, and brought through a step here and now where
 * no server looks after the connection. Callers that come while one waits to begin share it.
 */
import { TajoError } from '../../base/error.ts'
import { withLease } from '../lease.ts'
import type { InboxSource } from '../live-face.ts'
import type { WebhookReceipt } from '../service-face.ts'
import { createShelf } from '../skills/skill-shelf.ts'
import type { Turns } from '../turns.ts'
import { type Accounts, type AccountsContext, openAccounts } from './accounts.ts'
import type { OpenInbox } from './inbox.ts'
import type { JobName, Jobs } from './jobs.ts'
import { openInbox } from './open-inbox.ts'
import { tasks } from './tasks.ts'
import { createState, type Worker, type WorkerState } from './worker-state.ts'

export type ReceiverContext = AccountsContext & { readonly turns: Turns }

export type Receiver = {
  authenticate(source: InboxSource, authorization: string | null): Promise<boolean>
  /** Resolves once it is kept for good, and looked at. Throws what concerns the whole account and no service's moment. */
  receive(source: InboxSource, body: string, signal?: AbortSignal): Promise<WebhookReceipt>
  /** Credentials were replaced: the next step makes its clients anew. */
  renew(): void
  close(): Promise<void>
}

/** What one step asks for at once is done with it; so many rounds are more than it ever asks for. */
const roundsAtMost = 20

/** What came of a step: null where nothing has to wait. */
type Outcome = { readonly waitsFor: string | null }

export function createReceiver(context: ReceiverContext): Receiver {
  const stop = new AbortController()
  let inbox: Promise<OpenInbox> | null = null
  let kept: Promise<Kept> | null = null
  let outdated = false
  let queued: Promise<Outcome> | null = null
  const underWay = new Set<Promise<unknown>>()

  const theInbox = (): Promise<OpenInbox> => {
    inbox ??= openInbox(context).catch((error: unknown) => {
      inbox = null
      throw error
    })
    return inbox
  }

  async function dropKept(): Promise<void> {
    const former = kept
    kept = null
    outdated = false
    await former?.then(({ accounts }) => accounts.close()).catch(() => undefined)
  }

  async function step(): Promise<Outcome> {
    queued = null
    if (outdated) await dropKept()
    kept ??= keep(context)
    try {
      const { store, connection } = context
      const { accounts, state } = await kept
      await store.intake.emptied()
      return await withLease(store, connection, stop.signal, (signal) =>
        crank(context, accounts, state, signal),
      )
    } catch (error) {
      // Whatever it was, clients and plan may be what has to change.
      await dropKept()
      if (error instanceof TajoError && isOfTheMoment(error)) return { waitsFor: error.message }
      throw error
    }
  }

  function nextStep(): Promise<Outcome> {
    if (queued !== null) return queued
    const mine = context.turns.take({ signal: stop.signal }, step)
    queued = mine
    underWay.add(mine)
    const over = (): boolean => underWay.delete(mine)
    mine.then(over, over)
    return mine
  }

  return {
    authenticate: async (source, authorization) =>
      (await theInbox()).authenticate(source, null, authorization),
    async receive(source, body, signal) {
      await (await theInbox()).store(source, null, body)
      const { waitsFor } = await unlessAborted(nextStep(), signal)
      return { state: waitsFor === null ? 'done' : 'waiting', reason: waitsFor }
    },
    renew() {
      outdated = true
    },
    async close() {
      stop.abort(new Error('The service is closed'))
      await Promise.allSettled(underWay)
      await (await inbox?.catch(() => null))?.close()
      await dropKept()
    },
  }
}

/** What is worth keeping from one step to the next: the clients know their limits, the state the plan of both accounts. */
type Kept = { readonly accounts: Accounts; readonly state: WorkerState }

async function keep(context: ReceiverContext): Promise<Kept> {
  const accounts = await openAccounts(context)
  return { accounts, state: createState(accounts.config().config.pipedrive.pollIntervalMs) }
}

/** A server's step and what it asks for at once, without a job engine. What it asks for later is what has to wait. */
async function crank(
  context: ReceiverContext,
  accounts: Accounts,
  state: WorkerState,
  signal: AbortSignal,
): Promise<Outcome> {
  const due: JobName[] = ['step']
  let later = false
  let trouble: string | null = null
  const jobs: Jobs = {
    async now(name) {
      if (!due.includes(name)) due.push(name)
    },
    async at(name) {
      later ||= name === 'later'
    },
  }
  const worker: Worker = {
    ...context,
    ...accounts,
    state,
    shelf: createShelf(accounts.config),
    jobs: () => jobs,
    reachable: false,
    careForWebhooks: async () => true,
    onNews({ event, message }) {
      if (event === 'step.troubled' || event === 'hints.postponed') trouble = message
    },
  }
  for (let round = 0; round < roundsAtMost; round++) {
    const name = due.shift()
    if (name === undefined) break
    await tasks[name](worker, signal)
  }
  return {
    waitsFor:
      trouble ?? (later ? 'Something has to be tried again later; the next step or sync does it.' : null),
  }
}

/** A service that is away, or another Tajo at work on the connection. A setting that has to be changed is not. */
function isOfTheMoment({ code }: TajoError): boolean {
  return /^(pipedrive|brevo)_/.test(code) || code === 'connection_busy' || code === 'connection_paused'
}

/** The work goes on; only who gave up does not wait for it. */
async function unlessAborted<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return work
  const { promise, reject } = Promise.withResolvers<never>()
  const abort = (): void => reject(signal.reason)
  if (signal.aborted) abort()
  signal.addEventListener('abort', abort, { once: true })
  try {
    return await Promise.race([work, promise])
  } finally {
    signal.removeEventListener('abort', abort)
    work.catch(() => undefined)
  }
}
