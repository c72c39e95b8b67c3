/**
 * The configuration resolved against both accounts: what every projection of a run uses. Pure; the faults it
 * finds stop a sync before the first write.
 */
import { fingerprint } from '../../base/fingerprint.ts'
import {
  type Attribute,
  type AttributeType,
  type Catalogue,
  type ReversePlan,
  type SettingFault,
  SMS,
  type SyncSettings,
} from '../model/index.ts'
import { type CarriedField, keptDealFields, resolveDealFields } from './carried-fields.ts'
import { sourceOfComputed } from './computed.ts'
import { type ListPlan, managedLists } from './lists.ts'
import { resolveLists } from './resolve-lists.ts'
import { resolveReverse } from './reverse-plan.ts'
import { resolvePath, type Source } from './source-path.ts'

export type MappedAttribute = {
  readonly attribute: Attribute
  readonly source: Source
  readonly path: string
}

export type Plan = {
  readonly attributes: readonly MappedAttribute[]
  /** What SMS is taken from; null when it is not mapped. */
  readonly sms: Source | null
  readonly lists: ListPlan
  readonly settings: SyncSettings
  readonly catalogue: Catalogue
  /** What events of deals carry beside what they always do. */
  readonly dealFields: readonly CarriedField[]
  /** What goes back to Pipedrive; null: nothing does. */
  readonly reverse: ReversePlan | null
  /** Which parts of the source anything depends on. */
  readonly needs: {
    readonly deals: boolean
    readonly organizations: boolean
    readonly activities: boolean
    readonly leads: boolean
    readonly users: boolean
  }
  /** Equal plans give equal projections of equal records. */
  readonly fingerprint: string
}

/** A user of the Pipedrive account. */
export type AccountUser = { readonly id: number; readonly name: string; readonly email: string | null }

export type BrevoAccount = {
  /** By name. */
  readonly attributes: ReadonlyMap<string, Attribute & { readonly writable: boolean }>
  /** List id to name. */
  readonly lists: ReadonlyMap<number, string>
}

export type MissingAttribute = { readonly name: string; readonly type: AttributeType; readonly path: string }

export type PlanResult = {
  /** Null when there are faults of severity error. */
  readonly plan: Plan | null
  readonly faults: readonly SettingFault[]
  /** Mapped attributes that Brevo lacks; the plan counts on their creation. */
  readonly missingAttributes: readonly MissingAttribute[]
}

/** `users`: needed only to find the owner of new persons. */
export function resolvePlan(
  settings: SyncSettings,
  catalogue: Catalogue,
  brevo: BrevoAccount,
  users: readonly AccountUser[] = [],
): PlanResult {
  const faults: SettingFault[] = []
  const missingAttributes: MissingAttribute[] = []
  const attributes: MappedAttribute[] = []
  let sms: Source | null = null
  const fields = { person: catalogue.personFields, organization: catalogue.organizationFields }
  for (const { source: written, target, path } of settings.personMapping) {
    const fault = (message: string): void => void faults.push({ path, message, severity: 'error' })
    const resolved = resolvePath(written, fields)
    if (resolved.source === null) {
      fault(resolved.problem)
      continue
    }
    const source = resolved.source
    const unread = switchedOff(source, settings)
    if (unread) fault(`${written} needs ${unread}: switch it on, or take the mapping out`)
    if (target.toLowerCase() === 'email') {
      if (source.kind !== 'email')
        fault(`the target email is the identity and can only take the source email, not ${written}`)
    } else if (target === 'EXT_ID')
      fault('EXT_ID holds the link to the Pipedrive person and cannot be mapped')
    else if (target === SMS) sms = source
    else {
      const attribute = chooseAttribute(target, source, path, brevo, settings, fault, missingAttributes)
      if (attribute) attributes.push({ attribute, source, path })
    }
  }
  const lists = resolveLists(settings, catalogue, brevo, faults)
  const dealFields = resolveDealFields(settings, catalogue, faults)
  const reverse = resolveReverse(settings, attributes, sms, { catalogue, users }, faults)
  const failed = faults.some((fault) => fault.severity === 'error')
  const needs = needsOf(attributes, sms, settings)
  return {
    plan: failed
      ? null
      : {
          attributes,
          sms,
          lists,
          settings,
          catalogue: { ...catalogue, dealFields: keptDealFields(catalogue, dealFields) },
          dealFields,
          reverse,
          needs,
          fingerprint: planFingerprint(attributes, sms, lists, settings, catalogue),
        },
    faults,
    missingAttributes,
  }
}

