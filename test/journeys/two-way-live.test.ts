/** Both ways on a server (rule R9): what arrives by webhook alone, what echoes of it do, and what stops going in circles. */
import { describe, expect, it } from 'vitest'
import { fastClock } from '../../src/base/clock.ts'
import { addPerson, contactOf, pipedriveWrites } from '../support/journey.ts'
import { type LiveJourney, type LiveJourneyOptions, openLiveJourney } from '../support/live-journey.ts'

const email = 'ada.king@example.test'

/** Ada, in step on both sides of a server that is quiet. */
async function openWithAda(options: LiveJourneyOptions = {}) {
  const journey = await openLiveJourney({
    data: { persons: 12 },
    twoWay: true,
    ...options,
    async beforeLive(...parts) {
      await options.beforeLive?.(...parts)
      const [{ sandbox }] = parts
      const { seed } = sandbox.pipedrive.state
      const key = seed.fields.find(({ field_name }) => field_name === 'Industry')?.field_code ?? ''
      addPerson(parts[0], email, { name: 'Ada King', custom_fields: { [key]: 'Steel' } })
    },
  })
  await journey.quiet()
  const { pipedrive, brevo } = journey.sandbox
  const field = (name: string): string =>
    pipedrive.state.seed.fields.find(({ field_name }) => field_name === name)?.field_code ?? ''
  const person = () => {
    const found = [...pipedrive.state.tables.person.all()].find(({ emails }) =>
      emails.some(({ value }) => value === email),
    )
    if (!found) throw new Error('Ada is gone')
    return found
  }
  const industry = field('Industry')
  return {
    journey,
    field,
    person,
    pipedrive: pipedrive.state,
    brevo: brevo.state,
    inPipedrive: () => person().custom_fields?.[industry] ?? null,
    inBrevo: () => contactOf(journey, email).attributes.INDUSTRY ?? null,
    editPipedrive: (value: string) =>
      pipedrive.state.patch('person', person().id, { custom_fields: { [industry]: value } }),
  }
}

const personWrites = (journey: LiveJourney) =>
  pipedriveWrites(journey).filter(({ path }) => !path.includes('/webhooks'))

/** How many writes reach each side from here on. */
function counting(journey: LiveJourney): () => { brevo: number; pipedrive: number } {
  const [brevo, pipedrive] = [journey.sandbox.brevo.state.writes, personWrites(journey).length]
  return () => ({
    brevo: journey.sandbox.brevo.state.writes - brevo,
    pipedrive: personWrites(journey).length - pipedrive,
  })
}

/** Nothing more happens, whatever still echoes. */
async function expectSilence(journey: LiveJourney): Promise<void> {
  const count = counting(journey)
  await journey.quiet()
  await journey.quiet()
  expect(count()).toEqual({ brevo: 0, pipedrive: 0 })
}

/** An edit with another key than Tajo's. */
async function editByKey(
  { sandbox, environment }: LiveJourney,
  attributes: Record<string, unknown>,
  key = { key: 'xkeysib-other', name: 'other integration' },
): Promise<void> {
  sandbox.brevo.state.addKey(key)
  const answer = await fetch(`${environment.BREVO_API_URL}/contacts/${encodeURIComponent(email)}`, {
    method: 'PUT',
    headers: { 'api-key': key.key, 'content-type': 'application/json' },
    body: JSON.stringify({ attributes }),
  })
  expect(answer.status).toBe(204)
  sandbox.brevo.state.revokeKey(key.key)
}

const withKeyName = (text: string): string => text.replace('brevo:\n', 'brevo:\n  api_key_name: sandbox\n')

