import { describe, expect, it } from 'vitest'
import { fastClock } from '../../src/base/clock.ts'
import type { Fault } from '../../src/simulators/index.ts'
import { differences, onlyPresent } from '../support/contact-differences.ts'
import { brevoNow, expectedBrevo } from '../support/contact-oracle.ts'
import { addPerson, type Journey, only, writesOf } from '../support/journey.ts'
import { type LiveJourney, openLiveJourney } from '../support/live-journey.ts'

type Vendor = 'pipedrive' | 'brevo'

/** How many of the product's seconds pass in one of the machine's: it waits for minutes where a service has trouble. */
const SPEED = 40
const TIMEOUT_MS = 800

/** Every call of a server that is always in step. `times` in a row: more than the transport repeats, or once where a repetition is looked up first. */
const CALLS: Readonly<Record<Vendor, readonly (readonly [method: string, path: string, times?: number])[]>> =
  {
    pipedrive: [
      ['GET', '/v1/users/me$', 4],
      ['GET', '/personFields$', 4],
      ['GET', '/organizationFields$', 4],
      ['GET', '/pipelines$', 4],
      ['GET', '/stages$', 4],
      ['GET', '/v1/users$', 4],
      ['GET', '/persons$', 4],
      ['GET', '/deals$', 4],
      ['GET', '/deals/archived$', 4],
      ['GET', '/organizations$', 4],
      ['GET', '/activities$', 4],
      ['GET', '/leads$', 4],
      ['GET', '/persons/\\d+$', 4],
      ['GET', '/deals/\\d+$', 4],
      ['GET', '/organizations/\\d+$', 4],
      ['GET', '/activities/\\d+$', 4],
      ['GET', '/leads/[0-9a-f-]+$', 4],
      ['GET', '/v1/recents$', 4],
      ['GET', '/v1/webhooks$', 4],
      ['POST', '/v1/webhooks$'],
      ['DELETE', '/v1/webhooks/\\d+$'],
    ],
    brevo: [
      ['GET', '/contacts/attributes$', 4],
      ['POST', '/contacts/attributes/'],
      ['GET', '/contacts/lists$', 4],
      ['GET', '/contacts$', 4],
      ['GET', '/contacts/\\d+$', 4],
      ['GET', '/contacts/[^/]*%40', 4],
      ['POST', '/contacts$'],
      ['PUT', '/contacts/\\d+$', 4],
      ['DELETE', '/contacts/\\d+$', 4],
      ['POST', '/contacts/import$'],
      ['GET', '/processes$', 4],
      ['POST', '/contacts/lists/\\d+/contacts/add$', 4],
      ['POST', '/contacts/lists/\\d+/contacts/remove$', 4],
      ['POST', '/events$'],
      ['POST', '/events/batch$'],
      ['GET', '/events$', 4],
      ['GET', '/crm/attributes/companies$', 4],
      ['POST', '/crm/attributes$'],
      ['GET', '/companies$', 4],
      ['POST', '/companies/import$'],
      ['POST', '/companies$'],
      ['PATCH', '/companies/[0-9a-f]+$', 4],
      ['PATCH', '/companies/link-unlink/', 4],
      ['DELETE', '/companies/[0-9a-f]+$', 4],
      ['GET', '/webhooks$', 4],
      ['POST', '/webhooks$'],
      ['PUT', '/webhooks/\\d+$'],
      ['DELETE', '/webhooks/\\d+$'],
    ],
  }

type FaultOf = (vendor: Vendor, path: string, cell: number) => Fault

const FAULTS: Readonly<Record<string, FaultOf>> = {
  429: (vendor, path) => ({
    kind: 'status',
    status: 429,
    headers:
      vendor === 'brevo'
        ? {
            'x-sib-ratelimit-limit': /^.(contacts|events.$)/.test(path) ? '10' : '100',
            'x-sib-ratelimit-remaining': '0',
            'x-sib-ratelimit-reset': '1',
          }
        : { 'x-ratelimit-limit': '20', 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '1' },
  }),
  '429 with Retry-After': () => ({ kind: 'status', status: 429, headers: { 'retry-after': '2' } }),
  500: () => ({ kind: 'status', status: 500 }),
  '503 with Retry-After': () => ({ kind: 'status', status: 503, headers: { 'retry-after': '2' } }),
  'a cut before': () => ({ kind: 'cut-before' }),
  'a cut after': () => ({ kind: 'cut-after' }),
  'a timeout': () => ({ kind: 'slow', ms: TIMEOUT_MS * SPEED * 1.2 }),
  HTML: () => ({ kind: 'html', status: 200 }),
  'half of the JSON': () => ({ kind: 'half-json' }),
  401: () => ({ kind: 'status', status: 401 }),
  403: () => ({ kind: 'status', status: 403 }),
  425: () => ({ kind: 'status', status: 425 }),
}

const yaml = (text: string): string =>
  `${text
    .replace('    sync:\n', '    poll_interval: 60s\n    sync:\n')
    .replace('    lists:\n', '    delete_behavior: hard\n    lists:\n')}
webhooks:
  - event_action: "added"
    event_object: "activity"
    brevo_event: "activity_logged"
`

