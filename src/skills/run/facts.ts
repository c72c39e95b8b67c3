/** What a run is told: the event as it was noticed, and its records as they are now, under the names of docs/skills.md. */

import type { JsonObject } from '../../base/json.ts'
import { slug } from '../../base/spelling.ts'
import {
  companyOf,
  contactFacts,
  lastTouched,
  readRecord,
  type SkillRunRow,
  targetOf,
} from '../../store/index.ts'
import {
  type EventFacts,
  type EventWords,
  eventProperties,
  plainValue,
  toFacts,
  urlOf,
} from '../../sync/events/index.ts'
import type { Deal, FieldDefinition, Fields, Person, SourceRecord } from '../../sync/model/index.ts'
import type { Skill } from '../index.ts'
import type { SkillContext } from './context.ts'

/** As it is kept in the run: the event, or what a request or another skill said. */
export type RunFacts = {
  readonly event?: {
    readonly key: string
    readonly name: string
    readonly entity: string
    readonly record_id: string
    readonly action: string
    readonly occurred_at: string
  }
  /** What the event was made of. */
  readonly made?: JsonObject
  /** Of an event that another skill tracked. */
  readonly properties?: JsonObject
  readonly input?: JsonObject
  /** It has waited: the record's own properties are those of now. */
  readonly waited?: boolean
}

export type LoadedFacts = {
  readonly facts: Readonly<Record<string, unknown>>
  readonly contactId: number | null
  /** The contact is on its way: it is to be waited for. */
  readonly pending: boolean
  readonly companyId: string | null
}

export async function loadFacts(
  context: SkillContext,
  run: SkillRunRow,
  skill: Pick<Skill, 'name' | 'version'>,
): Promise<LoadedFacts> {
  const { store, connection, clock, words } = context
  const kept = run.facts as unknown as RunFacts
  const { event } = kept
  const made = toFacts(kept.made ?? {})
  const now = event ? await recordOf(context, event.entity, event.record_id) : null
  const record = now ?? made.record
  const deal = await dealOf(context, record)
  const person = await personOf(context, run.person_id, record)
  const organizationId = deal?.organizationId ?? person?.organizationId ?? null
  const organization =
    record?.entity === 'organization'
      ? record
      : organizationId === null
        ? null
        : await recordOf(context, 'organization', String(organizationId))
  const personId = person?.id ?? run.person_id
  const target = personId === null ? null : await targetOf(store.db, connection, personId)
  const contactId = target?.contact ?? null
  const contact = contactId === null ? null : await contactFacts(store.db, connection, contactId)
  const touched = personId === null ? null : await lastTouched(store.db, connection, personId)
  const at = clock.now().toISOString()
  const organizationFactsId = organization?.entity === 'organization' ? organization.id : null
  const facts = {
    ...(kept.properties ?? {}),
    ...propertiesOf(run, kept, made, now, words),
    ...recordFacts('deal', deal, words),
    ...recordFacts('person', person, words),
    ...recordFacts('organization', organization, words),
    ...recordFacts('activity', record?.entity === 'activity' ? record : null, words),
    ...recordFacts('lead', record?.entity === 'lead' ? record : null, words),
    contact: contact && { ...contact },
    event: event && {
      id: event.key,
      name: event.name,
      action: event.action,
      object: event.entity,
      occurred_at: event.occurred_at,
    },
    input: kept.input,
    skill: { name: skill.name, version: skill.version },
    time_since_event: event?.occurred_at,
    time_since_change: record?.updatedAt,
    time_since_activity: touched?.toISOString(),
    now: at,
    today: at.slice(0, 10),
  }
  return {
    facts,
    contactId,
    pending: target?.expected === true && !target.given_up && (target.pending || contactId === null),
    companyId:
      organizationFactsId === null ? null : await companyOf(store.db, connection, organizationFactsId),
  }
}

/** Under the names that events have in Brevo. What moved stays as it was told; the rest follows the record once it has waited. */
function propertiesOf(
  run: SkillRunRow,
  { event, waited }: RunFacts,
  made: EventFacts,
  now: SourceRecord | null,
  words: EventWords,
): Readonly<Record<string, unknown>> {
  if (!event) return {}
  const properties = eventProperties({ ...event, key: run.key }, made, words)
  if (!waited || now === null) return properties
  return { ...properties, ...eventProperties({ ...event, key: run.key }, { ...made, record: now }, words) }
}

