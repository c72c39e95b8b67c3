/** A server that is killed while skills are at work: no action is lost, and none is done twice. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it, onTestFinished } from 'vitest'
import { seededRandom } from '../../src/simulators/kit/random.ts'
import { type Journey, openJourney } from '../support/journey.ts'
import {
  addDeal,
  addList,
  eventsNamed,
  exampleSkill,
  moveDeal,
  notesOf,
  stagesOf,
  writeSkill,
} from '../support/skill-scene.ts'
import { openWebhookRelay } from '../support/webhook-relay.ts'
import { MAIN } from './cli-process.ts'

const seed = Number(process.env.TAJO_TEST_SEED ?? Date.now() % 1_000_000)
console.warn(`kills of a server with skills by TAJO_TEST_SEED=${seed}`)

const KILLS = 3
const DEALS = 12

type Serving = { child: ChildProcess; ended: Promise<unknown>; url: string }

async function serve(journey: Journey): Promise<Serving> {
  const child = spawn(process.execPath, [MAIN, 'serve', '--port', '0', '--host', '127.0.0.1'], {
    env: { ...journey.environment, LOG_LEVEL: 'warn' },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let out = ''
  const ended = once(child, 'close')
  const url = await new Promise<string>((resolve, reject) => {
    child.stdout?.on('data', (chunk) => {
      out += chunk
      const found = /Listening on (http:\S+)/.exec(out)?.[1]
      if (found !== undefined) resolve(found)
    })
    child.once('close', () => reject(new Error('the server ended before it was ready')))
  })
  return { child, ended, url }
}

/** What was uncertain is looked up by a later pass. */
async function untilCertain({ service, sync }: Journey): Promise<void> {
  for (;;) {
    await sync()
    const runs = await service.skills.runs({ limit: 1000 })
    if (!runs.some(({ state }) => state === 'sent' || state === 'waiting')) return
    await sleep(3_000)
  }
}

describe('a server that is killed while skills are at work', () => {
  it('R5.7: does each action of each run once, though answers are lost and webhooks come twice', async () => {
    const relay = await openWebhookRelay()
    onTestFinished(() => relay.close())
    const journey = await openJourney({
      data: { persons: 5 },
      twoWay: true,
      yaml: (text) => `${text}\nserver:\n  public_url: ${relay.url}\n`,
      pipedrive: { switches: { webhookDuplicateRate: 0.5, webhookReorderMs: 200 } },
      brevo: { switches: { eventVisibleAfterMs: 500 } },
    })
    const { sandbox } = journey
    const list = await addList(journey)
    writeSkill(journey, 'big-deal-alert', exampleSkill(list))
    const [, second = 0] = stagesOf(journey)
    const deals = Array.from({ length: DEALS }, (_, index) =>
      addDeal(journey, `deal${index}@test.example`, { value: index % 4 === 3 ? 10 : 9000 }),
    )
    expect(await journey.sync()).toMatchObject({ status: 'complete' })
    await journey.close()
    // Of some requests the answer is lost after they were carried out.
    for (let after = 1; after < 60; after += 4) {
      sandbox.brevo.faults.add({ method: 'POST', path: '/events$', after, fault: { kind: 'cut-after' } })
      sandbox.pipedrive.faults.add({ method: 'POST', path: '/notes$', after, fault: { kind: 'cut-after' } })
    }
    const random = seededRandom(seed)
    const moved = [...deals]
    for (let kill = 0; kill < KILLS; kill++) {
      const { child, ended, url } = await serve(journey)
      relay.target = url
      for (const deal of moved.splice(0, DEALS / KILLS)) moveDeal(journey, deal, second)
      await sleep(random.int(300, 3_000))
      relay.target = null
      expect([child.exitCode, child.signalCode]).toEqual([null, null])
      child.kill('SIGKILL')
      await ended
    }
    const { child, ended, url } = await serve(journey)
    relay.target = url
    const big = deals.filter((_, index) => index % 4 !== 3)
    const written = (): number => big.filter((deal) => notesOf(journey, deal).length > 0).length
    while (written() < big.length && child.exitCode === null) await sleep(500)
    child.kill('SIGTERM')
    await ended
    expect(child.exitCode).toBe(0)
    await journey.reopen()
    await untilCertain(journey)

    const message = `seed ${seed}`
    expect(
      deals.map((deal) => notesOf(journey, deal).length),
      message,
    ).toEqual(deals.map((deal) => (big.includes(deal) ? 1 : 0)))
    const told = eventsNamed(journey, 'big_deal_moved').map(({ event_properties }) =>
      Number(event_properties.deal_id),
    )
    expect(
      told.toSorted((a, b) => a - b),
      message,
    ).toEqual(big.toSorted((a, b) => a - b))
    expect(sandbox.brevo.state.listMembers(list), message).toHaveLength(big.length)
    const runs = await journey.service.skills.runs({ limit: 1000 })
    expect(runs.map(({ state }) => state).toSorted(), message).toEqual(
      deals.map((deal) => (big.includes(deal) ? 'done' : 'skipped')).toSorted(),
    )
    expect(await journey.service.failures.list()).toEqual([])
  })
})
