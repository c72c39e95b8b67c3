/// <reference lib="esnext.disposable" preserve="true" />
/**
 * The client of a program: the same interface whether the engine runs in this process or on a server. It opens nothing before
 * the first call, and loads only what that call needs.
 */
import { TajoError } from '../base/error.ts'
import type { Call, CallOptions, Engine, ProgressOptions } from './caller.ts'
import { type Connections, createConnections } from './connections.ts'
import { type Connectors, createConnectors } from './connectors.ts'
import {
  type Contacts,
  createContacts,
  createDuplicates,
  createPrivacy,
  type Duplicates,
  type Privacy,
} from './contacts.ts'
import { createFailures, type Failures } from './failures.ts'
import { openEngine } from './open-engine.ts'
import type { TajoClientOptions } from './options.ts'
import { createReports, type Reports } from './reports.ts'
import { createSettings, type Settings } from './settings.ts'
import type { CheckReport, OperationName, Params, Result, StatusReport } from './shapes.ts'
import { createSkills, type Skills } from './skills.ts'
import { createWebhooks, type Webhooks } from './webhooks.ts'

export class TajoClient {
  readonly connections: Connections
  readonly connectors: Connectors
  readonly contacts: Contacts
  readonly duplicates: Duplicates
  readonly failures: Failures
  readonly privacy: Privacy
  readonly reports: Reports
  readonly settings: Settings
  readonly skills: Skills
  readonly webhooks: Webhooks
  readonly #options: TajoClientOptions
  #engine: Promise<Engine> | null = null
  #closed = false

  constructor(options: TajoClientOptions = {}) {
    this.#options = { ...options }
    const call: Call = (name, params, callOptions) => this.call(name, params, callOptions)
    this.connections = createConnections(call)
    this.connectors = createConnectors(call, { brevoApiKey: options.brevoApiKey })
    this.contacts = createContacts(call)
    this.duplicates = createDuplicates(call)
    this.failures = createFailures(call)
    this.privacy = createPrivacy(call)
    this.reports = createReports(call)
    this.settings = createSettings(call)
    this.skills = createSkills(call)
    this.webhooks = createWebhooks(call)
  }

  /** Whether both sides are in step, what waits, and the last runs. */
  status(options?: CallOptions): Promise<StatusReport> {
    return this.call('status.read', {}, options)
  }

  /** Persons, deals, organizations and leads of Pipedrive by a word: 20 tokens of the day. */
  search(
    term: string,
    { signal, ...query }: CallOptions & Omit<Params<'search.run'>, 'term'> = {},
  ): Promise<Result<'search.run'>> {
    return this.call('search.run', { term, ...query }, { signal })
  }

  /** Compares the configuration with both accounts; with `fix`, creates what is missing. */
  check({ fix = false, ...options }: CallOptions & { readonly fix?: boolean } = {}): Promise<CheckReport> {
    return this.call('check.run', { fix }, options)
  }

  /** A server lets the connection rest; webhooks are kept for later. */
  pause(options?: CallOptions): Promise<Result<'hold.begin'>> {
    return this.call('hold.begin', {}, options)
  }

  /** A server goes on with the connection. */
  resume(options?: CallOptions): Promise<Result<'hold.end'>> {
    return this.call('hold.end', {}, options)
  }

  /** Any operation by its name, as in the HTTP interface. Throws TajoError. */
  async call<N extends OperationName>(
    name: N,
    params: Params<N>,
    options: ProgressOptions = {},
  ): Promise<Result<N>> {
    options.signal?.throwIfAborted()
    const engine = await this.#open()
    try {
      return await engine.call(name, params, options)
    } catch (error) {
      // The process that had the store has ended: the next call looks anew who has it.
      if (error instanceof TajoError && error.code === 'server_gone') await this.#forget(engine)
      throw error
    }
  }

  /** Ends what is under way and closes the store. Only needed in-process; a second call does nothing. */
  async close(): Promise<void> {
    this.#closed = true
    const engine = this.#engine
    this.#engine = null
    await (await engine?.catch(() => null))?.close()
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }

  #open(): Promise<Engine> {
    if (this.#closed) {
      throw new TajoError({
        code: 'client_closed',
        disposition: 'reject',
        message: 'This client was closed. Make a new one: new TajoClient({ … }).',
      })
    }
    if (this.#engine !== null) return this.#engine
    const opening = openEngine(this.#options)
    this.#engine = opening
    opening.catch(() => {
      // Whatever it was may be over: the next call tries again.
      if (this.#engine === opening) this.#engine = null
    })
    return opening
  }

  async #forget(engine: Engine): Promise<void> {
    if (this.#engine === null || (await this.#engine) !== engine) return
    this.#engine = null
    await engine.close()
  }
}
