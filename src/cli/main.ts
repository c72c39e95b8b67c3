#!/usr/bin/env node
/** The command `tajo`: reads the line, runs one command, and turns whatever happens into words and an exit code. */
import { CommanderError } from 'commander'
import { ConfigError, type Environment, readEnvironment } from '../config/index.ts'
import type { CommandContext } from './command-context.ts'
import { EXIT, EXIT_OF_SIGNAL, exitCodeOf, usageError } from './exit-codes.ts'
import { toErrorDocument, toErrorText } from './failure-text.ts'
import { type Interrupt, listenForInterrupt } from './interrupt.ts'
import { createOutput, type Output } from './output.ts'
import { createProgram, type GlobalOptions, helpFor } from './program.ts'

const LINGER_MS = 5_000

async function main(args: readonly string[]): Promise<number> {
  const interrupt = listenForInterrupt((name) => {
    // Said to somebody who sees it; in a file it would stand between the lines of a log.
    if (process.stderr.isTTY !== true) return
    process.stderr.write(
      `\n${name === 'SIGINT' ? 'Stopping' : 'Told to stop'}; a second time ends it at once.\n`,
    )
  })
  let code: number = EXIT.done
  const program = createProgram(async (options, body) => {
    code = await runCommand(options, interrupt, body)
  })
  try {
    await program.parseAsync([...args], { from: 'user' })
    return code
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error
    if (error.exitCode === 0) return EXIT.done
    if (error.code !== 'commander.help') {
      const text = `${usageText(error.message)} See "${helpFor(program, args)}".`
      showError(usageError(text), outputFor(args.includes('--json'), null), false)
    }
    return EXIT.usage
  }
}

async function runCommand(
  options: GlobalOptions,
  interrupt: Interrupt,
  body: (context: CommandContext) => Promise<number>,
): Promise<number> {
  const json = options.json === true
  let environment: Environment | null = null
  let output = outputFor(json, null)
  try {
    environment = readChosenEnvironment(options)
    output = outputFor(json, environment)
    const code = await body({
      environment,
      configFile: options.config,
      connection: options.connection ?? environment.connection ?? undefined,
      output,
      signal: interrupt.signal,
    })
    return interrupt.received !== null && code !== EXIT.done ? EXIT_OF_SIGNAL[interrupt.received] : code
  } catch (error) {
    if (interrupt.received !== null) return stopped(output, interrupt.received)
    showError(error, output, environment?.logLevel === 'debug' || environment?.logLevel === 'trace')
    return exitCodeOf(error)
  }
}

/** `error: unknown option '--ful'\n(Did you mean --full?)` as sentences. */
function usageText(message: string): string {
  const text = message
    .replace(/^error: /, '')
    .replace(/\s*\((Did you mean [^)]*\?)\)$/, '. $1')
    .replaceAll('\n', ' ')
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}${/[.?]$/.test(text) ? '' : '.'}`
}

function readChosenEnvironment(options: GlobalOptions): Environment {
  const environment = readEnvironment()
  return options.dataDir === undefined
    ? environment
    : readEnvironment({ ...environment.variables, TAJO_DATA_DIR: options.dataDir })
}

function outputFor(json: boolean, environment: Environment | null): Output {
  const { stdin, stdout, stderr } = process
  return createOutput({ json, color: environment?.color ?? 'never', stdin, stdout, stderr })
}

function stopped(output: Output, name: keyof typeof EXIT_OF_SIGNAL): number {
  const message = 'Stopped. What was done is kept: run the same command again and it goes on from there.'
  output.note(message)
  output.document({ error: { code: 'run_interrupted', message } })
  return EXIT_OF_SIGNAL[name]
}

function showError(error: unknown, output: Output, withStack: boolean): void {
  output.document(toErrorDocument(error))
  if (error instanceof ConfigError && error.faults.length > 1) {
    output.note(`${error.faults.length} faults in the configuration:`)
  }
  output.note(toErrorText(error, withStack))
}

// A reader that went away (`tajo status | head`) is no failure of ours.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error
  process.exit(EXIT.done)
})

process.exitCode = await main(process.argv.slice(2))
// Everything is closed by now; a forgotten handle must not hold the shell.
setTimeout(() => process.exit(), LINGER_MS).unref()
