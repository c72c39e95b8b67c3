/** Contacts without a person become persons (rule R9.4): looked for first, created once, whatever the network does. */
import { describe, expect, it } from 'vitest'
import { fastClock } from '../../src/base/clock.ts'
import type { SyncOptions } from '../../src/service/index.ts'
import {
  addPerson,
  contactOf,
  expectAccounted,
  type Journey,
  type JourneyOptions,
  only,
  openJourney,
  pipedriveWrites,
  writesOf,
} from '../support/journey.ts'
import { openLiveJourney } from '../support/live-journey.ts'

/** Of a list that no rule of the configuration gives. */
const winBack = 64

const creating =
  (value: string, more = '') =>
  (text: string): string =>
    text.replace('reverse_sync:\n', `reverse_sync:\n  create_persons: ${value}\n${more}`)

/** In step, with the contacts that the data set brought already settled; persons are created from here on. */
async function openCreating(change: (text: string) => string, options: JourneyOptions = {}) {
  const journey = await openJourney({
    data: { persons: 12 },
    twoWay: true,
    clock: fastClock(10),
    ...options,
  })
  expect(await journey.sync()).toMatchObject({ status: 'complete' })
  const { pipedrive, brevo } = journey.sandbox
  for (const { email, extId } of brevo.state.contacts().map((contact) => ({
    email: contact.email ?? '',
    extId: contact.attributes.EXT_ID,
  })))
    if (extId === undefined) brevo.state.deleteContact(email)
  await journey.configure(change)
  expect(await journey.sync({ full: true })).toMatchObject({
    status: 'complete',
    persons: { created: 0, updated: 0 },
  })
  const field = (name: string): string =>
    pipedrive.state.seed.fields.find(({ field_name }) => field_name === name)?.field_code ?? ''
  const consentOf = (person: { custom_fields?: Record<string, unknown> | undefined }): string | undefined => {
    const found = pipedrive.state.seed.fields.find(({ field_name }) => field_name === 'Brevo consent')
    return found?.options?.find(({ id }) => id === person.custom_fields?.[field('Brevo consent')])?.label
  }
  return { journey, pipedrive, brevo: brevo.state, consentOf }
}

/** Everybody who has the address, first or not. */
function personsWith({ sandbox }: Journey, email: string) {
  return [...sandbox.pipedrive.state.tables.person.all()].filter(
    (person) => !person.is_deleted && person.emails.some(({ value }) => value === email),
  )
}

function personWith(journey: Journey, email: string) {
  const [person, ...others] = personsWith(journey, email)
  if (!person || others.length > 0) throw new Error(`${email} has ${others.length + 1} persons, or none`)
  return person
}

const searches = ({ sandbox }: Journey): number =>
  sandbox.pipedrive.calls.find('GET', /\/persons\/search$/).length

const creations = (journey: Journey): number =>
  pipedriveWrites(journey).filter(({ method }) => method === 'POST').length

/** A further sync writes and searches nothing. */
async function quietly(journey: Journey, options: SyncOptions = {}): Promise<void> {
  const [asked, written] = [searches(journey), pipedriveWrites(journey).length]
  const inBrevo = await writesOf(journey, async () => {
    const report = await journey.sync(options)
    expect(report).toMatchObject({ status: 'complete', persons: { created: 0, updated: 0 } })
    expectAccounted(report)
  })
  expect([inBrevo, pipedriveWrites(journey).length - written, searches(journey) - asked]).toEqual([0, 0, 0])
}

