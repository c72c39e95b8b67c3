/**
 * What a program of somebody's own says of a record: `{ topic: 'deal.stage_changed', payload: { dealId, ... } }`. Such words
 * are a hint and nothing more: the record is read again, and what became of it is seen there. The stages they name prove no
 * move, since Pipedrive's `previous` holds changed fields only and is easily taken for more.
 */
import { isJsonObject, type Json, type JsonObject } from '../../base/json.ts'
import type { Entity, Notice, RecordHint } from '../model/index.ts'

const entities: readonly Entity[] = ['person', 'organization', 'deal', 'activity', 'lead']

/** Throws an error that says what it does not understand. */
export function readTopic({ topic, payload }: JsonObject): Notice {
  const entity = entities.find((name) => typeof topic === 'string' && topic.startsWith(`${name}.`))
  if (entity === undefined) {
    throw new Error(
      `the topic is ${JSON.stringify(topic)}, not ${entities.join(', ')} with a point and what happened, as in deal.stage_changed`,
    )
  }
  const { personId, ...rest } = isJsonObject(payload) ? payload : {}
  const id = idOf(entity === 'person' ? (personId ?? rest.id) : (rest[`${entity}Id`] ?? rest.id))
  if (id === null) throw new Error(`payload.${entity}Id is no id`)
  const hints: RecordHint[] = [{ entity, id, version: null }]
  // Whose contact an event is for may be new: where only deals are told of, nobody else says so.
  const person = idOf(personId)
  if (entity !== 'person' && person !== null) hints.push({ entity: 'person', id: person, version: null })
  return { hints, moves: [], merges: [] }
}

/** Version 1 may nest a reference as {value: 12, name: ...}. */
function idOf(value: Json | undefined): string | null {
  const plain = isJsonObject(value) ? (value.value ?? value.id) : value
  if (typeof plain === 'number') return Number.isInteger(plain) ? String(plain) : null
  return typeof plain === 'string' && plain.trim() !== '' ? plain.trim() : null
}
