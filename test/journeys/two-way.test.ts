/** Both ways (rule R9): an edit on either side causes exactly one write on the other, and then silence. */
import { describe, expect, it } from 'vitest'
import {
  addPerson,
  contactOf,
  expectAccounted,
  type Journey,
  openJourney,
  pipedriveWrites,
  writesOf,
} from '../support/journey.ts'

const email = 'ada.king@example.test'

/** Ada, in step on both sides, and the code of the field that is mapped to INDUSTRY. */
async function openWithAda(options: Parameters<typeof openJourney>[0] = {}) {
  const journey = await openJourney({ data: { persons: 12 }, twoWay: true, ...options })
  const { state } = journey.sandbox.pipedrive
  const industry = state.seed.fields.find(({ field_name }) => field_name === 'Industry')?.field_code ?? ''
  const id = addPerson(journey, email, {
    name: 'Ada King',
    custom_fields: { [industry]: 'Steel' },
    phones: [
      { value: '010-1234-5678', primary: true, label: 'work' },
      { value: '02-555-0199', primary: false, label: 'home' },
    ],
    emails: [
      { value: email, primary: true, label: 'work' },
      { value: 'ada@private.test', primary: false, label: 'home' },
    ],
  })
  expect(await journey.sync()).toMatchObject({ status: 'complete' })
  await quietly(journey)
  const person = () => {
    const row = state.tables.person.get(id)
    if (!row) throw new Error('Ada is gone')
    return row
  }
  const brevo = journey.sandbox.brevo.state
  return { ...journeyParts(journey), id, industry, person, brevo, state }
}

const journeyParts = (journey: Journey) => ({ journey })

/** A further sync writes on neither side. */
async function quietly(journey: Journey): Promise<void> {
  const before = pipedriveWrites(journey).length
  const brevoWrites = await writesOf(journey, async () => {
    const report = await journey.sync()
    expect(report).toMatchObject({ status: 'complete', persons: { created: 0, updated: 0 } })
    expectAccounted(report)
  })
  expect([brevoWrites, pipedriveWrites(journey).length - before]).toEqual([0, 0])
}

describe('an edit in Brevo', () => {
  it('R9.2 R9.3 of one attribute is one write in Pipedrive, none in Brevo, and then silence', async () => {
    const { journey, person, industry, brevo } = await openWithAda()
    brevo.editContact(email, { INDUSTRY: 'Glass' })
    const before = pipedriveWrites(journey).length
    const writes = await writesOf(journey, async () => {
      const report = await journey.sync()
      expect(report).toMatchObject({ status: 'complete', persons: { created: 0, updated: 1, conflicts: 0 } })
    })
    expect(person().custom_fields?.[industry]).toBe('Glass')
    expect([writes, pipedriveWrites(journey).length - before]).toEqual([0, 1])
    await quietly(journey)
  })

  it('R9.1 in a field that only goes to Pipedrive is right whatever is changed there, the address too', async () => {
    const { journey, id, person, brevo, state } = await openWithAda({
      yaml: (text) => text.replace('reverse_sync:\n', 'reverse_sync:\n  fields: { EMAIL: to_pipedrive }\n'),
    })
    state.patch('person', id, { emails: [{ value: 'ada@work.test', primary: true, label: 'work' }] })
    const writes = await writesOf(journey, async () =>
      expect(await journey.sync()).toMatchObject({ status: 'complete', persons: { updated: 1 } }),
    )
    expect([writes, brevo.contact(email)?.email, person().emails[0]?.value]).toEqual([0, email, email])
    await quietly(journey)
  })

  it('R9.2 of the address, right before Tajo writes to the contact, is heard in the same sync', async () => {
    const { journey, id, industry, person, brevo, state } = await openWithAda()
    state.patch('person', id, { custom_fields: { [industry]: 'Glass' } })
    let edited = false
    const report = await journey.sync({
      // After Brevo was read.
      onProgress: ({ stage }) => {
        if (stage === 'project' && !edited) brevo.editContact(email, { EMAIL: 'ada@king.test' })
        edited ||= stage === 'project'
      },
    })
    expect(report).toMatchObject({ status: 'complete', persons: { updated: 1 } })
    expect(person().emails[0]).toMatchObject({ value: 'ada@king.test', primary: true })
    expect(contactOf(journey, 'ada@king.test').attributes.INDUSTRY).toBe('Glass')
    await quietly(journey)
  })

  it.each(['v2', 'v1'])(
    'R9.1 of the number and the address changes one entry each and keeps the others (API %s)',
    async (version) => {
      const { journey, person, industry, brevo, state } = await openWithAda({
        yaml: (text) => text.replace('    enabled: true', `    enabled: true\n    api_version: ${version}`),
      })
      brevo.editContact(email, {
        SMS: '821087654321',
        EMAIL: 'ada@king.test',
        LASTNAME: 'Byron',
        LEAD_SOURCE: 'referral',
        INDUSTRY: 'Glass',
      })
      expect(await journey.sync()).toMatchObject({ status: 'complete', persons: { updated: 1 } })
      expect(person().phones).toMatchObject([
        { value: expect.stringMatching(/87654321|8765-4321/), primary: true, label: 'work' },
        { value: '02-555-0199', primary: false, label: 'home' },
      ])
      expect(person().emails).toMatchObject([
        { value: 'ada@king.test', primary: true, label: 'work' },
        { value: 'ada@private.test', primary: false, label: 'home' },
      ])
      const field = state.seed.fields.find(({ field_name }) => field_name === 'Lead source')
      const referral = field?.options?.find(({ label }) => label === 'Referral')?.id
      expect(person()).toMatchObject({ name: 'Ada Byron', first_name: 'Ada', last_name: 'Byron' })
      expect(person().custom_fields).toMatchObject({
        [industry]: 'Glass',
        [field?.field_code ?? '']: referral,
      })
      expect(contactOf(journey, 'ada@king.test').attributes.SMS).toBe('821087654321')
      await quietly(journey)
    },
  )

  it('R9.2 that empties an attribute empties the field', async () => {
    const { journey, person, industry, brevo } = await openWithAda()
    brevo.editContact(email, { INDUSTRY: '' })
    expect(await journey.sync()).toMatchObject({ status: 'complete', persons: { updated: 1 } })
    expect(person().custom_fields?.[industry] ?? null).toBeNull()
    await quietly(journey)
  })
})

