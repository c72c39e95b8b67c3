/** The commands about skills. Words only. */
import { type Command, InvalidArgumentError, Option } from 'commander'
import { isJsonObject } from '../base/json.ts'
import type { Invoke } from './program.ts'
import { jsonOption, refuseUnknownWord, wholeNumber, withExamples } from './program-options.ts'

export function skillCommands(program: Command, invoke: Invoke): void {
  const list = (command: Command) =>
    invoke(command.optsWithGlobals(), async (context) =>
      (await import('./commands/skills.ts')).runList(context),
    )
  const group = withExamples(
    program
      .command('skills')
      .usage('[options] [command]')
      .description('what reacts to changes: the skills that ship, and your own')
      .allowExcessArguments()
      .addOption(jsonOption()),
    ['tajo skills', 'tajo skills validate', 'tajo skills run big-deal-alert --deal 42 --dry-run'],
  ).action((_, command: Command) => {
    refuseUnknownWord(command)
    return list(command)
  })
  withExamples(group.command('list').description('every skill, on or off, and why'), [
    'tajo skills list',
    'tajo skills list --json',
  ]).action((_, command: Command) => list(command))
  withExamples(
    group
      .command('validate')
      .description('every fault of skills, with its line')
      .argument('[files...]', 'files to look at (default: those of skills_directory)'),
    ['tajo skills validate', 'tajo skills validate drafts/big-deal-alert.md --json'],
  ).action((files: readonly string[], _, command: Command) =>
    invoke(command.optsWithGlobals(), async (context) =>
      (await import('./commands/skills.ts')).runValidate(context, files),
    ),
  )
  withExamples(
    group
      .command('run')
      .description('carry out a skill that may be asked for (agent_request)')
      .argument('<name>', 'the skill')
      .addOption(new Option('--person <id>', 'for this person').argParser(wholeNumber(1)).conflicts('deal'))
      .option('--deal <id>', 'for this deal', wholeNumber(1))
      .option('--input <json>', 'what templates call input, as a JSON object', jsonObject)
      .option('--dry-run', 'only tell what it would do; works with any skill of your own'),
    [
      'tajo skills run big-deal-alert --deal 42 --dry-run',
      'tajo skills run follow-up --person 7',
      `tajo skills run follow-up --person 7 --input '{"days": 3}'`,
    ],
  ).action((name: string, _, command: Command) =>
    invoke(command.optsWithGlobals(), async (context) =>
      (await import('./commands/skills.ts')).runRun(context, name, command.opts()),
    ),
  )
  withExamples(
    group
      .command('runs')
      .description('what skills did, and what they wait for')
      .option('--skill <name>', 'only of this skill')
      .addOption(new Option('--state <state>', 'only in this state').choices(STATES))
      .option('--limit <n>', 'at most so many (default: 50)', wholeNumber(1, 1000)),
    ['tajo skills runs', 'tajo skills runs --skill big-deal-alert --state failed --json'],
  ).action((_, command: Command) =>
    invoke(command.optsWithGlobals(), async (context) =>
      (await import('./commands/skills.ts')).runRuns(context, command.opts()),
    ),
  )
}

const STATES = ['waiting', 'sent', 'done', 'failed', 'skipped'] as const

function jsonObject(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text)
    if (isJsonObject(value)) return value
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
  }
  throw new InvalidArgumentError(`A JSON object is expected, such as '{"days": 3}'.`)
}
