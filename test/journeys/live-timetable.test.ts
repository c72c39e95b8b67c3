import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { type ManualClock, manualClock } from '../../src/base/clock.ts'
import { loadConfig, readEnvironment } from '../../src/config/index.ts'
import type { LiveNews } from '../../src/service/index.ts'
import { createSandbox, oneWay, type Sandbox } from '../../src/simulators/index.ts'
import { openStore } from '../../src/store/index.ts'
import { differences, onlyPresent } from '../support/contact-differences.ts'
import { brevoNow, expectedBrevo } from '../support/contact-oracle.ts'
import { only, openLimits } from '../support/journey.ts'
import { type JumpingServer, openJumpingServer } from '../support/jumping-server.ts'
import { openReceiver } from '../support/live-model/receiver.ts'
import { freshDataDir } from '../support/stores.ts'

const minuteMs = 60_000
const hourMs = 60 * minuteMs
const dayMs = 24 * hourMs

type Days = {
  readonly sandbox: Sandbox
  readonly clock: ManualClock
  readonly news: LiveNews[]
  readonly server: JumpingServer
  /** Ends the server; webhooks find nobody until it is started again. */
  stop(): Promise<void>
  start(): Promise<void>
  /** Waits until webhooks have arrived, and does what is due in the next seconds. */
  settle(): Promise<void>
  pollsAt(): number[]
}

async function openDays({
  mode = 'hybrid',
  reachable = true,
}: {
  mode?: string
  reachable?: boolean
} = {}): Promise<Days> {
  const clock = manualClock(new Date('2026-03-02T00:10:00Z'))
  const sandbox = await createSandbox({ data: { persons: 40 }, clock, ...openLimits })
  const { environment, yaml } = await sandbox.start()
  const receiver = await openReceiver()
  const dataDir = freshDataDir()
  const file = join(dataDir, 'tajo.yaml')
  await writeFile(file, oneWay(yaml).replace('    sync:\n', `    sync_mode: ${mode}\n    sync:\n`))
  const env = { ...environment, TAJO_DATA_DIR: dataDir, TAJO_CONFIG: file }
  const config = loadConfig({ env: readEnvironment(env).variables, file })
  const store = await openStore({ dataDir })
  const news: LiveNews[] = []
  let server: JumpingServer | null = null
  const present = (): JumpingServer => {
    if (server === null) throw new Error('no server runs')
    return server
  }
  let taking: Promise<void> = Promise.resolve()
  const start = async (): Promise<void> => {
    const publicUrl = reachable ? receiver.url : null
    const started = await openJumpingServer({
      sandbox,
      store,
      config,
      clock,
      dataDir,
      publicUrl,
      onNews: (item) => news.push(item),
    })
    server = started
    receiver.listen('', ({ source, body }) => {
      taking = taking.then(() => started.take(source, body))
    })
  }
  const stop = async (): Promise<void> => {
    receiver.listen('', () => undefined)
    await taking
    await server?.close()
    server = null
  }
  onTestFinished(async () => {
    await stop()
    await store.close()
    await receiver.close()
    await sandbox.stop()
  })
  await start()
  return {
    sandbox,
    clock,
    news,
    get server() {
      return present()
    },
    stop,
    start,
    async settle() {
      await sandbox.pipedrive.settleWebhooks()
      await sandbox.brevo.state.webhooksQuiet()
      await taking
      await present().runFor(10_000)
    },
    pollsAt: () => present().done.flatMap(({ name, at }) => (name === 'poll' ? [at.getTime()] : [])),
  }
}

function gapsOf(times: readonly number[]): number[] {
  return times.slice(1).map((time, index) => time - (times[index] ?? 0))
}

function somebody({ sandbox }: Days) {
  const { pipedrive, brevo } = sandbox
  for (const { id, emails } of pipedrive.state.tables.person.all()) {
    const email = emails[0]?.value ?? ''
    const { tables } = pipedrive.state
    const alone = [...tables.person.all()].filter((other) => other.emails[0]?.value === email).length === 1
    if (alone && brevo.state.contact(email) !== null) return { id, email }
  }
  throw new Error('nobody has a contact')
}

function lastName({ sandbox }: Days, email: string): unknown {
  return sandbox.brevo.state.contact(email)?.attributes.LASTNAME
}

