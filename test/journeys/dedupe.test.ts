/** `tajo dedupe`: duplicates are found without a request, merged in Pipedrive once each, and Brevo follows (rules R1.2, R7.2). */
import { describe, expect, it, onTestFinished } from 'vitest'
import type { MergeReport, MergeSelection } from '../../src/service/index.ts'
import {
  addPerson,
  contactOf,
  expectAccounted,
  type Journey,
  only,
  openJourney,
  pipedriveWrites,
  writesOf,
} from '../support/journey.ts'
import { openLiveJourney } from '../support/live-journey.ts'
import { openScene, startTajo } from './cli-process.ts'

const email = 'ada.twice@test.example'
/** Whoever merges writes to Pipedrive, which a journey in one direction never does. */
const small = { data: { persons: 12 }, twoWay: true } as const
const telling = {
  ...small,
  yaml: (text: string) =>
    `${text}\nwebhooks:\n  - event_action: merged\n    event_object: person\n    brevo_event: contact_merged\n`,
} as const

/** Two persons with one address: the first is older and has a deal, an activity and a lead; the second leads. */
function addTwins(
  journey: Pick<Journey, 'sandbox'>,
  address = email,
): { first: number; second: number; deal: number } {
  const { state } = journey.sandbox.pipedrive
  const first = addPerson(journey, address, { name: 'Ada Twice', add_time: '2020-01-01T00:00:00Z' })
  const second = addPerson(journey, address.toUpperCase(), {
    name: 'Ada Twice',
    phones: only('010-4321-8765'),
    add_time: '2024-01-01T00:00:00Z',
  })
  const deal = state.insert('deal', { title: 'Big', person_id: first, value: 100 }).id
  state.insert('lead', { title: 'Warm', person_id: first })
  state.patch('person', second, { name: `${address.slice(0, 3)} T. Wice` })
  // Added within one second, neither would be the newer one.
  Object.assign(state.tables.person.get(first) ?? {}, { update_time: '2024-01-01T00:00:00Z' })
  return { first, second, deal }
}

async function complete(journey: Journey): Promise<void> {
  const report = await journey.sync()
  expect(report).toMatchObject({ status: 'complete', reason: null })
  expectAccounted(report)
}

async function silent(journey: Journey): Promise<void> {
  const before = pipedriveWrites(journey).length
  expect(await writesOf(journey, () => complete(journey))).toBe(0)
  expect(pipedriveWrites(journey).length - before).toBe(0)
}

/** As the command does it: what the plan says. */
async function merge(journey: Journey, selection: MergeSelection = {}): Promise<MergeReport> {
  const plan = await journey.service.dedupe.plan(selection)
  return journey.service.dedupe.merge(plan.merges)
}

const mergesSent = (journey: Journey) =>
  pipedriveWrites(journey).filter(({ path, method }) => method === 'PUT' && path.endsWith('/merge'))

const personNow = ({ sandbox }: Journey, id: number) => sandbox.pipedrive.state.tables.person.get(id)