describe('create_persons', () => {
  it('R9.4 never: a contact without a person stays one', async () => {
    const { journey, brevo } = await openCreating((text) => text)
    brevo.addContact({ email: 'form@site.test', listIds: [winBack] })
    await quietly(journey)
    expect([personsWith(journey, 'form@site.test'), searches(journey)]).toEqual([[], 0])
  })

  it('R9.4 all: with name, number, owner, label and consent, after one search each', async () => {
    const { journey, pipedrive, brevo, consentOf } = await openCreating(
      creating('all', '  person_owner: "Marta Lindqvist"\n  person_label: "Hot lead"\n'),
    )
    brevo.addContact({ email: 'full@site.test', attributes: { FULLNAME: 'Grace Hopper' } })
    brevo.addContact({
      email: 'parts@site.test',
      attributes: { FIRSTNAME: 'Alan', LASTNAME: 'Turing', SMS: '821055566677', INDUSTRY: 'Codes' },
    })
    brevo.addContact({ email: 'bare@site.test' })
    brevo.addContact({ email: 'gone@site.test' })
    brevo.unsubscribe('gone@site.test')
    brevo.addContact({ email: 'barred@site.test', emailBlacklisted: true })
    const report = await journey.sync()
    expect(report).toMatchObject({ status: 'complete', persons: { created: 5, updated: 0, conflicts: 0 } })
    expectAccounted(report)
    expect([searches(journey), creations(journey)]).toEqual([5, 5])

    const named = (email: string) => personWith(journey, email)
    expect(named('full@site.test')).toMatchObject({ name: 'Grace Hopper', owner_id: 2, label_ids: [2] })
    expect(named('parts@site.test')).toMatchObject({
      name: 'Alan Turing',
      first_name: 'Alan',
      last_name: 'Turing',
      phones: [{ value: expect.stringMatching(/55566677|5556-6677/), primary: true }],
    })
    expect(Object.values(named('parts@site.test').custom_fields ?? {})).toContain('Codes')
    expect(named('bare@site.test').name).toBe('bare@site.test')
    expect(
      ['full@site.test', 'gone@site.test', 'barred@site.test'].map((email) => consentOf(named(email))),
    ).toEqual(['subscribed', 'unsubscribed', 'unsubscribed'])
    for (const email of ['full@site.test', 'gone@site.test'])
      expect(contactOf(journey, email).attributes.EXT_ID).toBe(`pipedrive-person-${named(email).id}`)
    expect(contactOf(journey, 'gone@site.test').emailBlacklisted).toBe(true)
    expect(pipedrive.state.tables.person.size).toBe(17)
    await quietly(journey)
    await quietly(journey, { full: true })
  })

  it('R9.4 all: over API v1 too, found or made', async () => {
    const overV1 = (text: string) =>
      text.replace('    enabled: true', '    enabled: true\n    api_version: v1')
    const { journey, brevo } = await openCreating((text) => overV1(creating('all')(text)))
    const known = addPerson(journey, 'Known@site.test')
    brevo.addContact({ email: 'known@site.test' })
    brevo.addContact({ email: 'made@site.test', attributes: { FIRSTNAME: 'Alan', LASTNAME: 'Turing' } })
    expect(await journey.sync()).toMatchObject({ status: 'complete', persons: { created: 1 } })
    expect(contactOf(journey, 'known@site.test').attributes.EXT_ID).toBe(`pipedrive-person-${known}`)
    expect(personWith(journey, 'made@site.test').name).toBe('Alan Turing')
    await quietly(journey)
  })

  it('R9.4 lists: only contacts on these; a dry run shows them and creates none', async () => {
    const { journey, brevo } = await openCreating(creating(`{ lists: [${winBack}] }`))
    brevo.addContact({ email: 'on@site.test', listIds: [winBack] })
    brevo.addContact({ email: 'off@site.test', listIds: [2] })
    const dry = await journey.sync({ dryRun: true })
    expect(dry.persons).toMatchObject({ created: 1 })
    expect(dry.preview?.persons).toMatchObject([{ action: 'create', personId: null, email: 'on@site.test' }])
    expect([creations(journey), searches(journey)]).toEqual([0, 0])
    expect(await journey.sync()).toMatchObject({ status: 'complete', persons: { created: 1 } })
    expect([personsWith(journey, 'on@site.test').length, personsWith(journey, 'off@site.test')]).toEqual([
      1,
      [],
    ])
    await quietly(journey)
    brevo.addToList('off@site.test', winBack)
    expect(await journey.sync()).toMatchObject({ status: 'complete', persons: { created: 1 } })
    expect(personsWith(journey, 'off@site.test')).toHaveLength(1)
  })
})

