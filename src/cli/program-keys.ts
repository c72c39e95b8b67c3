/** The commands about keys of the HTTP interface. Words only. */
import { type Command, Option } from 'commander'
import type { Invoke } from './program.ts'
import { jsonOption, refuseUnknownWord, withExamples } from './program-options.ts'

const SCOPES = ['read', 'operate', 'admin'] as const

export function keyCommands(program: Command, invoke: Invoke): void {
  const list = (command: Command) =>
    invoke(command.optsWithGlobals(), async (context) =>
      (await import('./commands/keys.ts')).runList(context),
    )
  const group = withExamples(
    program
      .command('keys')
      .usage('[options] [command]')
      .description('who may use the HTTP interface of the server')
      .allowExcessArguments()
      .addOption(jsonOption()),
    ['tajo keys create dashboard --scope read --expires 90d', 'tajo keys list', 'tajo keys revoke dashboard'],
  ).action((_, command: Command) => {
    refuseUnknownWord(command)
    return list(command)
  })
  withExamples(
    group
      .command('create')
      .description('make a key and print it, once')
      .argument('<name>', 'what it is for')
      .addOption(
        new Option('--scope <scope>', 'read: look; operate: sync and repair too; admin: everything')
          .choices(SCOPES)
          .makeOptionMandatory(),
      )
      .option('--expires <time>', 'after 90d, 12h, ..., or on 2027-12-31 (default: never)')
      .option('--only <connection>', 'the only connection it opens (default: all)'),
    [
      'tajo keys create dashboard --scope read',
      'tajo keys create deploy --scope operate --expires 90d --json',
    ],
  ).action((name: string, _, command: Command) =>
    invoke(command.optsWithGlobals(), async (context) =>
      (await import('./commands/keys.ts')).runCreate(context, name, command.opts()),
    ),
  )
  withExamples(group.command('list').description('all keys, without their secrets'), [
    'tajo keys list',
    'tajo keys list --json',
  ]).action((_, command: Command) => list(command))
  withExamples(
    group
      .command('revoke')
      .description('end a key at once')
      .argument('<key>', 'its name or id, as "keys list" shows them'),
    ['tajo keys revoke dashboard', 'tajo keys revoke 4f1a09b2c3d4'],
  ).action((key: string, _, command: Command) =>
    invoke(command.optsWithGlobals(), async (context) =>
      (await import('./commands/keys.ts')).runRevoke(context, key),
    ),
  )
}
