/** API v1 notes: list, get, create, change (PUT), delete. A note belongs to at least one record. */
import type { Answer, ApiCall, Endpoint } from './endpoint.ts'
import { pagination, parseMoment, parseOffset } from './query.ts'
import { isDeleted, type Values } from './records.ts'
import { invalidV1, notFound } from './refusal.ts'
import type { SeedNote } from './seed.ts'
import { toV1Note } from './shape-v1-plain.ts'

const SCOPES = ['deals:read', 'deals:full', 'contacts:read', 'contacts:full']
const read = { version: 'v1', scopes: SCOPES } as const
const write = { version: 'v1', scopes: ['deals:full', 'contacts:full'] } as const
const TARGETS = ['person_id', 'org_id', 'deal_id', 'lead_id'] as const

export const NOTE_ENDPOINTS: readonly Endpoint[] = [
  { ...read, method: 'GET', path: '/notes', cost: 20, handle: list },
  { ...read, method: 'GET', path: '/notes/:id', cost: 2, handle: (call) => shown(call, required(call)) },
  { ...write, method: 'POST', path: '/notes', cost: 10, handle: create },
  { ...write, method: 'PUT', path: '/notes/:id', cost: 10, handle: change },
  { ...write, method: 'DELETE', path: '/notes/:id', cost: 6, handle: remove },
]

function list(call: ApiCall): Answer {
  const { state, query, user } = call
  const offset = parseOffset(query, state.switches)
  const since = parseMoment(query, 'updated_since', invalidV1)
  const wanted = [...TARGETS, 'user_id' as const].flatMap((name) => {
    const text = query.get(name)
    return text === null ? [] : [[name, name === 'lead_id' ? text : Number(text)] as const]
  })
  const [from, to] = [query.get('start_date'), query.get('end_date')]
  const found = [...state.tables.note.all()].filter(
    (note) =>
      !isDeleted(note) &&
      (since === undefined || note.update_time >= since) &&
      (from === null || note.add_time.slice(0, 10) >= from) &&
      (to === null || note.add_time.slice(0, 10) <= to) &&
      wanted.every(([name, value]) => note[name] === value),
  )
  const page = found.slice(offset.start, offset.start + offset.limit)
  const data =
    page.length === 0 && state.switches.emptyV1List === 'null'
      ? null
      : page.map((note) => toV1Note(state, note, user.id))
  const more = offset.start + offset.limit < found.length
  return { body: { success: true, data, additional_data: { pagination: pagination(offset, more) } } }
}

function required({ state, param }: ApiCall): SeedNote {
  const note = state.find('note', Number(param('id')))
  if (!note || isDeleted(note)) throw notFound('Note not found')
  return note
}

function shown({ state, user }: ApiCall, note: SeedNote): Answer {
  return { body: { success: true, data: toV1Note(state, note, user.id) } }
}

function create(call: ApiCall): Answer {
  const values = checked(call)
  if (typeof values.content !== 'string') throw invalidV1('content is required')
  if (!TARGETS.some((name) => values[name] !== undefined))
    throw invalidV1('One of lead_id, deal_id, person_id, org_id is required')
  return shown(call, call.state.insert('note', values, call.actor))
}

function change(call: ApiCall): Answer {
  const note = required(call)
  return shown(call, call.state.patch('note', note.id, checked(call), call.actor))
}

function remove(call: ApiCall): Answer {
  call.state.delete('note', required(call).id, call.actor)
  return { body: { success: true, data: true } }
}

function checked({ body }: ApiCall): Values {
  const given = (body ?? {}) as Values
  const values: Record<string, unknown> = {}
  for (const name of [...TARGETS, 'content', 'user_id', 'add_time']) {
    if (given[name] === undefined) continue
    values[name] = ['content', 'lead_id', 'add_time'].includes(name) ? given[name] : Number(given[name])
  }
  return values
}
