/** Pipedrive's webhooks of both versions, as the simulator delivers them to a real receiver, and what they are taken to say. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type Scene, startScene } from '../../../test/support/pipedrive-scene.ts'
import type { Notice } from '../model/index.ts'
import { fromPipedriveWebhook, pipedriveDeliveryId } from './from-webhook.ts'

// biome-ignore lint/suspicious/noExplicitAny: tests look into bodies of any shape.
type Body = any

const lead = 'adf21080-0e10-41eb-879b-000000000001'
/** The scene's moment, as records and as webhooks stamp it. */
const now = '2026-06-15T10:00:00.000Z'
const nowExactly = '2026-06-15T10:00:00.400Z'

let scene: Scene
let bodies: Body[] = []
let status: (body: Body) => number
let url = ''
let stop = (): void => {}

beforeEach(async () => {
  bodies = []
  status = () => 200
  scene = await startScene()
  const server = createServer(async (request, response) => {
    let text = ''
    for await (const chunk of request) text += chunk
    bodies.push(JSON.parse(text))
    response.writeHead(status(JSON.parse(text))).end()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`
  stop = () => {
    server.close()
    server.closeAllConnections()
  }
})
afterEach(async () => {
  await scene.stop()
  stop()
})

const state = () => scene.simulator.state

async function subscribe(version: '1.0' | '2.0') {
  const wanted = { subscription_url: url, event_action: '*', event_object: '*', name: 'Test', version }
  expect((await scene.call('POST', '/v1/webhooks', wanted)).status).toBe(201)
}

/** The bodies of what `act` brings about. */
async function toldBy(act: () => unknown): Promise<Body[]> {
  bodies = []
  await act()
  await scene.simulator.settleWebhooks()
  return bodies
}

/** What is understood of that, in the order of delivery. */
async function noticed(act: () => unknown): Promise<Notice[]> {
  return (await toldBy(act)).map((body) => fromPipedriveWebhook(body, 'delivery'))
}

/** What is understood of one edit that is told once. */
async function noticedOnce(act: () => unknown): Promise<Notice> {
  const notices = await noticed(act)
  expect(notices).toHaveLength(1)
  return notices[0] as Notice
}

const hintOnly = (entity: string, id: string, version: string | null) => ({
  hints: [{ entity, id, version }],
  moves: [],
  merges: [],
})

const records = [
  ['person', 1, { name: 'New Name' }],
  ['organization', 1, { name: 'New Name' }],
  ['deal', 1, { title: 'New title' }],
  ['activity', 1, { subject: 'New subject' }],
] as const

describe('version 2.0', () => {
  beforeEach(() => subscribe('2.0'))

  test.each(records)('a changed %s is a hint at its version', async (entity, id, values) => {
    expect(await noticedOnce(() => state().patch(entity, id, values))).toEqual(
      hintOnly(entity, String(id), now),
    )
  })

  test.each(records)('a deleted %s is to be read again whatever is known', async (entity, id) => {
    expect(await noticedOnce(() => state().delete(entity, id))).toEqual(hintOnly(entity, String(id), null))
  })

  test('a new record comes without its version, and is read', async () => {
    for (const [entity, , values] of records.filter(([name]) => name !== 'deal')) {
      const notice = await noticedOnce(() => state().insert(entity, values))
      expect(notice).toEqual(hintOnly(entity, expect.any(String) as never, null))
      expect(notice.hints[0]?.id).toMatch(/^\d+$/)
    }
  })

  test('a lead is known by its UUID, to the millisecond', async () => {
    expect(await noticedOnce(() => state().archive('lead', lead))).toEqual(hintOnly('lead', lead, nowExactly))
    expect(await noticedOnce(() => state().delete('lead', lead))).toEqual(hintOnly('lead', lead, null))
    const made = await noticedOnce(() => state().insert('lead', { title: 'A lead', person_id: 1 }))
    expect(made.hints).toEqual([
      { entity: 'lead', id: expect.stringMatching(/^[0-9a-f-]{36}$/), version: null },
    ])
  })

  test('what Tajo does not keep says nothing', async () => {
    const nothing = { hints: [], moves: [], merges: [] }
    expect(await noticedOnce(() => state().patch('stage', 1, { name: 'Renamed' }))).toEqual(nothing)
    expect(await noticedOnce(() => state().insert('pipeline', { name: 'Second' }))).toEqual(nothing)
    expect(await noticedOnce(() => state().insert('note', { content: 'Hi', person_id: 1 }))).toEqual(nothing)
    expect(await noticedOnce(() => state().putUser(2, { name: 'Renamed' }))).toEqual(nothing)
  })

  test('R5.3 a deal in another stage has moved, from where `previous` says', async () => {
    const notice = await noticedOnce(() => state().patch('deal', 1, { stage_id: 2, value: 120 }))
    expect(notice.hints).toEqual([{ entity: 'deal', id: '1', version: now }])
    expect(notice.moves).toEqual([
      {
        dealId: 1,
        delivery: 'delivery',
        at: nowExactly,
        version: now,
        from: { stageId: 1, pipelineId: 1, status: 'open' },
        deal: {
          entity: 'deal',
          id: 1,
          updatedAt: now,
          addedAt: '2026-06-01T08:00:00.000Z',
          deleted: false,
          title: 'Open one',
          status: 'open',
          value: 120,
          currency: 'EUR',
          personId: 1,
          organizationId: 1,
          stageId: 2,
          pipelineId: 1,
          ownerId: 1,
          wonAt: null,
          lostAt: null,
          stageChangedAt: now,
          archived: false,
          fields: {},
        },
      },
    ])
  })

  test('R5.3 a deal won, lost or open again has moved too, in its stage', async () => {
    const moves: unknown[] = []
    for (const next of ['won', 'lost', 'open']) {
      const notice = await noticedOnce(() => state().patch('deal', 1, { status: next }))
      moves.push(...notice.moves.map(({ from, deal }) => [from, deal.status, deal.wonAt, deal.lostAt]))
    }
    const place = { stageId: 1, pipelineId: 1 }
    expect(moves).toEqual([
      [{ ...place, status: 'open' }, 'won', now, null],
      [{ ...place, status: 'won' }, 'lost', null, now],
      [{ ...place, status: 'lost' }, 'open', null, null],
    ])
  })

  test('R5.3 a change whose `previous` has no stage_id is no move', async () => {
    const [body] = await toldBy(() => state().patch('deal', 1, { value: 7 }))
    expect(body.previous).toEqual({ value: 100 })
    expect(fromPipedriveWebhook(body, 'x').moves).toEqual([])
    expect(fromPipedriveWebhook({ ...body, previous: null }, 'x').moves).toEqual([])
    expect(fromPipedriveWebhook({ ...body, previous: { stage_id: 1 } }, 'x').moves).toEqual([])
  })

  test('R5.3 a new deal tells where it began: open, in its stage', async () => {
    const values = { title: 'New', stage_id: 2, person_id: 1, status: 'won' }
    const [body] = await toldBy(() => state().insert('deal', values))
    expect(body.data.update_time).toBeNull()
    const notice = fromPipedriveWebhook(body, 'x')
    expect(notice.hints).toEqual([{ entity: 'deal', id: String(body.data.id), version: null }])
    expect(notice.moves).toMatchObject([
      {
        version: now,
        at: nowExactly,
        from: { stageId: 2, pipelineId: 1, status: 'open' },
        deal: { stageId: 2, status: 'won', updatedAt: now, addedAt: now, personId: 1 },
      },
    ])
  })

  test('R5.3 a deleted deal has not moved', async () => {
    expect((await noticedOnce(() => state().delete('deal', 2))).moves).toEqual([])
  })

  test('R7.2 a merge is told by both deliveries of it, in the same words', async () => {
    for (const entity of ['person', 'organization'] as const) {
      const loserId = state().insert(entity, { name: 'Twin' }).id
      const notices = await noticed(() => state().merge(entity, loserId, 1))
      const merges = notices.flatMap((notice) => notice.merges)
      const merge = { entity, loserId: String(loserId), survivorId: '1', at: nowExactly }
      expect(merges.filter((one) => one.entity === entity)).toContainEqual(merge)
      expect(new Set(merges.map((one) => JSON.stringify(one))).size).toBe(1)
      expect(merges.length).toBe(2)
      const hints = notices.flatMap((notice) => notice.hints)
      expect(hints).toContainEqual({ entity, id: String(loserId), version: null })
      expect(hints).toContainEqual({ entity, id: '1', version: null })
    }
  })

  test('a retry is the same delivery; another edit, and another webhook of the same, are others', async () => {
    await subscribe('2.0')
    status = (body) => (body.meta.attempt === 1 ? 500 : 200)
    const first = await toldBy(async () => {
      state().patch('person', 1, { name: 'One' })
      await scene.simulator.settleWebhooks()
      await scene.clock.advance(3000)
    })
    expect(first.map((body) => body.meta.attempt).sort()).toEqual([1, 1, 2, 2])
    const second = await toldBy(() => state().patch('person', 1, { name: 'Two' }))
    expect(new Set(first.map(pipedriveDeliveryId)).size).toBe(2)
    expect(new Set([...first, ...second].map(pipedriveDeliveryId)).size).toBe(4)
    expect(first.map((body) => body.meta.id)).toContain(pipedriveDeliveryId(first[0]))
  })

  test('the news of one user are deliveries of their own, though meta.id is the id of the user', async () => {
    const [one] = await toldBy(() => state().putUser(2, { name: 'One' }))
    const [two] = await toldBy(() => state().putUser(2, { name: 'Two' }))
    expect(one.meta.id).toBe(two.meta.id)
    expect(pipedriveDeliveryId(one)).not.toBe(pipedriveDeliveryId(two))
    const retried = { ...one, meta: { ...one.meta, attempt: 2 } }
    expect(pipedriveDeliveryId(retried)).toBe(pipedriveDeliveryId(one))
  })
})

describe('version 1.0', () => {
  beforeEach(() => subscribe('1.0'))

  test.each(records)(
    'a changed %s is a hint at its version, a deleted one is read again',
    async (entity, id, values) => {
      expect(await noticedOnce(() => state().patch(entity, id, values))).toEqual(
        hintOnly(entity, String(id), now),
      )
      expect(await noticedOnce(() => state().delete(entity, id))).toEqual(hintOnly(entity, String(id), null))
    },
  )

  test('a new record is a hint at its version', async () => {
    const notice = await noticedOnce(() => state().insert('person', { name: 'New' }))
    expect(notice).toEqual(hintOnly('person', expect.stringMatching(/^\d+$/) as never, now))
  })

  test('R5.3 a deal moves when its stage or status differs between the two whole records', async () => {
    const moved = await noticedOnce(() => state().patch('deal', 1, { stage_id: 2, status: 'won' }))
    expect(moved.moves).toMatchObject([
      {
        at: nowExactly,
        version: now,
        from: { stageId: 1, pipelineId: 1, status: 'open' },
        deal: { id: 1, stageId: 2, status: 'won', wonAt: now, stageChangedAt: now, ownerId: 1, personId: 1 },
      },
    ])
    expect((await noticedOnce(() => state().patch('deal', 1, { value: 3 }))).moves).toEqual([])
    const made = await noticedOnce(() => state().insert('deal', { title: 'New', stage_id: 2 }))
    expect(made.moves).toMatchObject([{ from: { stageId: 2, status: 'open' }, deal: { stageId: 2 } }])
  })

  test('the time is that of the edit to the millisecond where it is told, else to the second', async () => {
    const [body] = await toldBy(() => state().patch('deal', 1, { stage_id: 2 }))
    for (const timestamp_micro of [null, undefined]) {
      const meta = { ...body.meta, timestamp_micro }
      expect(fromPipedriveWebhook({ ...body, meta }, 'x').moves[0]?.at).toBe(now)
    }
    const meta = { ...body.meta, timestamp_micro: 1_739_827_618_595_189 }
    expect(fromPipedriveWebhook({ ...body, meta }, 'x').moves[0]?.at).toBe('2025-02-17T21:26:58.595Z')
  })

  test('R7.2 a merge has the survivor read again; who went is not said', async () => {
    const twin = state().insert('organization', { name: 'Twin' }).id
    const told = await noticed(() => state().merge('organization', twin, 1))
    expect(told.at(-1)).toEqual(hintOnly('organization', '1', null))
  })

  test('a reference may be nested, with its id in `value`', async () => {
    const [body] = await toldBy(() => state().patch('deal', 1, { stage_id: 2 }))
    const current = { ...body.current, person_id: { value: 1, name: 'Jane Doe' }, user_id: { id: 5 } }
    const { owner_id: _, ...rest } = current
    const [move] = fromPipedriveWebhook({ ...body, current: rest }, 'x').moves
    expect(move?.deal).toMatchObject({ personId: 1, ownerId: 5 })
  })

  test('a retry is the same delivery, and another edit another one', async () => {
    status = (body) => (body.retry === 0 ? 500 : 200)
    const first = await toldBy(async () => {
      state().patch('person', 1, { name: 'One' })
      await scene.simulator.settleWebhooks()
      await scene.clock.advance(3000)
    })
    expect(first.map((body) => body.retry)).toEqual([0, 1])
    const [other] = await toldBy(() => state().patch('person', 1, { name: 'Two' }))
    expect(pipedriveDeliveryId(first[0])).toBe(pipedriveDeliveryId(first[1]))
    expect(pipedriveDeliveryId(other)).not.toBe(pipedriveDeliveryId(first[0]))
  })
})

describe('what is no webhook of Pipedrive', () => {
  const meta = { entity: 'deal', action: 'change', entity_id: '1', timestamp: nowExactly, version: '2.0' }
  const old = { object: 'deal', action: 'updated', id: 1, timestamp: 1_739_827_618, v: 1 }

  test.each<[string, unknown, string]>([
    ['a text', 'hello', 'it is not an object'],
    ['an array', [], 'it is not an object'],
    ['null', null, 'it is not an object'],
    ['an object without meta', { data: {} }, 'it has no meta'],
    ['no kind of record', { meta: { version: '2.0' } }, 'which kind of record'],
    ['no kind of record, version 1.0', { meta: {} }, 'which kind of record'],
    ['an unknown action', { meta: { ...meta, action: 'merge' } }, 'meta.action is "merge"'],
    ['no action', { meta: { ...meta, action: undefined } }, 'meta.action is null'],
    ['an unknown action, version 1.0', { meta: { ...old, action: 'change' } }, 'meta.action is "change"'],
    ['no id', { meta: { ...meta, entity_id: null }, data: {} }, 'meta.entity_id is no id'],
    ['an id that is none', { meta: { ...meta, entity_id: {} } }, 'meta.entity_id is no id'],
    ['no id, version 1.0', { meta: { ...old, id: null } }, 'meta.id is no id'],
    ['no survivor', { meta: { ...meta, merged_to_id: '' } }, 'meta.merged_to_id is no id'],
    ['no time', { meta: { ...meta, timestamp: 'soon' } }, 'meta.timestamp is no time'],
    ['no time, version 1.0', { meta: { ...old, timestamp: null } }, 'meta.timestamp is no time'],
    ['no time at all', { meta: { ...old, timestamp_micro: 1e300 } }, 'meta.timestamp_micro is no time'],
  ])('%s is refused with the reason', (_, body, reason) => {
    expect(() => fromPipedriveWebhook(body, 'x')).toThrow(reason)
    expect(pipedriveDeliveryId(body)).toMatch(/^.{43}$/)
  })

  test('a deal of unknown status is read again and has not moved', () => {
    const data = { id: 1, status: 'paused', stage_id: 2 }
    const notice = fromPipedriveWebhook({ meta, data, previous: { stage_id: 1 } }, 'x')
    expect(notice).toEqual(hintOnly('deal', '1', null))
  })
})
