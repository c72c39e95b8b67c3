import fs from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { brevoNow, expectedBrevo } from '../support/contact-oracle.ts'
import {
  addPerson,
  contactOf,
  expectAccounted,
  type Journey,
  openJourney,
  writesOf,
} from '../support/journey.ts'

const small = { data: { persons: 6 } } as const
const MISSION = join(import.meta.dirname, '..', '..', 'src', 'config', 'testdata', 'mission.yaml')

async function complete(journey: Journey, full = false): Promise<void> {
  const report = await journey.sync({ full })
  expect(report).toMatchObject({ status: 'complete', reason: null })
  expectAccounted(report)
}

describe('managed lists', () => {
  it('R3.1 R3.2: a contact follows its deals through the lists, and a colleague’s memberships stay', async () => {
    const journey = await openJourney(small)
    const { pipedrive, brevo } = journey.sandbox
    brevo.state.addContact({ email: 'deal@test.example', listIds: [2, 64] })
    const id = addPerson(journey, 'deal@test.example')
    const deal = pipedrive.state.insert('deal', { title: 'D', person_id: id, stage_id: 1, value: 5 })
    await complete(journey)
    expect(contactOf(journey, 'deal@test.example').listIds).toEqual([2, 60, 61, 64])
    pipedrive.state.patch('deal', deal.id, { stage_id: 3 })
    await complete(journey)
    expect(contactOf(journey, 'deal@test.example').listIds).toEqual([2, 60, 61, 62, 64])
    pipedrive.state.patch('deal', deal.id, { status: 'won' })
    await complete(journey)
    expect(contactOf(journey, 'deal@test.example').listIds).toEqual([2, 60, 62, 63, 64])
    pipedrive.state.patch('deal', deal.id, { status: 'lost' })
    await complete(journey)
    expect(contactOf(journey, 'deal@test.example').listIds).toEqual([2, 60, 64])
    pipedrive.state.patch('deal', deal.id, { status: 'open' })
    await complete(journey)
    // List 64 was a colleague's before Tajo wanted it: it stays.
    expect(contactOf(journey, 'deal@test.example').listIds).toEqual([2, 60, 61, 62, 64])
    expect(await writesOf(journey, () => complete(journey, true))).toBe(0)
  })

  it('R3.2: a membership that a colleague ended is made again while it is wanted, and stays a colleague’s after that', async () => {
    const journey = await openJourney(small)
    const { pipedrive, brevo } = journey.sandbox
    const id = addPerson(journey, 'deal@test.example')
    const deal = pipedrive.state.insert('deal', { title: 'D', person_id: id, stage_id: 1, status: 'won' })
    await complete(journey)
    brevo.state.removeFromList('deal@test.example', 62)
    await complete(journey)
    expect(contactOf(journey, 'deal@test.example').listIds).toEqual([60, 62, 63])
    brevo.state.removeFromList('deal@test.example', 62)
    pipedrive.state.delete('deal', deal.id)
    await complete(journey)
    brevo.state.addToList('deal@test.example', 62)
    await complete(journey)
    expect(contactOf(journey, 'deal@test.example').listIds).toEqual([60, 62])
  })

  it('R3.3: without lists.all_contacts one technical list is made, once', async () => {
    const journey = await openJourney({
      ...small,
      yaml: (text) => text.replace('      all_contacts: 60\n', ''),
    })
    await complete(journey)
    const lists = journey.sandbox.brevo.state.lists().filter(({ name }) => name === 'Tajo')
    expect(lists).toHaveLength(1)
    expect(lists[0]?.size).toBe(6)
    expect(await writesOf(journey, () => complete(journey, true))).toBe(0)
  })

  it.each([
    ['a list that is not there', 'customers: 62', 'customers: 999', /list 999/],
    ['a stage that is not there', '  1: 61', '  77: 61', /stage 77/],
    ['a field that is not there', 'custom_fields.industry', 'custom_fields.industrie', /industrie/],
  ])('R3.4: %s is a fault before the first write', async (_, written, wrong, words) => {
    const journey = await openJourney({ ...small, yaml: (text) => text.replace(written, wrong) })
    await expect(journey.sync()).rejects.toThrow(words)
    expect(journey.sandbox.brevo.state.writes).toBe(0)
    const { lastRun } = await journey.service.status()
    expect(lastRun).toMatchObject({ status: 'incomplete', reason: expect.stringMatching(words) })
    await journey.configure((text) => text.replace(wrong, written))
    await complete(journey)
  })

  it('R3.1: a changed configuration moves everybody at the next sync', async () => {
    const journey = await openJourney(small)
    await complete(journey)
    await journey.configure((text) => text.replace('all_contacts: 60', 'all_contacts: 2'))
    await complete(journey)
    const { brevo } = journey.sandbox
    expect(brevo.state.listMembers(60)).toEqual([])
    expect(brevo.state.listMembers(2).length).toBeGreaterThanOrEqual(6)
    expect(await writesOf(journey, () => complete(journey))).toBe(0)
  })
})

describe('whole configurations', () => {
  it('R6.1: the YAML of the mission syncs as it stands', async () => {
    const journey = await openJourney({
      data: { persons: 30 },
      yaml: () =>
        fs.readFileSync(MISSION, 'utf8').replace('"your-pipedrive-api-token"', `"\${PIPEDRIVE_API_TOKEN}"`),
    })
    await complete(journey)
    expect(journey.sandbox.brevo.state.listMembers(60).length).toBeGreaterThan(20)
    expect(await writesOf(journey, () => complete(journey, true))).toBe(0)
  })

  it('R6.1: api_version v1 brings the same contacts', async () => {
    const journey = await openJourney({
      data: { persons: 60 },
      yaml: (text) => text.replace('    enabled: true', '    enabled: true\n    api_version: v1'),
    })
    const before = brevoNow(journey.sandbox)
    await complete(journey)
    expect(brevoNow(journey.sandbox)).toEqual(expectedBrevo(journey.sandbox, before))
    expect(await writesOf(journey, () => complete(journey, true))).toBe(0)
  })

  it('R4.3: unsubscribed in Pipedrive becomes blocklisted in Brevo, and never the other way', async () => {
    const journey = await openJourney(small)
    const id = addPerson(journey, 'no@test.example', { marketing_status: 'unsubscribed' })
    await complete(journey)
    expect(contactOf(journey, 'no@test.example').emailBlacklisted).toBe(true)
    journey.sandbox.pipedrive.state.patch('person', id, { marketing_status: 'subscribed' })
    await complete(journey)
    expect(contactOf(journey, 'no@test.example').emailBlacklisted).toBe(true)
  })
})
