/** Skills of one's own under a running server: each run once in effect, after what it says, and never in a circle. */
import { describe, expect, it } from 'vitest'
import { contactOf } from '../support/journey.ts'
import { openLiveJourney } from '../support/live-journey.ts'
import {
  addDeal,
  addList,
  eventsNamed,
  exampleSkill,
  moveDeal,
  notesOf,
  stagesOf,
  writeSkill,
} from '../support/skill-scene.ts'

describe('a skill of one’s own', () => {
  it('does its actions once for a deal above the limit, though every webhook comes twice, and nothing for others', async () => {
    let list = 0
    const journey = await openLiveJourney({
      data: { persons: 10 },
      twoWay: true,
      beforeLive: async (opened) => {
        list = await addList(opened)
        writeSkill(opened, 'big-deal-alert', exampleSkill(list))
      },
    })
    Object.assign(journey.sandbox.pipedrive.state.switches, {
      webhookDuplicateRate: 1,
      webhookReorderMs: 200,
    })
    const [, second = 0] = stagesOf(journey)
    await journey.quiet()
    const big = addDeal(journey, 'big@test.example', { value: 9000, currency: 'EUR' })
    const small = addDeal(journey, 'small@test.example', { value: 100 })
    await journey.quiet()
    moveDeal(journey, big, second)
    moveDeal(journey, small, second)
    await journey.sandbox.pipedrive.settleWebhooks({ waits: true })
    await journey.quiet()

    expect((await journey.service.skills.runs()).toSorted((a, b) => a.run - b.run)).toMatchObject([
      { subject: `deal ${big}`, state: 'done' },
      { subject: `deal ${small}`, state: 'skipped', reason: 'the condition value: "> 5000" does not hold' },
    ])
    const contact = contactOf(journey, 'big@test.example')
    expect(contact.listIds).toContain(list)
    expect(contactOf(journey, 'small@test.example').listIds).not.toContain(list)
    const told = eventsNamed(journey, 'big_deal_moved')
    expect(told).toHaveLength(1)
    expect(told[0]).toMatchObject({
      contact_id: contact.id,
      event_properties: { deal_id: big, title: 'Deal of big@test.example', value: 9000 },
    })
    expect(notesOf(journey, big)).toEqual([
      expect.stringMatching(
        /^Deal of big@test\.example \(9000 EUR\) is in .+Tajo skill big-deal-alert, run \d+\.3/s,
      ),
    ])
    expect(notesOf(journey, small)).toEqual([])
  })
})
