/**
 * The account as a test or a colleague in Brevo's own pages sees and changes it, without HTTP, keys or limits.
 * The same deeds over HTTP: `brevoControls`.
 */
import type { Access, BrevoApiKey } from './access.ts'
import { presentAttribute } from './attribute-registry.ts'
import { type CompanyState, createCompanyState } from './company-state.ts'
import { applyChange, emptyChange } from './contact-change.ts'
import { watchContact } from './contact-events.ts'
import type { Contact } from './contact-store.ts'
import { byKind, type ContactView, lookUp, presentContact } from './contact-views.ts'
import { createContact, deleteContact, updateContact } from './contact-writes.ts'
import { createDealState, type DealState } from './deal-state.ts'
import { type BrevoEventSnapshot, eventSnapshots } from './event-snapshot.ts'
import type { IdentifierKind } from './identifiers.ts'
import type { BrevoSwitches } from './switches.ts'
import { createWebhookState, type WebhookState, webhookControls } from './webhook-state.ts'
import type { BrevoWorld } from './world.ts'

export type BrevoContactSnapshot = Omit<ContactView, 'createdAt' | 'modifiedAt'>

export type BrevoState = CompanyState &
  DealState &
  WebhookState & {
    /** Changeable while the simulator runs. */
    readonly switches: BrevoSwitches
    /** Requests that changed, or tried to change, contacts, lists, folders, attributes, or started an import. */
    readonly writes: number
    resetWrites(): void
    /** A contact as the API would answer it; null if there is none. `kind` default: email for texts, id for numbers. */
    contact(identifier: string | number, kind?: IdentifierKind): ContactView | null
    contacts(): ContactView[]
    contactCount(): number
    /** Ids of the members, ascending. */
    listMembers(listId: number): number[]
    lists(): { id: number; name: string; folderId: number; size: number }[]
    folders(): { id: number; name: string }[]
    attributes(): object[]
    processes(): { id: number; name: string; status: string }[]
    /** All contacts by id, without moments: equal for equal content. Lists ascending, attributes by name. */
    snapshot(): BrevoContactSnapshot[]
    /** Every event that was answered as accepted, in order of arrival: lost ones and those of deleted contacts too. */
    events(): BrevoEventSnapshot[]
    /** Attribute values as the API takes them; `EMAIL` renames. Throws the API's refusal. */
    editContact(email: string, attributes: Record<string, unknown>): void
    deleteContact(email: string): void
    /** Blocklists by hand: told as an administrator's unsubscription, without a campaign. */
    blockContact(email: string): void
    /** Takes the blocklisting away by hand: a person resubscribes somebody, whatever the API may do. */
    unblockContact(email: string): void
    /**
     * As a form or a person adds one: a body as `POST /contacts` takes it (with `updateEnabled` for somebody who may be
     * there already); returns the id. No API key has part in it.
     */
    addContact(body: Record<string, unknown>): number
    addToList(email: string, listId: number): void
    removeFromList(email: string, listId: number): void
    /** Another key, which may bear the name of one that is there. */
    addKey(key: BrevoApiKey): void
    revokeKey(key: string): void
    /** Every request is answered 401 as from this unknown address; null lifts it. */
    refuseIp(ip: string | null): void
    /** Every key gets 403 on paths below /v3 that start so, e.g. `/contacts/attributes`. */
    denyPermission(prefix: string): void
    /** The next import ends so after that many rows (default failed after 0). */
    breakNextImport(how?: { outcome?: 'failed' | 'cancelled'; rows?: number }): void
  }

