import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { addPerson, type Journey, only, openJourney } from '../support/journey.ts'
import { openLiveJourney } from '../support/live-journey.ts'

const missionWebhooks = `
webhooks:
  - event_action: "added"
    event_object: "person"
    brevo_event: "contact_created"
  - event_action: "updated"
    event_object: "person"
    brevo_event: "contact_updated"
  - event_action: "added"
    event_object: "deal"
    brevo_event: "deal_created"
  - event_action: "updated"
    event_object: "deal"
    brevo_event: "deal_updated"
  - event_action: "merged"
    event_object: "person"
    brevo_event: "contact_merged"
  - event_action: "added"
    event_object: "activity"
    brevo_event: "activity_logged"
`

/** The same configuration with the mission's block in the place of its own. */
function withMissionWebhooks(text: string): string {
  const without = text.replace(/^webhooks:\n(?:[ -].*\n?)*/m, '')
  return `${without}\n${missionWebhooks}`
}

function stages({ sandbox }: Journey): number[] {
  const all = [...sandbox.pipedrive.state.tables.stage.all()]
  const pipeline = all[0]?.pipeline_id
  return all.filter((stage) => stage.pipeline_id === pipeline).map((stage) => stage.id)
}

function eventsNamed({ sandbox }: Journey, name: string) {
  return sandbox.brevo.state.events().filter((event) => event.event_name === name)
}

