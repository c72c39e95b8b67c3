/** Trouble while changes go to Pipedrive: one person fails alone, nothing is doubled, and the next sync finishes. */
import { describe, expect, it } from 'vitest'
import { fastClock } from '../../src/base/clock.ts'
import type { SyncReport } from '../../src/service/index.ts'
import type { Fault } from '../../src/simulators/index.ts'
import {
  addPerson,
  contactOf,
  expectAccounted,
  type JourneyOptions,
  only,
  openJourney,
  pipedriveWrites,
  writesOf,
} from '../support/journey.ts'

const names = ['ada', 'ben', 'cem', 'dee']
const emailOf = (name: string): string => `${name}@faults.test`
/** Only where a request is to be given up: a busy machine is no trouble of Pipedrive's. */
const timeoutMs = 2_500
/** Waiting before a call is repeated passes so much faster than on the machine's clock. */
const speed = 10

/** Four persons in step; `commits` counts what was really changed in Pipedrive through the API. */
async function openWithFour(options: JourneyOptions = {}) {
  const journey = await openJourney({
    data: { persons: 12 },
    twoWay: true,
    clock: fastClock(speed),
    ...options,
  })
  const { pipedrive, brevo } = journey.sandbox
  const industry =
    pipedrive.state.seed.fields.find(({ field_name }) => field_name === 'Industry')?.field_code ?? ''
  const ids = new Map(
    names.map((name) => [
      name,
      addPerson(journey, emailOf(name), {
        name: `${name} Old`,
        phones: only('010-1234-5678'.replace('1234', String(2000 + names.indexOf(name)))),
        custom_fields: { [industry]: 'Steel' },
      }),
    ]),
  )
  const commits = new Map<number, number>()
  pipedrive.state.subscribe(({ entity, id, actor }) => {
    if (entity === 'person' && actor.source === 'api')
      commits.set(Number(id), (commits.get(Number(id)) ?? 0) + 1)
  })
  expect(await journey.sync()).toMatchObject({ status: 'complete' })
  commits.clear()
  const idOf = (name: string): number => ids.get(name) ?? 0
  const person = (name: string) => {
    const found = pipedrive.state.find('person', idOf(name))
    if (!found) throw new Error(`${name} is gone`)
    return found
  }
  return {
    journey,
    pipedrive,
    brevo: brevo.state,
    idOf,
    person,
    commits: () => names.map((name) => commits.get(idOf(name)) ?? 0),
    industries: () => names.map((name) => person(name).custom_fields?.[industry] ?? null),
    editAll: (value: string) => {
      for (const name of names) brevo.state.editContact(emailOf(name), { INDUSTRY: value })
    },
  }
}

type Four = Awaited<ReturnType<typeof openWithFour>>

async function syncTo({ journey }: Pick<Four, 'journey'>, status: string): Promise<SyncReport> {
  const report = await journey.sync()
  expect(report).toMatchObject({ status })
  if (status === 'complete') expect(report.reason).toBeNull()
  else expect(report.reason).toMatch(/\S/)
  if (status !== 'paused') expectAccounted(report)
  return report
}

/** A further sync writes on neither side. */
async function quietly({ journey }: Pick<Four, 'journey'>): Promise<void> {
  // A slow request is noted once it is answered, however long ago it was given up.
  const count = () => pipedriveWrites(journey).filter((call) => call.fault !== 'slow').length
  const before = count()
  const inBrevo = await writesOf(journey, () => syncTo({ journey }, 'complete'))
  expect([inBrevo, count() - before]).toEqual([0, 0])
  expect(await journey.service.failures.list()).toEqual([])
}

const status = (code: number, headers: Record<string, string> = {}): Fault => ({
  kind: 'status',
  status: code,
  headers,
})

/** What Ben's person meets, how often, and whether it is for Ben to mend before it goes on. */
const TROUBLE: Record<string, { fault: Fault; times: number; refused?: true }> = {
  'once 429': { fault: status(429, { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '1' }), times: 1 },
  503: { fault: status(503), times: 20 },
  'a cut before': { fault: { kind: 'cut-before' }, times: 20 },
  'a cut after': { fault: { kind: 'cut-after' }, times: 20 },
  'a timeout after it was done': { fault: { kind: 'slow', ms: (timeoutMs + 600) * speed }, times: 2 },
  'half of the JSON': { fault: { kind: 'half-json' }, times: 20 },
  HTML: { fault: { kind: 'html', status: 200 }, times: 20 },
  400: { fault: status(400), times: 20, refused: true },
  403: { fault: status(403), times: 20, refused: true },
}

