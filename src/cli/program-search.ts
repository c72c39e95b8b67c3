/** The command that finds records in Pipedrive. Words only. */
import { type Command, InvalidArgumentError } from 'commander'
import type { SearchedType } from '../service/index.ts'
import type { Invoke } from './program.ts'
import { jsonOption, wholeNumber, withExamples } from './program-options.ts'

const TYPES: readonly SearchedType[] = ['person', 'deal', 'organization', 'lead']
const MOST = 100

export function searchCommands(program: Command, invoke: Invoke): void {
  withExamples(
    program
      .command('search')
      .description('find persons, deals, organizations and leads in Pipedrive')
      .argument('<term>', 'two characters or more; one is enough with --exact')
      .option('--type <types>', `only these, separated by commas: ${TYPES.join(', ')}`, readTypes)
      .option('--exact', 'a whole value has to be the term')
      .option('--limit <n>', `at most so many (1 to ${MOST}; default 25)`, wholeNumber(1, MOST))
      .addOption(jsonOption()),
    ['tajo search kim', 'tajo search ada@example.com --exact --type person', 'tajo search acme --json'],
  ).action((term: string, options, command: Command) =>
    invoke(command.optsWithGlobals(), async (context) =>
      (await import('./commands/search.ts')).runSearch(context, {
        term,
        types: options.type,
        exact: options.exact,
        limit: options.limit,
      }),
    ),
  )
}

function readTypes(text: string): readonly SearchedType[] {
  return text.split(',').map((word) => {
    const type = TYPES.find((known) => known === word.trim())
    if (type === undefined) throw new InvalidArgumentError(`Known are ${TYPES.join(', ')}.`)
    return type
  })
}