describe('listing duplicates', () => {
  it('R1.2 shows who would stay, what it would get and what is lost, without a request', async () => {
    const journey = await openJourney(small)
    const { first, second } = addTwins(journey)
    const { state } = journey.sandbox.pipedrive
    const industry = state.seed.fields.find(({ field_name }) => field_name === 'Industry')?.field_code ?? ''
    state.patch('person', first, { custom_fields: { [industry]: 'Steel' } })
    Object.assign(state.tables.person.get(first) ?? {}, { update_time: '2024-01-01T00:00:00Z' })
    await complete(journey)
    const before = journey.sandbox.pipedrive.calls.all().length
    const report = await journey.service.dedupe.list()
    expect(report).toMatchObject({ survivor: 'lead', suggestionCount: 0, listedAt: expect.any(String) })
    const [cluster, ...others] = report.clusters
    expect(others).toEqual([])
    expect(cluster).toMatchObject({
      kind: 'same_email',
      because: ['same_email'],
      shared: [email],
      namesDiffer: true,
      survivorId: second,
      persons: [
        { personId: second, phone: '010-4321-8765', deals: { open: 0, won: 0, lost: 0 } },
        { personId: first, name: 'Ada Twice', deals: { open: 1, won: 0, lost: 0 } },
      ],
      gains: expect.arrayContaining([
        { field: industry, name: 'Industry', value: 'Steel', fromPersonId: first },
      ]),
      losses: [{ name: 'Name', kept: 'ada T. Wice', lost: 'Ada Twice', fromPersonId: first }],
    })
    for (const rule of ['oldest', 'most_deals'] as const) {
      const { clusters } = await journey.service.dedupe.list({ survivor: rule })
      expect(clusters).toMatchObject([
        { survivorId: first, gains: expect.arrayContaining([expect.objectContaining({ field: 'phones' })]) },
      ])
    }
    expect(journey.sandbox.pipedrive.calls.all().length - before).toBe(0)
    expect(mergesSent(journey)).toEqual([])
  })

  it('finds in the messy account the same clusters as an eye over the seed', async () => {
    const journey = await openJourney({ ...small, data: 'messy' })
    await journey.sync({ dryRun: true })
    const { clusters } = await journey.service.dedupe.list()
    const { state } = journey.sandbox.pipedrive
    const idsOf = new Map<string, number[]>()
    for (const person of state.tables.person.all()) {
      if (person.is_deleted) continue
      const filled = person.emails.filter(({ value }) => value.trim() !== '')
      const address = (filled.find(({ primary }) => primary) ?? filled[0])?.value.trim().toLowerCase()
      if (address?.includes('@') && !address.includes('@@'))
        idsOf.set(address, [...(idsOf.get(address) ?? []), person.id])
    }
    const expected = [...idsOf.values()]
      .filter((ids) => ids.length > 1)
      .map((ids) => ids.toSorted((a, b) => a - b))
    const found = clusters.map(({ persons }) =>
      persons.map(({ personId }) => personId).toSorted((a, b) => a - b),
    )
    expect(found.flat().length).toBeGreaterThan(15)
    expect(found.toSorted()).toEqual(expected.toSorted())
  })
})

