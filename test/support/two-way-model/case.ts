/** The performance of a case: first sync, whatever happens, then peace until all is settled, and the judgement; several times. */
import { seededRandom } from '../../../src/simulators/kit/random.ts'
import { advanceTo, type Operation } from '../live-model/tajo-process.ts'
import { act, type Scene } from './deeds.ts'
import type { Case, Happening } from './happenings.ts'
import { judge } from './judge.ts'
import { Ledger } from './ledger.ts'
import { type Vows, watchVows } from './vows.ts'
import { openWorld, type Stage, type Trouble, type Webhook, type World } from './world.ts'

const day = 86_400_000

type Performing = {
  readonly world: World
  readonly scene: Scene
  readonly ledger: Ledger
  readonly vows: Vows
  readonly note: (text: string) => void
  readonly dropped: Set<Webhook>
  /** Kills and faults since all was quiet. */
  troubles: number
}

/** Throws with everything that happened, in words, when something is not as it must be. */
export async function runCase(stage: Stage, connection: string, plan: Case): Promise<void> {
  const world = await openWorld(stage, connection, plan.setting)
  const diary: string[] = []
  const note = (text: string): void => void diary.push(`${world.clock.now().toISOString()} ${text}`)
  try {
    const vows = watchVows(world, note)
    const scene: Scene = { pipedrive: world.pipedrive.state, brevo: world.brevo.state, serial: 0 }
    const ledger = new Ledger(world)
    const performing = { world, scene, ledger, vows, note, dropped: new Set<Webhook>(), troubles: 0 }
    await begin(performing, plan)
    for (const epoch of plan.epochs) {
      performing.troubles = 0
      ledger.begin()
      const before = { pipedrive: unharmed(world, 'pipedrive'), brevo: unharmed(world, 'brevo') }
      for (const item of epoch.happenings) await happen(performing, item)
      await settle(performing, epoch.restComes)
      await pronounce(performing)
      checkCauses(performing, before)
    }
  } catch (error) {
    throw new Error(`${(error as Error).message}\n\nWhat happened:\n  ${diary.join('\n  ')}\n`, {
      cause: error,
    })
  } finally {
    await world.close()
  }
}

async function begin(performing: Performing, { firstKills }: Case): Promise<void> {
  const { world, note, ledger } = performing
  for (const killedAfter of firstKills)
    note(`first sync ${(await world.run('full sync', { killedAfter })).kind}`)
  for (let round = 0; !(await world.isFirstSyncDone()); round++) {
    const first = await world.run('full sync')
    if (round > 5) throw new Error(`the first sync does not end: ${JSON.stringify(first)}`)
  }
  await world.registerWebhooks()
  await world.clock.advance(90_000)
  note('first sync done')
  ledger.begin()
  await settle(performing, true)
  await pronounce(performing)
}

async function happen(performing: Performing, item: Happening): Promise<void> {
  const { world, scene, ledger, vows, note } = performing
  switch (item.kind) {
    case 'deed': {
      await world.clock.advance(item.gapMs)
      const words = ledger.perform(() => act(scene, item))
      vows.lookAgain()
      if (words) note(words)
      return world.settleWebhooks()
    }
    case 'hand over':
      return handOverSome(performing, choose(waiting(performing), item.count, item.shuffle), item.twice)
    case 'hand over again': {
      const now = world.clock.now().getTime()
      // Nobody repeats a delivery later than that, and so it is no longer remembered.
      const recent = world.webhooks.filter((one) => one.handedOverAt !== null && now - one.handedOverAt < day)
      return handOverSome(performing, choose(recent, item.count, item.shuffle), false)
    }
    case 'drop':
      for (const webhook of choose(waiting(performing), item.count, item.shuffle)) {
        performing.dropped.add(webhook)
        ledger.dropped()
        note(`webhook lost: ${nameOf(webhook)}`)
      }
      return
    case 'run':
      await runWith(performing, item.operation, item.trouble)
      return
    case 'restart':
      note('the process is started anew')
      return world.restart()
    case 'wait':
      await world.clock.advance(item.ms)
      return world.settleWebhooks()
  }
}

async function runWith(performing: Performing, operation: Operation, trouble: Trouble) {
  const { world, ledger, note } = performing
  const isTroubled = trouble.fault !== undefined || trouble.killedAfter !== undefined
  if (isTroubled) performing.troubles++
  const outcome = await world.run(operation, trouble)
  ledger.ran(isTroubled)
  const how =
    outcome.kind === 'done' ? '' : ` ${outcome.kind}: ${(outcome.error as Error).message.slice(0, 120)}`
  note(`${operation}${isTroubled ? ` with ${JSON.stringify(trouble)}` : ''}${how}`)
  return outcome
}

function waiting({ world, dropped }: Performing): Webhook[] {
  return world.webhooks.filter((webhook) => webhook.handedOverAt === null && !dropped.has(webhook))
}