async function recordOf(
  { store, connection }: SkillContext,
  entity: string,
  id: string,
): Promise<SourceRecord | null> {
  const record = await readRecord(store.db, connection, entity, id)
  return record === undefined || record.deleted ? null : (record.doc as unknown as SourceRecord)
}

async function dealOf(context: SkillContext, record: SourceRecord | null): Promise<Deal | null> {
  if (record?.entity === 'deal') return record
  const id = record?.entity === 'activity' ? record.dealId : null
  const found = id === null ? null : await recordOf(context, 'deal', String(id))
  return found?.entity === 'deal' ? found : null
}

async function personOf(
  context: SkillContext,
  personId: number | null,
  record: SourceRecord | null,
): Promise<Person | null> {
  if (record?.entity === 'person') return record
  const found = personId === null ? null : await recordOf(context, 'person', String(personId))
  return found?.entity === 'person' ? found : null
}

function recordFacts(
  name: string,
  record: SourceRecord | null,
  words: EventWords,
): Readonly<Record<string, unknown>> {
  if (record === null) return {}
  const common = {
    id: record.id,
    url: urlOf(record.entity, String(record.id), words.webUrl),
    added_at: record.addedAt,
    updated_at: record.updatedAt,
  }
  return { [name]: { ...common, ...ownFacts(record, words) } }
}

function ownFacts(record: SourceRecord, words: EventWords): Readonly<Record<string, unknown>> {
  const { catalogue } = words
  const user = (id: number | null): string | null =>
    id === null ? null : (catalogue.users[String(id)] ?? null)
  switch (record.entity) {
    case 'deal': {
      const { dealFields } = words
      return {
        title: record.title,
        value: record.value,
        currency: record.currency,
        status: record.status,
        stage: catalogue.stages.find(({ id }) => id === record.stageId)?.name,
        stage_id: record.stageId,
        pipeline: catalogue.pipelines.find(({ id }) => id === record.pipelineId)?.name,
        pipeline_id: record.pipelineId,
        owner: user(record.ownerId),
        person_id: record.personId,
        organization_id: record.organizationId,
        archived: record.archived,
        stage_changed_at: record.stageChangedAt,
        won_at: record.wonAt,
        lost_at: record.lostAt,
        fields: fieldFacts(
          record.fields,
          dealFields.map(({ field }) => field),
          words,
        ),
      }
    }
    case 'person': {
      const first = record.emails.find(({ primary }) => primary) ?? record.emails[0]
      const phone = record.phones.find(({ primary }) => primary) ?? record.phones[0]
      const text = (key: string): string | null => {
        const value = record.fields[key]
        return value?.kind === 'text' ? value.text : null
      }
      return {
        name: text('name'),
        first_name: text('first_name'),
        last_name: text('last_name'),
        email: first?.value.trim().toLowerCase(),
        phone: phone?.value,
        owner: ownerOf(record.fields, user),
        organization_id: record.organizationId,
        fields: fieldFacts(record.fields, catalogue.personFields, words),
      }
    }
    case 'organization':
      return {
        name: record.name,
        owner: ownerOf(record.fields, user),
        fields: fieldFacts(record.fields, catalogue.organizationFields, words),
      }
    case 'activity':
      return {
        type: record.type,
        subject: record.subject,
        done: record.done,
        due_date: record.dueDate,
        note: record.note,
        owner: user(record.ownerId),
        deal_id: record.dealId,
        person_id: record.personId,
        done_at: record.doneAt,
      }
    case 'lead':
      return {
        title: record.title,
        archived: record.archived,
        person_id: record.personId,
        organization_id: record.organizationId,
      }
  }
}

function ownerOf(fields: Fields, user: (id: number | null) => string | null): string | null {
  const owner = fields.owner_id
  return owner?.kind === 'reference' ? user(owner.id) : null
}

/** By key and by slug of the name; a slug that two fields share is nobody's. */
function fieldFacts(
  fields: Fields,
  definitions: readonly FieldDefinition[],
  { catalogue }: EventWords,
): Readonly<Record<string, unknown>> {
  const bySlug = Map.groupBy(definitions, ({ name }) => slug(name))
  const facts: Record<string, unknown> = {}
  for (const field of definitions) {
    const value = plainValue(fields[field.key], field, catalogue)
    if (value === null) continue
    facts[field.key] = value
    const name = slug(field.name)
    if (bySlug.get(name)?.length === 1) facts[name] = value
  }
  return facts
}