describe('merging', () => {
  it.each([
    ['lead', 'second'],
    ['oldest', 'first'],
  ] as const)(
    'R7.2 by the rule %s leaves one person with everything and one contact that is its',
    async (rule, stays) => {
      const journey = await openJourney(telling)
      const twins = addTwins(journey)
      await complete(journey)
      const contactId = contactOf(journey, email).id
      const report = await merge(journey, { survivor: rule })
      const [survivor, loser] = stays === 'first' ? [twins.first, twins.second] : [twins.second, twins.first]
      expect(report).toMatchObject({
        status: 'complete',
        merged: 1,
        follows: 'sync',
        items: [{ loserId: loser, survivorId: survivor, state: 'merged', message: null }],
      })
      expect(report.requests.tokens).toBeLessThanOrEqual(60)
      expect(personNow(journey, loser)?.is_deleted).toBe(true)
      expect(personNow(journey, survivor)?.phones).toMatchObject(only('010-4321-8765'))
      expect((await journey.service.dedupe.list()).clusters).toEqual([])

      await complete(journey)
      const contact = contactOf(journey, email)
      expect(contact).toMatchObject({ id: contactId, attributes: { EXT_ID: `pipedrive-person-${survivor}` } })
      expect(await journey.service.explain(String(survivor))).toMatchObject({ outcome: 'in_step', contactId })
      expect(await journey.service.explain(String(loser))).toMatchObject({ outcome: 'deleted' })
      const events = journey.sandbox.brevo.state
        .events()
        .filter(({ event_name }) => event_name === 'contact_merged')
      expect(events.map(({ contact_id }) => contact_id)).toEqual([contactId])
      await silent(journey)
      expect(await merge(journey)).toMatchObject({ status: 'complete', merged: 0, items: [] })
      expect(mergesSent(journey)).toHaveLength(1)
    },
  )

  it("R7.2 takes the loser's deals along, also where Pipedrive does not count that as an edit of them", async () => {
    const journey = await openJourney(small)
    const { second, deal } = addTwins(journey)
    const dealNow = () => journey.sandbox.pipedrive.state.tables.deal.get(deal)
    const editedLongAgo = () => Object.assign(dealNow() ?? {}, { update_time: '2024-01-01T00:00:00Z' })
    editedLongAgo()
    await complete(journey)
    expect(contactOf(journey, email).attributes.OPEN_DEALS).toBe(1)
    await merge(journey)
    expect(dealNow()?.person_id).toBe(second)
    editedLongAgo()
    await complete(journey)
    expect(contactOf(journey, email).attributes.OPEN_DEALS).toBe(1)
    await silent(journey)
  })

  it('R7.2 of a named suggestion lets the other contact go, and an unnamed one stays', async () => {
    const journey = await openJourney(small)
    const { state } = journey.sandbox.pipedrive
    const one = addPerson(journey, 'eva@work.example', { name: 'Eva Two', phones: only('010-1111-2222') })
    const two = addPerson(journey, 'eva@home.example', { name: 'eva  two', phones: only('+82 10-1111-2222') })
    const three = addPerson(journey, 'bob@work.example')
    state.patch('person', three, {
      emails: [...only('bob@work.example'), { value: 'robert@work.example', primary: false, label: 'home' }],
    })
    const four = addPerson(journey, 'robert@work.example')
    state.patch('person', two, { job_title: 'CEO' })
    await complete(journey)
    expect(await merge(journey)).toMatchObject({ merged: 0 })
    const { suggestions, suggestionCount } = await journey.service.dedupe.list({ suggestions: true })
    expect(suggestionCount).toBe(2)
    expect(suggestions.map(({ because }) => because)).toEqual([['same_phone_and_name'], ['shared_address']])
    const left = contactOf(journey, 'eva@work.example').id
    expect(await merge(journey, { survivor: 'oldest', include: [two], only: [two] })).toMatchObject({
      merged: 1,
    })
    expect([one, two, three, four].map((id) => personNow(journey, id)?.is_deleted ?? false)).toEqual([
      false,
      true,
      false,
      false,
    ])
    await complete(journey)
    expect(contactOf(journey, 'eva@work.example').id).toBe(left)
    expect(contactOf(journey, 'eva@home.example').listIds).toEqual([])
    await silent(journey)
  })

  it('leaves alone who is named nowhere, and says so of ids that have no duplicate', async () => {
    const journey = await openJourney(small)
    const { first } = addTwins(journey)
    const others = addTwins(journey, 'bob.twice@test.example')
    await complete(journey)
    await expect(journey.service.dedupe.plan({ only: [1] })).rejects.toMatchObject({
      code: 'duplicate_unknown',
    })
    expect(await merge(journey, { only: [first] })).toMatchObject({ merged: 1 })
    const { clusters } = await journey.service.dedupe.list()
    expect(clusters.map(({ survivorId }) => survivorId)).toEqual([others.second])
  })

  it('skips who changed since, and loses nobody', async () => {
    const journey = await openJourney(small)
    const { first, second } = addTwins(journey)
    const others = addTwins(journey, 'bob.twice@test.example')
    await complete(journey)
    const { merges } = await journey.service.dedupe.plan()
    const { state } = journey.sandbox.pipedrive
    state.patch('person', first, { emails: only('ada.alone@test.example') })
    state.delete('person', others.first)
    expect(await journey.service.dedupe.merge(merges)).toMatchObject({
      status: 'complete',
      merged: 0,
      skipped: 2,
      items: [
        { loserId: first, message: expect.stringContaining('different e-mail') },
        { loserId: others.first, message: expect.stringContaining('deleted') },
      ],
    })
    expect(mergesSent(journey)).toEqual([])
    await complete(journey)
    expect(contactOf(journey, 'ada.alone@test.example').attributes.EXT_ID).toBe(`pipedrive-person-${first}`)
    expect(contactOf(journey, email).attributes.EXT_ID).toBe(`pipedrive-person-${second}`)
  })
})

