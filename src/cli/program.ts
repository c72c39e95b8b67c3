/** The words of the command line: every command, option and example. The bodies load only when they are called. */
import { Command } from 'commander'
import type { CommandContext } from './command-context.ts'
import { packageVersion } from './package-version.ts'
import { accountCommands } from './program-account.ts'
import { connectionCommands } from './program-connections.ts'
import { dedupeCommands } from './program-dedupe.ts'
import { gdprCommands } from './program-gdpr.ts'
import { keyCommands } from './program-keys.ts'
import { mcpCommands } from './program-mcp.ts'
import { reportCommands } from './program-report.ts'
import { runCommands } from './program-run.ts'
import { searchCommands } from './program-search.ts'
import { secretCommands } from './program-secrets.ts'
import { serveCommands } from './program-serve.ts'
import { skillCommands } from './program-skills.ts'
import { trialCommands } from './program-trial.ts'
import { webhookCommands } from './program-webhooks.ts'

export type GlobalOptions = { config?: string; dataDir?: string; connection?: string; json?: boolean }

/** Runs the body of a command with its context; the result is the exit code. */
export type Invoke = (
  options: GlobalOptions,
  body: (context: CommandContext) => Promise<number>,
) => Promise<void>

/** Usage faults are thrown as CommanderError and not printed. */
export function createProgram(invoke: Invoke): Command {
  const program = new Command('tajo')
    .description('Keeps Pipedrive and Brevo in step, and accounts for every record.')
    .version(packageVersion(), '--version', 'print the version')
    .option('--config <file>', 'the configuration (default: TAJO_CONFIG or ./tajo.yaml)')
    .option('--data-dir <directory>', 'where Tajo keeps its data (default: TAJO_DATA_DIR or ./.tajo)')
    .option(
      '--connection <name>',
      'the connection that is meant, where there are several (or TAJO_CONNECTION)',
    )
    .helpOption('-h, --help', 'print this help')
    .helpCommand(false)
    .configureHelp({ showGlobalOptions: true })
    .configureOutput({ outputError: () => {} })
    .exitOverride()
  trialCommands(program, invoke)
  accountCommands(program, invoke)
  runCommands(program, invoke)
  searchCommands(program, invoke)
  mcpCommands(program, invoke)
  serveCommands(program, invoke)
  webhookCommands(program, invoke)
  keyCommands(program, invoke)
  connectionCommands(program, invoke)
  secretCommands(program, invoke)
  dedupeCommands(program, invoke)
  skillCommands(program, invoke)
  reportCommands(program, invoke)
  gdprCommands(program, invoke)
  program.addHelpText(
    'after',
    `
Examples:
  tajo demo                try everything on simulated accounts
  tajo init                write tajo.yaml
  tajo check               compare it with both accounts
  tajo sync --dry-run      see what a sync would do
  tajo sync                do it
  tajo serve               keep doing it

Exit codes: 0 done, 1 incomplete, 2 wrong usage, 3 configuration, 4 paused`,
  )
  return program
}

/** The help that fits what was typed: `tajo sync --help`. */
export function helpFor(program: Command, args: readonly string[]): string {
  const words = ['tajo']
  let at: Command = program
  for (const arg of args) {
    const next = at.commands.find((command) => command.name() === arg || command.aliases().includes(arg))
    if (next === undefined) continue
    words.push(arg)
    at = next
  }
  return [...words, '--help'].join(' ')
}