describe('a write to Pipedrive that meets trouble', () => {
  it.each(Object.keys(TROUBLE))(
    'R6.2 %s: one person waits alone, and the next sync finishes',
    async (name) => {
      const four = await openWithFour(name === 'a timeout after it was done' ? { timeoutMs } : {})
      const { fault, times, refused } = TROUBLE[name] ?? { fault: status(500), times: 1 }
      const { faults } = four.pipedrive
      faults.add({ method: 'PATCH', path: `/persons/${four.idOf('ben')}$`, times, fault })
      four.editAll('Glass')
      // What arrived without an answer is seen when it is looked at again, still within the same sync.
      const arrived = ['once 429', 'a cut after', 'a timeout after it was done', 'half of the JSON'].includes(
        name,
      )
      const report = await syncTo(four, arrived ? 'complete' : 'incomplete')
      const [ada, ben, cem, dee] = four.industries()
      expect([ada, cem, dee]).toEqual(['Glass', 'Glass', 'Glass'])
      expect(ben).toBe(arrived ? 'Glass' : 'Steel')
      expect(report.persons.updated).toBeGreaterThanOrEqual(3)
      // Nothing of it goes back to Brevo.
      expect(names.map((one) => contactOf(four.journey, emailOf(one)).attributes.INDUSTRY)).toEqual(
        names.map(() => 'Glass'),
      )
      faults.clear()
      if (refused) {
        expect(await four.journey.service.failures.list()).toMatchObject([
          { entity: 'person edit', id: String(four.idOf('ben')), remedy: expect.stringMatching(/retry/) },
        ])
        const { retried, report: again } = await four.journey.service.failures.retry({}, {})
        expect([retried, again?.status]).toEqual([1, 'complete'])
      } else await syncTo(four, 'complete')
      expect(four.industries()).toEqual(['Glass', 'Glass', 'Glass', 'Glass'])
      const [once, , alsoOnce, thirdOnce] = four.commits()
      expect([once, alsoOnce, thirdOnce]).toEqual([1, 1, 1])
      await quietly(four)
    },
  )

  it('R7.1 a person that is deleted in that very moment is a deletion, and the others go on', async () => {
    const four = await openWithFour()
    const { faults, state } = four.pipedrive
    const strike = faults.strike.bind(faults)
    const ben = four.idOf('ben')
    faults.strike = (method, path) => {
      if (method === 'PATCH' && path.endsWith(`/persons/${ben}`)) state.delete('person', ben)
      return strike(method, path)
    }
    four.editAll('Glass')
    await syncTo(four, 'complete')
    expect([state.find('person', ben)?.is_deleted, four.commits()]).toEqual([true, [1, 0, 1, 1]])
    await quietly(four)
    expect(contactOf(four.journey, emailOf('ben')).listIds).not.toContain(60)
  })
})

describe('a write that is refused again and again', () => {
  it.each([
    ['Pipedrive', 'PATCH', '/persons/\\d+$', 400],
    ['Brevo', 'PUT', '/contacts/\\d+$', 503],
  ] as const)('R9.3 by %s is no field that goes in circles', async (where, method, path, code) => {
    const four = await openWithFour()
    const { journey, brevo, pipedrive, industries, editAll, idOf } = four
    const { faults } = where === 'Pipedrive' ? pipedrive : journey.sandbox.brevo
    // Something lately went to Pipedrive: from then on what goes to Brevo is counted, too.
    editAll('Glass')
    await syncTo(four, 'complete')
    const industry =
      pipedrive.state.seed.fields.find(({ field_name }) => field_name === 'Industry')?.field_code ?? ''
    if (where === 'Pipedrive') editAll('Paper')
    else
      for (const name of names)
        pipedrive.state.patch('person', idOf(name), { custom_fields: { [industry]: 'Paper' } })
    faults.add({ method, path, times: 1_000, fault: status(code) })
    for (let round = 0; round < 8; round++) {
      // Whatever else happens to a contact has it compared again.
      for (const name of names) {
        if (round % 2 === 0) brevo.addToList(emailOf(name), 2)
        else brevo.removeFromList(emailOf(name), 2)
      }
      await syncTo(four, 'incomplete')
    }
    const codes = (await journey.service.failures.list()).map((failure) => failure.code)
    expect(codes).not.toContain('field_loops')
    faults.clear()
    await journey.service.failures.retry({}, {})
    expect(industries()).toEqual(names.map(() => 'Paper'))
    expect(names.map((name) => contactOf(journey, emailOf(name)).attributes.INDUSTRY)).toEqual(
      names.map(() => 'Paper'),
    )
    await quietly(four)
  })
})