describe('sync_mode: hybrid', () => {
  it('polls are stretched to an hour while webhooks prove reliable', async () => {
    const days = await openDays()
    await days.server.runFor(dayMs / 2)
    // The clock moves on a little while a job is done.
    const gaps = gapsOf(days.pollsAt()).map((gap) => Math.floor(gap / minuteMs))
    expect(gaps.slice(0, 6)).toEqual([10, 20, 40, 60, 60, 60])
    expect(new Set(gaps.slice(6))).toEqual(new Set([60]))
  })

  it('a lost webhook is made up for by the next poll, which tightens the polls until nothing is lost any more', async () => {
    const days = await openDays()
    await days.server.runFor(dayMs / 2)
    const { id, email } = somebody(days)
    days.sandbox.pipedrive.dropWebhooks(1)
    days.sandbox.pipedrive.state.patch('person', id, { name: 'Lost Lovelace' })
    await days.settle()
    expect(lastName(days, email)).not.toBe('Lovelace')
    const before = days.pollsAt().length
    await days.server.runFor(6 * hourMs)
    expect(lastName(days, email)).toBe('Lovelace')
    expect(days.news.filter(({ event }) => event === 'webhooks.missed')).toHaveLength(1)
    const [first = 0, ...later] = gapsOf(days.pollsAt().slice(before))
    expect(first).toBeLessThan(6 * minuteMs)
    expect(later.at(-1)).toBeGreaterThanOrEqual(hourMs)
  })

  it('webhooks that told of everything tighten nothing', async () => {
    const days = await openDays()
    await days.server.runFor(dayMs / 2)
    const { id, email } = somebody(days)
    const before = days.pollsAt().length
    for (let edit = 1; edit <= 5; edit++) {
      days.sandbox.pipedrive.state.patch('person', id, { name: `Told Name${edit}` })
      await days.settle()
      expect(lastName(days, email)).toBe(`Name${edit}`)
      await days.server.runFor(50 * minuteMs)
    }
    expect(days.news.filter(({ event }) => event === 'webhooks.missed')).toEqual([])
    expect(gapsOf(days.pollsAt().slice(before)).every((gap) => gap >= hourMs)).toBe(true)
  })

  it('R7.1 a deletion of which no webhook told is found by the listing of the day', async () => {
    const days = await openDays()
    await days.server.runFor(hourMs)
    const { id, email } = somebody(days)
    const listed = () => days.sandbox.brevo.state.contact(email)?.listIds ?? []
    expect(listed()).toContain(60)
    days.sandbox.pipedrive.dropWebhooks(1)
    days.sandbox.pipedrive.state.delete('person', id)
    await days.settle()
    expect(listed()).toContain(60)
    await days.server.runFor(dayMs)
    expect(listed()).not.toContain(60)
    expect(days.server.done.filter(({ name }) => name === 'listing')).toHaveLength(2)
  })
})

describe('sync_mode: realtime', () => {
  it('polls not once in a day, and webhooks bring what changes', async () => {
    const days = await openDays({ mode: 'realtime' })
    await days.server.runFor(dayMs / 2)
    const { id, email } = somebody(days)
    days.sandbox.pipedrive.state.patch('person', id, { name: 'Ada Lovelace' })
    await days.settle()
    expect(lastName(days, email)).toBe('Lovelace')
    await days.server.runFor(dayMs / 2)
    expect(days.pollsAt()).toEqual([])
  })

  it('polls where no webhook can reach it', async () => {
    const days = await openDays({ mode: 'realtime', reachable: false })
    await days.server.runFor(hourMs)
    expect(gapsOf(days.pollsAt()).every((gap) => gap < 6 * minuteMs)).toBe(true)
    expect(days.sandbox.pipedrive.state.webhooks.all()).toEqual([])
  })
})

describe('sync_mode: batch', () => {
  it('polls in every interval, registers no webhooks, and brings what changed', async () => {
    const days = await openDays({ mode: 'batch' })
    await days.server.runFor(hourMs)
    const { id, email } = somebody(days)
    days.sandbox.pipedrive.state.patch('person', id, { name: 'Ada Lovelace' })
    await days.server.runFor(6 * minuteMs)
    expect(lastName(days, email)).toBe('Lovelace')
    await days.server.runFor(2 * hourMs)
    expect(gapsOf(days.pollsAt()).every((gap) => gap < 6 * minuteMs)).toBe(true)
    expect(days.sandbox.pipedrive.state.webhooks.all()).toEqual([])
    expect(days.sandbox.brevo.state.webhooks()).toEqual([])
  })
})

describe('a server that was down', () => {
  it.each([
    ['two hours', 2 * hourMs],
    ['four days', 4 * dayMs],
    ['fifty days', 50 * dayMs],
  ])('for %s closes the gap when it comes back, and tells each change once', async (_, downMs) => {
    const days = await openDays()
    const { state } = days.sandbox.pipedrive
    const before = brevoNow(days.sandbox)
    await days.server.runFor(2 * hourMs)
    const { id, email } = somebody(days)
    const deal = state.insert('deal', { title: 'Before', person_id: id, stage_id: 1 }).id
    await days.settle()
    const ours = brevoNow(days.sandbox)
    await days.stop()
    await days.clock.advance(downMs / 2)
    state.patch('deal', deal, { stage_id: 2 })
    state.patch('deal', deal, { stage_id: 3 })
    state.patch('person', id, { name: 'Ada Lovelace' })
    const others = [...state.tables.person.all()].filter((person) => person.id !== id && !person.is_deleted)
    const [gone, moved, archived] = others
    if (!gone || !moved || !archived) throw new Error('there are too few persons')
    state.delete('person', gone.id)
    state.patch('person', moved.id, { emails: only('moved.meanwhile@test.example') })
    const won = state.insert('deal', { title: 'Won', person_id: archived.id, stage_id: 1, value: 100 }).id
    state.patch('deal', won, { status: 'won' })
    state.archive('deal', won)
    await days.clock.advance(downMs / 2)
    await days.start()
    await days.server.runFor(5 * minuteMs)
    await days.settle()
    expect(lastName(days, email)).toBe('Lovelace')
    const told = days.sandbox.brevo.state.events()
    expect(told.map((event) => event.event_name).toSorted()).toEqual(['deal_stage_changed', 'deal_won'])
    expect(told.find((event) => event.event_name === 'deal_stage_changed')?.event_properties).toMatchObject({
      previous_stage_id: 1,
      stage_id: 3,
    })
    // A short absence leaves deletions to the listing of the day.
    await days.server.runFor(dayMs)
    const { [gone.emails[0]?.value ?? '']: left, ...now } = brevoNow(days.sandbox)
    expect(left?.lists).toEqual([])
    expect(differences(now, expectedBrevo(days.sandbox, onlyPresent(before, now), ours))).toEqual([])
    const active = days.sandbox.pipedrive.state.webhooks.all().filter((webhook) => webhook.is_active === 1)
    expect(active).toHaveLength(5)
  })
})