describe('somebody who is there already', () => {
  it('R9.4 is found by the search and tied; as a second address, nobody is created and nobody asks again', async () => {
    const { journey, brevo } = await openCreating(creating('all'))
    const owner = addPerson(journey, 'first@site.test', {
      emails: [...only('first@site.test'), { value: 'second@site.test', primary: false, label: 'home' }],
    })
    brevo.addContact({ email: 'second@site.test' })
    brevo.addContact({ email: 'meanwhile@site.test', attributes: { INDUSTRY: 'Glass' } })
    let made = 0
    const report = await journey.sync({
      // After Pipedrive was read: only the search can know.
      onProgress: ({ stage }) => {
        if (stage === 'project' && made === 0) made = addPerson(journey, 'meanwhile@site.test')
      },
    })
    expect(report).toMatchObject({ status: 'complete', persons: { created: 0 } })
    expect([searches(journey), creations(journey)]).toEqual([2, 0])
    expect(personWith(journey, 'meanwhile@site.test').id).toBe(made)
    expect(contactOf(journey, 'meanwhile@site.test').attributes.EXT_ID).toBe(`pipedrive-person-${made}`)
    expect(Object.values(personWith(journey, 'meanwhile@site.test').custom_fields ?? {})).toContain('Glass')
    expect(personWith(journey, 'second@site.test').id).toBe(owner)
    await quietly(journey)
    await quietly(journey, { full: true })
  })

  it('R9.4 R7.1 whose person was deleted, or who was let go by a change of address, becomes nobody new', async () => {
    const { journey, pipedrive, brevo } = await openCreating(creating(`{ lists: [${winBack}] }`))
    const leaver = addPerson(journey, 'deleted@site.test')
    const mover = addPerson(journey, 'old@site.test')
    await journey.sync()
    brevo.addContact({ email: 'new@site.test', attributes: { FIRSTNAME: 'New' } })
    pipedrive.state.delete('person', leaver)
    pipedrive.state.patch('person', mover, { emails: only('new@site.test') })
    expect(await journey.sync({ full: true })).toMatchObject({ status: 'complete' })
    expect(contactOf(journey, 'new@site.test').attributes.EXT_ID).toBe(`pipedrive-person-${mover}`)
    for (const email of ['deleted@site.test', 'old@site.test']) brevo.addToList(email, winBack)
    await quietly(journey)
    await quietly(journey, { full: true })
    expect([creations(journey), searches(journey)]).toEqual([0, 0])
  })
})

