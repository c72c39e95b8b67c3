/** Options and help that several commands share. */
import { type Command, InvalidArgumentError, Option } from 'commander'
import { nearestName } from '../base/suggest.ts'

export const HIGHEST_PORT = 65_535

export const DATA_SETS = ['agency', 'messy', 'large'] as const

export function jsonOption(): Option {
  return new Option('--json', 'print one JSON document on stdout')
}

export function dataOption(): Option {
  return new Option('--data <set>', 'what is in the simulated accounts').choices(DATA_SETS).default('agency')
}

export function seedOption(): Option {
  return new Option('--seed <n>', 'the same number gives the same data').argParser(wholeNumber(0)).default(1)
}

/** Adds the examples, which every command has. */
export function withExamples(command: Command, examples: readonly string[]): Command {
  return command.addHelpText('after', `\nExamples:\n${examples.map((line) => `  ${line}`).join('\n')}`)
}

export function wholeNumber(least: number, most = Number.MAX_SAFE_INTEGER): (text: string) => number {
  return (text) => {
    const value = Number(text)
    if (/^\d+$/.test(text) && value >= least && value <= most) return value
    throw new InvalidArgumentError(
      most === Number.MAX_SAFE_INTEGER
        ? `A whole number from ${least} is expected.`
        : `A whole number from ${least} to ${most} is expected.`,
    )
  }
}

/** For a group that also works without a subcommand: a word it does not know is a slip, not an argument. */
export function refuseUnknownWord(group: Command): void {
  const word = group.args[0]
  if (word === undefined) return
  const near = nearestName(
    word,
    group.commands.flatMap((command) => [command.name(), ...command.aliases()]),
  )
  const hint = near === undefined ? '' : ` (Did you mean ${near}?)`
  group.error(`error: unknown command '${word}'${hint}`, { code: 'commander.unknownCommand', exitCode: 2 })
}
