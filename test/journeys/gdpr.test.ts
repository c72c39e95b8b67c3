/** Rule R11: one person exported, erased for good, and allowed again. */
import fs from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { exportStore, openStore, recordsOfPersons, type Store } from '../../src/store/index.ts'
import {
  addPerson,
  contactOf,
  expectAccounted,
  type Journey,
  only,
  openJourney,
  writesOf,
} from '../support/journey.ts'
import { openLiveJourney } from '../support/live-journey.ts'
import { openScene, startTajo } from './cli-process.ts'

const email = 'Erna.Gone@Test.example'
const plain = email.toLowerCase()
const phone = '+49 30 5550 7788'
const small = {
  data: { persons: 12 },
  // Activities are read only where something depends on them.
  yaml: (text: string) =>
    text.replace('person_mapping:\n', 'person_mapping:\n  next_activity_date: NEXT_ACTIVITY\n'),
} as const

/** Whoever asks for it writes to Pipedrive, which a journey in one direction never does. */
const bothWays = { ...small, twoWay: true } as const

/** Contacts that nobody knows become persons. */
const creating = {
  ...bothWays,
  yaml: (text: string) =>
    small.yaml(text).replace('reverse_sync:\n', 'reverse_sync:\n  create_persons: all\n'),
} as const

/** Whatever of her could be found again; her address in any spelling. */
const traces = [plain, 'gone@work.example', 'Zerna Vanishing', '5550 7788', '3055507788', 'Secret of Zerna']

type Scene = { person: number; deal: number; friend: number }

/** A person with two addresses, a number, a deal, an activity, a lead and a note; and another one who mentions her. */
function addErna(journey: Journey): Scene {
  const { state } = journey.sandbox.pipedrive
  const organization = state.insert('organization', { name: `Gone Ltd <${email}>` })
  const person = addPerson(journey, email, {
    name: 'Zerna Vanishing',
    emails: [...only(email), { value: 'gone@work.example', primary: false, label: 'home' }],
    phones: only(phone),
    org_id: organization.id,
  })
  const deal = state.insert('deal', { title: 'Secret of Zerna', person_id: person, value: 4711 })
  state.insert('activity', { subject: 'Secret of Zerna', note: `call ${phone}`, person_id: person })
  state.insert('lead', { title: 'Secret of Zerna', person_id: person })
  state.insert('note', { content: 'Secret of Zerna', person_id: person })
  const friend = addPerson(journey, 'friend@test.example', { name: `Friend of ${email}` })
  return { person, deal: deal.id, friend }
}

async function complete(journey: Journey, full = false) {
  const report = await journey.sync({ full })
  expect(report).toMatchObject({ status: 'complete', reason: null })
  expectAccounted(report)
  return report
}

/** The traces that a logical dump of the store still has. The journey is open again afterwards. */
async function tracesInStore(journey: Journey, sought = traces): Promise<string[]> {
  const file = join(journey.environment.TAJO_DATA_DIR ?? '', `dump-${Date.now()}.jsonl`)
  await withStore(journey, (store) => exportStore(store, file))
  const dump = fs.readFileSync(file, 'utf8').toLowerCase()
  fs.rmSync(file)
  return sought.filter((trace) => dump.includes(trace.toLowerCase()))
}

async function withStore<T>(journey: Journey, work: (store: Store) => Promise<T>): Promise<T> {
  await journey.close()
  const store = await openStore({ dataDir: journey.environment.TAJO_DATA_DIR ?? '' })
  try {
    return await work(store)
  } finally {
    await store.close()
    await journey.reopen()
  }
}