const vendors = ['pipedrive', 'brevo'] as const

/** Each call meets the fault when it is first made. */
function strikeAll({ sandbox }: Pick<LiveJourney, 'sandbox'>, faultOf: FaultOf, once: boolean): void {
  for (const vendor of vendors) {
    CALLS[vendor].forEach(([method, path, times = 1], cell) => {
      sandbox[vendor].faults.add({
        method,
        path,
        times: once ? 1 : times,
        fault: faultOf(vendor, path, cell),
      })
    })
  }
  // So that events are looked up, whatever else befalls them.
  sandbox.brevo.faults.add({ method: 'POST', path: '/events$', after: 2, fault: { kind: 'cut-after' } })
}

/** Calls that the scenario did not make, or no fault befell. */
function unstruck({ sandbox }: LiveJourney): string[] {
  return vendors.flatMap((vendor) => {
    const struck = sandbox[vendor].calls.all().filter((call) => call.fault !== null)
    return CALLS[vendor]
      .filter(
        ([method, path]) =>
          !struck.some((call) => call.method === method && new RegExp(path).test(call.path)),
      )
      .map(([method, path]) => `${vendor} ${method} ${path}`)
  })
}

/** Webhooks at addresses of ours that are to be mended and removed. */
async function leaveSurplus({ sandbox, environment }: Journey, url: string): Promise<void> {
  const { state } = sandbox.pipedrive
  const admin = state.seed.users.find((user) => user.is_admin)?.id ?? 1
  state.webhooks.add({
    company_id: state.seed.company.id,
    owner_id: admin,
    user_id: admin,
    event_action: '*',
    event_object: 'note',
    subscription_url: `${url}/webhooks/pipedrive`,
    version: '2.0',
    is_active: 1,
    add_time: new Date().toISOString(),
    remove_time: null,
    type: 'general',
    http_auth_user: null,
    http_auth_password: null,
    remove_reason: null,
    last_delivery_time: null,
    last_http_status: null,
    admin_id: admin,
    name: 'surplus',
  })
  for (const event of ['unsubscribed', 'hardBounce']) {
    const answer = await fetch(`${environment.BREVO_API_URL}/webhooks`, {
      method: 'POST',
      headers: { 'api-key': environment.BREVO_API_KEY ?? '', 'content-type': 'application/json' },
      body: JSON.stringify({ type: 'marketing', url: `${url}/webhooks/brevo`, events: [event] }),
    })
    expect(answer.status).toBe(201)
  }
}

async function until(what: string, is: () => boolean): Promise<void> {
  await expect.poll(is, { message: what, timeout: 240_000, interval: 100 }).toBe(true)
}

/** A little of everything that a server meets; returns the moves that were made. */
async function live(journey: LiveJourney): Promise<string[]> {
  const { pipedrive, brevo } = journey.sandbox
  const { state } = pipedrive
  const moves: string[] = []
  const move = (deal: number, from: number, to: number): void => {
    state.patch('deal', deal, { stage_id: to })
    moves.push(`${deal}: ${from} > ${to}`)
  }
  const org = state.insert('organization', { name: 'Trouble Inc' })
  const ada = addPerson(journey, 'ada.trouble@test.example', { org_id: org.id })
  const ida = addPerson(journey, 'ida.trouble@test.example', { org_id: org.id })
  const gone = addPerson(journey, 'gone.trouble@test.example')
  const persons = Array.from({ length: 60 }, (_, index) => addPerson(journey, `crowd${index}@test.example`))
  const deals = [ada, ida, ...persons].map(
    (person, index) => state.insert('deal', { title: `Trouble ${index}`, person_id: person, stage_id: 1 }).id,
  )
  const lena = addPerson(journey, 'lena.trouble@test.example')
  const lead = state.insert('lead', { title: 'A lead', person_id: lena })
  const linkedTo = (name: string): number | undefined =>
    brevo.state.companies().find((company) => company.name === name)?.linkedContactsIds.length
  await until('the company is made, and linked to both', () => linkedTo('Trouble Inc') === 2)
  await journey.quiet()
  expect(brevo.state.events()).toEqual([])

  const second = state.insert('organization', { name: 'Second Trouble' })
  state.patch('person', lena, { org_id: second.id })
  for (const deal of deals.slice(0, 5)) move(deal, 1, 2)
  state.patch('person', ada, { name: 'Ada Renamed' })
  state.patch('organization', org.id, { name: 'Trouble Ltd' })
  state.patch('person', ida, { org_id: null })
  state.archive('lead', lead.id)
  const activity = state.insert('activity', { subject: 'Call', type: 'call', person_id: ada, done: true })
  state.delete('person', gone)
  brevo.state.editContact('ida.trouble@test.example', { FULLNAME: 'Edited By Hand' })
  await journey.quiet()
  state.patch('activity', activity.id, { subject: 'Call again' })
  state.patch('person', ada, { emails: only('ada.moved@test.example') })
  // Nobody hears of these; a poll finds all of them at once.
  pipedrive.dropWebhooks(deals.length)
  for (const deal of deals) move(deal, deals.indexOf(deal) < 5 ? 2 : 1, 3)
  await until('all moves are told', () => told(journey).length >= moves.length)
  await journey.quiet()
  pipedrive.dropWebhooks(deals.length)
  for (const deal of deals) move(deal, 3, 1)
  await until('all moves back are told', () => told(journey).length >= moves.length)
  await journey.quiet()
  const areWritten = (): boolean => linkedTo('Trouble Ltd') === 1 && linkedTo('Second Trouble') === 1
  await until('the companies are written, and linked anew', areWritten)
  state.delete('organization', org.id)
  await until('the company is gone', () => !brevo.state.companies().some(({ name }) => /^Trouble/.test(name)))
  // One deal alone is read by itself.
  state.patch('deal', deals[9] ?? 0, { title: 'Alone' })
  await journey.quiet()
  await journey.service.webhooks.remove()
  for (let tries = 0; tries < 4; tries++) {
    const report = await journey.service.webhooks.register({ publicUrl: journey.url })
    if (report.status === 'complete') break
  }
  expect((await journey.service.webhooks.register({ publicUrl: journey.url })).status).toBe('complete')
  await journey.quiet()
  return moves
}

