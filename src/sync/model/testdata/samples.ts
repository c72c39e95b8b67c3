/** For tests: records of the smallest kind, to be changed where a test cares. Nothing here is a default of the product. */
import type {
  Attribute,
  AttributeType,
  Catalogue,
  Deal,
  FieldDefinition,
  FieldType,
  KnownContact,
  MappingSetting,
  Organization,
  Person,
  SyncSettings,
  WantedContact,
  WriteCommand,
} from '../index.ts'

const base = { updatedAt: '2026-01-01T00:00:00.000Z', addedAt: null, deleted: false, fields: {} } as const

export function samplePerson(changes: Partial<Person> = {}): Person {
  return {
    ...base,
    entity: 'person',
    id: 1,
    emails: [{ value: 'ada@example.com', primary: true }],
    phones: [],
    organizationId: null,
    marketingStatus: null,
    ...changes,
  }
}

export function sampleOrganization(changes: Partial<Organization> = {}): Organization {
  return { ...base, entity: 'organization', id: 1, name: 'Acme', ...changes }
}

/** An open deal of no value. */
export function sampleDeal(changes: Partial<Deal> = {}): Deal {
  return {
    ...base,
    entity: 'deal',
    id: 1,
    title: 'Deal',
    status: 'open',
    value: 0,
    currency: 'EUR',
    personId: 1,
    organizationId: null,
    stageId: null,
    pipelineId: null,
    ownerId: null,
    wonAt: null,
    lostAt: null,
    stageChangedAt: null,
    archived: false,
    ...changes,
  }
}

/** A custom field; the key is one letter, forty times. */
export function sampleField(
  letter: string,
  name: string,
  type: FieldType,
  options: Readonly<Record<string, string>> = {},
): FieldDefinition {
  return { key: letter.repeat(40), name, type, custom: true, options }
}

export function sampleAttribute(
  name: string,
  type: AttributeType,
  labels: readonly string[] | null = null,
): Attribute {
  return { name, type, labels, labelOfValue: {} }
}

export function sampleCatalogue(changes: Partial<Catalogue> = {}): Catalogue {
  return {
    personFields: [],
    organizationFields: [],
    pipelines: [{ id: 1, name: 'Sales' }],
    stages: [
      { id: 10, name: 'Lead In', pipelineId: 1, order: 1 },
      { id: 11, name: 'Offer', pipelineId: 1, order: 2 },
    ],
    dealFields: [],
    users: { '7': 'Grace Hopper' },
    defaultCurrency: 'EUR',
    ...changes,
  }
}

/** Everything switched on, nothing mapped, no lists. */
export function sampleSettings(changes: Partial<SyncSettings> = {}): SyncSettings {
  return {
    entities: { persons: true, deals: true, organizations: true, activities: true, leads: true },
    personMapping: [],
    lists: { allContacts: null, qualifiedLeads: null, customers: null, churned: null },
    stageLists: [],
    defaultCountry: null,
    exchangeRates: {},
    organizationMapping: [],
    events: {},
    dealFields: [],
    noticed: [],
    keepsHistory: true,
    backfillEvents: false,
    deleteBehavior: 'soft',
    createMissingAttributes: true,
    reverse: null,
    resurrect: false,
    brevoKeyName: null,
    ...changes,
  }
}

export function sampleMapping(source: string, target: string): MappingSetting {
  return { source, target, path: `person_mapping.${source}` }
}

export function sampleWanted(changes: Partial<WantedContact> = {}): WantedContact {
  return {
    personId: 1,
    email: 'ada@example.com',
    sms: null,
    attributes: {},
    lists: [],
    keep: [],
    unsubscribed: false,
    ...changes,
  }
}

/** In step with `sampleWanted()`. */
export function sampleKnown(changes: Partial<KnownContact> = {}): KnownContact {
  return {
    contactId: 100,
    email: 'ada@example.com',
    extId: 'pipedrive-person-1',
    sms: null,
    attributes: {},
    lists: [],
    emailBlocked: false,
    smsBlocked: false,
    blockedBy: null,
    modifiedAt: null,
    written: [],
    ourLists: [],
    ...changes,
  }
}

/** A command that changes nothing yet. */
export function sampleCommand(changes: Partial<WriteCommand> = {}): WriteCommand {
  return {
    kind: 'write',
    action: 'update',
    personId: 1,
    contactId: 100,
    email: 'ada@example.com',
    renamedFrom: null,
    extId: null,
    sms: null,
    attributes: {},
    clear: [],
    addLists: [],
    removeLists: [],
    block: false,
    lists: [],
    emailBlocked: false,
    smsBlocked: false,
    agreed: {},
    agreedWith: null,
    ...changes,
  }
}
