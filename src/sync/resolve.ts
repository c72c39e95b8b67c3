/** Looks at both accounts and makes the plan; the same look serves `tajo check`. */
import {
  type BrevoClient,
  createAttributes,
  createTechnicalList,
  technicalName,
} from './destination/index.ts'
import { fromBrevoAttribute } from './feedback/index.ts'
import type { Attribute, Catalogue, SettingFault, SyncSettings } from './model/index.ts'
import { type AccountUser, type MissingAttribute, type Plan, resolvePlan } from './projection/index.ts'
import { type AccountIdentity, type PipedriveClient, readAccount, readCatalogue } from './source/index.ts'

export type Accounts = {
  readonly account: AccountIdentity
  readonly catalogue: Catalogue
  /** Read only to find the owner of new persons. */
  readonly users: readonly AccountUser[]
  readonly attributes: ReadonlyMap<string, Attribute & { writable: boolean }>
  /** List id to name. */
  readonly lists: ReadonlyMap<number, string>
}

export type Resolution = {
  readonly accounts: Accounts
  /** Null when faults forbid a sync. */
  readonly plan: Plan | null
  readonly faults: readonly SettingFault[]
  readonly missingAttributes: readonly MissingAttribute[]
  /** Imports need a list and none is configured: one named `Tajo` has to be made (rule R3.3). */
  readonly missingTechnicalList: boolean
}

/** Stands for the technical list while it does not exist (dry runs). */
const futureList = 0

type Clients = { readonly pipedrive: PipedriveClient; readonly brevo: BrevoClient }

export async function resolveAccounts(
  { pipedrive, brevo }: Clients,
  settings: SyncSettings,
  options: { complete: boolean; signal?: AbortSignal | undefined },
): Promise<Resolution> {
  const { complete, signal } = options
  const mapped = settings.personMapping.map((item) => item.source)
  const told = [...Object.keys(settings.events), ...settings.noticed]
  const needs = {
    organizations:
      complete || settings.entities.organizations || mapped.some((source) => source.startsWith('org_id')),
    dealFields: complete || settings.entities.deals,
    stages:
      complete ||
      settings.stageLists.length > 0 ||
      mapped.some((source) => source.startsWith('last_deal_')) ||
      told.some((event) => event.startsWith('deal ')),
    users:
      complete ||
      told.length > 0 ||
      (settings.entities.organizations && settings.organizationMapping.length > 0) ||
      mapped.some((source) => source.includes('owner_id')),
  }
  const [account, attributes, lists] = await Promise.all([
    readAccount(pipedrive, signal),
    brevo.attributes.list({ lane: 'interactive', signal }),
    brevo.lists.list({ lane: 'interactive', signal }),
  ])
  const known = {
    attributes: new Map(attributes.map((item) => fromBrevoAttribute(item)).map((item) => [item.name, item])),
    lists: new Map(lists.map((list) => [list.id, list.name ?? `List ${list.id}`])),
  }
  const catalogue = await readCatalogue(pipedrive, account, needs, signal)
  const users = await readOwners(pipedrive, settings, signal)
  const first = resolveSeen(settings, { account, catalogue, users, ...known })
  if (!first.plan?.needs.users || needs.users) return first
  // Only the field list tells that a mapped custom field holds users.
  const named = await pipedrive.users.list({ lane: 'interactive', signal })
  return resolveSeen(settings, {
    ...first.accounts,
    catalogue: {
      ...catalogue,
      users: Object.fromEntries(named.map((user) => [String(user.id), user.name ?? ''])),
    },
  })
}

/** These settings against accounts that were looked at already; asks nobody. */
export function resolveSeen(settings: SyncSettings, accounts: Accounts): Resolution {
  const { catalogue, users, attributes } = accounts
  const technical = settings.lists.allContacts === null ? technicalListId(accounts.lists) : null
  const stands = settings.lists.allContacts === null && technical === null
  const allContacts = settings.lists.allContacts ?? technical ?? futureList
  const lists = stands ? new Map([...accounts.lists, [futureList, technicalName] as const]) : accounts.lists
  const result = resolvePlan(
    { ...settings, lists: { ...settings.lists, allContacts } },
    catalogue,
    { attributes, lists },
    users,
  )
  return {
    accounts,
    plan: result.plan,
    faults: result.faults,
    missingAttributes: result.missingAttributes,
    missingTechnicalList: stands,
  }
}

/** Whether these settings ask who owns new persons. */
export function needsOwners({ reverse }: SyncSettings): boolean {
  return reverse !== null && reverse.createPersons !== 'never' && reverse.personOwner !== null
}

async function readOwners(
  pipedrive: PipedriveClient,
  settings: SyncSettings,
  signal: AbortSignal | undefined,
): Promise<readonly AccountUser[]> {
  if (!needsOwners(settings)) return []
  const users = await pipedrive.users.list({ lane: 'interactive', signal })
  return users.map(({ id, name, email }) => ({ id, name: name ?? '', email: email ?? null }))
}

/** Creates what the plan counts on and looks again. */
export async function createMissing(
  clients: Clients,
  settings: SyncSettings,
  resolution: Resolution,
  signal?: AbortSignal,
): Promise<Resolution> {
  const { missingAttributes, missingTechnicalList, accounts } = resolution
  await createAttributes(clients.brevo, missingAttributes, signal)
  const lists = new Map(accounts.lists)
  if (missingTechnicalList) lists.set(await createTechnicalList(clients.brevo, signal), technicalName)
  const attributes = new Map(accounts.attributes)
  for (const { name, type } of missingAttributes) {
    attributes.set(name, { name, type, labels: null, labelOfValue: {}, writable: true })
  }
  return { ...resolveSeen(settings, { ...accounts, attributes, lists }), missingAttributes: [] }
}

/** Where Pipedrive's records can be opened in a browser; null when its address is unknown. */
export function webUrlOf({ companyDomain }: AccountIdentity): string | null {
  return companyDomain === null ? null : `https://${companyDomain}.pipedrive.com`
}

function technicalListId(lists: ReadonlyMap<number, string>): number | null {
  return [...lists].find(([, name]) => name === technicalName)?.[0] ?? null
}
