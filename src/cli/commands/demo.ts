/**
 * `tajo demo`: a whole sync between two simulated accounts, and then a server that keeps them in step, told in order. It
 * touches no real account and no data directory of the user's.
 */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Environment, readEnvironment } from '../../config/index.ts'
import type { RunningServer } from '../../server/index.ts'
import type { CheckReport, Service, SyncReport } from '../../service/index.ts'
import { createSandbox, type Sandbox, type StartedSandbox } from '../../simulators/index.ts'
import { type CommandContext, commandLine, withService } from '../command-context.ts'
import { LIFE_YAML } from '../demo-life.ts'
import { showLife } from '../demo-live.ts'
import { collectLeftOut, countPersonWrites, readBrevo } from '../demo-readings.ts'
import { showCampaigns } from '../demo-report.ts'
import { printBrevo, printLeftOut } from '../demo-tables.ts'
import { EXIT, exitCodeOfStatus } from '../exit-codes.ts'
import { untilAborted } from '../interrupt.ts'
import { count, type Output, wrapText } from '../output.ts'
import { duration } from '../progress.ts'
import { printAccounting, printSyncReport } from '../sync-report-text.ts'
import { checkSummary, printItem } from './check.ts'
import { exportLines, startSandbox } from './sandbox.ts'
import { syncWithProgress } from './sync.ts'

export type DemoFlags = { data: 'agency' | 'messy' | 'large'; seed: number; exit?: boolean; keep?: boolean }

const LEARNT =
  'Pipedrive was written to as well, since the sync goes both ways here: whoever takes no e-mails has it in the field "Brevo consent", and what was empty there and known in Brevo is filled in.'
const WARNINGS_SHOWN = 4
/** Time to read between two acts; nobody reads along where it ends by itself. */
const REST_MS = { watched: 3_000, unwatched: 300 }

type Stage = { readonly context: CommandContext; readonly sandbox: Sandbox; readonly started: StartedSandbox }

export async function runDemo(context: CommandContext, flags: DemoFlags): Promise<number> {
  const directory = await mkdtemp(join(tmpdir(), 'tajo-demo-'))
  const sandbox = await createSandbox({ data: flags.data, seed: flags.seed })
  try {
    const started = await startSandbox(sandbox)
    const variables = await prepare(directory, started)
    const environment = demoEnvironment(context.environment, variables)
    const stage: Stage = { context: { ...context, environment, configFile: undefined }, sandbox, started }
    introduce(stage, flags)
    return await withService(
      stage.context,
      async (service) => {
        const code = await play(stage, service, flags)
        return code === EXIT.done ? live(stage, service, variables, flags) : code
      },
      { serve: true },
    )
  } finally {
    await sandbox.stop()
    if (flags.keep === true) context.output.print(`\nKept: ${directory}`)
    else await rm(directory, { recursive: true, force: true })
  }
}

async function prepare(directory: string, started: StartedSandbox): Promise<Record<string, string>> {
  const configFile = join(directory, 'tajo.yaml')
  const dataDir = join(directory, 'data')
  await mkdir(dataDir)
  await writeFile(
    configFile,
    `${started.yaml.replace(/^ {2}pipedrive:$/m, `$&\n    poll_interval: 5s`)}${LIFE_YAML}`,
  )
  return { ...started.environment, TAJO_CONFIG: configFile, TAJO_DATA_DIR: dataDir }
}

/** What the user has set for real accounts and a real store must not reach the demo. */
function demoEnvironment(environment: Environment, variables: Record<string, string>): Environment {
  const foreign = /^(TAJO_|PIPEDRIVE_|BREVO_|DATABASE_URL$)/
  const kept = Object.entries(environment.variables).filter(([name]) => !foreign.test(name))
  return readEnvironment({ ...Object.fromEntries(kept), ...variables })
}

function introduce({ context: { output }, started }: Stage, flags: DemoFlags): void {
  output.heading('Tajo demo')
  say(
    output,
    `Two simulated services run in this process, with the limits and the manners of the real ones: Pipedrive with the data set "${flags.data}", and a Brevo account beside it. No real account is touched.`,
  )
  output.print(`  Pipedrive  ${started.pipedriveUrl}`)
  output.print(`  Brevo      ${started.brevoUrl}`)
}

async function play(stage: Stage, service: Service, flags: DemoFlags): Promise<number> {
  const { output, signal } = stage.context
  output.heading('1. Check')
  say(output, 'The configuration is compared with both accounts before anything is written.')
  const check = await service.check({ fix: false, signal })
  printFindings(output, check)
  if (check.status !== 'ok') return check.status === 'paused' ? EXIT.paused : EXIT.configuration

  output.heading('2. Dry run')
  say(output, 'What a sync would do, without doing it: nothing is written to either service.')
  const dryRun = await pass(stage, service, true)
  printDryRun(output, dryRun)

  output.heading('3. Sync')
  say(output, 'Now for real. Every person that is read is accounted for below.')
  const first = await pass(stage, service, false)
  if (first.status === 'paused') {
    printSyncReport(output, first)
    return exitCodeOfStatus(first.status)
  }
  printAccounting(output, first)
  if (first.persons.updated > 0) say(output, `\n${LEARNT}`)
  output.print(`\n${spent(first)}`)

  output.heading('4. Sync again')
  stage.sandbox.brevo.state.resetWrites()
  const writesBefore = countPersonWrites(stage.sandbox)
  const second = await pass(stage, service, false)
  const { writes } = stage.sandbox.brevo.state
  say(
    output,
    `Brevo received ${count(writes, 'write')}, Pipedrive ${count(countPersonWrites(stage.sandbox) - writesBefore)}: ${count(second.contacts.unchanged, 'contact')} already right. A sync writes only what differs, so it can run as often as you like.`,
  )
  output.print(spent(second))
  await showResult(stage, service, first)
  // The past of a larger account would take minutes.
  if (flags.data === 'agency') await showCampaigns(stage.context, service)
  return EXIT.done
}