describe('the look at a person before it is written to', () => {
  it.each([
    ['503', status(503)],
    ['400', status(400)],
    ['HTML', { kind: 'html', status: 200 }],
  ] as const)('R6.2 that meets %s leaves that person for the next sync', async (_, fault) => {
    const four = await openWithFour()
    four.pipedrive.faults.add({ method: 'GET', path: `/persons/${four.idOf('ben')}$`, times: 40, fault })
    four.editAll('Glass')
    expect((await syncTo(four, 'incomplete')).reason).toMatch(/Pipedrive/)
    expect([four.industries(), four.commits()]).toEqual([
      ['Glass', 'Steel', 'Glass', 'Glass'],
      [1, 0, 1, 1],
    ])
    four.pipedrive.faults.clear()
    await syncTo(four, 'complete')
    expect([four.industries()[1], four.commits()]).toEqual(['Glass', [1, 1, 1, 1]])
    await quietly(four)
  })
})

describe('the look at a contact for why it is blocklisted', () => {
  it('R6.2 that fails leaves that person for the next sync, and no other', async () => {
    const four = await openWithFour()
    const { journey, brevo, industries, person, editAll } = four
    brevo.blockContact(emailOf('ben'))
    editAll('Glass')
    const id = contactOf(journey, emailOf('ben')).id
    const { faults } = journey.sandbox.brevo
    faults.add({ method: 'GET', path: `/contacts/${id}$`, times: 100, fault: status(503) })
    await syncTo(four, 'incomplete')
    expect(industries()).toEqual(names.map((name) => (name === 'ben' ? 'Steel' : 'Glass')))
    faults.clear()
    await syncTo(four, 'complete')
    expect(industries()).toEqual(names.map(() => 'Glass'))
    expect(Object.values(person('ben').custom_fields ?? {})).toHaveLength(2)
    await quietly(four)
  })
})

describe('a backlog of edits', () => {
  it('R9.2 reads a person again that waited behind others, and loses no phone that came meanwhile', async () => {
    const { journey, pipedrive, brevo } = await openWithFour()
    const more = Array.from({ length: 8 }, (_, index) => `more${index}@faults.test`)
    const own = more.map((email, index) =>
      addPerson(journey, email, { phones: only(`010-7000-000${index}`) }),
    )
    expect(await journey.sync()).toMatchObject({ status: 'complete' })
    more.forEach((email, index) => {
      brevo.editContact(email, { SMS: `8210800000${index}0` })
    })
    const last = own.at(-1) ?? 0
    pipedrive.faults.add({
      method: 'PATCH',
      path: '/persons/\\d+$',
      times: 4,
      fault: { kind: 'slow', ms: 4_000 },
    })
    let added = false
    pipedrive.state.subscribe(({ entity, id, actor }) => {
      if (added || entity !== 'person' || actor.source !== 'api' || id === last) return
      added = true
      const { phones } = pipedrive.state.find('person', last) ?? { phones: [] }
      const second = { value: '02-555-0100', primary: false, label: 'home' }
      pipedrive.state.patch('person', last, { phones: [...phones, second] })
    })
    expect(await journey.sync()).toMatchObject({ status: 'complete', persons: { updated: 8 } })
    expect(added).toBe(true)
    expect(pipedrive.state.find('person', last)?.phones).toMatchObject([
      { value: expect.stringMatching(/80000070|8000-0070/), primary: true },
      { value: '02-555-0100', primary: false },
    ])
  })
})

describe('a day’s budget that is spent in the middle', () => {
  it('R6.1 pauses, says until when, and goes on afterwards without doing anything twice', async () => {
    const four = await openWithFour()
    const { faults, state } = four.pipedrive
    const strike = faults.strike.bind(faults)
    let seen = 0
    faults.strike = (method, path) => {
      if (method === 'PATCH' && ++seen === 3) state.spendTokens(10_000_000)
      return strike(method, path)
    }
    four.editAll('Glass')
    const report = await syncTo(four, 'paused')
    expect(report.reason).toMatch(/budget|tokens/)
    expect(Date.parse(report.resumeAt ?? '')).toBeGreaterThan(Date.now())
    expect(four.industries().filter((value) => value === 'Glass').length).toBeLessThan(4)
    // As on the next day.
    state.spendTokens(-10_000_000)
    const again = await syncTo(four, 'complete')
    expect(again).toMatchObject({ run: report.run, persons: { updated: 4 } })
    expect([four.industries(), four.commits()]).toEqual([names.map(() => 'Glass'), [1, 1, 1, 1]])
    await quietly(four)
  })
})

