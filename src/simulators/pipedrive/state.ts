/**
 * A simulated company: its records, users and tokens, and what can be done to them (by the API, by a person in the
 * web application, by a test). Every change bumps `update_time` and is told to listeners; nothing here speaks HTTP.
 */
import type { Clock } from '../../base/clock.ts'
import { seededRandom } from '../kit/random.ts'
import { ACTIVITY_TYPES } from './account-data.ts'
import { Changelog } from './changelog.ts'
import { FieldCatalogue } from './field-catalogue.ts'
import { type ConversionTarget, convertLead } from './lead-conversion.ts'
import { settleInsert, settlePatch } from './lifecycle.ts'
import { mergeRecords } from './merge.ts'
import type { Meter } from './meter.ts'
import { OAuthServer } from './oauth-server.ts'
import { type AnyRecord, type Entity, isPurged, type RecordOf, toV2Time, type Values } from './records.ts'
import type { LeadLabel, PipedriveSeed, SeedDeal, SeedUser } from './seed.ts'
import type { PipedriveSwitches } from './switches.ts'
import { Table } from './table.ts'
import { WebhookStore } from './webhook-store.ts'

/** Who does something, and through what. */
export type Actor = { userId: number; source: 'api' | 'app' }

export type Change = {
  entity: Entity
  action: 'create' | 'change' | 'delete'
  id: number | string
  before: AnyRecord | null
  after: AnyRecord
  at: Date
  actor: Actor
  /** On the deletion that a merge makes. */
  mergedTo?: number
  /** On the change of the survivor that a merge makes. */
  mergedFrom?: number
}

/** A user is made or changed; one who leaves becomes inactive. */
export type UserChange = {
  entity: 'user'
  action: 'create' | 'change'
  id: number
  before: SeedUser | null
  after: SeedUser
  at: Date
  actor: Actor
  mergedTo?: never
  mergedFrom?: never
}
export type Occurrence = Change | UserChange

export type TokenHolder = { user: SeedUser; scopes: readonly string[] | null }

export class PipedriveState {
  readonly seed: PipedriveSeed
  readonly switches: PipedriveSwitches
  readonly clock: Clock
  readonly meter: Meter
  readonly tables: { readonly [E in Entity]: Table<RecordOf[E]> }
  readonly users: Map<number, SeedUser>
  readonly fields: FieldCatalogue
  readonly changelog: Changelog
  readonly webhooks = new WebhookStore()
  readonly oauth: OAuthServer
  readonly leadLabels: Map<string, LeadLabel>
  readonly activityTypes = ACTIVITY_TYPES
  /** Persons whose marketing status was changed through the API, which happens once. */
  readonly marketingChanged = new Set<number>()
  readonly #changedAtMs = new WeakMap<AnyRecord, number>()
  readonly #tokens = new Map<string, TokenHolder>()
  readonly #listeners = new Set<(change: Change) => void>()
  readonly #userListeners = new Set<(change: UserChange) => void>()
  readonly #random