describe('a merge that does not go smoothly', () => {
  it('whose answer is lost is looked at, and not sent again', async () => {
    const journey = await openJourney(small)
    const { first } = addTwins(journey)
    await complete(journey)
    journey.sandbox.pipedrive.faults.add({ fault: { kind: 'cut-after' }, method: 'PUT', path: '/merge$' })
    expect(await merge(journey)).toMatchObject({ status: 'complete', merged: 1 })
    expect(personNow(journey, first)?.is_deleted).toBe(true)
    expect(mergesSent(journey)).toHaveLength(1)
    await complete(journey)
    await silent(journey)
  })

  it('after which nobody could look is looked at by the next, which finds it done', async () => {
    const journey = await openJourney(small)
    const { first, second } = addTwins(journey)
    await complete(journey)
    const { faults } = journey.sandbox.pipedrive
    const { merges } = await journey.service.dedupe.plan()
    const stop = new AbortController()
    faults.add({ fault: { kind: 'cut-after' }, method: 'PUT', path: '/merge$' })
    faults.add({
      fault: { kind: 'status', status: 503 },
      method: 'GET',
      path: `/persons/${first}$`,
      after: 1,
      times: 50,
    })
    const cut = await journey.service.dedupe.merge(merges, { signal: stop.signal })
    expect(cut).toMatchObject({ status: 'incomplete', merged: 0, left: 1 })
    faults.clear()
    await journey.reopen()
    expect(await merge(journey)).toMatchObject({
      status: 'complete',
      merged: 1,
      items: [{ loserId: first, survivorId: second }],
    })
    expect(mergesSent(journey)).toHaveLength(1)
    await complete(journey)
    expect(contactOf(journey, email).attributes.EXT_ID).toBe(`pipedrive-person-${second}`)
  })

  it('that surely never left is made by the next', async () => {
    const journey = await openJourney(small)
    const { first } = addTwins(journey)
    await complete(journey)
    journey.sandbox.pipedrive.faults.add({ fault: { kind: 'cut-before' }, method: 'PUT', path: '/merge$' })
    expect(await merge(journey)).toMatchObject({ status: 'incomplete', merged: 0, left: 1 })
    expect(personNow(journey, first)?.is_deleted ?? false).toBe(false)
    expect(await merge(journey)).toMatchObject({ status: 'complete', merged: 1 })
    expect(personNow(journey, first)?.is_deleted).toBe(true)
  })

  it('of a suggestion is gone on with, and drags no other suggestion along', async () => {
    const journey = await openJourney(small)
    const values = { name: 'Eva Three', phones: only('010-1111-2222') }
    const ids = ['a', 'b', 'c'].map((letter) => addPerson(journey, `${letter}@eva.example`, values))
    // The same name and number under two addresses: the addresses are merged, the suggestion is not.
    const twins = ['ida@one.example', 'ida@two.example'].flatMap((address) =>
      [1, 2].map(() => addPerson(journey, address, { name: 'Ida', phones: only('010-3333-4444') })),
    )
    await complete(journey)
    const { faults } = journey.sandbox.pipedrive
    faults.add({ fault: { kind: 'cut-before' }, method: 'PUT', path: '/merge$', after: 1, times: 3 })
    expect(await merge(journey, { include: [ids[1] ?? 0] })).toMatchObject({
      status: 'incomplete',
      merged: 1,
      left: 3,
    })
    expect(mergesSent(journey)).toHaveLength(4)
    faults.clear()
    const plan = await journey.service.dedupe.plan()
    expect(plan.merges.map(({ because }) => because)).toEqual([
      ['same_phone_and_name'],
      ['same_email'],
      ['same_email'],
    ])
    expect(await journey.service.dedupe.merge(plan.merges)).toMatchObject({ status: 'complete', merged: 3 })
    const alive = [...ids, ...twins].filter((id) => !personNow(journey, id)?.is_deleted)
    expect(alive).toEqual([ids[0], twins[0], twins[2]])
    await complete(journey)
    await silent(journey)
  })

  it('leaves the rest for later when three in a row get no answer', async () => {
    const journey = await openJourney(small)
    for (const name of ['a', 'b', 'c', 'd', 'e']) addTwins(journey, `${name}.twice@test.example`)
    await complete(journey)
    journey.sandbox.pipedrive.faults.add({ fault: { kind: 'cut-before' }, path: '/merge$', times: 9 })
    expect(await merge(journey)).toMatchObject({ status: 'incomplete', merged: 0, left: 5 })
    expect(mergesSent(journey)).toHaveLength(3)
  })

  it('because Pipedrive refuses it fails alone, with its words, and is shown until it succeeds', async () => {
    const journey = await openJourney(small)
    const { first } = addTwins(journey)
    addTwins(journey, 'bob.twice@test.example')
    await complete(journey)
    const body = JSON.stringify({
      success: false,
      error: 'This person is locked by Leadbooster',
      errorCode: 400,
    })
    journey.sandbox.pipedrive.faults.add({
      fault: { kind: 'status', status: 400, body },
      path: `/persons/${first}/merge$`,
    })
    const words = expect.stringContaining('locked by Leadbooster')
    expect(await merge(journey)).toMatchObject({
      status: 'incomplete',
      merged: 1,
      failed: 1,
      items: [{ loserId: first, state: 'failed', message: words }, { state: 'merged' }],
    })
    const { clusters } = await journey.service.dedupe.list()
    expect(clusters).toMatchObject([{ failed: [{ loserId: first, message: words }] }])
    expect(await merge(journey)).toMatchObject({ status: 'complete', merged: 1 })
    expect((await journey.service.dedupe.list()).clusters).toEqual([])
  })

  it('because the budget is spent pauses, says when it goes on, and goes on where it stood', async () => {
    const journey = await openJourney({ ...small, pipedrive: { limits: { dailyTokens: 900 } } })
    const addresses = Array.from({ length: 20 }, (_, index) => `twin${index}@test.example`)
    for (const address of addresses) addTwins(journey, address)
    await complete(journey)
    const plan = await journey.service.dedupe.plan()
    expect(plan.merges).toHaveLength(20)
    expect(plan.forecast).toMatchObject({ tokens: 20 * 43, fits: false })
    const report = await journey.service.dedupe.merge(plan.merges)
    expect(report).toMatchObject({ status: 'paused', failed: 0, resumeAt: expect.any(String) })
    expect(report.merged).toBeGreaterThan(3)
    expect(report.merged + report.left).toBe(20)
    expect(mergesSent(journey).filter(({ status }) => status === 200)).toHaveLength(report.merged)
    expect((await journey.service.dedupe.list()).clusters).toHaveLength(report.left)
  })
})

