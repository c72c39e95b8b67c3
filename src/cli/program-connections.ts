/** The commands about the connections of an installation. Words only. */
import type { Command } from 'commander'
import type { Invoke } from './program.ts'
import { jsonOption, refuseUnknownWord, withExamples } from './program-options.ts'

export function connectionCommands(program: Command, invoke: Invoke): void {
  const list = (command: Command) =>
    invoke(command.optsWithGlobals(), async (context) =>
      (await import('./commands/connections.ts')).runList(context),
    )
  const group = withExamples(
    program
      .command('connections')
      .usage('[options] [command]')
      .description('the pairs of accounts that are kept in step here')
      .allowExcessArguments()
      .addOption(jsonOption()),
    [
      'tajo connections list',
      'tajo connections add berlin --file berlin.yaml',
      'tajo sync --connection berlin',
      'tajo connections remove berlin',
    ],
  ).action((_, command: Command) => {
    refuseUnknownWord(command)
    return list(command)
  })
  withExamples(group.command('list').description('their names, and where their settings are kept'), [
    'tajo connections list --json',
  ]).action((_, command: Command) => list(command))
  withExamples(
    group
      .command('add')
      .description('keep another connection in the store')
      .argument('<name>', 'lower-case letters, digits and hyphens')
      .requiredOption('--file <file>', 'its settings, as tajo.yaml has them for one connection'),
    ['tajo connections add berlin --file berlin.yaml'],
  ).action((name, { file }, command: Command) =>
    invoke(command.optsWithGlobals(), async (context) =>
      (await import('./commands/connections.ts')).runAdd(context, name, file),
    ),
  )
  withExamples(
    group
      .command('remove')
      .description('forget a connection that is kept in the store')
      .argument('<name>')
      .option('--yes', 'do not ask'),
    ['tajo connections remove berlin --yes'],
  ).action((name, options, command: Command) =>
    invoke(command.optsWithGlobals(), async (context) =>
      (await import('./commands/connections.ts')).runRemove(context, name, options),
    ),
  )
}