describe('one edit is one write on the other side, and then silence', () => {
  it.each(['observed', 'documented'] as const)(
    'R9.3 by webhooks alone, in the %s shape',
    async (contactWebhooks) => {
      const { journey, brevo, inPipedrive, inBrevo, editPipedrive } = await openWithAda({
        brevo: { switches: { contactWebhooks } },
      })
      await expectSilence(journey)

      let count = counting(journey)
      brevo.editContact(email, { INDUSTRY: 'Glass' })
      await journey.quiet()
      expect([inPipedrive(), inBrevo(), count()]).toEqual(['Glass', 'Glass', { brevo: 0, pipedrive: 1 }])
      await expectSilence(journey)

      count = counting(journey)
      await editByKey(journey, { INDUSTRY: 'Paper' })
      await journey.quiet()
      // The one write in Brevo is the other integration's.
      expect([inPipedrive(), inBrevo(), count()]).toEqual(['Paper', 'Paper', { brevo: 1, pipedrive: 1 }])
      await expectSilence(journey)

      count = counting(journey)
      editPipedrive('Wool')
      await journey.quiet()
      expect([inPipedrive(), inBrevo(), count()]).toEqual(['Wool', 'Wool', { brevo: 1, pipedrive: 0 }])
      await expectSilence(journey)
      expect(await journey.service.failures.list()).toEqual([])
    },
  )

  it('R9.3 with webhooks of both services duplicated and out of order', async () => {
    const clock = fastClock(20)
    const { journey, brevo, inPipedrive, inBrevo, editPipedrive, person, pipedrive } = await openWithAda({
      clock,
      brevo: { switches: { webhookDuplicateRate: 1, webhookDelayMs: 4_000, unchangedFires: true } },
      pipedrive: { switches: { webhookDuplicateRate: 1, webhookReorderMs: 4_000 } },
    })
    const settle = async (): Promise<void> => {
      await journey.sandbox.pipedrive.settleWebhooks({ waits: true })
      await clock.sleep(10_000)
      await journey.quiet()
    }
    await settle()
    const count = counting(journey)
    brevo.editContact(email, { INDUSTRY: 'Glass' })
    await settle()
    editPipedrive('Wool')
    await settle()
    brevo.editContact(email, { FIRSTNAME: 'Augusta' })
    pipedrive.patch('person', person().id, { last_name: 'Byron' })
    await settle()
    expect([inPipedrive(), inBrevo()]).toEqual(['Wool', 'Wool'])
    expect([person().first_name, person().last_name]).toEqual(['Augusta', 'Byron'])
    expect(contactOf(journey, email).attributes).toMatchObject({ FIRSTNAME: 'Augusta', LASTNAME: 'Byron' })
    const writes = count()
    await settle()
    expect(count()).toEqual(writes)
    expect(writes.pipedrive).toBe(2)
    expect(writes.brevo).toBeLessThanOrEqual(3)
  })

  it.each([
    ['no webhook can reach the server', (text: string) => text, false],
    [
      'sync_mode: batch',
      (text: string) => text.replace('    sync:\n', '    sync_mode: batch\n    sync:\n'),
      true,
    ],
  ])('R9.3 by polls where %s', async (_, yaml, webhooks) => {
    const clock = fastClock(20)
    const { journey, brevo, inPipedrive, inBrevo, editPipedrive } = await openWithAda({
      clock,
      webhooks,
      yaml: (text) => yaml(text.replace('    sync:\n', '    poll_interval: 10s\n    sync:\n')),
    })
    const reached = (what: () => unknown, value: string) => expect.poll(what, { timeout: 60_000 }).toBe(value)
    const count = counting(journey)
    brevo.editContact(email, { INDUSTRY: 'Glass' })
    await reached(inPipedrive, 'Glass')
    await clock.sleep(30_000)
    expect([inBrevo(), count()]).toEqual(['Glass', { brevo: 0, pipedrive: 1 }])
    editPipedrive('Wool')
    await reached(inBrevo, 'Wool')
    await clock.sleep(30_000)
    expect([inPipedrive(), count()]).toEqual(['Wool', { brevo: 1, pipedrive: 1 }])
  })
})

describe('the name of the API key', () => {
  it('R9.3 spares the look at what Tajo wrote itself, and proves nothing', async () => {
    const { journey, inPipedrive, inBrevo, editPipedrive } = await openWithAda({ yaml: withKeyName })
    const { calls } = journey.sandbox.brevo
    const looks = () => calls.find('GET', /\/contacts\/[^/]+$/).length
    const before = looks()
    editPipedrive('Wool')
    await journey.quiet()
    await journey.quiet()
    expect(inBrevo()).toBe('Wool')
    // Read back after the write; the webhook of it asks nothing.
    expect(looks() - before).toBe(1)
    // A key of the same name, and so near our own write that the webhook passes for an echo.
    await editByKey(journey, { INDUSTRY: 'Paper' }, { key: 'xkeysib-twin', name: 'sandbox' })
    await journey.quiet()
    const count = counting(journey)
    expect(await journey.sync()).toMatchObject({ status: 'complete' })
    expect([inPipedrive(), inBrevo()]).toEqual(['Paper', 'Paper'])
    expect(count().pipedrive).toBeLessThanOrEqual(1)
    await expectSilence(journey)
  })
})

describe('a field that something else sets back, again and again', () => {
  it('R9.3 is stopped after six writes and told of, while the person’s other fields go on; a retry releases it', async () => {
    const { journey, brevo, pipedrive, person, inPipedrive, inBrevo, field } = await openWithAda()
    const count = counting(journey)
    brevo.editContact(email, { INDUSTRY: 'Glass' })
    // Each answers as automations do: once it sees what Tajo wrote on its side.
    for (let round = 0; round < 12; round++) {
      await journey.quiet()
      if (inPipedrive() === 'Glass')
        pipedrive.patch('person', person().id, { custom_fields: { [field('Industry')]: 'Steel' } })
      else if (inBrevo() === 'Steel') brevo.editContact(email, { INDUSTRY: 'Glass' })
    }
    const failures = () => journey.service.failures.list()
    expect(await failures()).toMatchObject([
      { entity: 'person edit', id: String(person().id), code: 'field_loops' },
    ])
    const [failure] = await failures()
    expect(failure?.message).toMatch(/INDUSTRY/)
    expect(failure?.remedy).toMatch(/failures retry/)
    const { brevo: there, pipedrive: here } = count()
    expect(there + here).toBeGreaterThanOrEqual(3)
    expect(there + here).toBeLessThanOrEqual(6)
    await expectSilence(journey)

    // Other fields still go, both ways.
    brevo.editContact(email, { FIRSTNAME: 'Augusta' })
    await journey.quiet()
    pipedrive.patch('person', person().id, { last_name: 'Byron' })
    await journey.quiet()
    expect(person().first_name).toBe('Augusta')
    expect(contactOf(journey, email).attributes.LASTNAME).toBe('Byron')
    expect(await failures()).toMatchObject([{ code: 'field_loops' }])

    const { retried } = await journey.service.failures.retry({ ids: [String(person().id)] }, {})
    expect(retried).toBe(1)
    await journey.quiet()
    expect(await failures()).toEqual([])
    expect(inPipedrive()).toBe(inBrevo())
    await expectSilence(journey)
  })
})