function chooseAttribute(
  name: string,
  source: Source,
  path: string,
  brevo: BrevoAccount,
  settings: SyncSettings,
  fault: (message: string) => void,
  missing: MissingAttribute[],
): Attribute | null {
  const existing = brevo.attributes.get(name)
  if (existing) {
    if (existing.writable) return existing
    fault(
      `the Brevo attribute ${name} is of a kind that cannot be written (calculated, global or transactional)`,
    )
    return null
  }
  const type = attributeTypeFor(source)
  if (!settings.createMissingAttributes) {
    fault(
      `Brevo has no attribute ${name}: create it there (type ${type}), or set create_missing_attributes: true`,
    )
    return null
  }
  missing.push({ name, type, path })
  return { name, type, labels: null, labelOfValue: {} }
}

/** The type with which a missing attribute is created. */
export function attributeTypeFor(source: Source): AttributeType {
  if (source.kind === 'computed') {
    if (source.name === 'last_deal_stage' || source.name === 'last_deal_pipeline') return 'text'
    return source.name.endsWith('_date') || source.name.endsWith('_time') ? 'date' : 'float'
  }
  if (source.kind !== 'field') return 'text'
  switch (source.field.type) {
    case 'number':
    case 'money':
      return 'float'
    case 'date':
    case 'timestamp':
      return 'date'
    case 'flag':
      return 'boolean'
    default:
      return 'text'
  }
}

function switchedOff(source: Source, settings: SyncSettings): string | null {
  if (source.kind !== 'computed') return null
  const part = sourceOfComputed(source.name)
  return settings.entities[part] ? null : `sync.${part}`
}

function needsOf(
  attributes: readonly MappedAttribute[],
  sms: Source | null,
  settings: SyncSettings,
): Plan['needs'] {
  const sources = [...attributes.map((item) => item.source), ...(sms ? [sms] : [])]
  const computed = (part: string): boolean =>
    sources.some((source) => source.kind === 'computed' && sourceOfComputed(source.name) === part)
  const fieldType = (type: string): boolean =>
    sources.some((source) => source.kind === 'field' && source.field.type === type)
  const { lists, stageLists } = settings
  const told = (entity: string): boolean =>
    [...Object.keys(settings.events), ...settings.noticed].some((event) => event.startsWith(`${entity} `))
  return {
    deals:
      settings.entities.deals &&
      (told('deal') ||
        computed('deals') ||
        stageLists.length > 0 ||
        lists.qualifiedLeads !== null ||
        lists.customers !== null ||
        lists.churned !== null),
    organizations:
      // Companies and events of organizations.
      settings.entities.organizations ||
      fieldType('organization') ||
      sources.some(
        (source) =>
          source.kind === 'organization-name' || (source.kind === 'field' && source.of === 'organization'),
      ),
    activities: settings.entities.activities && (told('activity') || computed('activities')),
    leads: settings.entities.leads && (told('lead') || computed('leads') || lists.qualifiedLeads !== null),
    users: fieldType('user') || Object.keys(settings.events).length + settings.noticed.length > 0,
  }
}

/** Everything a projection depends on beside the records themselves. */
function planFingerprint(
  attributes: readonly MappedAttribute[],
  sms: Source | null,
  lists: ListPlan,
  settings: SyncSettings,
  catalogue: Catalogue,
): string {
  return fingerprint({
    attributes,
    sms,
    lists: { ...lists, stages: [...lists.stages] },
    managed: managedLists(lists),
    country: settings.defaultCountry,
    rates: settings.exchangeRates,
    currency: catalogue.defaultCurrency,
    pipelines: catalogue.pipelines,
    stages: catalogue.stages.map(({ probability: _, ...stage }) => stage),
    users: catalogue.users,
    entities: settings.entities,
  })
}