describe('trouble while persons are created', () => {
  it.each([
    ['cut-after', { kind: 'cut-after' }],
    ['half-json', { kind: 'half-json' }],
    ['html', { kind: 'html', status: 200 }],
  ] as const)(
    'R9.4 a lost answer (%s) makes nobody twice, also while no search knows it',
    async (what, fault) => {
      const { journey, pipedrive, brevo } = await openCreating(creating('all'), {
        pipedrive: { switches: { searchLagMs: 3_600_000 } },
      })
      for (const one of ['one', 'two', 'three']) brevo.addContact({ email: `${one}@site.test` })
      pipedrive.faults.add({ method: 'POST', path: '/persons$', times: 20, fault })
      expect(await journey.sync()).toMatchObject({
        status: 'incomplete',
        reason: expect.stringMatching(/Pipedrive/),
        persons: { created: 0 },
      })
      pipedrive.faults.clear()
      const before = creations(journey)
      expect(await journey.sync()).toMatchObject({
        status: 'complete',
        reason: null,
        persons: { created: 3 },
      })
      // What had been made was found again; a web page came instead of making anything.
      expect(creations(journey) - before).toBe(what === 'html' ? 3 : 0)
      for (const name of ['one', 'two', 'three'])
        expect(personsWith(journey, `${name}@site.test`)).toHaveLength(1)
      await quietly(journey)
      await quietly(journey, { full: true })
    },
  )

  it('R9.4 a lost answer makes nobody twice, also when the contact has another address by then', async () => {
    const { journey, pipedrive, brevo } = await openCreating(creating('all'), {
      pipedrive: { switches: { searchLagMs: 3_600_000 } },
    })
    brevo.addContact({ email: 'before@site.test', attributes: { INDUSTRY: 'Steel' } })
    pipedrive.faults.add({ method: 'POST', path: '/persons$', fault: { kind: 'cut-after' } })
    expect(await journey.sync()).toMatchObject({ status: 'incomplete', persons: { created: 0 } })
    const made = personWith(journey, 'before@site.test').id
    brevo.editContact('before@site.test', { EMAIL: 'after@site.test', INDUSTRY: 'Glass' })
    expect(await journey.sync()).toMatchObject({ status: 'complete', persons: { created: 1 } })
    const person = personWith(journey, 'after@site.test')
    expect([person.id, creations(journey)]).toEqual([made, 1])
    expect(Object.values(person.custom_fields ?? {})).toContain('Glass')
    expect(contactOf(journey, 'after@site.test').attributes).toMatchObject({ INDUSTRY: 'Glass' })
    await quietly(journey)
  })

  it.each([
    ['is away', 500, 'address_in_doubt'],
    ['refuses', 400, 'pipedrive_rejected'],
    ['pauses', 401, null],
  ] as const)(
    'R9.4 a lost answer brings no second contact while Pipedrive %s and the contact has another address',
    async (_, status, code) => {
      const { journey, pipedrive, brevo } = await openCreating(creating('all'))
      brevo.addContact({ email: 'before@site.test' })
      pipedrive.faults.add({ method: 'POST', path: '/persons$', fault: { kind: 'cut-after' } })
      expect(await journey.sync()).toMatchObject({ status: 'incomplete', persons: { created: 0 } })
      const made = personWith(journey, 'before@site.test').id
      brevo.editContact('before@site.test', { EMAIL: 'after@site.test' })
      let isRead = false
      const report = await journey.sync({
        onProgress: ({ stage }) => {
          if (stage !== 'project' || isRead) return
          isRead = true
          pipedrive.faults.add({ path: '/persons$', times: 50, fault: { kind: 'status', status } })
        },
      })
      expect(report.status).toBe(code === null ? 'paused' : 'incomplete')
      expect(brevo.contacts().map(({ email }) => email)).not.toContain('before@site.test')
      const codes = (await journey.service.failures.list()).map((failure) => failure.code)
      if (code !== null) expect(codes).toContain(code)
      expect(codes).toContain('address_in_doubt')
      pipedrive.faults.clear()
      expect(await journey.sync()).toMatchObject({ status: 'complete', persons: { created: 1 } })
      expect([personWith(journey, 'after@site.test').id, creations(journey)]).toEqual([made, 1])
      expect(brevo.contacts().map(({ email }) => email)).not.toContain('before@site.test')
      expect(await journey.service.failures.list()).toEqual([])
      await quietly(journey)
    },
  )

  it('R6.2 a refusal is shown and stops no other; a retry creates', async () => {
    const { journey, pipedrive, brevo } = await openCreating(creating('all'))
    const [, second] = ['one', 'two', 'three'].map((name) => brevo.addContact({ email: `${name}@site.test` }))
    pipedrive.faults.add({
      method: 'POST',
      path: '/persons$',
      after: 1,
      fault: { kind: 'status', status: 400 },
    })
    expect(await journey.sync()).toMatchObject({ status: 'incomplete', persons: { created: 2 } })
    expect(personsWith(journey, 'three@site.test')).toHaveLength(1)
    expect(await journey.service.failures.list()).toMatchObject([
      { entity: 'new person', id: String(second), code: 'pipedrive_rejected', disposition: 'reject' },
    ])
    // Not again and again by itself.
    expect(await journey.sync()).toMatchObject({ status: 'incomplete', persons: { created: 0 } })
    expect(creations(journey)).toBe(3)
    const { retried, report } = await journey.service.failures.retry({ code: 'pipedrive_rejected' }, {})
    expect([retried, report?.status, report?.persons.created]).toEqual([1, 'complete', 1])
    expect(personsWith(journey, 'two@site.test')).toHaveLength(1)
    expect(await journey.service.failures.list()).toEqual([])
    await quietly(journey)
  })

  it('R9.4 R9.6 of a contact that is deleted before its person was made, nobody is made', async () => {
    const { journey, pipedrive, brevo } = await openCreating(creating('all'))
    for (const one of ['refused', 'waiting']) brevo.addContact({ email: `${one}@site.test` })
    pipedrive.faults.add({
      method: 'POST',
      path: '/persons$',
      fault: { kind: 'status', status: 400 },
    })
    pipedrive.faults.add({ method: 'POST', path: '/persons$', times: 20, fault: { kind: 'cut-before' } })
    expect(await journey.sync()).toMatchObject({ status: 'incomplete', persons: { created: 0 } })
    pipedrive.faults.clear()
    const before = creations(journey)
    for (const one of ['refused', 'waiting']) brevo.deleteContact(`${one}@site.test`)
    expect(await journey.sync({ full: true })).toMatchObject({ status: 'complete', persons: { created: 0 } })
    expect(creations(journey)).toBe(before)
    expect(await journey.service.failures.list()).toEqual([])
    await quietly(journey, { full: true })
  })

  it('R9.4 a search that fails creates nobody before it has been answered', async () => {
    const { journey, pipedrive, brevo } = await openCreating(creating('all'))
    brevo.addContact({ email: 'one@site.test' })
    pipedrive.faults.add({ path: '/persons/search$', times: 20, fault: { kind: 'status', status: 500 } })
    expect(await journey.sync()).toMatchObject({ status: 'incomplete', persons: { created: 0 } })
    expect(creations(journey)).toBe(0)
    pipedrive.faults.clear()
    expect(await journey.sync()).toMatchObject({ status: 'complete', persons: { created: 1 } })
  })
})

