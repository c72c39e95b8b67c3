/** Consent over all paths (rules R4 and R9.5): nobody is ever resubscribed, and the word in Pipedrive only moves towards no. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { fastClock } from '../../src/base/clock.ts'
import {
  addPerson,
  contactOf,
  expectAccounted,
  type Journey,
  only,
  openJourney,
  pipedriveWrites,
} from '../support/journey.ts'
import { openLiveJourney } from '../support/live-journey.ts'

/** The same edits for every commit, or others: TAJO_MODEL_SEED. */
const seed = Number(process.env.TAJO_MODEL_SEED ?? 20_261_102)

/** Of a list that no rule of the configuration gives. */
const winBack = 64
const words = ['subscribed', 'bounced', 'unsubscribed', 'complained']

const creating = (text: string): string =>
  text.replace('reverse_sync:\n', `reverse_sync:\n  create_persons: { lists: [${winBack}] }\n`)

/** What the consent field of a person says; -1 for nothing. */
function rankOf({ sandbox }: Journey, person: { custom_fields?: Record<string, unknown> | undefined }) {
  const { fields } = sandbox.pipedrive.state.seed
  const field = fields.find(({ field_name }) => field_name === 'Brevo consent')
  const value = person.custom_fields?.[field?.field_code ?? '']
  return words.indexOf(field?.options?.find(({ id }) => id === value)?.label ?? '')
}

const persons = ({ sandbox }: Journey) =>
  [...sandbox.pipedrive.state.tables.person.all()].filter((person) => !person.is_deleted)

/** Changes of the address of a contact that was blocklisted as the request came in, without the flag. */
function watchRenames({ sandbox }: Journey): { renames: number; unflagged: string[] } {
  const { calls, faults, state } = sandbox.brevo
  const seen = { renames: 0, unflagged: [] as string[] }
  const blockedBefore = new Map<string, boolean>()
  const contactAt = (path: string) => {
    const identifier = decodeURIComponent(path.split('/').at(-1) ?? '')
    return state.contact(/^\d+$/.test(identifier) ? Number(identifier) : identifier)
  }
  const [strike, add] = [faults.strike.bind(faults), calls.add.bind(calls)]
  faults.strike = (method, path) => {
    if (method === 'PUT' && /\/contacts\/[^/]+$/.test(path))
      blockedBefore.set(path, contactAt(path)?.emailBlacklisted === true)
    return strike(method, path)
  }
  calls.add = (call) => {
    const body = call.requestBody ?? ''
    if (call.method === 'PUT' && body.includes('"EMAIL"') && blockedBefore.get(call.path)) {
      seen.renames++
      if (JSON.parse(body).emailBlacklisted !== true) seen.unflagged.push(body)
    }
    add(call)
  }
  return seen
}

const deed = fc.record({
  kind: fc.constantFrom(
    'blocklisted by hand',
    'unsubscribes',
    'complains',
    'bounces',
    'unsubscribed in Pipedrive',
    'new address in Pipedrive',
    'new address in Brevo',
    'address of another contact',
    'merge',
    'adoption',
    'edit in Brevo',
    'edit of everybody in Pipedrive',
    'form',
    'number',
    'deletion',
  ),
  who: fc.nat(),
  /** Rather somebody who is blocklisted. */
  blocked: fc.boolean(),
  what: fc.nat({ max: 9 }),
})
type Deed = typeof deed extends fc.Arbitrary<infer D> ? D : never

