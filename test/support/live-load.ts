/**
 * A company at work while Tajo is killed: persons are edited, deals move, activities are logged, some webhooks come from the
 * test's own hand. It remembers every true move, and compares nothing but moves with events.
 */

import type { Random } from '../../src/simulators/kit/random.ts'
import type { Change } from '../../src/simulators/pipedrive/index.ts'
import { createV2Body } from '../../src/simulators/pipedrive/webhook-body-v2.ts'
import { addPerson, type Journey, only } from './journey.ts'
import type { WebhookRelay } from './webhook-relay.ts'

type Move = { readonly deal: number; readonly from: number; readonly to: number; readonly at: string }

export type LiveLoad = {
  readonly moves: readonly Move[]
  /** Bodies that were posted by hand, until they were answered. */
  readonly posted: Promise<number>[]
  /** Does one random thing. */
  act(): void
  /** Deals whose every move is known to Tajo: webhooks of each were answered 200. */
  told(): ReadonlySet<number>
  stop(): void
}

const PERSONS = 60
const MOVERS = 80
const CLOSERS = 20

/** Adds persons and deals of its own; begin before the first sync. */
export function createLoad(journey: Journey, relay: WebhookRelay, random: Random): LiveLoad {
  const { pipedrive } = journey.sandbox
  const { state } = pipedrive
  const ladder = [...state.tables.stage.all()].filter((stage) => stage.pipeline_id === 1).map(({ id }) => id)
  const persons = Array.from({ length: PERSONS }, (_, index) =>
    addPerson(journey, `load${index}@test.example`),
  )
  const dealOf = (index: number): number =>
    state.insert('deal', {
      title: `Load ${index}`,
      person_id: persons[index % PERSONS],
      stage_id: random.pick(ladder),
    }).id
  const movers = Array.from({ length: MOVERS }, (_, index) => dealOf(index))
  const closers = Array.from({ length: CLOSERS }, (_, index) => dealOf(index))
  const moves: Move[] = []
  const posted: Promise<number>[] = []
  let byHand: ((change: Change) => void) | null = null
  const unsubscribe = state.subscribe((change) => {
    if (change.entity !== 'deal' || change.action !== 'change') return
    const [before, after] = [change.before, change.after] as { stage_id: number }[]
    const [from, to] = [before?.stage_id ?? 0, after?.stage_id ?? 0]
    if (from !== to) moves.push({ deal: Number(change.id), from, to, at: change.at.toISOString() })
    byHand?.(change)
  })
  const move = (): void => {
    const deal = random.pick(movers)
    const now = state.find('deal', deal)?.stage_id
    state.patch('deal', deal, { stage_id: random.pick(ladder.filter((id) => id !== now)) })
  }
  /** The vendor's own webhook of it is lost; the test posts it instead, now and then twice. */
  const moveByHand = (): void => {
    const webhook = state.webhooks
      .all()
      .find(({ event_object, is_active }) => event_object === 'deal' && is_active === 1)
    if (!webhook) {
      move()
      return
    }
    pipedrive.dropWebhooks(1)
    byHand = (change) => {
      const ids = { eventId: state.newUuid(), correlationId: state.newUuid() }
      const body = JSON.stringify(createV2Body(state, webhook, change, ids)(1))
      const { http_auth_user: user, http_auth_password: password } = webhook
      const authorization = `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`
      const { pathname } = new URL(webhook.subscription_url)
      for (let times = random.chance(0.3) ? 2 : 1; times > 0; times--)
        posted.push(relay.post(pathname, body, authorization))
    }
    move()
    byHand = null
  }
  let count = 0
  const actions: readonly (readonly [number, () => void])[] = [
    [5, () => state.patch('person', random.pick(persons), { name: `Load ${++count}` })],
    [1, () => state.patch('person', random.pick(persons), { emails: only(`moved${++count}@test.example`) })],
    [1, () => addPerson(journey, `new${++count}@test.example`)],
    [4, move],
    [2, moveByHand],
    [1, () => state.patch('deal', random.pick(movers), { title: `Renamed ${++count}` })],
    [1, () => state.patch('deal', random.pick(closers), { status: random.pick(['open', 'won', 'lost']) })],
    [
      2,
      () =>
        state.insert('activity', {
          subject: `Call ${++count}`,
          type: 'call',
          person_id: random.pick(persons),
          done: true,
        }),
    ],
  ]
  const lot = actions.flatMap(([weight, act]) => Array.from({ length: weight }, () => act))
  return {
    moves,
    posted,
    act: () => random.pick(lot)(),
    told: () => dealsTold(moves, relay.accepted),
    stop: unsubscribe,
  }
}

function dealsTold(moves: readonly Move[], accepted: readonly string[]): ReadonlySet<number> {
  const heard = new Set(accepted.flatMap(moveOf))
  return new Set(
    [...Map.groupBy(moves, (move) => move.deal)]
      .filter(([, ofDeal]) => ofDeal.every((move) => heard.has(keyOf(move))))
      .map(([deal]) => deal),
  )
}

function moveOf(text: string): string[] {
  const { data, previous, meta } = JSON.parse(text) as {
    data?: { stage_id?: number } | null
    previous?: { stage_id?: number } | null
    meta?: { entity?: string; entity_id?: string; timestamp?: string }
  }
  if (meta?.entity !== 'deal' || data?.stage_id === undefined || previous?.stage_id === undefined) return []
  const [deal, at] = [Number(meta.entity_id), meta.timestamp ?? '']
  return [keyOf({ deal, from: previous.stage_id, to: data.stage_id, at })]
}

function keyOf({ deal, from, to, at }: Move): string {
  return `${deal}: ${from} > ${to} at ${at}`
}