describe('the export of a person', () => {
  it('R11: is everything that both services and the store hold, and no credential', async () => {
    const journey = await openJourney(small)
    const { person, deal, friend } = addErna(journey)
    await complete(journey)
    journey.sandbox.pipedrive.state.patch('deal', deal, { status: 'won' })
    await complete(journey)
    const held = await journey.service.privacy.export(email.toUpperCase())
    expect(held).toMatchObject({ email: plain, found: true, erased: false, incomplete: [] })
    expect(held.pipedrive).toMatchObject({
      persons: [{ id: person, name: 'Zerna Vanishing' }],
      deals: [{ id: deal, title: 'Secret of Zerna' }],
      activities: [{ subject: 'Secret of Zerna' }],
      leads: [{ title: 'Secret of Zerna' }],
      notes: [{ content: 'Secret of Zerna' }],
    })
    const [contact, ...others] = held.brevo.contacts
    expect(others).toEqual([])
    expect(contact).toMatchObject({ contact: { email: plain, attributes: { FULLNAME: 'Zerna Vanishing' } } })
    expect(contact?.lists.map((list) => list.id)).toEqual(contactOf(journey, plain).listIds)
    expect(contact?.lists.every((list) => list.name !== null)).toBe(true)
    expect(contact?.events).toMatchObject([{ event_name: 'deal_won' }])
    expect(Object.keys(held.store)).toEqual(
      expect.arrayContaining(['records', 'wanted', 'known', 'links', 'events', 'transitions']),
    )
    // Her own, and those of others that mention her.
    const records = (held.store.records ?? []).map((row) => `${row.entity} ${row.id}`)
    expect(records).toEqual(expect.arrayContaining([`person ${person}`, `person ${friend}`, `deal ${deal}`]))
    expect(records.map((record) => record.split(' ')[0]).sort()).toEqual([
      'activity',
      'deal',
      'lead',
      'organization',
      'person',
      'person',
    ])
    const { BREVO_API_KEY = '-', PIPEDRIVE_API_TOKEN = '-' } = journey.environment
    expect(JSON.stringify(held)).not.toContain(BREVO_API_KEY)
    expect(JSON.stringify(held)).not.toContain(PIPEDRIVE_API_TOKEN)
  })

  it('R11: of an address that nobody knows has empty parts', async () => {
    const journey = await openJourney(small)
    await complete(journey)
    expect(await journey.service.privacy.export('nobody@test.example')).toMatchObject({
      found: false,
      incomplete: [],
      pipedrive: { persons: [] },
      brevo: { contacts: [] },
      store: {},
    })
    await expect(journey.service.privacy.export('nobody')).rejects.toMatchObject({ code: 'email_invalid' })
  })

  it('R11: names the parts that a service refused', async () => {
    const journey = await openJourney(small)
    addErna(journey)
    await complete(journey)
    const refusal = { kind: 'status', status: 403 } as const
    journey.sandbox.pipedrive.faults.add({ path: '/deals', fault: refusal, times: 100 })
    const held = await journey.service.privacy.export(email)
    expect(held.incomplete.map((item) => item.part)).toEqual(['pipedrive.deals'])
    expect(held.pipedrive.activities).toHaveLength(1)
  })
})

