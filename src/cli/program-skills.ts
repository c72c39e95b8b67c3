/** The commands about skills. Words only. */
import type { Command } from 'commander'
import type { Invoke } from './program.ts'
import { jsonOption, refuseUnknownWord, withExamples } from './program-options.ts'

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
    ['tajo skills', 'tajo skills validate', 'tajo skills list --json'],
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
}
