/** The commands about webhooks. Words only. */
import type { Command } from 'commander'
import type { Invoke } from './program.ts'
import { jsonOption, refuseUnknownWord, withExamples } from './program-options.ts'

export function webhookCommands(program: Command, invoke: Invoke): void {
  const list = (command: Command) =>
    invoke(command.optsWithGlobals(), async (context) =>
      (await import('./commands/webhooks.ts')).runList(context),
    )
  const group = withExamples(
    program
      .command('webhooks')
      .usage('[options] [command]')
      .description('what Pipedrive and Brevo send to this server')
      .allowExcessArguments()
      .addOption(jsonOption()),
    ['tajo webhooks list', 'tajo webhooks register', 'tajo webhooks remove --yes'],
  ).action((_, command: Command) => {
    refuseUnknownWord(command)
    return list(command)
  })
  withExamples(group.command('list').description('what is registered, and what is wrong with it'), [
    'tajo webhooks list',
    'tajo webhooks list --json',
  ]).action((_, command: Command) => list(command))
  withExamples(
    group.command('register').description('register what is missing, mend what is wrong (serve does it too)'),
    ['tajo webhooks register', 'tajo webhooks register --json'],
  ).action((_, command: Command) =>
    invoke(command.optsWithGlobals(), async (context) =>
      (await import('./commands/webhooks.ts')).runRegister(context),
    ),
  )
  withExamples(
    group
      .command('remove')
      .description("take Tajo's webhooks away from both services")
      .option('--yes', 'do not ask'),
    ['tajo webhooks remove', 'tajo webhooks remove --yes'],
  ).action((_, command: Command) =>
    invoke(command.optsWithGlobals(), async (context) =>
      (await import('./commands/webhooks.ts')).runRemove(context, command.opts()),
    ),
  )
}
