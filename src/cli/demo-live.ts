/** The end of the demo: a server that both simulated services send their webhooks to, and a minute of life. */
import { type Clock, systemClock } from '../base/clock.ts'
import { createServer, type RunningServer } from '../server/index.ts'
import type { Live, LiveNews, Service } from '../service/index.ts'
import type { Sandbox } from '../simulators/index.ts'
import { chooseCast } from './demo-cast.ts'
import type { Act, Effect } from './demo-effects.ts'
import { createActs } from './demo-life.ts'
import { countPersonWrites } from './demo-readings.ts'
import { EXIT } from './exit-codes.ts'
import { count, type Output, type Style, wrapText } from './output.ts'
import { packageVersion } from './package-version.ts'

export type LifeStage = {
  readonly output: Output
  readonly signal: AbortSignal
  readonly sandbox: Sandbox
  readonly service: Service
  /** How long it rests between two acts, milliseconds. */
  readonly restMs: number
  /** While the server still runs. */
  readonly afterwards: (server: RunningServer) => Promise<void>
  readonly clock?: Clock
}

const HOST = '127.0.0.1'
const CONNECTION = 'default'
const HTTP_GRACE_MS = 1_000
const LOOK_EVERY_MS = 20
/** Nothing in the demo takes so long unless it is broken. */
const PATIENCE_MS = 60_000
const LABEL_CELLS = 13
const TIME_CELLS = 8

/** Serves, plays, and stops in order; the exit code. */
export async function showLife(stage: LifeStage): Promise<number> {
  const { output, service } = stage
  let polls = 0
  const onNews = (news: LiveNews): void => {
    if (news.event === 'poll.finished') polls += 1
    printNews(output, news)
    server.tell(news)
  }
  const started = Promise.withResolvers<Live>()
  const server = await createServer({
    live: started.promise,
    port: 0,
    host: HOST,
    onNews,
    api: {
      keys: service.keys,
      serviceOf: (name) => (name === null || name === CONNECTION ? service : null),
      names: () => ({ default: CONNECTION, all: [CONNECTION] }),
      version: packageVersion(),
      mcpWrites: false,
    },
  })
  let live: Live | null = null
  try {
    live = await service.live({ onNews, publicUrl: server.url })
    started.resolve(live)
    const code = await play(stage, live, server.url, () => polls)
    if (code === EXIT.done) await stage.afterwards(server)
    return code
  } finally {
    await server.close(HTTP_GRACE_MS)
    await live?.stop()
  }
}

async function play(stage: LifeStage, live: Live, url: string, polls: () => number): Promise<number> {
  const { output, signal, sandbox, service, restMs, clock = systemClock } = stage
  output.heading('5. Always in step')
  await live.settled(signal)
  const pipedrive = sandbox.pipedrive.state.webhooks.all().length
  const brevo = sandbox.brevo.state.webhooks().length
  output.print(
    wrapText(
      `Now the server runs, at ${url}. It has registered ${count(pipedrive, 'webhook')} at Pipedrive and ${count(brevo, 'webhook')} at Brevo, and polls for what they miss. A minute of life:`,
      output.columns,
    ),
  )
  const acts = createActs({ sandbox, service, cast: chooseCast(sandbox), polls })
  const writesBefore = countPersonWrites(sandbox)
  for (const act of acts) {
    output.print()
    if (!(await show(stage, act))) return EXIT.incomplete
    await clock.sleep(restMs, signal)
  }
  await live.settled(signal)
  const writes = countPersonWrites(sandbox) - writesBefore
  await summarize(stage, live, { writes, inBrevo: acts.filter(({ where }) => where === 'Brevo').length })
  return EXIT.done
}

/** False when something that must come of it did not. */
async function show({ output, signal, clock = systemClock }: LifeStage, act: Act): Promise<boolean> {
  printLine(output, act.where, act.text, 'bold')
  const startMs = clock.now().getTime()
  let open = act.effects()
  act.perform()
  for (;;) {
    const waiting: Effect[] = []
    for (const effect of open) {
      if (await effect.seen()) printEffect(output, effect, (clock.now().getTime() - startMs) / 1_000)
      else waiting.push(effect)
    }
    if (waiting.length === 0) return true
    if (clock.now().getTime() - startMs > PATIENCE_MS) {
      for (const { where, text } of waiting) {
        printLine(output, where, `has not shown in a minute: ${text()}`, 'red')
      }
      return false
    }
    open = waiting
    await clock.sleep(LOOK_EVERY_MS, signal)
  }
}

/** `writes`: to persons in Pipedrive; `inBrevo`: changes that were made there. */
async function summarize(
  { output, signal, sandbox, service }: LifeStage,
  live: Live,
  { writes, inBrevo }: { writes: number; inBrevo: number },
): Promise<void> {
  const { lagSeconds } = await live.readings()
  const events = sandbox.brevo.state.events()
  const different = new Set(events.map((event) => event.event_properties.event_id)).size
  const { contacts, persons } = await service.sync({ dryRun: true, signal })
  const differ = contacts.created + contacts.updated + persons.created + persons.updated
  const half = lagSeconds.p50 === null ? '' : ` Half of them arrived within ${lagSeconds.p50.toFixed(1)} s.`
  output.print()
  output.print(
    wrapText(
      `${count(events.length, 'event')}, ${different === events.length ? 'each of them once' : `only ${different} of them different`}.${half} ${count(inBrevo, 'change')} in Brevo, ${count(writes, 'write')} to Pipedrive. A whole sync now would ${differ === 0 ? 'write nothing: both are in step' : `still change ${count(differ, 'record')}`}.`,
      output.columns,
    ),
  )
}

/** Of what the server says only what belongs to the story, and what is wrong. */
function printNews(output: Output, { level, event, message }: LiveNews): void {
  if (event === 'webhooks.missed') {
    printLine(output, 'Tajo', 'a poll finds what no webhook told; it polls more often for a while')
  } else if (level === 'error') printLine(output, 'Tajo', message, 'red')
}

/** `      Brevo  0.3 s   contact 7: joins "Customers"` */
function printEffect(output: Output, { where, text }: Effect, seconds: number): void {
  const label = `${where.padStart(LABEL_CELLS - 2)}  ${`${seconds.toFixed(1)} s`.padEnd(TIME_CELLS)}`
  const wrapped = wrapText(text(), output.columns, ' '.repeat(LABEL_CELLS + TIME_CELLS))
  output.print(`${output.style('dim', label)}${output.style('green', wrapped)}`)
}

function printLine(output: Output, where: string, text: string, style?: Style): void {
  const label = `${where.padStart(LABEL_CELLS - 2)}  `
  const wrapped = wrapText(text, output.columns, ' '.repeat(LABEL_CELLS))
  output.print(`${output.style('dim', label)}${style === undefined ? wrapped : output.style(style, wrapped)}`)
}