function told({ sandbox }: LiveJourney): string[] {
  return sandbox.brevo.state
    .events()
    .filter((event) => event.event_name === 'deal_stage_changed')
    .map(
      ({ event_properties: { deal_id, previous_stage_id, stage_id } }) =>
        `${deal_id}: ${previous_stage_id} > ${stage_id}`,
    )
}

describe('a server whose services are in trouble', () => {
  // Side by side: nearly all of their time is waiting.
  it.each([
    ['refused and busy', ['429', '429 with Retry-After', '425', '500', '503 with Retry-After']],
    ['cut and garbled', ['a cut before', 'a cut after', 'HTML', 'half of the JSON']],
  ])('R6.1 R5.7: calls that are %s (%j) end in the same Brevo, each event once', async (_, names) => {
    await Promise.all(names.map((name) => prove(name, FAULTS[name] as FaultOf)))
  })

  // Companies have an import timeout of their own, a minute of the machine: theirs is not waited for.
  it('R6.1 R5.7: calls that time out end in the same Brevo, each event once', async () => {
    await prove('a timeout', FAULTS['a timeout'] as FaultOf, ['brevo POST /companies/import$'])
  })

  it('R6.1: 401 or 403 at every call pauses with the remedy and goes on by itself', async () => {
    const refusals = [FAULTS[401], FAULTS[403]] as FaultOf[]
    const journey = await prove('401 or 403', (vendor, path, cell) =>
      (refusals[cell % 2] as FaultOf)(vendor, path, cell),
    )
    const pauses = journey.news.filter((item) => item.event === 'connection.paused')
    expect(pauses.length).toBeGreaterThan(5)
    for (const pause of pauses) expect(pause.message).toMatch(/enter a valid API|permission|allow this/)
    expect((await journey.live.health()).reasons).toEqual([])
  })
})

async function prove(name: string, faultOf: FaultOf, unmade: readonly string[] = []): Promise<LiveJourney> {
  const [journey, before] = await open(name, faultOf)
  const moves = await live(journey)
  expect(
    unstruck(journey).filter((call) => !unmade.includes(call)),
    name,
  ).toEqual([])
  await expectSame(journey, before, moves)
  return journey
}

type Before = ReturnType<typeof brevoNow>

async function open(name: string, faultOf: FaultOf): Promise<[LiveJourney, Before]> {
  let before: Before = {}
  const journey = await openLiveJourney({
    data: { persons: 130 },
    clock: fastClock(SPEED),
    timeoutMs: name === 'a timeout' ? TIMEOUT_MS : 30_000,
    yaml,
    async beforeLive(journey, url) {
      before = brevoNow(journey.sandbox)
      await leaveSurplus(journey, url)
      strikeAll(journey, faultOf, ['401 or 403', 'a timeout'].includes(name))
    },
  })
  const { pipedrive, brevo } = journey.sandbox
  await until(
    'webhooks are registered',
    () => pipedrive.state.webhooks.all().length === 5 && brevo.state.webhooks().length === 1,
  )
  await until('the first pass is over', () => journey.news.some((item) => item.event === 'poll.finished'))
  await journey.quiet()
  return [journey, before]
}

async function expectSame(journey: LiveJourney, before: Before, moves: readonly string[]): Promise<void> {
  const { sandbox } = journey
  const keys = sandbox.brevo.state.events().map((event) => event.event_properties.event_id)
  expect(new Set(keys).size).toBe(keys.length)
  expect(told(journey).toSorted()).toEqual(moves.toSorted())
  const now = brevoNow(sandbox)
  expect(differences(now, expectedBrevo(sandbox, onlyPresent(before, now)))).toEqual([])
  const names = sandbox.brevo.state.companies().map(({ name }) => name)
  expect(new Set(names).size).toBe(names.length)
  for (const vendor of vendors) sandbox[vendor].faults.clear()
  expect(await writesOf(journey, () => journey.sync({ full: true }))).toBe(0)
  expect(await journey.service.failures.list()).toEqual([])
}
