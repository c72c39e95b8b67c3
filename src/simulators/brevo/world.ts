/** Everything one simulated account consists of, handed to every group of routes. Has no behaviour of its own. */
import type { Clock } from '../../base/clock.ts'
import type { BackgroundWork } from '../kit/background-work.ts'
import type { Random } from '../kit/random.ts'
import { Actor } from './actor.ts'
import { AttributeRegistry } from './attribute-registry.ts'
import { fitValue } from './attribute-values.ts'
import { CompanyStore } from './company-store.ts'
import { ContactStore } from './contact-store.ts'
import { CrmAttributeRegistry } from './crm-attribute-registry.ts'
import { DealStore } from './deal-store.ts'
import { EventStore } from './event-store.ts'
import { isIdentifierAttribute, toStoredEmail } from './identifiers.ts'
import { ListStore } from './list-store.ts'
import { ProcessQueue } from './process-queue.ts'
import type { BrevoSeed, BrevoSeedAccount, BrevoSeedCampaign, BrevoSeedContact } from './seed.ts'
import type { BrevoSwitches } from './switches.ts'
import { WebhookDelivery } from './webhook-delivery.ts'
import { DEFAULT_CLICK_URL } from './webhook-payloads.ts'
import { WebhookStore } from './webhook-store.ts'

export type BrevoPlan = 'starter' | 'professional' | 'enterprise'

export type BrevoWorld = {
  readonly clock: Clock
  readonly plan: BrevoPlan
  readonly account: BrevoSeedAccount
  readonly switches: BrevoSwitches
  readonly attributes: AttributeRegistry
  readonly contacts: ContactStore
  readonly lists: ListStore
  readonly processes: ProcessQueue
  readonly events: EventStore
  readonly companies: CompanyStore
  readonly deals: DealStore
  readonly crmAttributes: CrmAttributeRegistry
  /** By id: those of the seed, and those that something was recorded of. */
  readonly campaigns: Map<number, BrevoSeedCampaign>
  readonly webhooks: WebhookStore
  readonly delivery: WebhookDelivery
  readonly actor: Actor
  /** The next import ends like this, after so many rows; null: it completes. */
  nextImport: { outcome: 'failed' | 'cancelled'; rows: number } | null
  /** Called when an import with a notifyUrl ends. */
  notify: (url: string, body: object, atMs: number) => void
  nowMs(): number
}

export function createWorld(
  seed: BrevoSeed,
  options: {
    clock: Clock
    plan: BrevoPlan
    switches: BrevoSwitches
    notify: BrevoWorld['notify']
    background: BackgroundWork
    /** For duplicates, drops and delays of webhooks. */
    random: Random
  },
): BrevoWorld {
  const nowMs = (): number => options.clock.now().getTime()
  const webhooks = new WebhookStore()
  const settleAt = (endsAtMs: number): void =>
    options.background.startAfter(endsAtMs - nowMs(), () => world.processes.settle(nowMs()))
  const world: BrevoWorld = {
    clock: options.clock,
    plan: options.plan,
    account: seed.account,
    switches: options.switches,
    attributes: new AttributeRegistry(seed.attributes),
    contacts: new ContactStore(),
    lists: new ListStore(seed, nowMs()),
    processes: new ProcessQueue(options.switches, settleAt),
    events: new EventStore(),
    companies: new CompanyStore(),
    deals: new DealStore(),
    crmAttributes: new CrmAttributeRegistry(),
    campaigns: new Map((seed.campaigns ?? []).map((campaign) => [campaign.id, campaign])),
    webhooks,
    delivery: new WebhookDelivery({ ...options, webhooks }),
    actor: new Actor(),
    nextImport: null,
    notify: options.notify,
    nowMs,
  }
  for (const contact of seed.contacts) addSeedContact(world, contact)
  return world
}

/** Takes a seeded contact as it stands; throws an error that names what is wrong with it. */
function addSeedContact(world: BrevoWorld, seeded: BrevoSeedContact): void {
  const { contacts, attributes, lists } = world
  const createdAtMs = seeded.createdAt ? Date.parse(seeded.createdAt) : world.nowMs()
  const contact = contacts.insert(createdAtMs, seeded.id)
  if (seeded.email !== undefined) {
    const email = toStoredEmail(seeded.email)
    if (email === null) throw new Error(`the seed has a contact with the email ${seeded.email}`)
    contacts.setIdentifier(contact, 'email', email)
  }
  if (seeded.ext_id !== undefined) contacts.setIdentifier(contact, 'EXT_ID', seeded.ext_id)
  for (const [name, raw] of Object.entries(seeded.attributes ?? {})) {
    const attribute = attributes.get(name)
    if (!attribute) throw new Error(`a seeded contact has the attribute ${name}, which is not in the seed`)
    const fit = fitValue(attribute, raw, false)
    if (!fit.fits) throw new Error(`a seeded contact's ${name} does not fit its type: ${String(raw)}`)
    if (isIdentifierAttribute(name)) contacts.setIdentifier(contact, name, String(fit.value))
    else contact.attributes[name] = fit.value
  }
  for (const listId of seeded.listIds ?? []) contacts.joinList(contact, lists.list(listId).id)
  for (const { event, campaignId, url = DEFAULT_CLICK_URL, at } of seeded.touches ?? [])
    contact.history.push({ event, campaignId, url, atMs: Date.parse(at) })
  contact.emailBlacklisted = seeded.emailBlacklisted ?? false
  contact.smsBlacklisted = seeded.smsBlacklisted ?? false
  contact.whatsappBlacklisted = seeded.whatsappBlacklisted ?? false
  contacts.touch(contact, seeded.modifiedAt ? Date.parse(seeded.modifiedAt) : createdAtMs)
}