describe('an edit on both sides', () => {
  it.each([
    ['pipedrive', 'Paper', 0],
    ['brevo', 'Glass', 1],
  ])(
    'R9.2 of one field is decided by conflict: %s, and both end equal',
    async (conflict, winner, updated) => {
      const { journey, person, industry, brevo, state, id } = await openWithAda({
        yaml: (text) => text.replace('consent_field:', `conflict: ${conflict}\n  consent_field:`),
      })
      brevo.editContact(email, { INDUSTRY: 'Glass' })
      state.patch('person', id, { custom_fields: { [industry]: 'Paper' } })
      const report = await journey.sync()
      expect(report).toMatchObject({ status: 'complete', persons: { updated, conflicts: 1 } })
      expect(person().custom_fields?.[industry]).toBe(winner)
      expect(contactOf(journey, email).attributes.INDUSTRY).toBe(winner)
      await quietly(journey)
    },
  )

  it('R9.2 of different fields loses neither', async () => {
    const { journey, person, industry, brevo, state, id } = await openWithAda()
    brevo.editContact(email, { INDUSTRY: 'Glass' })
    state.patch('person', id, { name: 'Augusta King', first_name: 'Augusta', last_name: 'King' })
    expect(await journey.sync()).toMatchObject({ status: 'complete', persons: { updated: 1, conflicts: 0 } })
    expect([person().name, person().custom_fields?.[industry]]).toEqual(['Augusta King', 'Glass'])
    expect(contactOf(journey, email).attributes).toMatchObject({ INDUSTRY: 'Glass', FIRSTNAME: 'Augusta' })
    await quietly(journey)
  })
})

describe('consent', () => {
  it.each([
    ['unsubscribed', 'unsubscribed'],
    ['spam', 'complained'],
    ['hard_bounce', 'bounced'],
  ] as const)('R9.5 a contact that %s is %s in Pipedrive, and stays so', async (event, word) => {
    const { journey, person, brevo, state } = await openWithAda()
    if (event === 'unsubscribed') brevo.unsubscribe(email)
    else brevo.emitCampaignEvent({ event, email, campaignId: 1, campaignName: 'Spring' })
    expect(await journey.sync()).toMatchObject({ status: 'complete', persons: { updated: 1 } })
    const field = state.seed.fields.find(({ field_name }) => field_name === 'Brevo consent')
    const option = field?.options?.find(({ label }) => label === word)
    expect(person().custom_fields?.[field?.field_code ?? '']).toBe(option?.id)
    brevo.unblockContact(email)
    await quietly(journey)
    expect(person().custom_fields?.[field?.field_code ?? '']).toBe(option?.id)
  })
})