function act(journey: Journey, { kind, who, blocked, what }: Deed, serial: number): void {
  const { pipedrive, brevo } = journey.sandbox
  const { state } = pipedrive
  const linked = brevo.state.contacts().filter(({ attributes }) => attributes.EXT_ID !== undefined)
  const some = blocked ? linked.filter(({ emailBlacklisted }) => emailBlacklisted) : linked
  const contact = (some.length > 0 ? some : linked)[who % Math.max(1, some.length)]
  const email = contact?.email ?? ''
  const personId = Number(String(contact?.attributes.EXT_ID).replace('pipedrive-person-', ''))
  const person = state.find('person', personId)
  if (!person || person.is_deleted) return
  const industry = state.seed.fields.find(({ field_name }) => field_name === 'Industry')?.field_code ?? ''
  const change = (values: Record<string, unknown>): void => void state.patch('person', personId, values)
  const tell = (event: 'spam' | 'hard_bounce'): void =>
    brevo.state.emitCampaignEvent({ event, email, campaignId: 1, campaignName: 'Spring' })
  const fresh = `fresh${serial}@test.example`
  const deeds: Record<Deed['kind'], () => unknown> = {
    'blocklisted by hand': () => brevo.state.blockContact(email),
    unsubscribes: () => brevo.state.unsubscribe(email),
    complains: () => tell('spam'),
    bounces: () => tell('hard_bounce'),
    'unsubscribed in Pipedrive': () => change({ marketing_status: 'unsubscribed' }),
    'new address in Pipedrive': () => change({ emails: only(fresh) }),
    'new address in Brevo': () => {
      brevo.state.editContact(email, { EMAIL: fresh })
      // Brevo resubscribes whom somebody renames; whoever did it here knew that.
      if (contact?.emailBlacklisted) brevo.state.blockContact(fresh)
    },
    'address of another contact': () => {
      brevo.state.addContact({ email: fresh, emailBlacklisted: what < 5 })
      change({ emails: only(fresh) })
    },
    merge: () => {
      const other = persons(journey).find(({ id }) => id !== personId && id % 10 === what)
      if (other) state.merge('person', personId, other.id)
    },
    adoption: () => {
      brevo.state.addContact({ email: fresh, emailBlacklisted: what < 7 })
      addPerson(journey, fresh)
    },
    'edit in Brevo': () =>
      brevo.state.editContact(email, { INDUSTRY: `I${serial}`, FIRSTNAME: `F${serial}` }),
    'edit of everybody in Pipedrive': () => {
      for (const { id } of persons(journey))
        state.patch('person', id, { custom_fields: { [industry]: `All ${serial}` } })
    },
    form: () =>
      brevo.state.addContact({
        email: fresh,
        listIds: [winBack],
        emailBlacklisted: what < 5,
        smsBlacklisted: what % 2 === 0,
        attributes: { FIRSTNAME: 'Form', SMS: `8210${66_610_000 + serial}` },
      }),
    number: () => change({ phones: only(`+82 10-${7771 + what}-${1000 + (serial % 9000)}`) }),
    deletion: () => (what === 0 ? state.delete('person', personId) : undefined),
  }
  deeds[kind]()
}

/** Contact ids that are blocklisted, by mail and by SMS. */
function blocklisted({ sandbox }: Journey) {
  const contacts = sandbox.brevo.state.contacts()
  return {
    email: new Set(contacts.flatMap(({ id, emailBlacklisted }) => (emailBlacklisted ? [id] : []))),
    sms: new Set(contacts.flatMap(({ id, smsBlacklisted }) => (smsBlacklisted ? [id] : []))),
  }
}

async function sync(journey: Journey, meanwhile?: () => number | null): Promise<void> {
  const before = blocklisted(journey)
  const ranks = new Map(persons(journey).map((person) => [person.id, rankOf(journey, person)]))
  let isDone = false
  const report = await journey.sync({
    onProgress: ({ stage }) => {
      if (isDone || stage !== 'project') return
      isDone = true
      const id = meanwhile?.() ?? null
      if (id !== null) before.email.add(id)
    },
  })
  expect(report).toMatchObject({ status: 'complete', reason: null })
  expectAccounted(report)
  const after = blocklisted(journey)
  expect([...before.email].filter((id) => !after.email.has(id))).toEqual([])
  expect([...before.sms].filter((id) => !after.sms.has(id))).toEqual([])
  for (const person of persons(journey))
    expect(rankOf(journey, person)).toBeGreaterThanOrEqual(ranks.get(person.id) ?? -1)
}