describe('events', () => {
  it('R5.1 R5.3: a thousand deal edits, a hundred of them moves, delivered twice and out of order, are a hundred stage events', async () => {
    const journey = await openLiveJourney({ data: { persons: 30 } })
    const { sandbox } = journey
    const { state, switches } = { state: sandbox.pipedrive.state, switches: sandbox.pipedrive.state.switches }
    const ladder = stages(journey)
    const [start = 0] = ladder
    const deals = Array.from({ length: 25 }, (_, index) => {
      const person = addPerson(journey, `deal${index}@test.example`)
      return state.insert('deal', { title: `Deal ${index}`, person_id: person, stage_id: start, value: 0 }).id
    })
    await journey.quiet()

    Object.assign(switches, { webhookDuplicateRate: 1, webhookReorderMs: 1_500 })
    const moves: string[] = []
    const place = new Map(deals.map((deal) => [deal, start]))
    // Four moves a deal, nine other edits around each; every tenth edit of a thousand is a move.
    for (let edit = 0; edit < 1_000; edit++) {
      const deal = deals[edit % deals.length] ?? 0
      if (Math.floor(edit / deals.length) % 10 !== 0) {
        state.patch('deal', deal, { value: edit + 1 })
        continue
      }
      const from = place.get(deal) ?? 0
      const to = ladder[(ladder.indexOf(from) + 1) % ladder.length] ?? 0
      place.set(deal, to)
      state.patch('deal', deal, { stage_id: to })
      moves.push(`${deal}: ${from} > ${to}`)
    }
    await sandbox.pipedrive.settleWebhooks({ waits: true })
    await journey.quiet()

    const told = eventsNamed(journey, 'deal_stage_changed').map(({ event_properties: properties }) =>
      properties ? `${properties.deal_id}: ${properties.previous_stage_id} > ${properties.stage_id}` : '',
    )
    expect(moves).toHaveLength(100)
    expect(told.toSorted()).toEqual(moves.toSorted())
  })

  it('R5.1 R5.3: deals moved there and back, and there again, within a second are told move by move, delivered twice and in any order', async () => {
    const journey = await openLiveJourney({ data: { persons: 20 } })
    const { sandbox } = journey
    const { state } = sandbox.pipedrive
    const [first = 0, second = 0] = stages(journey)
    // For each deal: when the webhook of each of its moves comes, in seconds after the move.
    const delays = [
      ...[
        [0, 0.6],
        [0.6, 0],
      ],
      ...[
        [0, 0.6, 1.2],
        [0, 1.2, 0.6],
        [0.6, 0, 1.2],
        [1.2, 0, 0.6],
        [0.6, 1.2, 0],
        [1.2, 0.6, 0],
      ],
    ]
    const deals = delays.map((moves, index) => {
      const person = addPerson(journey, `flutter${index}@test.example`)
      const deal = state.insert('deal', { title: 'Flutter', person_id: person, stage_id: first, value: 1 })
      return { id: deal.id, moves }
    })
    await journey.quiet()

    state.switches.webhookDuplicateRate = 1
    await sleep(1_010 - (state.clock.now().getTime() % 1_000))
    for (const round of [0, 1, 2]) {
      for (const { id, moves } of deals) {
        const delay = moves[round]
        if (delay === undefined) continue
        state.switches.webhookDelayMs = delay * 1_000
        state.patch('deal', id, { stage_id: round === 1 ? first : second })
      }
      await sleep(20)
    }
    await sandbox.pipedrive.settleWebhooks({ waits: true })
    await journey.quiet()

    const told = eventsNamed(journey, 'deal_stage_changed').toSorted((a, b) =>
      String(a.event_date) < String(b.event_date) ? -1 : 1,
    )
    for (const { id, moves } of deals) {
      const own = told.filter(({ event_properties: properties }) => properties?.deal_id === id)
      expect(
        own.map(({ event_properties: properties }) => [properties?.previous_stage_id, properties?.stage_id]),
        `webhooks after ${moves.join(', ')} s`,
      ).toEqual(
        [
          [first, second],
          [second, first],
          [first, second],
        ].slice(0, moves.length),
      )
      expect(new Set(own.map((event) => String(event.event_date).slice(0, 19))).size).toBe(1)
    }
  })

  it("R5.2 R7.2: the mission's webhooks block works as printed", async () => {
    const journey = await openLiveJourney({ data: { persons: 20 }, yaml: withMissionWebhooks })
    const { state } = journey.sandbox.pipedrive
    const countOf = (name: string): number => eventsNamed(journey, name).length
    await journey.quiet()
    expect(journey.sandbox.brevo.state.events()).toEqual([])

    const ada = addPerson(journey, 'ada.mission@test.example')
    const ida = addPerson(journey, 'ida.mission@test.example')
    await journey.quiet()
    expect(countOf('contact_created')).toBe(2)

    state.patch('person', ada, { name: 'Ada Changed' })
    const deal = state.insert('deal', { title: 'Mission', person_id: ada, stage_id: stages(journey)[0] })
    state.insert('activity', { subject: 'Call Ada', type: 'call', person_id: ada, done: true })
    await journey.quiet()
    expect(countOf('contact_updated')).toBeGreaterThanOrEqual(1)
    expect([countOf('deal_created'), countOf('activity_logged')]).toEqual([1, 1])
    expect(eventsNamed(journey, 'activity_logged')[0]?.event_properties).toMatchObject({
      subject: 'Call Ada',
      type: 'call',
      done: true,
    })

    state.patch('deal', deal.id, { title: 'Mission accomplished' })
    await journey.quiet()
    expect(countOf('deal_updated')).toBe(1)

    state.merge('person', ida, ada)
    await journey.quiet()
    expect(eventsNamed(journey, 'contact_merged').map((event) => event.event_properties?.merged_id)).toEqual([
      String(ida),
    ])
  })

  it('R5.4: an event without a contact to go to is counted, and one of a person without a contact yet waits for it', async () => {
    const journey = await openLiveJourney({ data: { persons: 20 } })
    const { state } = journey.sandbox.pipedrive
    const [first, second] = stages(journey)
    await journey.quiet()
    const lonely = state.insert('deal', { title: 'Nobody', stage_id: first })
    const mute = state.insert('person', { name: 'No Address' })
    const muted = state.insert('deal', { title: 'Mute', person_id: mute.id, stage_id: first })
    await journey.quiet()
    state.patch('deal', lonely.id, { stage_id: second })
    state.patch('deal', muted.id, { stage_id: second })
    await journey.quiet()
    expect(eventsNamed(journey, 'deal_stage_changed')).toEqual([])
    expect((await journey.live.readings()).events.no_contact).toBe(2)

    state.patch('person', mute.id, { emails: only('mute@test.example') })
    await journey.quiet()
    state.patch('deal', muted.id, { stage_id: first })
    await journey.quiet()
    const [sent] = eventsNamed(journey, 'deal_stage_changed')
    expect(eventsNamed(journey, 'deal_stage_changed')).toHaveLength(1)

    // Both are told of the person, the newest first.
    const { events } = await journey.service.explain('mute@test.example')
    const moved = { entity: 'deal', recordId: String(muted.id), action: 'stage_changed' }
    expect(events.filter(({ action }) => action === 'stage_changed')).toMatchObject([
      { ...moved, name: 'deal_stage_changed', state: 'done', occurredAt: sent?.event_date },
      { ...moved, name: null, state: 'no_contact', sentAt: null },
    ])
    expect(events[0]?.sentAt).not.toBeNull()
  })

  it('R5.1: with backfill_events what is there at the first sync is told as added, and how deals ended', async () => {
    const journey = await openJourney({
      data: { persons: 20 },
      yaml: (text) => text.replace('  pipedrive:\n', '  pipedrive:\n    backfill_events: true\n'),
    })
    const { state } = journey.sandbox.pipedrive
    await journey.sync()
    const won = [...state.tables.deal.all()].filter((deal) => deal.status === 'won' && deal.person_id)
    const told = eventsNamed(journey, 'deal_won')
    const { no_contact: nowhere } = (await journey.sync()).events
    expect(nowhere).toBe(0)
    expect(told.length).toBeGreaterThan(0)
    expect(told.length).toBeLessThanOrEqual(won.length)
    for (const { event_properties: properties } of told)
      expect(won.map((deal) => deal.id)).toContain(properties?.deal_id)
    // Once: a second sync has nothing more to tell.
    expect(eventsNamed(journey, 'deal_won')).toHaveLength(told.length)
    expect(eventsNamed(journey, 'deal_stage_changed')).toEqual([])
  })

  it('R5.6: what polling finds is told once, also when the webhooks come after it', async () => {
    const journey = await openJourney({ data: { persons: 20 } })
    const { state } = journey.sandbox.pipedrive
    const [first, second, third] = stages(journey)
    const person = addPerson(journey, 'polled@test.example')
    const deal = state.insert('deal', { title: 'Polled', person_id: person, stage_id: first }).id
    await journey.sync()
    state.patch('deal', deal, { stage_id: second })
    state.patch('deal', deal, { stage_id: third })
    expect((await journey.sync()).events).toEqual({ sent: 1, no_contact: 0, failed: 0 })
    expect((await journey.sync({ full: true })).events.sent).toBe(0)
    const [event] = eventsNamed(journey, 'deal_stage_changed')
    expect(event?.event_properties).toMatchObject({ previous_stage_id: first, stage_id: third })
  })
})
