import { describe, expect, it } from 'vitest'
import { addPerson, contactOf, only } from '../support/journey.ts'
import { openLiveJourney } from '../support/live-journey.ts'

describe('a server that is always in step', () => {
  it('R5.1 R5.3 R7.1: brings edits, moves and deletions to Brevo as webhooks tell of them, each event once', async () => {
    const journey = await openLiveJourney({ data: { persons: 30 } })
    const { sandbox } = journey
    const { state } = sandbox.pipedrive
    await journey.quiet()
    expect(sandbox.brevo.state.events()).toEqual([])

    const ada = addPerson(journey, 'ada.live@test.example')
    await journey.quiet()
    expect(contactOf(journey, 'ada.live@test.example').emailBlacklisted).toBe(false)

    const [first, second] = state.seed.pipelines[0] ? stagesOf(journey) : []
    const deal = state.insert('deal', { title: 'Live', person_id: ada, stage_id: first })
    await journey.quiet()
    state.patch('deal', deal.id, { stage_id: second })
    await journey.quiet()
    state.patch('deal', deal.id, { status: 'won' })
    await journey.quiet()
    const named = sandbox.brevo.state.events().map((event) => event.event_name)
    expect(named.filter((name) => name.startsWith('deal_stage') || name === 'deal_won')).toEqual([
      'deal_stage_changed',
      'deal_won',
    ])
    state.patch('person', ada, { emails: only('ada.new@test.example') })
    await journey.quiet()
    expect(contactOf(journey, 'ada.new@test.example').emailBlacklisted).toBe(false)
  })
})

function stagesOf({ sandbox }: Awaited<ReturnType<typeof openLiveJourney>>): number[] {
  return [...sandbox.pipedrive.state.tables.stage.all()].slice(0, 2).map((stage) => stage.id)
}