/** Both sides say no to those to whom one side does. */
function expectAgreed(journey: Journey): void {
  const { brevo, pipedrive } = journey.sandbox
  for (const contact of brevo.state.contacts()) {
    const id = /^pipedrive-person-(\d+)$/.exec(String(contact.attributes.EXT_ID))?.[1]
    const person = id === undefined ? undefined : pipedrive.state.find('person', Number(id))
    if (!person || person.is_deleted) continue
    const saysNo = { email: contact.email, no: rankOf(journey, person) > 0 }
    if (contact.emailBlacklisted) expect(saysNo).toEqual({ email: contact.email, no: true })
    if (person.marketing_status === 'unsubscribed')
      expect(contact).toMatchObject({ email: contact.email, emailBlacklisted: true })
  }
}

describe('whatever befalls contacts and persons', () => {
  it('R4.1 R4.2 R4.3 R9.5: nobody is resubscribed, addresses change with the flag, consent moves towards no', async () => {
    const journey = await openJourney({
      data: { persons: 130 },
      twoWay: true,
      yaml: creating,
      clock: fastClock(10),
    })
    const { state } = journey.sandbox.brevo
    const watched = watchRenames(journey)
    // Some have said no before Tajo ever came.
    persons(journey).forEach((person, index) => {
      const email = person.emails.find(({ primary }) => primary)?.value ?? ''
      if (index % 5 !== 0 || !/^[a-z0-9.]+@[a-z0-9.-]+\.[a-z]+$/.test(email)) return
      state.addContact({ email, emailBlacklisted: true, updateEnabled: true })
    })
    await sync(journey)
    expect(journey.sandbox.brevo.calls.find('POST', /\/contacts\/import$/).length).toBeGreaterThan(0)
    await sync(journey)
    expectAgreed(journey)
    let serial = 0
    await fc.assert(
      fc.asyncProperty(
        fc.array(deed, { minLength: 4, maxLength: 20, size: 'max' }),
        fc.nat(),
        fc.option(fc.nat()),
        async (deeds, who, late) => {
          // Each time somebody who said no moves.
          const moves: Deed = { kind: 'new address in Pipedrive', who, blocked: true, what: 1 }
          for (const item of [...deeds, moves]) act(journey, item, serial++)
          // After Brevo was read, somebody whose address is about to change says no.
          await sync(journey, () => {
            const moved = persons(journey).filter(({ emails }) => emails[0]?.value.startsWith('fresh'))
            const id = moved[(late ?? 0) % Math.max(1, moved.length)]?.id
            const contact = state
              .contacts()
              .find(({ attributes }) => attributes.EXT_ID === `pipedrive-person-${id}`)
            if (late === null || !contact?.email) return null
            state.unsubscribe(contact.email)
            return contact.id
          })
          await sync(journey)
          expectAgreed(journey)
          expect(watched.unflagged).toEqual([])
        },
      ),
      // One journey serves all runs, each going on from where the last one ended: shrinking would start elsewhere.
      { seed, numRuns: 8, endOnFailure: true },
    )
    expect(watched.renames).toBeGreaterThan(0)
  })
})

describe('a no in Pipedrive', () => {
  it('R4.3 of the marketing status blocklists in Brevo; by whom a contact was blocklisted there is told in Pipedrive', async () => {
    const journey = await openJourney({ data: { persons: 12 }, twoWay: true })
    const { brevo, pipedrive } = journey.sandbox
    const [status, hand] = [
      addPerson(journey, 'status@test.example'),
      addPerson(journey, 'hand@test.example'),
    ]
    await journey.sync()
    pipedrive.state.patch('person', status, { marketing_status: 'unsubscribed' })
    brevo.state.blockContact('hand@test.example')
    expect(await journey.sync()).toMatchObject({ status: 'complete' })
    expect(contactOf(journey, 'status@test.example').emailBlacklisted).toBe(true)
    for (const id of [status, hand]) {
      const person = pipedrive.state.find('person', id)
      expect(person && words[rankOf(journey, person)]).toBe('unsubscribed')
    }
    // Nobody takes it back: neither the status nor a person in Brevo.
    pipedrive.state.patch('person', status, { marketing_status: 'subscribed' })
    brevo.state.unblockContact('hand@test.example')
    expect(await journey.sync()).toMatchObject({ status: 'complete', persons: { updated: 0 } })
    expect(contactOf(journey, 'status@test.example').emailBlacklisted).toBe(true)
    const person = pipedrive.state.find('person', hand)
    expect(person && words[rankOf(journey, person)]).toBe('unsubscribed')
  })

  it.each([true, false])(
    'R9.5 a contact that the API blocklisted (told as an administrator’s deed: %s) is unsubscribed',
    async (apiBlocksAsAdmin) => {
      const journey = await openJourney({
        data: { persons: 12 },
        twoWay: true,
        brevo: { switches: { apiBlocksAsAdmin } },
      })
      const id = addPerson(journey, 'api@test.example')
      await journey.sync()
      const answer = await fetch(`${journey.environment.BREVO_API_URL}/contacts/api%40test.example`, {
        method: 'PUT',
        headers: { 'api-key': journey.environment.BREVO_API_KEY ?? '', 'content-type': 'application/json' },
        body: JSON.stringify({ emailBlacklisted: true }),
      })
      expect(answer.status).toBe(204)
      expect(await journey.sync()).toMatchObject({ status: 'complete', persons: { updated: 1 } })
      const person = journey.sandbox.pipedrive.state.find('person', id)
      expect(person && words[rankOf(journey, person)]).toBe('unsubscribed')
    },
  )
})

