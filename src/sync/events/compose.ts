/** An event's name and properties, as the receiving automation sees them (rule R5.4). Pure. */
import type { JsonObject } from '../../base/json.ts'
import type {
  Activity,
  Catalogue,
  Deal,
  DealPlace,
  EventAction,
  FieldDefinition,
  FieldValue,
  Lead,
  Organization,
  Person,
  SourceRecord,
} from '../model/index.ts'

export type EventFacts = {
  /** Null when the mirror no longer has it. */
  readonly record: SourceRecord | null
  /** Moves of deals only. */
  readonly from?: DealPlace
  readonly daysInStage?: number | null
  /** Merges only: the record that went. */
  readonly mergedId?: string
}

export type EventValue = string | number | boolean

export type EventWords = {
  readonly catalogue: Catalogue
  /** Custom deal fields that events carry, and under which names. */
  readonly dealFields: readonly { readonly property: string; readonly field: FieldDefinition }[]
  /** Where a record can be opened: `https://company.pipedrive.com`; null when unknown. */
  readonly webUrl: string | null
}

/** Stable snake_case keys; what is not known is left out, since Brevo takes no null. */
export function eventProperties(
  event: {
    readonly key: string
    readonly entity: string
    readonly record_id: string
    readonly action: string
  },
  facts: EventFacts,
  words: EventWords,
): Readonly<Record<string, EventValue>> {
  const { record } = facts
  const common = {
    // Tells the same change from another one of the same kind, and finds it again in Brevo.
    event_id: event.key,
    action: event.action satisfies string as EventAction,
    url: urlOf(event.entity, event.record_id, words.webUrl),
    merged_id: facts.mergedId,
  }
  switch (record?.entity) {
    case 'deal':
      return given({ ...dealProperties(record, facts, words), ...common })
    case 'activity':
      return given({ ...activityProperties(record, words), ...common })
    case 'person':
      return given({ ...personProperties(record, words), ...common })
    case 'organization':
      return given({ ...organizationProperties(record, words), ...common })
    case 'lead':
      return given({ ...leadProperties(record), ...common })
    default:
      return given({ [`${event.entity}_id`]: event.record_id, ...common })
  }
}

type Loose = Readonly<Record<string, EventValue | null | undefined>>

function dealProperties(
  deal: Deal,
  { from, daysInStage }: EventFacts,
  { catalogue, dealFields }: EventWords,
): Loose {
  const stageName = (id: number | null) => catalogue.stages.find((stage) => stage.id === id)?.name
  const pipelineName = (id: number | null) => catalogue.pipelines.find((pipeline) => pipeline.id === id)?.name
  const carried = dealFields.map(({ property, field }) => [
    property,
    plainValue(deal.fields[field.key], field, catalogue),
  ])
  return {
    ...Object.fromEntries(carried),
    deal_id: deal.id,
    deal_title: deal.title,
    pipeline: pipelineName(deal.pipelineId),
    pipeline_id: deal.pipelineId,
    stage: stageName(deal.stageId),
    stage_id: deal.stageId,
    previous_stage: from && stageName(from.stageId),
    previous_stage_id: from?.stageId,
    previous_pipeline_id: from?.pipelineId,
    status: deal.status,
    previous_status: from?.status,
    value: deal.value,
    currency: deal.currency,
    owner: ownerOf(deal.ownerId, catalogue),
    days_in_stage: daysInStage,
    person_id: deal.personId,
  }
}

/** A custom field as text, number or flag; null when it is empty or cannot be used. */
export function plainValue(
  value: FieldValue | undefined,
  field: FieldDefinition,
  catalogue: Catalogue,
): EventValue | null {
  switch (value?.kind) {
    case 'text':
      return value.text.slice(0, longestField).toWellFormed()
    case 'number':
      return value.number
    case 'money':
      return value.amount
    case 'option':
      return field.options[value.id] ?? value.id
    case 'options':
      return value.ids.map((id) => field.options[id] ?? id).join(', ')
    case 'reference':
      return (value.entity === 'user' ? ownerOf(value.id, catalogue) : null) ?? value.id
    case 'date':
      return value.date
    case 'time':
      return value.time
    case 'timestamp':
      return value.at
    case 'date-range':
    case 'time-range':
      return value.until === null ? value.from : `${value.from}/${value.until}`
    case 'flag':
      return value.flag
    default:
      return null
  }
}

function activityProperties(activity: Activity, { catalogue }: EventWords): Loose {
  return {
    activity_id: activity.id,
    type: activity.type,
    subject: activity.subject,
    done: activity.done,
    due_date: activity.dueDate,
    // The cut may have halved a character.
    note: activity.note?.slice(0, longestText).toWellFormed(),
    deal_id: activity.dealId,
    owner: ownerOf(activity.ownerId, catalogue),
  }
}

function personProperties(person: Person, { catalogue }: EventWords): Loose {
  const owner = person.fields.owner_id
  return {
    person_id: person.id,
    organization_id: person.organizationId,
    owner: owner?.kind === 'reference' ? ownerOf(owner.id, catalogue) : null,
  }
}

function organizationProperties(organization: Organization, { catalogue }: EventWords): Loose {
  const owner = organization.fields.owner_id
  return {
    organization_id: organization.id,
    organization_name: organization.name,
    owner: owner?.kind === 'reference' ? ownerOf(owner.id, catalogue) : null,
  }
}

function leadProperties(lead: Lead): Loose {
  return { lead_id: lead.id, lead_title: lead.title, archived: lead.archived, person_id: lead.personId }
}

/**
 * An event may weigh 50 KB in all (https://developers.brevo.com/docs/event-endpoints), and a character up to six bytes of
 * JSON. A note is the only long thing in it.
 */
const longestText = 8000
/** Of many custom fields, each. */
const longestField = 1_000

function ownerOf(id: number | null, catalogue: Catalogue): string | null {
  return id === null ? null : (catalogue.users[String(id)] ?? null)
}

export function urlOf(entity: string, id: string, webUrl: string | null): string | null {
  if (webUrl === null) return null
  const paths: Readonly<Record<string, string>> = {
    deal: `/deal/${id}`,
    person: `/person/${id}`,
    organization: `/organization/${id}`,
    lead: `/leads/inbox/${id}`,
    activity: `/activities/list?selected=${id}`,
  }
  return Object.hasOwn(paths, entity) ? `${webUrl}${paths[entity]}` : null
}

function given(values: Loose): Readonly<Record<string, EventValue>> {
  return Object.fromEntries(
    Object.entries(values).filter(
      (entry): entry is [string, EventValue] =>
        entry[1] !== null && entry[1] !== undefined && entry[1] !== '',
    ),
  )
}

export function toFacts(facts: JsonObject): EventFacts {
  return { record: null, ...(facts as unknown as Partial<EventFacts>) }
}
