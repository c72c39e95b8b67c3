/** What other processes can do to a running simulator through `POST /__sandbox/<name>`. Trusts its callers: loopback only. */
import type { Entity, Values } from './records.ts'
import type { PipedriveState } from './state.ts'

type Controls = Record<string, (body: unknown) => unknown>

const ENTITIES: readonly Entity[] = [
  'person',
  'organization',
  'deal',
  'activity',
  'lead',
  'note',
  'pipeline',
  'stage',
]

/**
 * `insert` {entity, values} · `patch` {entity, id, values} · `delete` {entity, id} · `archive` {entity, id, archived?} ·
 * `merge` {entity, id, into} · `convert-lead` {id, stage_id?, pipeline_id?} · `find` {entity, id} · `user` {id, values} · `revoke-token` {token} · `add-token` {token, user_id, scopes?} ·
 * `spend-tokens` {tokens} · `switches` {name: value}. Changes act as a user of the web application does.
 */
export function pipedriveControls(state: PipedriveState): Controls {
  const on = (act: (body: Values, entity: Entity) => unknown): ((body: unknown) => unknown) => {
    return (body) => {
      const given = (body ?? {}) as Values
      const entity = given.entity as Entity
      if (!ENTITIES.includes(entity)) throw new Error(`entity must be one of ${ENTITIES.join(', ')}`)
      return act(given, entity)
    }
  }
  const values = (body: Values): Values => (body.values ?? {}) as Values
  const id = (body: Values): never => body.id as never
  return {
    find: on((body, entity) => state.find(entity, id(body)) ?? null),
    insert: on((body, entity) => state.insert(entity, values(body))),
    patch: on((body, entity) => state.patch(entity, id(body), values(body))),
    delete: on((body, entity) => state.delete(entity, id(body))),
    archive: on((body, entity) =>
      state.archive(entity as 'deal' | 'lead', id(body), body.archived !== false),
    ),
    merge: on((body, entity) => state.merge(entity as 'person', Number(id(body)), Number(body.into))),
    'convert-lead': (body) => {
      const { id: leadId, ...target } = body as Values
      return state.convertLead(String(leadId), target)
    },
    user: (body) => state.putUser(Number((body as Values).id), values(body as Values)),
    'revoke-token': (body) => state.revokeToken(String((body as Values).token)),
    'add-token': (body) => {
      const { token, user_id, scopes } = body as Values
      state.addToken(String(token), Number(user_id), (scopes as string[] | undefined) ?? null)
    },
    'spend-tokens': (body) => state.spendTokens(Number((body as Values).tokens)),
    switches: (body) => Object.assign(state.switches, body),
  }
}