describe('a no in Brevo', () => {
  it.each([
    ['observed', 'bounce'],
    ['documented', 'bounced'],
  ] as const)(
    'R9.5 is one write in Pipedrive by the webhook alone, whatever says it (%s)',
    async (contactWebhooks, bounceEvents) => {
      const journey = await openLiveJourney({
        data: { persons: 12 },
        twoWay: true,
        brevo: { switches: { contactWebhooks, bounceEvents } },
      })
      const deeds = { unsubscribed: 'unsubscribed', complained: 'spam', bounced: 'hard_bounce' } as const
      const state = journey.sandbox.brevo.state
      for (const word of Object.keys(deeds)) addPerson(journey, `${word}@test.example`)
      await journey.quiet()
      const count = () => pipedriveWrites(journey).filter(({ method }) => method === 'PATCH').length
      for (const [word, event] of Object.entries(deeds)) {
        const email = `${word}@test.example`
        const before = count()
        if (event === 'unsubscribed') state.unsubscribe(email)
        else state.emitCampaignEvent({ event, email, campaignId: 1, campaignName: 'Spring' })
        await journey.quiet()
        await journey.quiet()
        const person = persons(journey).find(({ emails }) => emails[0]?.value === email)
        expect([person && words[rankOf(journey, person)], count() - before]).toEqual([word, 1])
      }
      // A worse reason is told, a lesser one is not.
      state.emitCampaignEvent({
        event: 'spam',
        email: 'bounced@test.example',
        campaignId: 2,
        campaignName: 'May',
      })
      state.unsubscribe('complained@test.example')
      await journey.quiet()
      for (const word of ['bounced', 'complained']) {
        const person = persons(journey).find(({ emails }) => emails[0]?.value === `${word}@test.example`)
        expect(person && words[rankOf(journey, person)]).toBe('complained')
      }
    },
  )

  it('R9.5 R9.2 from before changes went back is told once they do, and edits since the last sync arrive', async () => {
    const journey = await openJourney({
      data: { persons: 12 },
      twoWay: true,
      yaml: (text) => text.replace('enabled: true\n  consent', 'enabled: false\n  consent'),
    })
    const [gone, edited] = [
      addPerson(journey, 'gone@test.example'),
      addPerson(journey, 'edited@test.example'),
    ]
    await journey.sync()
    journey.sandbox.brevo.state.unsubscribe('gone@test.example')
    await journey.sync()
    expect(pipedriveWrites(journey)).toEqual([])
    journey.sandbox.brevo.state.editContact('edited@test.example', { LASTNAME: 'Since' })
    await journey.configure((text) => text.replace('enabled: false\n  consent', 'enabled: true\n  consent'))
    expect(await journey.sync()).toMatchObject({ status: 'complete' })
    const { state } = journey.sandbox.pipedrive
    const person = state.find('person', gone)
    expect(person && words[rankOf(journey, person)]).toBe('unsubscribed')
    expect(state.find('person', edited)?.last_name).toBe('Since')
    expect(await journey.sync()).toMatchObject({ status: 'complete', persons: { updated: 0 } })
  })
})