describe('an erased person', () => {
  it.each([small, bothWays])(
    'R11: is nowhere in the store and in Brevo, and stays away from later syncs',
    async (options) => {
      const journey = await openJourney(options)
      const { person } = addErna(journey)
      await journey.sync({ dryRun: true })
      await complete(journey)
      expect(await tracesInStore(journey)).toEqual(traces)
      const contactId = contactOf(journey, plain).id

      const preview = await journey.service.privacy.erase(email, { dryRun: true })
      expect(preview).toMatchObject({ dryRun: true, addresses: 2, brevo: { contactIds: [contactId] } })
      expect(contactOf(journey, plain).id).toBe(contactId)

      const erasure = await journey.service.privacy.erase(email)
      expect(erasure).toMatchObject({ pipedrive: { personIds: [person], deleted: false }, sharedWith: [] })
      expect(journey.sandbox.brevo.state.contact(plain)).toBeNull()
      expect(await tracesInStore(journey)).toEqual([])

      for (const full of [false, true]) {
        const report = await complete(journey, full)
        expect(report.contacts.skipped.erased).toBe(1)
        expect(journey.sandbox.brevo.state.contact(plain)).toBeNull()
        expect(await tracesInStore(journey)).toEqual([])
      }
      expect(await writesOf(journey, () => complete(journey, true))).toBe(0)
      // Other people's records in the services are theirs.
      expect(contactOf(journey, 'friend@test.example').attributes.FULLNAME).toBe(`Friend of ${email}`)
      expect(await journey.service.explain(String(person))).toMatchObject({ outcome: 'erased' })
    },
  )

  it('R11: stays away when somebody else makes the contact in Brevo, or a new person in Pipedrive', async () => {
    const journey = await openJourney(creating)
    addErna(journey)
    await complete(journey)
    await journey.service.privacy.erase(email)
    journey.sandbox.brevo.state.addContact({ email: plain, attributes: { FULLNAME: 'Zerna Vanishing' } })
    const again = addPerson(journey, 'gone@work.example', { name: 'Zerna Vanishing' })
    journey.sandbox.pipedrive.state.insert('deal', { title: 'Secret of Zerna', person_id: again })
    const writes = await writesOf(journey, async () => {
      expect((await complete(journey, true)).contacts.skipped.erased).toBe(2)
    })
    expect(writes).toBe(0)
    const { person } = journey.sandbox.pipedrive.state.tables
    expect([...person.all()].filter(({ name }) => name === 'Zerna Vanishing')).toHaveLength(2)
    expect(await tracesInStore(journey)).toEqual([])
  })

  it('R11: is found by the address that somebody just gave the contact in Brevo, with the person behind it', async () => {
    const journey = await openJourney(bothWays)
    const { person } = addErna(journey)
    await complete(journey)
    journey.sandbox.brevo.state.editContact(plain, { EMAIL: 'erna@new.example' })
    const held = await journey.service.privacy.export('erna@new.example')
    expect(held.pipedrive.persons).toMatchObject([{ id: person }])
    const erasure = await journey.service.privacy.erase('erna@new.example')
    expect(erasure).toMatchObject({ addresses: 3, pipedrive: { personIds: [person] } })
    expect(await tracesInStore(journey)).toEqual([])
    journey.sandbox.pipedrive.state.patch('person', person, { job_title: 'Ghost' })
    expect((await complete(journey, true)).contacts.skipped.erased).toBe(1)
    for (const address of [plain, 'erna@new.example'])
      expect(journey.sandbox.brevo.state.contact(address)).toBeNull()
    expect(await tracesInStore(journey)).toEqual([])
  })

  it('R11: stays erased when Pipedrive’s person gets a new address, until that one is allowed', async () => {
    const journey = await openJourney(creating)
    const { person } = addErna(journey)
    await complete(journey)
    await journey.service.privacy.erase(email)
    const { brevo, pipedrive } = journey.sandbox
    pipedrive.state.patch('person', person, { emails: only('zerna@new.example') })
    for (const full of [false, true]) expect((await complete(journey, full)).contacts.skipped.erased).toBe(1)
    expect(brevo.state.contact('zerna@new.example')).toBeNull()
    expect(await tracesInStore(journey)).toEqual([])
    const allowed = await journey.service.privacy.allow('zerna@new.example')
    expect(allowed).toEqual({ lifted: true, personIds: [person] })
    expect((await complete(journey)).contacts.skipped.erased).toBeUndefined()
    expect(contactOf(journey, 'zerna@new.example').attributes).toMatchObject({ FULLNAME: 'Zerna Vanishing' })
  })

  it('R11: whose edits wait and failed on their way to Pipedrive leaves nothing of them', async () => {
    const journey = await openJourney(bothWays)
    const { person } = addErna(journey)
    await complete(journey)
    const { brevo, pipedrive } = journey.sandbox
    brevo.state.editContact(plain, { LASTNAME: 'Vanished-Zerna', SMS: '493055507799' })
    const refusal = { kind: 'status', status: 400 } as const
    pipedrive.faults.add({ method: 'PATCH', path: `/persons/${person}$`, fault: refusal, times: 20 })
    expect(await journey.sync()).toMatchObject({ status: 'incomplete' })
    const held = await journey.service.privacy.export(email)
    expect(Object.keys(held.store)).toEqual(
      expect.arrayContaining(['person_edits', 'field_writes', 'failures']),
    )
    await journey.service.privacy.erase(email)
    pipedrive.faults.clear()
    const before = pipedrive.state.find('person', person)
    await complete(journey, true)
    expect(pipedrive.state.find('person', person)).toEqual(before)
    expect(await tracesInStore(journey, [...traces, 'vanished-zerna', '493055507799'])).toEqual([])
    expect(await journey.service.failures.list()).toEqual([])
  })

  it('R11: is deleted in Pipedrive where that is asked for', async () => {
    const journey = await openJourney(bothWays)
    const { person } = addErna(journey)
    await complete(journey)
    const erasure = await journey.service.privacy.erase(email, { pipedrive: true })
    expect(erasure.pipedrive).toEqual({ personIds: [person], deleted: true })
    expect(journey.sandbox.pipedrive.state.find('person', person)).toMatchObject({ is_deleted: true })
    const report = await complete(journey)
    expect(report.contacts.skipped.erased).toBeUndefined()
    expect(await tracesInStore(journey)).toEqual([])
  })

  it.each(['brevo', 'pipedrive'] as const)(
    'R11: is erased completely by asking again, when the first attempt broke off at %s',
    async (vendor) => {
      const journey = await openJourney(bothWays)
      const { person } = addErna(journey)
      await complete(journey)
      const { brevo, pipedrive } = journey.sandbox
      const failing = journey.sandbox[vendor].faults
      failing.add({ method: 'DELETE', fault: { kind: 'status', status: 500 }, times: 50 })
      const erase = () => journey.service.privacy.erase(email, { pipedrive: true })
      await expect(erase()).rejects.toMatchObject({ code: `${vendor}_unavailable` })
      // A sync in between brings nothing back, and takes nothing away that the second attempt needs.
      await journey.sync({ full: true })
      failing.clear()
      await erase()
      expect(brevo.state.contact(plain)).toBeNull()
      expect(pipedrive.state.find('person', person)).toMatchObject({ is_deleted: true })
      expect(await tracesInStore(journey)).toEqual([])
      await complete(journey, true)
      expect(await tracesInStore(journey)).toEqual([])
    },
  )

  it('R11: comes back with the next sync once it is allowed again', async () => {
    const journey = await openJourney(small)
    const { person } = addErna(journey)
    await complete(journey)
    await journey.service.privacy.erase(email)
    await complete(journey)
    expect(await journey.service.privacy.allow('nobody@test.example')).toMatchObject({ lifted: false })
    expect(await journey.service.privacy.allow(email)).toEqual({ lifted: true, personIds: [person] })
    const report = await complete(journey)
    expect(report.contacts.skipped.erased).toBeUndefined()
    expect(contactOf(journey, plain).attributes).toMatchObject({ FULLNAME: 'Zerna Vanishing' })
    const words = await withStore(journey, async (store) => {
      const rows = await recordsOfPersons(store.db, 'default', [person])
      return rows.map(({ entity, doc }) => `${entity} ${doc.title ?? doc.subject ?? ''}`).sort()
    })
    const secret = 'Secret of Zerna'
    expect(words).toEqual([`activity ${secret}`, `deal ${secret}`, `lead ${secret}`, 'person '])
  })
})