describe('an account that takes not everything', () => {
  it('R9.1 refuses the parts of a name: the whole name goes instead', async () => {
    const four = await openWithFour({ pipedrive: { switches: { nameParts: 'refused' } } })
    four.brevo.editContact(emailOf('ada'), { FIRSTNAME: 'Augusta', LASTNAME: 'King' })
    await syncTo(four, 'complete')
    expect(four.person('ada')).toMatchObject({
      name: 'Augusta King',
      first_name: 'Augusta',
      last_name: 'King',
    })
    expect(contactOf(four.journey, emailOf('ada')).attributes).toMatchObject({
      FIRSTNAME: 'Augusta',
      LASTNAME: 'King',
      FULLNAME: 'Augusta King',
    })
    await quietly(four)
  })

  it('R9.1 adds to addresses and numbers instead of replacing them: the new ones come first', async () => {
    const four = await openWithFour({ pipedrive: { switches: { contactArrays: 'merge' } } })
    four.brevo.editContact(emailOf('ada'), { EMAIL: 'augusta@faults.test', SMS: '821099998888' })
    await syncTo(four, 'complete')
    const primary = (items: readonly { value: string; primary: boolean }[]) =>
      items.filter((item) => item.primary).map((item) => item.value.replace(/\D*/g, '') || item.value)
    expect(four.person('ada').emails.filter((item) => item.primary)).toMatchObject([
      { value: 'augusta@faults.test' },
    ])
    expect(primary(four.person('ada').phones)).toEqual([expect.stringMatching(/99998888$/)])
    expect(contactOf(four.journey, 'augusta@faults.test').attributes.SMS).toBe('821099998888')
    await quietly(four)
  })

  it.each(['merge', 'replace'] as const)(
    'R9.1 where arrays %s, taking a number away takes it away, or says that it does not',
    async (contactArrays) => {
      const four = await openWithFour({ pipedrive: { switches: { contactArrays } } })
      four.brevo.editContact(emailOf('ada'), { SMS: '' })
      const report = await four.journey.sync()
      expect(report.status).toBe(contactArrays === 'replace' ? 'complete' : 'incomplete')
      if (contactArrays === 'merge')
        expect(await four.journey.service.failures.list()).toMatchObject([
          { entity: 'person edit', code: 'pipedrive_not_kept', message: expect.stringMatching(/SMS/) },
        ])
      const before = pipedriveWrites(four.journey).length
      const inBrevo = await writesOf(four.journey, () => four.journey.sync())
      // Whatever came of it, it goes on for ever in neither direction.
      expect([inBrevo, pipedriveWrites(four.journey).length - before]).toEqual([0, 0])
      if (contactArrays === 'replace') expect(four.person('ada').phones).toEqual([])
    },
  )

  it.each([403, 'ignored'] as const)(
    'R9.1 answers %s to a field of Contact Sync: Brevo keeps its value, the failure says so, the others go on',
    async (contactSyncWrites) => {
      const four = await openWithFour({
        pipedrive: { switches: { contactSync: true, contactSyncWrites } },
        yaml: (text) => text.replace('  phone: SMS\n', '  phone: SMS\n  job_title: JOB_TITLE\n'),
      })
      const { switches } = four.pipedrive.state
      // The feature is taken from the account after it was mapped.
      switches.contactSync = false
      four.editAll('Glass')
      four.brevo.editContact(emailOf('ben'), { JOB_TITLE: 'Captain' })
      await syncTo(four, 'incomplete')
      const [ada, , cem, dee] = four.industries()
      expect([ada, cem, dee]).toEqual(['Glass', 'Glass', 'Glass'])
      expect(await four.journey.service.failures.list()).toMatchObject([
        { entity: 'person edit', id: String(four.idOf('ben')) },
      ])
      expect(contactOf(four.journey, emailOf('ben')).attributes.JOB_TITLE).toBe('Captain')
      switches.contactSync = true
      const { report } = await four.journey.service.failures.retry({}, {})
      expect(report).toMatchObject({ status: 'complete' })
      expect(four.person('ben').job_title).toBe('Captain')
      expect(four.industries()).toEqual(names.map(() => 'Glass'))
      await quietly(four)
    },
  )
})
