/** The performance of a case: first sync, whatever happens, then peace until all is settled, and the judgement. */
import { seededRandom } from '../../../src/simulators/kit/random.ts'
import { readConnection } from '../../../src/store/index.ts'
import { Chronicle } from './chronicle.ts'
import { checkContents, wantedAsMade, wantedByRules } from './contents.ts'
import { act, type Scene } from './deeds.ts'
import type { Case, Happening, PlannedTrouble } from './happenings.ts'
import { advanceTo, type Operation } from './tajo-process.ts'
import { checkTold } from './told.ts'
import { openWorld, type Stage, type Webhook, type World } from './world.ts'

const day = 86_400_000

/** Throws with everything that happened, in words, when the end is not as it must be. */
export async function runCase(stage: Stage, connection: string, plan: Case): Promise<void> {
  const world = await openWorld(stage, connection, plan.seed)
  const diary: string[] = []
  const note = (text: string): void => void diary.push(`${world.clock.now().toISOString()} ${text}`)
  try {
    await begin(world, plan, note)
    const chronicle = new Chronicle(world.pipedrive)
    const { blockedByHand } = world
    const scene: Scene = {
      pipedrive: world.pipedrive.state,
      brevo: world.brevo.state,
      blockedByHand,
      serial: 0,
    }
    const performing: Performing = { world, scene, chronicle, note, dropped: new Set(), calm: true }
    for (const item of plan.happenings) await happen(performing, item)
    await settle(performing, plan.restComes)
    checkContents(world, wantedByRules(world), chronicle)
    if (plan.freshSync) {
      const fresh = await world.freshSync()
      try {
        checkContents(world, wantedAsMade(world, fresh), chronicle)
      } finally {
        await fresh.close()
      }
    }
    await checkTold(stage.store, world, chronicle, performing.calm)
  } catch (error) {
    throw new Error(`${(error as Error).message}\n\nWhat happened:\n  ${diary.join('\n  ')}\n`, {
      cause: error,
    })
  } finally {
    await world.close()
  }

  async function begin({ clock, run, registerWebhooks }: World, { firstKills }: Case, say: typeof note) {
    for (const killedAfter of firstKills) {
      const { kind } = await run('full sync', { killedAfter })
      say(`first sync ${kind}`)
    }
    for (let round = 0; (await readConnection(stage.store.db, connection)).told_since === null; round++) {
      const first = await run('full sync')
      if (round > 5) throw new Error(`the first sync does not end: ${JSON.stringify(first)}`)
    }
    await registerWebhooks()
    await clock.advance(90_000)
    say('first sync done')
  }
}

type Performing = {
  readonly world: World
  readonly scene: Scene
  readonly chronicle: Chronicle
  readonly note: (text: string) => void
  readonly dropped: Set<Webhook>
  /** No process was killed and no request went wrong. */
  calm: boolean
}

async function happen(performing: Performing, item: Happening): Promise<void> {
  const { world, scene, note } = performing
  switch (item.kind) {
    case 'deed': {
      await world.clock.advance(item.gapMs)
      const words = act(scene, item)
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
        note(`webhook lost: ${nameOf(webhook)}`)
      }
      return
    case 'run':
      return void (await runWith(performing, item.operation, item.trouble))
    case 'flurry':
      return flurry(performing, item)
    case 'restart':
      note('the process is started anew')
      return world.restart()
    case 'wait':
      await world.clock.advance(item.ms)
      return world.settleWebhooks()
  }
}

async function flurry(performing: Performing, item: Happening & { kind: 'flurry' }): Promise<void> {
  const { world } = performing
  for (const what of item.moves) {
    const deed = what % 3 === 0 ? 'win, lose or reopen' : 'move deal'
    await happen(performing, { kind: 'deed', deed, who: item.who, what, gapMs: item.gapMs })
  }
  const due = choose(waiting(performing), world.webhooks.length, item.shuffle)
  for (const [at, webhook] of due.entries()) {
    await handOverSome(performing, [webhook], false)
    const look = item.looks[at]
    if (look === 'poll') await runWith(performing, 'poll', {})
    if (look === 'poll' || look === 'step') await runWith(performing, 'step', {})
  }
}

