/** The commands that sync and look at what a sync did: sync, status, explain, failures. Words only. */
import type { Command } from 'commander'
import type { Invoke } from './program.ts'
import { jsonOption, refuseUnknownWord, withExamples } from './program-options.ts'

export function runCommands(program: Command, invoke: Invoke): void {
  withExamples(
    program
      .command('sync')
      .description('one pass from Pipedrive to Brevo')
      .option('--dry-run', 'write nothing to Brevo, say what would be written')
      .option('--full', 'read everything again')
      .addOption(jsonOption()),
    ['tajo sync --dry-run', 'tajo sync', 'tajo sync --full --json'],
  ).action((_, command: Command) =>
    invoke(command.optsWithGlobals(), async (context) =>
      (await import('./commands/sync.ts')).runSync(context, command.opts()),
    ),
  )
  withExamples(
    program
      .command('status')
      .description('whether both are in step, and what the last runs did')
      .addOption(jsonOption()),
    ['tajo status', 'tajo status --json'],
  ).action((_, command: Command) =>
    invoke(command.optsWithGlobals(), async (context) =>
      (await import('./commands/status.ts')).runStatus(context),
    ),
  )
  withExamples(
    program
      .command('explain')
      .description('everything about one person: source, mapping, lists and why')
      .argument('<person>', 'a Pipedrive person id or an e-mail address')
      .addOption(jsonOption()),
    ['tajo explain 42', 'tajo explain ada@example.com --json'],
  ).action((person: string, _, command: Command) =>
    invoke(command.optsWithGlobals(), async (context) =>
      (await import('./commands/explain.ts')).runExplain(context, person),
    ),
  )
  failureCommands(program, invoke)
}

function failureCommands(program: Command, invoke: Invoke): void {
  const list = (command: Command) =>
    invoke(command.optsWithGlobals(), async (context) =>
      (await import('./commands/failures.ts')).runList(context),
    )
  const group = withExamples(
    program
      .command('failures')
      .usage('[options] [command]')
      .description('records that could not be synced')
      .allowExcessArguments()
      .addOption(jsonOption()),
    ['tajo failures list', 'tajo failures retry', 'tajo failures discard 17 --yes'],
  ).action((_, command: Command) => {
    refuseUnknownWord(command)
    return list(command)
  })
  withExamples(group.command('list').description('what failed, why, and what to do'), [
    'tajo failures list',
    'tajo failures list --json',
  ]).action((_, command: Command) => list(command))
  withExamples(
    group
      .command('retry')
      .description('try them again (all that are not discarded, when nothing is named)')
      .argument('[ids...]', 'as "failures list" shows them')
      .option('--code <code>', 'those with this code')
      .option('--with-discarded', 'those that were discarded, too'),
    ['tajo failures retry', 'tajo failures retry 17 18', 'tajo failures retry --code brevo_rejected'],
  ).action((ids: string[], _, command: Command) =>
    invoke(command.optsWithGlobals(), async (context) =>
      (await import('./commands/failures.ts')).runRetry(context, ids, command.opts()),
    ),
  )
  withExamples(
    group
      .command('discard')
      .description('stop trying them (all, when nothing is named)')
      .argument('[ids...]', 'as "failures list" shows them')
      .option('--code <code>', 'those with this code')
      .option('--yes', 'do not ask'),
    ['tajo failures discard 17', 'tajo failures discard --code brevo_rejected --yes'],
  ).action((ids: string[], _, command: Command) =>
    invoke(command.optsWithGlobals(), async (context) =>
      (await import('./commands/failures.ts')).runDiscard(context, ids, command.opts()),
    ),
  )
}