async function pass({ context }: Stage, service: Service, dryRun: boolean): Promise<SyncReport> {
  return syncWithProgress(context, (more) => service.sync({ dryRun, ...more }))
}

async function showResult({ context, started }: Stage, service: Service, report: SyncReport): Promise<void> {
  const { output, signal } = context
  printBrevo(output, await readBrevo(started, signal))
  printLeftOut(output, report, await collectLeftOut(started, service, signal))
}

/** What stops a sync in full; of the rest the first few, shortly. */
function printFindings(output: Output, check: CheckReport): void {
  for (const item of check.items) if (item.level === 'error') printItem(output, item)
  const warnings = check.items.filter((item) => item.level === 'warning')
  for (const { subject, message } of warnings.slice(0, WARNINGS_SHOWN)) {
    output.print(
      `${output.style('yellow', '!')} ${wrapText(`${subject}: ${message}`, output.columns - 2, '  ')}`,
    )
  }
  const more = warnings.length - WARNINGS_SHOWN
  if (more > 0)
    output.print(output.style('dim', `  ... and ${count(more, 'more warning')} ("tajo check" shows all)`))
  output.print(checkSummary(check))
}

function printDryRun(output: Output, { contacts, lists, persons, preview }: SyncReport): void {
  const skipped = Object.values(contacts.skipped).reduce((sum, n) => sum + n, 0)
  say(
    output,
    `Of ${count(contacts.read, 'person', 'persons')}: ${count(contacts.created)} would be created, ${count(contacts.updated)} updated, ${count(contacts.unchanged)} are right already, ${count(skipped)} would be skipped. ${count(lists.added, 'list membership')} would be added.`,
  )
  if (persons.updated > 0)
    say(output, `In Pipedrive, ${count(persons.updated, 'person')} would be updated from Brevo.`)
  const attributes = preview?.attributes.map(({ name }) => name) ?? []
  if (attributes.length > 0)
    say(output, `Attributes that Brevo lacks and Tajo creates: ${attributes.join(', ')}.`)
}

/** `0.8 s. Pipedrive: 12 requests, 120 tokens. Brevo: 9 requests.` */
function spent({ startedAt, finishedAt, requests: { pipedrive, brevo } }: SyncReport): string {
  const seconds = (Date.parse(finishedAt) - Date.parse(startedAt)) / 1000
  const took = seconds < 10 ? `${seconds.toFixed(1)} s` : duration(seconds)
  return `${took}. Pipedrive: ${count(pipedrive.count, 'request')}, ${count(pipedrive.tokens, 'token')}. Brevo: ${count(brevo.count, 'request')}.`
}

function live(
  { context, sandbox }: Stage,
  service: Service,
  variables: Record<string, string>,
  flags: DemoFlags,
): Promise<number> {
  const { output, signal } = context
  const watched = flags.exit !== true && output.interactive
  return showLife({
    output,
    signal,
    sandbox,
    service,
    restMs: watched ? REST_MS.watched : REST_MS.unwatched,
    afterwards: async (server) => {
      if (watched) await keepRunning(context, variables, server)
    },
  })
}

async function keepRunning(
  { output, signal }: CommandContext,
  variables: Record<string, string>,
  { url, createLoginUrl }: RunningServer,
): Promise<void> {
  output.heading('Look around')
  say(
    output,
    `Both services and the server (${url}; ${url}/metrics) keep running until Ctrl-C. Paste this into another terminal:`,
  )
  for (const line of exportLines(variables)) output.print(line)
  const link = createLoginUrl()
  if (link !== null) output.print(`\nIts page, logged in (once, within ten minutes):\n  ${link}`)
  output.print('\nand try:')
  for (const rest of [
    'status',
    'explain 1',
    'report pipeline',
    'report attribution',
    'sync --full',
    'failures',
  ]) {
    output.print(`  ${commandLine(rest)}`)
  }
  output.print('or change something in Pipedrive and watch Brevo:')
  output.print(
    `  curl "$PIPEDRIVE_API_URL/__sandbox/patch" -d '{"entity":"person","id":1,"values":{"name":"Ada Kim"}}'`,
  )
  output.print('or the other way round:')
  output.print(
    `  curl "\${BREVO_API_URL%/v3}/__sandbox/edit-contact" -d '{"email":"…","attributes":{"INDUSTRY":"Film"}}'`,
  )
  await untilAborted(signal)
}

function say(output: Output, text: string): void {
  output.print(wrapText(text, output.columns))
}