async function runWith(
  performing: Performing,
  operation: Operation,
  planned: PlannedTrouble,
): Promise<Awaited<ReturnType<World['run']>>> {
  const { world, scene, chronicle, note } = performing
  const tells = operation !== 'poll' && operation !== 'companies'
  const waits = operation === 'step'
  const began = world.clock.now()
  const words: string[] = []
  if (planned.killedAfter !== undefined || planned.fault) performing.calm = false
  if (tells) chronicle.looked(waits)
  const { meanwhile, ...rest } = planned
  const outcome = await world.run(operation, {
    ...rest,
    ...(meanwhile && {
      meanwhile: {
        after: meanwhile.after,
        act: () => {
          void world.clock.advance(1)
          words.push(act(scene, meanwhile.deed) ?? 'nothing')
        },
      },
    }),
  })
  if (tells) chronicle.looked(waits)
  const how =
    outcome.kind === 'done' ? '' : ` ${outcome.kind}: ${(outcome.error as Error).message.slice(0, 120)}`
  const fault = planned.fault ? ` with ${JSON.stringify(planned.fault)}` : ''
  const during = words.length > 0 ? `; meanwhile ${words.join()}` : ''
  note(`${operation} (since ${began.toISOString().slice(11, 23)})${fault}${how}${during}`)
  return outcome
}

function waiting({ world, dropped }: Performing): Webhook[] {
  return world.webhooks.filter((webhook) => webhook.handedOverAt === null && !dropped.has(webhook))
}

async function handOverSome(
  { world, chronicle, note }: Performing,
  some: readonly Webhook[],
  twice: boolean,
): Promise<void> {
  for (const webhook of some) {
    await world.handOver(twice ? [webhook, webhook] : [webhook])
    if (webhook.source === 'pipedrive') chronicle.arrived(webhook.body, world.clock.now().getTime())
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
  const told = JSON.parse(body) as { event?: string; meta?: Record<string, string> }
  const { entity, entity_id: id, action, timestamp } = told.meta ?? {}
  return source === 'brevo'
    ? `Brevo ${told.event}`
    : `${entity} ${id} ${action} of ${timestamp?.slice(11, 23)}`
}

/** Whatever is due is done, until nothing is. */
async function settle(performing: Performing, restComes: boolean): Promise<void> {
  const { world, note } = performing
  note(restComes ? 'the rest comes' : 'the rest never comes')
  if (restComes) await handOverSome(performing, waiting(performing), false)
  else for (const webhook of waiting(performing)) performing.dropped.add(webhook)
  const calmly = async (operation: Operation): Promise<Date | null> => {
    const outcome = await runWith(performing, operation, {})
    if (outcome.kind !== 'done')
      throw new Error(`${operation} in peace: ${outcome.kind}`, { cause: outcome.error })
    return outcome.nextAt
  }
  const stepToTheEnd = async (): Promise<void> => {
    for (let round = 0; ; round++) {
      const nextAt = await calmly('step')
      if (nextAt === null) return
      if (round > 40) throw new Error('the steps come to no end')
      await advanceTo(world.clock, new Date(Math.max(nextAt.getTime(), world.clock.now().getTime() + 500)))
    }
  }
  await stepToTheEnd()
  await calmly('poll')
  await stepToTheEnd()
  await world.clock.advance(25 * 3_600_000)
  for (let round = 0; round < 8; round++) {
    const resumeAt = await calmly('sync')
    // One that was killed is ended first, and may have been a small one: the listing is due still, and follows at once.
    if (resumeAt === null && (await world.isListed())) break
    if (resumeAt !== null) await advanceTo(world.clock, resumeAt)
  }
  if (!(await world.isListed())) throw new Error('the daily listing is never done')
  await stepToTheEnd()
  for (let round = 0; round < 8; round++) {
    const resumeAt = await calmly('companies')
    if (resumeAt === null) return
    await advanceTo(world.clock, resumeAt)
  }
  throw new Error('the companies come to no end')
}
