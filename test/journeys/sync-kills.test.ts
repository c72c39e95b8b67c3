import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, describe, expect, it } from 'vitest'
import type { DataSetName } from '../../src/simulators/index.ts'
import { type Random, seededRandom } from '../../src/simulators/kit/random.ts'
import { differences, onlyPresent } from '../support/contact-differences.ts'
import { brevoNow, expectedBrevo } from '../support/contact-oracle.ts'
import { expectAccounted, type Journey, openJourney, writesOf } from '../support/journey.ts'
import { type PostgresServer, startPostgres, whyNoPostgres } from '../support/postgres-server.ts'

const CHILD = join(import.meta.dirname, '..', 'support', 'sync-child.ts')
const seed = Number(process.env.TAJO_TEST_SEED ?? Date.now() % 1_000_000)
console.warn(`kills by TAJO_TEST_SEED=${seed}`)

/** Starts a sync and kills it `ms` milliseconds after it began. False when it had ended by then. */
async function syncAndKill(journey: Journey, ms: number, mode: string): Promise<boolean> {
  const child = spawn(process.execPath, [CHILD, mode], {
    env: { ...process.env, ...journey.environment },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const ended = once(child, 'exit') as Promise<[number | null, NodeJS.Signals | null]>
  await Promise.race([once(child.stdout, 'data'), ended])
  await Promise.race([sleep(ms), ended])
  child.kill('SIGKILL')
  const [, signal] = await ended
  return signal === 'SIGKILL'
}

/** So that there is always something left to do: names, deals that move, persons that come and move. */
function edit({ sandbox: { pipedrive } }: Journey, random: Random, round: number): void {
  const { state } = pipedrive
  const persons = [...state.tables.person.all()].filter((person) => !person.is_deleted)
  for (let count = 0; count < 150; count++)
    state.patch('person', random.pick(persons).id, { name: `Round ${round} ${random.int(1, 99)}` })
  const deals = [...state.tables.deal.all()].filter((deal) => !deal.is_deleted && !deal.is_archived)
  for (let count = 0; count < 20; count++)
    state.patch('deal', random.pick(deals).id, { status: random.pick(['open', 'won', 'lost']) })
  for (let count = 0; count < 4; count++) {
    const id = random.pick(persons).id
    state.patch('person', id, {
      emails: [{ value: `moved${round}.${count}.${id}@test.example`, primary: true, label: 'work' }],
    })
  }
}

async function killRepeatedly(data: DataSetName, rounds: number, databaseUrl?: string): Promise<void> {
  const random = seededRandom(seed)
  const journey = await openJourney({ data, ...(databaseUrl === undefined ? {} : { databaseUrl }) })
  journey.sandbox.brevo.calls.keepBodies = false
  const before = brevoNow(journey.sandbox)
  await journey.close()
  const kills: string[] = []
  for (let round = 1; kills.length < rounds && round <= rounds * 2; round++) {
    const ms = random.int(20, 2_000)
    if (await syncAndKill(journey, ms, round % 5 === 0 ? 'full' : '')) kills.push(`${round}: ${ms} ms`)
    else edit(journey, random, round)
    if (round === rounds) edit(journey, random, round)
  }
  expect(kills.length).toBeGreaterThanOrEqual(Math.floor(rounds / 2))
  await journey.reopen()
  const report = await journey.sync()
  expect(report, `seed ${seed}, kills ${kills.join(', ')}`).toMatchObject({
    status: 'complete',
    reason: null,
  })
  expectAccounted(report)
  // A moved person leaves the contact it had before Tajo only if its new address was another's: here it never is.
  const now = brevoNow(journey.sandbox)
  const expected = expectedBrevo(journey.sandbox, onlyPresent(before, now))
  expect(differences(now, expected)).toEqual([])
  expect(await writesOf(journey, () => journey.sync({ full: true }))).toBe(0)
  if (data === 'messy' || databaseUrl !== undefined) await expectMarksKept(journey)
}

/** Rules R2.5 and R3.2 after kills: Tajo still knows what it made, and takes exactly that back. */
async function expectMarksKept(journey: Journey): Promise<void> {
  const { state } = journey.sandbox.pipedrive
  const ours = expectedBrevo(journey.sandbox, {})
  const before = brevoNow(journey.sandbox)
  for (const deal of state.tables.deal.all()) if (!deal.is_deleted) state.delete('deal', deal.id)
  for (const person of state.tables.person.all()) {
    const emptied = Object.fromEntries(Object.keys(person.custom_fields ?? {}).map((code) => [code, null]))
    if (!person.is_deleted) state.patch('person', person.id, { custom_fields: emptied })
  }
  const report = await journey.sync({ full: true })
  expect(report).toMatchObject({ status: 'complete', reason: null })
  const expected = expectedBrevo(journey.sandbox, before, ours)
  expect(differences(brevoNow(journey.sandbox), expected)).toEqual([])
}

describe('killed at random moments and run again', () => {
  let server: PostgresServer | undefined
  afterAll(() => server?.stop())

  it('R6.1 R6.3: twenty times, messy data end in the Brevo that a run without kills makes', async () => {
    await killRepeatedly('messy', 20)
  })

  it('R6.1 R6.3: six times, 3,000 persons end in the Brevo that a run without kills makes', async () => {
    await killRepeatedly({ persons: 3_000 }, 6)
  })

  const reason = whyNoPostgres()
  if (reason) console.warn(`kills are not tried on a PostgreSQL server: ${reason}`)
  it.skipIf(reason)('R6.1 R6.3: eight times on a PostgreSQL server, with the same end', async () => {
    server = await startPostgres()
    await killRepeatedly({ persons: 400 }, 8, await server.createDatabase())
  })
})