export function createState(world: BrevoWorld, access: Access, counter: { writes: number }): BrevoState {
  const settled = (): BrevoWorld => {
    world.processes.settle(world.nowMs())
    return world
  }
  const byEmail = (email: string): Contact => lookUp(settled(), email, 'email_id')
  const change = (email: string, body: Record<string, unknown>): void => {
    updateContact(byEmail(email), body, world)
  }
  const setBlocked = (email: string, emailBlacklisted: boolean): void => {
    const contact = byEmail(email)
    const announce = watchContact(contact, world)
    applyChange(contact, { ...emptyChange(), emailBlacklisted, by: 'hand' }, world, world.nowMs())
    announce(contact)
  }
  return {
    switches: world.switches,
    get writes() {
      return counter.writes
    },
    resetWrites: () => {
      counter.writes = 0
    },
    contact(identifier, kind = 'email') {
      const { contacts } = settled()
      const found =
        typeof identifier === 'number' ? contacts.get(identifier) : byKind(world, kind, identifier)
      return found ? presentContact(found, world) : null
    },
    contacts: () =>
      settled()
        .contacts.all()
        .map((contact) => presentContact(contact, world)),
    contactCount: () => settled().contacts.size,
    listMembers: (listId) =>
      settled()
        .contacts.all()
        .filter((contact) => contact.listIds.has(listId))
        .map(({ id }) => id),
    lists: () =>
      settled()
        .lists.lists()
        .map(({ id, name, folderId }) => ({ id, name, folderId, size: world.contacts.listSize(id) })),
    folders: () => settled().lists.folders(),
    attributes: () =>
      settled()
        .attributes.all()
        .map((attribute) => presentAttribute(attribute, world.switches)),
    processes: () =>
      settled()
        .processes.all()
        .map((each) => ({
          id: each.id,
          name: each.name,
          status: world.processes.status(each, world.nowMs()),
        })),
    snapshot: () =>
      settled()
        .contacts.all()
        .map((contact) => toSnapshot(presentContact(contact, world))),
    events: () => eventSnapshots(settled()),
    ...createCompanyState(settled),
    ...createDealState(settled),
    ...createWebhookState(world),
    editContact: (email, attributes) => change(email, { attributes }),
    deleteContact: (email) => deleteContact(byEmail(email), world),
    blockContact: (email) => setBlocked(email, true),
    unblockContact: (email) => setBlocked(email, false),
    addContact: (body) => createContact(body, settled()).contact.id,
    addToList: (email, listId) => change(email, { listIds: [listId] }),
    removeFromList: (email, listId) => change(email, { unlinkListIds: [listId] }),
    addKey: (key) => access.add(key),
    revokeKey: (key) => access.revoke(key),
    refuseIp: (ip) => {
      access.refusedIp = ip
    },
    denyPermission: (prefix) => access.deny(prefix),
    breakNextImport: ({ outcome = 'failed', rows = 0 } = {}) => {
      world.nextImport = { outcome, rows }
    },
  }
}

function toSnapshot({ createdAt: _, modifiedAt: __, ...view }: ContactView): BrevoContactSnapshot {
  const names = Object.entries(view.attributes).sort(([a], [b]) => (a < b ? -1 : 1))
  return {
    ...view,
    listIds: view.listIds.toSorted((a, b) => a - b),
    attributes: Object.fromEntries(names),
  }
}

/** `POST /__sandbox/<name>` with the named members in a JSON body. */
export function brevoControls(state: BrevoState): Record<string, (body: unknown) => unknown> {
  type Fields = {
    email: string
    attributes: Record<string, unknown>
    listId: number
    id: string
    key: string
    ip: string | null
    prefix: string
    identifier: string | number
    kind: IdentifierKind
  }
  const act =
    (deed: (fields: Fields) => unknown) =>
    (body: unknown): unknown =>
      deed((body ?? {}) as Fields)
  return {
    contact: act(({ identifier, kind }) => state.contact(identifier, kind)),
    ...webhookControls(state),
    'edit-contact': act(({ email, attributes }) => state.editContact(email, attributes)),
    'delete-contact': act(({ email }) => state.deleteContact(email)),
    'block-contact': act(({ email }) => state.blockContact(email)),
    'unblock-contact': act(({ email }) => state.unblockContact(email)),
    'add-contact': (body) => ({ id: state.addContact(body as Record<string, unknown>) }),
    'add-company': (body) => ({ id: state.addCompany(body as Record<string, unknown>) }),
    'edit-company': act(({ id, ...body }) => state.editCompany(id, body)),
    'delete-company': act(({ id }) => state.deleteCompany(id)),
    'add-deal': (body) => ({ id: state.addDeal(body as Record<string, unknown>) }),
    'add-to-list': act(({ email, listId }) => state.addToList(email, listId)),
    'remove-from-list': act(({ email, listId }) => state.removeFromList(email, listId)),
    'add-key': (body) => state.addKey(body as BrevoApiKey),
    'revoke-key': act(({ key }) => state.revokeKey(key)),
    'refuse-ip': act(({ ip }) => state.refuseIp(ip)),
    'deny-permission': act(({ prefix }) => state.denyPermission(prefix)),
    'break-next-import': (body) => state.breakNextImport((body ?? {}) as { rows?: number }),
    'reset-writes': act(() => state.resetWrites()),
    switches: act((fields) => Object.assign(state.switches, fields)),
  }
}