describe('who shares an address with an erased person', () => {
  it('R11: is named beforehand, keeps its own contact, and is not synced any more', async () => {
    const journey = await openJourney(small)
    addErna(journey)
    const other = addPerson(journey, 'other@test.example', {
      emails: [...only('other@test.example'), { value: 'Gone@work.example', primary: false, label: 'home' }],
    })
    await complete(journey)
    const erasure = await journey.service.privacy.erase(email)
    expect(erasure.sharedWith).toEqual([other])
    expect((await complete(journey)).contacts.skipped.erased).toBe(2)
    expect(contactOf(journey, 'other@test.example').listIds).toEqual([])
    expect((await complete(journey, true)).contacts.skipped.erased).toBe(2)
    expect(await tracesInStore(journey)).toEqual([])
  })
})

describe('while a server runs', () => {
  it('R11: no webhook brings an erased person back, and being allowed again takes effect at once', async () => {
    const journey = await openLiveJourney(small)
    await journey.quiet()
    const { person, deal } = addErna(journey)
    await journey.quiet()
    expect(contactOf(journey, plain).attributes).toMatchObject({ FULLNAME: 'Zerna Vanishing' })
    await journey.service.privacy.erase(email)
    const { brevo, pipedrive } = journey.sandbox
    await journey.quiet()
    pipedrive.state.patch('person', person, { job_title: 'Ghost' })
    pipedrive.state.patch('deal', deal, { title: 'Secret of Zerna, again', status: 'won' })
    await journey.quiet()
    brevo.state.addContact({ email: plain })
    brevo.state.unsubscribe(plain)
    await journey.quiet()
    expect(brevo.state.contact(plain)?.attributes).not.toHaveProperty('FULLNAME')
    // What nobody understands is kept to be looked at, but not with her in it.
    await post(journey, { event: 'unsubscribed', content: `${email} Zerna Vanishing` })
    await journey.quiet()
    expect(journey.news.filter(({ level }) => level === 'error')).toEqual([])
    expect(JSON.stringify(journey.news).toLowerCase()).not.toContain(plain)
    brevo.state.deleteContact(plain)
    await journey.quiet()
    await journey.service.privacy.allow(email)
    await journey.quiet()
    expect(contactOf(journey, plain).attributes).toMatchObject({ FULLNAME: 'Zerna Vanishing' })
    await journey.service.privacy.erase(email)
    await journey.quiet()
    await journey.stop()
    expect(await tracesInStore(journey)).toEqual([])
  })
})