describe('with a server', () => {
  it('R7.2 merging through its service brings Brevo in step at once, and tells the merge once', async () => {
    const journey = await openLiveJourney(telling)
    await journey.quiet()
    const { first, second } = addTwins(journey)
    await journey.quiet()
    const contactId = contactOf(journey, email).id
    expect(await merge(journey, { survivor: 'oldest' })).toMatchObject({ merged: 1, follows: 'server' })
    await journey.quiet()
    expect(personNow(journey, second)?.is_deleted).toBe(true)
    expect(contactOf(journey, email)).toMatchObject({
      id: contactId,
      attributes: { EXT_ID: `pipedrive-person-${first}` },
    })
    const events = journey.sandbox.brevo.state
      .events()
      .filter(({ event_name }) => event_name === 'contact_merged')
    expect(events).toHaveLength(1)
  })
})

describe('the command', () => {
  it('lists, refuses to merge unasked, merges with --yes, and finds nothing after that', async () => {
    const scene = await openScene({ data: { persons: 12 } })
    onTestFinished(() => scene.end())
    addTwins(scene)
    addTwins(scene, 'bob.twice@test.example')
    expect(await scene.run(['sync', '--json'])).toMatchObject({ code: 0 })
    const listed = await scene.run(['dedupe'])
    expect(listed).toMatchObject({ code: 0, stderr: '' })
    expect(listed.stdout).toMatch(/ada\.twice@test\.example.*\n.*names differ[\s\S]*stays[\s\S]*goes/)
    const document = JSON.parse((await scene.run(['dedupe', '--json'])).stdout)
    const [one, two] = document.clusters
    const unasked = await scene.run(['dedupe', '--merge'])
    expect(unasked).toMatchObject({ code: 2, stdout: '' })
    expect(unasked.stderr).toContain('--yes')
    expect(await scene.run(['dedupe', '--only', '5'])).toMatchObject({ code: 2 })
    const args = ['dedupe', '--merge', '--yes', '--only', String(one.survivorId)]
    const merged = await scene.run(args)
    expect(merged).toMatchObject({ code: 0 })
    expect(merged.stdout).toMatch(/43 tokens[\s\S]*1 person merged.*\n.*tajo sync/)
    // Nobody else has this address now.
    expect(await scene.run(args)).toMatchObject({ code: 2 })
    expect(JSON.parse((await scene.run(['dedupe', '--json'])).stdout).clusters).toEqual([two])
    const rest = await scene.run(['dedupe', '--merge', '--yes', '--json'])
    expect(rest).toMatchObject({ code: 0 })
    expect(JSON.parse(rest.stdout)).toMatchObject({ status: 'complete', merged: 1, more: 0 })
    const nothing = await scene.run(['dedupe', '--merge', '--yes'])
    expect(nothing).toMatchObject({ code: 0, stdout: 'No duplicates to merge.\n' })
  })

  it('merges through a running server, which brings Brevo in step at once', async () => {
    const scene = await openScene({ data: { persons: 12 } })
    onTestFinished(() => scene.end())
    const { first } = addTwins(scene)
    expect(await scene.run(['sync', '--json'])).toMatchObject({ code: 0 })
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
    const merged = await scene.run(['dedupe', '--merge', '--yes', '--survivor', 'oldest'])
    expect(merged).toMatchObject({ code: 0, stdout: expect.stringContaining('running server brings Brevo') })
    expect(merged.stderr).toMatch(/Merging in Pipedrive/)
    await expect
      .poll(() => scene.sandbox.brevo.state.contact(email)?.attributes.EXT_ID, { timeout: 60_000 })
      .toBe(`pipedrive-person-${first}`)
    expect(await scene.run(['dedupe'])).toMatchObject({
      code: 0,
      stdout: 'No two persons share an e-mail.\n',
    })
  })
})
