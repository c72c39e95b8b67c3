/**
 * What a program of somebody's own says of a record: `{ topic: 'deal.stage_changed', payload: { dealId, ... } }`. Such words
 * are a hint and nothing more: the record is read again, and what became of it is seen there. The stages they name prove no
 * move, since Pipedrive's `previous` holds changed fields only and is easily taken for more.
 */
import { isJsonObject, type JsonObject } from '../../base/json.ts'
import type { Entity, Notice } from '../model/index.ts'

const entities: readonly Entity[] = ['person', 'organization', 'deal', 'activity', 'lead']

/** Throws an error that says what it does not understand. */
export function readTopic({ topic, payload }: JsonObject): Notice {
  const entity = entities.find((name) => typeof topic === 'string' && topic.startsWith(`${name}.`))
  if (entity === undefined) {
    throw new Error(
      `the topic is ${JSON.stringify(topic)}, not ${entities.join(', ')} with a point and what happened, as in deal.stage_changed`,
    )
  }
  const id = isJsonObject(payload) ? (payload[`${entity}Id`] ?? payload.id) : null
  const isId = typeof id === 'string' ? id.trim() !== '' : Number.isInteger(id)
  if (!isId) throw new Error(`payload.${entity}Id is no id`)
  return { hints: [{ entity, id: String(id).trim(), version: null }], moves: [], merges: [] }
}