describe('a form', () => {
  it('R9.4 makes a person by the webhook alone, and each list that counts does', async () => {
    const journey = await openLiveJourney({
      data: { persons: 12 },
      twoWay: true,
      yaml: creating(`{ lists: [${winBack}] }`),
    })
    await journey.quiet()
    const { state } = journey.sandbox.brevo
    state.addContact({ email: 'form@site.test', listIds: [winBack], attributes: { FIRSTNAME: 'Flora' } })
    await journey.quiet()
    expect(personWith(journey, 'form@site.test')).toMatchObject({ first_name: 'Flora' })
    state.addContact({ email: 'later@site.test', listIds: [2] })
    await journey.quiet()
    expect(personsWith(journey, 'later@site.test')).toEqual([])
    state.addToList('later@site.test', winBack)
    await journey.quiet()
    expect(personWith(journey, 'later@site.test').name).toBe('later@site.test')
    await journey.quiet()
    expect(creations(journey) - pipedriveWebhooks(journey)).toBe(2)
    await quietly(journey)
  })

  it('R9.4 makes one person, also when the answer is lost and no search knows it yet', async () => {
    const journey = await openLiveJourney({
      data: { persons: 12 },
      twoWay: true,
      yaml: creating('all'),
      clock: fastClock(20),
      pipedrive: { switches: { searchLagMs: 3_600_000 } },
    })
    await journey.quiet()
    const { pipedrive, brevo } = journey.sandbox
    pipedrive.faults.add({ method: 'POST', path: '/persons$', fault: { kind: 'cut-after' } })
    brevo.state.addContact({ email: 'form@site.test', listIds: [winBack] })
    await expect
      .poll(() => contactOf(journey, 'form@site.test').attributes.EXT_ID, { timeout: 60_000 })
      .toMatch(/^pipedrive-person-/)
    await journey.quiet()
    expect(personsWith(journey, 'form@site.test')).toHaveLength(1)
    await quietly(journey)
  })
})

const pipedriveWebhooks = (journey: Journey): number =>
  pipedriveWrites(journey).filter(({ method, path }) => method === 'POST' && path.includes('/webhooks'))
    .length