/** A delivery as Brevo would make it, with the credentials that it was given. */
async function post(journey: Awaited<ReturnType<typeof openLiveJourney>>, body: object): Promise<void> {
  const [webhook] = journey.sandbox.brevo.state.webhooks()
  const { url = '', auth } = (webhook ?? {}) as { url?: string; auth?: { token?: string } }
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${auth?.token}` }
  const answer = await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) })
  expect(answer.status).toBeLessThan(300)
}

describe('the command', () => {
  it('R11: prints one document, erases without asking where nobody can be asked, also while a server runs', async () => {
    const scene = await openScene({ data: { persons: 12 } })
    onTestFinished(() => scene.end())
    const { state } = scene.sandbox.pipedrive
    const person = state.insert('person', { name: 'Zerna Vanishing', emails: only(email) }).id
    expect(await scene.run(['sync'])).toMatchObject({ code: 0 })
    const exported = await scene.run(['gdpr', 'export', email])
    expect(exported).toMatchObject({ code: 0, stderr: '' })
    expect(JSON.parse(exported.stdout)).toMatchObject({ pipedrive: { persons: [{ id: person }] } })
    const unknown = await scene.run(['gdpr', 'export', 'nobody@test.example', '--json'])
    expect(unknown).toMatchObject({ code: 0, stderr: 'Nothing is held about this address.\n' })
    expect(JSON.parse(unknown.stdout)).toMatchObject({ found: false })
    expect(await scene.run(['gdpr', 'erase', 'nobody'])).toMatchObject({ code: 2 })

    const { child, ended } = await startTajo(
      ['serve', '--port', '0'],
      scene.directory,
      scene.env,
      /Listening/,
    )
    onTestFinished(async () => {
      child.kill('SIGKILL')
      await ended
    })
    const preview = await scene.run(['gdpr', 'erase', email, '--dry-run'])
    expect(preview).toMatchObject({ code: 0, stdout: expect.stringContaining('Would be erased') })
    expect(scene.sandbox.brevo.state.contact(plain)).not.toBeNull()
    const erased = await scene.run(['gdpr', 'erase', email])
    expect(erased.code).toBe(0)
    expect(erased.stdout).toContain(`Pipedrive still has person ${person}`)
    expect(erased.stdout.toLowerCase()).not.toContain(plain)
    expect(scene.sandbox.brevo.state.contact(plain)).toBeNull()
    const again = await scene.run(['gdpr', 'erase', email, '--pipedrive', '--json'])
    expect(JSON.parse(again.stdout)).toMatchObject({
      brevo: { contactIds: [] },
      pipedrive: { personIds: [person], deleted: true },
    })
    expect(await scene.run(['gdpr', 'allow', email])).toMatchObject({ code: 0 })
    child.kill('SIGTERM')
    expect((await ended).stderr.toLowerCase()).not.toContain(plain)
  })
})
