/** The command about duplicates. Words only. */
import { type Command, InvalidArgumentError, Option } from 'commander'
import type { Invoke } from './program.ts'
import { jsonOption, withExamples } from './program-options.ts'

const SURVIVOR_RULES = ['lead', 'oldest', 'most_deals'] as const

export function dedupeCommands(program: Command, invoke: Invoke): void {
  withExamples(
    program
      .command('dedupe')
      .description('persons that share an e-mail, and merging them in Pipedrive')
      .option('--suggestions', 'list those too that may be the same: another address, or number and name')
      .addOption(
        new Option('--survivor <rule>', 'who stays (default: dedupe.survivor of tajo.yaml)').choices(
          SURVIVOR_RULES,
        ),
      )
      .option('--merge', 'merge them in Pipedrive, for good')
      .option('--only <ids>', 'only duplicates with one of these persons', personIds)
      .option('--include <ids>', 'suggestions with one of these persons, too', personIds)
      .option('--yes', 'do not ask')
      .addOption(jsonOption()),
    [
      'tajo dedupe',
      'tajo dedupe --suggestions --json',
      'tajo dedupe --merge --only 17',
      'tajo dedupe --merge --include 23,42 --yes',
    ],
  ).action((_, command: Command) =>
    invoke(command.optsWithGlobals(), async (context) =>
      (await import('./commands/dedupe.ts')).runDedupe(context, command.opts()),
    ),
  )
}

function personIds(text: string, before: readonly number[] = []): readonly number[] {
  const ids = text.split(',').map((part) => part.trim())
  if (ids.some((id) => !/^[1-9]\d{0,14}$/.test(id)))
    throw new InvalidArgumentError('Ids of persons are expected, such as 17,42.')
  return [...before, ...ids.map(Number)]
}