describe('a contact that is deleted in Brevo', () => {
  it('R9.6 leaves its person alone, and comes back only when the person changes', async () => {
    const { journey, brevo, person, editPipedrive } = await openWithAda()
    const count = counting(journey)
    const before = person()
    brevo.deleteContact(email)
    await journey.quiet()
    expect(await journey.sync({ full: true })).toMatchObject({ status: 'complete' })
    expect(person()).toEqual(before)
    expect([brevo.contact(email), count()]).toEqual([null, { brevo: 0, pipedrive: 0 }])
    editPipedrive('Glass')
    await journey.quiet()
    expect(contactOf(journey, email).attributes.INDUSTRY).toBe('Glass')
    await expectSilence(journey)
    expect(person().custom_fields?.[Object.keys(before.custom_fields ?? {})[0] ?? '']).toBe('Glass')
  })

  it('R9.6 with resurrect: true is made again', async () => {
    const { journey, brevo, inPipedrive, inBrevo } = await openWithAda({
      yaml: (text) => text.replace('reverse_sync:\n', 'reverse_sync:\n  resurrect: true\n'),
    })
    const count = counting(journey)
    brevo.deleteContact(email)
    await journey.quiet()
    expect(inBrevo()).toBe('Steel')
    expect([inPipedrive(), count().pipedrive]).toEqual(['Steel', 0])
    await expectSilence(journey)
  })
})

describe('somebody who edits while Tajo writes', () => {
  it.each(['another field', 'the same field'])(
    'R9.2 %s: is heard, or told of, and never lost',
    async (which) => {
      const { journey, brevo, person, inPipedrive, inBrevo, editPipedrive } = await openWithAda()
      const { faults } = journey.sandbox.brevo
      faults.add({ method: 'PUT', path: '/contacts/\\d+$', fault: { kind: 'slow', ms: 700 } })
      editPipedrive('Wool')
      await expect.poll(inBrevo, { interval: 5, timeout: 60_000 }).toBe('Wool')
      const same = which === 'the same field'
      brevo.editContact(email, same ? { INDUSTRY: 'Linen' } : { FIRSTNAME: 'Augusta' })
      await journey.quiet()
      await journey.quiet()
      if (same) {
        // Whether Brevo or a person changed what was just written, nobody can say.
        expect(await journey.service.failures.list()).toMatchObject([{ code: 'brevo_not_kept' }])
        expect(inBrevo()).toBe('Linen')
        await journey.service.failures.retry({ code: 'brevo_not_kept' }, {})
        await journey.quiet()
        expect([inPipedrive(), inBrevo()]).toEqual(['Linen', 'Linen'])
      } else expect([person().first_name, inPipedrive(), inBrevo()]).toEqual(['Augusta', 'Wool', 'Wool'])
      expect(await journey.service.failures.list()).toEqual([])
      await expectSilence(journey)
    },
  )
})

describe('a write to Pipedrive that fails on a server', () => {
  it.each([
    ['503', { kind: 'status', status: 503 }],
    ['a cut after', { kind: 'cut-after' }],
  ] as const)('R6.2 with %s is made up for by itself, and nobody else waits for it', async (_, fault) => {
    const { journey, brevo, person, inPipedrive, pipedrive } = await openWithAda({ clock: fastClock(20) })
    const other = addPerson(journey, 'other@example.test')
    await journey.quiet()
    const { faults } = journey.sandbox.pipedrive
    faults.add({ method: 'PATCH', path: `/persons/${person().id}$`, times: 12, fault })
    brevo.editContact(email, { INDUSTRY: 'Glass' })
    brevo.editContact('other@example.test', { FIRSTNAME: 'Otto' })
    await expect.poll(() => pipedrive.find('person', other)?.first_name, { timeout: 60_000 }).toBe('Otto')
    await expect.poll(inPipedrive, { timeout: 60_000 }).toBe('Glass')
    faults.clear()
    await expect.poll(() => journey.live.readings(), { timeout: 60_000 }).toMatchObject({ failures: 0 })
    await journey.quiet()
    await expectSilence(journey)
    expect(await journey.service.failures.list()).toEqual([])
  })
})