async function handOverSome(
  { world, ledger, note }: Performing,
  some: readonly Webhook[],
  twice: boolean,
): Promise<void> {
  for (const webhook of some) {
    for (let times = twice ? 2 : 1; times > 0; times--) await world.handOver(webhook)
    ledger.handedOver()
    note(`webhook: ${nameOf(webhook)}${twice ? ', twice' : ''}`)
  }
}

function choose(some: readonly Webhook[], count: number, shuffle: number): readonly Webhook[] {
  if (shuffle === 0) return some.slice(0, count)
  const random = seededRandom(shuffle)
  return some
    .map((webhook) => ({ webhook, at: random.next() }))
    .sort((a, b) => a.at - b.at)
    .slice(0, count)
    .map(({ webhook }) => webhook)
}

function nameOf({ source, body }: Webhook): string {
  const told = JSON.parse(body) as { event?: string; email?: string; meta?: Record<string, string> }
  const { entity, entity_id: id, action } = told.meta ?? {}
  return source === 'brevo' ? `Brevo ${told.event} ${told.email ?? ''}` : `${entity} ${id} ${action}`
}

/** Whatever is due is done, until nothing is. */
async function settle(performing: Performing, restComes: boolean): Promise<void> {
  const { world, ledger, note, dropped } = performing
  note(restComes ? 'the rest comes' : 'the rest never comes')
  const rest = waiting(performing)
  if (restComes) await handOverSome(performing, rest, false)
  else if (rest.length > 0) {
    ledger.dropped()
    for (const webhook of rest) dropped.add(webhook)
  }
  const calmly = async (operation: Operation): Promise<Date | null> => {
    const outcome = await world.run(operation)
    if (outcome.kind !== 'done')
      throw new Error(`${operation} in peace: ${outcome.kind}`, { cause: outcome.error })
    return outcome.nextAt
  }
  const stepToTheEnd = async (): Promise<void> => {
    for (let round = 0; ; round++) {
      // What Tajo's own writes set off comes too.
      if (restComes) for (const webhook of waiting(performing)) await world.handOver(webhook)
      const nextAt = await calmly('step')
      if (nextAt === null && (!restComes || waiting(performing).length === 0)) break
      if (round > 40) throw new Error('the steps come to no end')
      const at = Math.max(nextAt?.getTime() ?? 0, world.clock.now().getTime() + 500)
      await advanceTo(world.clock, new Date(at))
      await world.settleWebhooks()
    }
    if (!restComes) for (const webhook of waiting(performing)) dropped.add(webhook)
  }
  await stepToTheEnd()
  await calmly('poll')
  await stepToTheEnd()
  await world.clock.advance(day + 3_600_000)
  for (let round = 0; round < 8; round++) {
    const resumeAt = await calmly('sync')
    // One that was killed is ended first, and may have been a small one: the listing is due still, and follows at once.
    if (resumeAt === null && (await world.isListed())) break
    if (resumeAt !== null) await advanceTo(world.clock, resumeAt)
  }
  if (!(await world.isListed())) throw new Error('the daily listing is never done')
  await stepToTheEnd()
}

/** All is quiet: nothing is written any more, and everything is as it must be. */
async function pronounce(performing: Performing): Promise<void> {
  const { world, vows, ledger } = performing
  const before = vows.writes()
  for (const operation of ['full sync', 'poll', 'step'] as const) await world.run(operation)
  const faults = [...vows.broken, ...vows.lastWrites(before).map((write) => `without a cause: ${write}`)]
  faults.push(...(await judge(world, ledger)))
  if (faults.length > 0)
    throw new Error(`${JSON.stringify(world.setting)}\n${faults.map((fault) => `- ${fault}`).join('\n')}`)
}

/** Requests that write and were answered as they should be. */
function unharmed({ pipedrive, brevo }: World, side: 'pipedrive' | 'brevo'): number {
  return (side === 'brevo' ? brevo : pipedrive).calls
    .all()
    .filter(({ method, fault, path }) => method !== 'GET' && fault === null && !path.includes('/webhooks'))
    .length
}

/** Each change by people causes one write on the other side; who changes hands, and trouble, cause some more. */
function checkCauses(
  { world, ledger: { causes }, troubles }: Performing,
  before: Readonly<Record<'pipedrive' | 'brevo', number>>,
): void {
  const { persons, contacts, ties, background, consents } = causes
  const allowed = {
    pipedrive: contacts + background + consents + ties + 4 * troubles,
    brevo: persons + contacts + 5 * ties + 6 * troubles,
  }
  for (const side of ['pipedrive', 'brevo'] as const) {
    const writes = unharmed(world, side) - before[side]
    if (writes > allowed[side])
      throw new Error(
        `${JSON.stringify(world.setting)}\n- ${writes} writes to ${side}, and ${allowed[side]} causes ${JSON.stringify({ ...causes, troubles })}`,
      )
  }
}
