import { describe, expect, it } from 'vitest'
import { fastClock } from '../../src/base/clock.ts'
import { addPerson, contactOf } from '../support/journey.ts'
import { type LiveJourney, openLiveJourney } from '../support/live-journey.ts'

const speed = 20

function nameOf(journey: LiveJourney, email: string): unknown {
  return contactOf(journey, email).attributes.FIRSTNAME
}

async function post({ url, sandbox }: LiveJourney, body: string): Promise<number> {
  const [webhook] = sandbox.pipedrive.state.webhooks.all()
  const credentials = `${webhook?.http_auth_user}:${webhook?.http_auth_password}`
  const answer = await fetch(`${url}/webhooks/pipedrive`, {
    method: 'POST',
    headers: { authorization: `Basic ${Buffer.from(credentials).toString('base64')}` },
    body,
  })
  return answer.status
}

describe('a record that fails', () => {
  it('R6.2: stops no other while Pipedrive cannot answer for it, and follows once it can', async () => {
    const journey = await openLiveJourney({ data: { persons: 20 }, clock: fastClock(speed) })
    const { state, faults } = journey.sandbox.pipedrive
    const [bad, good] = [addPerson(journey, 'bad@test.example'), addPerson(journey, 'good@test.example')]
    await journey.quiet()
    faults.add({ path: `/persons/${bad}$`, fault: { kind: 'status', status: 500 }, times: 1_000 })
    state.patch('person', bad, { first_name: 'Bad' })
    state.patch('person', good, { first_name: 'Good' })
    await expect.poll(() => nameOf(journey, 'good@test.example'), { timeout: 240_000 }).toBe('Good')
    expect(nameOf(journey, 'bad@test.example')).not.toBe('Bad')
    expect((await journey.live.readings()).failures).toBe(0)
    faults.clear()
    await expect.poll(() => nameOf(journey, 'bad@test.example'), { timeout: 240_000 }).toBe('Bad')
  })

  it('R6.2: refused time and again, it is kept with the service’s words', async () => {
    const journey = await openLiveJourney({ data: { persons: 20 }, clock: fastClock(speed) })
    const { state, faults } = journey.sandbox.pipedrive
    const hidden = addPerson(journey, 'hidden@test.example')
    await journey.quiet()
    faults.add({ path: `/persons/${hidden}$`, fault: { kind: 'status', status: 403 }, times: 1_000 })
    state.patch('person', hidden, { first_name: 'Hidden' })
    const failures = () => journey.service.failures.list()
    await expect
      .poll(failures, { timeout: 240_000, interval: 500 })
      .toMatchObject([{ entity: 'unreadable person', id: String(hidden) }])
    expect((await failures())[0]?.message).toContain('403')
  })
})

describe('a webhook', () => {
  it.each([
    ['a zero character', '\\u0000'],
    ['half a surrogate pair', '\\ud800'],
  ])('that holds %s is kept and shown, and the ones behind it have their effect', async (_, text) => {
    const journey = await openLiveJourney({ data: { persons: 20 } })
    const good = addPerson(journey, 'behind@test.example')
    await journey.quiet()
    const data = `{"id":1,"title":"${text}","status":"open","stage_id":2,"update_time":"2026-11-24T10:00:00Z"}`
    const meta =
      '{"version":"2.0","entity":"deal","entity_id":"1","action":"change","timestamp":"2026-11-24T10:00:00.000Z"}'
    expect(await post(journey, `{"meta":${meta},"data":${data},"previous":{"stage_id":1}}`)).toBe(200)
    journey.sandbox.pipedrive.state.patch('person', good, { first_name: 'Behind' })
    await expect.poll(() => nameOf(journey, 'behind@test.example'), { timeout: 240_000 }).toBe('Behind')
    expect(await journey.service.failures.list()).toMatchObject([
      { entity: 'webhook', code: 'webhook_unreadable', message: expect.stringContaining('character') },
    ])
  })
})
