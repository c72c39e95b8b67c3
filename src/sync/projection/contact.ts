/** The projection: a cluster of persons and what surrounds it, to the contact that is wanted. Pure (rules R1 to R4). */
import {
  type Attributes,
  type AttributeValue,
  type Catalogue,
  type FieldDefinition,
  type FieldValue,
  type Organization,
  type Person,
  primaryEntry,
  SMS,
  type SyncSettings,
  type WantedContact,
  type Warning,
} from '../model/index.ts'
import { type ClusterFacts, computeField, type Money, wonRevenue } from './computed.ts'
import { convertValue, type Lookup } from './convert.ts'
import { wantedLists } from './lists.ts'
import { toE164 } from './phone.ts'
import type { Plan } from './plan.ts'
import type { Source } from './source-path.ts'

export type Cluster = {
  /** The identity e-mail all members share. */
  readonly email: string
  /** At least one, in any order. */
  readonly persons: readonly Person[]
  readonly facts: ClusterFacts
  /** The organization of the lead person. */
  readonly organization: Organization | null
}

export type Projection = { readonly contact: WantedContact; readonly warnings: readonly Warning[] }

/** Names of other records that a field may point to. */
export type References = Pick<Lookup, 'organizationName' | 'personName'>

/** Rule R1.2: the newest `update_time`, tie the lowest id. */
export function leadPerson(persons: readonly Person[]): Person {
  const lead = persons.reduce((best, person) => {
    const [a, b] = [person.updatedAt ?? '', best.updatedAt ?? '']
    return a > b || (a === b && person.id < best.id) ? person : best
  })
  return lead
}

export function projectContact(cluster: Cluster, plan: Plan, references: References): Projection {
  const person = leadPerson(cluster.persons)
  const warnings: Warning[] = []
  const lookup = createLookup(plan, references)
  const money = moneyOf(plan)
  const valueAt = sourceReader(cluster, plan)

  const attributes: Record<string, AttributeValue> = {}
  const keep: string[] = []
  for (const { attribute, source } of plan.attributes) {
    if (source.kind === 'computed' && source.name === 'total_revenue') {
      for (const currency of wonRevenue(cluster.facts.deals, money).skippedCurrencies) {
        warnings.push({
          code: 'currency_skipped',
          subject: `${attribute.name} ${currency}`,
          detail: `won deals in ${currency} are left out: no exchange_rates.${currency}`,
        })
      }
    }
    const converted = convertValue(valueAt(source), fieldOf(source), attribute, lookup)
    if (converted.kind === 'value') attributes[attribute.name] = converted.value
    else if (converted.kind === 'mismatch') {
      keep.push(attribute.name)
      warnings.push({
        code: 'type_mismatch',
        subject: attribute.name,
        detail: `${attribute.name} (${attribute.type}): ${converted.problem}`,
      })
    }
  }
  const phone = plan.sms ? projectSms(valueAt(plan.sms), plan.settings.defaultCountry) : null
  if (phone?.warning) {
    keep.push(SMS)
    warnings.push(phone.warning)
  }
  return {
    contact: {
      personId: person.id,
      email: cluster.email,
      sms: phone?.sms ?? null,
      attributes: sortKeys(attributes),
      lists: wantedLists(cluster.facts, plan.lists),
      keep: keep.sort(),
      unsubscribed: cluster.persons.some((member) => member.marketingStatus === 'unsubscribed'),
    },
    warnings,
  }
}

/** As much of a plan as reading a source needs. */
export type SourceView = {
  readonly catalogue: Catalogue
  readonly settings: Pick<SyncSettings, 'exchangeRates'>
}

/** Reads what a cluster holds, before it is fitted to any attribute. */
export function sourceReader(cluster: Cluster, view: SourceView): (source: Source) => FieldValue | null {
  const person = leadPerson(cluster.persons)
  const names = catalogueNames(view)
  const money = moneyOf(view)
  return (source) =>
    readSource(source, person, cluster, (name) => computeField(name, cluster.facts, money, names))
}

function moneyOf({ catalogue, settings }: SourceView): Money {
  return { defaultCurrency: catalogue.defaultCurrency, exchangeRates: settings.exchangeRates }
}

/** Null when there is nothing; a warning when there is something that is no number. */
function projectSms(
  value: FieldValue | null,
  country: string | null,
): { sms: string; warning: null } | { sms: null; warning: Warning } | null {
  if (value === null) return null
  if (value.kind !== 'text' && value.kind !== 'number') {
    const problem =
      value.kind === 'unreadable' ? value.problem : `a field of kind ${value.kind} is no phone number`
    return { sms: null, warning: { code: 'type_mismatch', subject: SMS, detail: `SMS: ${problem}` } }
  }
  const written = value.kind === 'text' ? value.text.trim() : String(value.number)
  if (written === '') return null
  const sms = toE164(written, country)
  if (sms !== null) return { sms, warning: null }
  const remedy = country ? '' : ' (default_country is not set: numbers without a country code cannot be read)'
  const detail = `"${written.slice(0, 40)}" is no valid phone number${remedy}`
  return { sms: null, warning: { code: 'invalid_phone', subject: SMS, detail } }
}

function readSource(
  source: Source,
  person: Person,
  cluster: Cluster,
  compute: (name: Extract<Source, { kind: 'computed' }>['name']) => FieldValue | null,
): FieldValue | null {
  switch (source.kind) {
    case 'email':
      return { kind: 'text', text: cluster.email }
    case 'phone': {
      const phone = primaryEntry(person.phones)
      return phone === null ? null : { kind: 'text', text: phone }
    }
    case 'organization-name':
      return cluster.organization ? { kind: 'text', text: cluster.organization.name } : null
    case 'computed':
      return compute(source.name)
    case 'field':
      return (
        (source.of === 'person' ? person.fields : cluster.organization?.fields)?.[source.field.key] ?? null
      )
  }
}

export function fieldOf(source: Source): FieldDefinition | null {
  return source.kind === 'field' ? source.field : null
}

export function createLookup({ catalogue }: Pick<SourceView, 'catalogue'>, references: References): Lookup {
  return {
    optionLabel: (field, id) => field?.options[id],
    userName: (id) => catalogue.users[id],
    ...references,
  }
}

function catalogueNames({ catalogue }: SourceView): {
  stage: (id: number) => string | undefined
  pipeline: (id: number) => string | undefined
} {
  const { stages, pipelines } = catalogue
  return {
    stage: (id) => stages.find((stage) => stage.id === id)?.name,
    pipeline: (id) => pipelines.find((pipeline) => pipeline.id === id)?.name,
  }
}

function sortKeys(attributes: Record<string, AttributeValue>): Attributes {
  return Object.fromEntries(Object.entries(attributes).sort(([a], [b]) => (a < b ? -1 : 1)))
}