  constructor(options: {
    seed: PipedriveSeed
    switches: PipedriveSwitches
    clock: Clock
    meter: Meter
    randomSeed: number
  }) {
    const { seed } = options
    this.seed = seed
    this.switches = options.switches
    this.clock = options.clock
    this.meter = options.meter
    this.tables = {
      person: new Table(seed.persons),
      organization: new Table(seed.organizations),
      deal: new Table(seed.deals),
      activity: new Table(seed.activities),
      lead: new Table(seed.leads),
      note: new Table(seed.notes),
      pipeline: new Table(seed.pipelines),
      stage: new Table(seed.stages),
    }
    this.users = new Map(seed.users.map((user) => [user.id, user]))
    this.oauth = new OAuthServer({ ...options, users: this.users })
    this.leadLabels = new Map(seed.leadLabels.map((label) => [label.id, label]))
    this.#random = seededRandom(options.randomSeed)
    this.fields = new FieldCatalogue(seed, this.#random)
    this.changelog = new Changelog(seed.changelogs)
    this.subscribe((change) => this.changelog.note(change))
  }

  /** A record that is there (deleted ones count until they are purged), or undefined. */
  find<E extends Entity>(entity: E, id: RecordOf[E]['id']): RecordOf[E] | undefined {
    const record = this.#table(entity).get(id)
    return record && !isPurged(record, this.clock.now()) ? record : undefined
  }

  /** Adds a record as the vendor would: defaults, derived values, times. Returns it. */
  insert<E extends Entity>(entity: E, values: Values, actor: Partial<Actor> = {}): RecordOf[E] {
    const who = this.#actor(actor)
    const at = this.clock.now()
    const id = entity === 'lead' ? this.newUuid() : this.#table(entity).nextId()
    const record = settleInsert(
      entity,
      { id, ...values },
      { state: this, at, userId: who.userId },
    ) as RecordOf[E]
    this.#commit(entity, null, record, 'create', who)
    return record
  }

  /** Changes a record, derives what follows from the change, bumps `update_time`. Throws if it is not there. */
  patch<E extends Entity>(
    entity: E,
    id: RecordOf[E]['id'],
    values: Values,
    actor: Partial<Actor> = {},
    mergedFrom?: number,
  ): RecordOf[E] {
    const before = this.#required(entity, id)
    const context = { state: this, at: this.clock.now(), userId: this.#actor(actor).userId }
    const after = settlePatch(entity, before, values, context) as RecordOf[E]
    const merge = mergedFrom === undefined ? {} : { mergedFrom }
    this.#commit(entity, before, after, 'change', this.#actor(actor), merge)
    return after
  }

  /** Marks a record as deleted; a lead is gone at once. Throws if it is not there. */
  delete<E extends Entity>(
    entity: E,
    id: RecordOf[E]['id'],
    actor: Partial<Actor> = {},
    mergedTo?: number,
  ): void {
    const before = this.#required(entity, id)
    const after = { ...before, is_deleted: true, update_time: this.timeOf(entity) } as RecordOf[E]
    const merge = mergedTo === undefined ? {} : { mergedTo }
    this.#commit(entity, before, after, 'delete', this.#actor(actor), merge)
  }

  /** Archives a deal or a lead, or takes it back. */
  archive(entity: 'deal' | 'lead', id: number | string, archived = true, actor: Partial<Actor> = {}): void {
    if (entity === 'deal') this.patch('deal', Number(id), { is_archived: archived }, actor)
    else this.patch('lead', String(id), { is_archived: archived }, actor)
  }

  /** `loserId` disappears, `survivorId` stays and wins conflicts (https://developers.pipedrive.com/docs/api/v1/Persons#mergePersons). */
  merge<E extends 'person' | 'organization' | 'deal'>(
    entity: E,
    loserId: number,
    survivorId: number,
    actor: Partial<Actor> = {},
  ): RecordOf[E] {
    const loser = this.#required(entity, loserId)
    return mergeRecords(this, entity, loser, this.#required(entity, survivorId), actor) as RecordOf[E]
  }

  /** The deal that the lead becomes; the lead is deleted. Throws if it is not there. */
  convertLead(leadId: string, target: ConversionTarget = {}, actor: Partial<Actor> = {}): SeedDeal {
    return convertLead(this, this.#required('lead', leadId), target, actor)
  }

  /** Changes a user, or adds one who is not there yet (`name` and `email` are needed then). */
  putUser(id: number, values: Partial<Omit<SeedUser, 'id'>>, actor: Partial<Actor> = {}): SeedUser {
    const before = this.users.get(id) ?? null
    const after: SeedUser = { name: '', email: '', is_admin: false, ...before, ...values, id }
    if (after.name === '' || after.email === '') throw new Error(`The user ${id} needs a name and an email.`)
    this.users.set(id, after)
    for (const [token, holder] of this.#tokens)
      if (holder.user.id === id) this.#tokens.set(token, { ...holder, user: after })
    const change: UserChange = {
      entity: 'user',
      action: before ? 'change' : 'create',
      id,
      before,
      after,
      at: this.clock.now(),
      actor: this.#actor(actor),
    }
    for (const listener of this.#userListeners) listener(change)
    return after
  }

  /** As `subscribe`, for users. */
  subscribeToUsers(listener: (change: UserChange) => void): () => void {
    this.#userListeners.add(listener)
    return () => this.#userListeners.delete(listener)
  }

  /** Calls back on every change, until the returned function is called. */
  subscribe(listener: (change: Change) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  addToken(token: string, userId: number, scopes: readonly string[] | null = null): void {
    const user = this.users.get(userId)
    if (!user) throw new Error(`There is no user ${userId} to give a token to.`)
    this.#tokens.set(token, { user, scopes })
  }

  revokeToken(token: string): void {
    this.#tokens.delete(token)
  }

  holderOf(token: string): TokenHolder | undefined {
    return this.#tokens.get(token)
  }

  /** As if so many tokens of today's budget had been spent. */
  spendTokens(count: number): void {
    this.meter.spend(count, this.clock.now())
  }

  /** Counts of records and the day's tokens; no personal data. */
  snapshot(): object {
    const counts = Object.fromEntries(Object.entries(this.tables).map(([name, table]) => [name, table.size]))
    return {
      company: this.seed.company,
      counts,
      webhooks: this.webhooks.all().length,
      tokens: this.meter.today(this.clock.now()),
      switches: this.switches,
    }
  }

  /** The present moment as this kind of record shows it. */
  timeOf(entity: Entity): string {
    const at = this.clock.now()
    return entity === 'lead' ? at.toISOString() : toV2Time(at)
  }

  /** When this record became what it is, in milliseconds; 0 for what was there from the start. */
  changedAtMs(record: AnyRecord): number {
    return this.#changedAtMs.get(record) ?? 0
  }

  newUuid(): string {
    const hex = Array.from({ length: 32 }, () => this.#random.int(0, 15).toString(16)).join('')
    return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20)}`
  }

  #table<E extends Entity>(entity: E): Table<RecordOf[E]> {
    return this.tables[entity] as unknown as Table<RecordOf[E]>
  }

  #required<E extends Entity>(entity: E, id: RecordOf[E]['id']): RecordOf[E] {
    const record = this.find(entity, id)
    if (!record) throw new Error(`There is no ${entity} ${id}.`)
    return record
  }

  #actor(actor: Partial<Actor>): Actor {
    const admin = this.seed.users.find((user) => user.is_admin) ?? this.seed.users[0]
    return { userId: actor.userId ?? admin?.id ?? 1, source: actor.source ?? 'app' }
  }

  #commit<E extends Entity>(
    entity: E,
    before: RecordOf[E] | null,
    after: RecordOf[E],
    action: Change['action'],
    actor: Actor,
    merge: Pick<Change, 'mergedTo' | 'mergedFrom'> = {},
  ): void {
    this.#table(entity).put(after)
    const at = this.clock.now()
    this.#changedAtMs.set(after, at.getTime())
    const change: Change = { entity, action, id: after.id, before, after, at, actor, ...merge }
    for (const listener of this.#listeners) listener(change)
  }
}
