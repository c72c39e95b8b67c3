/** The commands about the two accounts: connectors and check. Words only. */
import { Argument, type Command } from 'commander'
import type { Invoke } from './program.ts'
import { jsonOption, refuseUnknownWord, withExamples } from './program-options.ts'

const NAMES = ['pipedrive', 'brevo'] as const

type Connectors = typeof import('./commands/connectors.ts')

export function accountCommands(program: Command, invoke: Invoke): void {
  const group = withExamples(
    program.command('connectors').description('the accounts that Tajo connects').addOption(jsonOption()),
    [
      'tajo connectors list',
      'tajo connectors connect pipedrive --api-token T --company-domain yourcompany',
      'tajo connectors connect brevo --api-key K',
      'tajo connectors test',
    ],
  )
  const call = (
    command: Command,
    body: (module: Connectors, ...rest: Parameters<Connectors['runList']>) => Promise<number>,
  ) =>
    invoke(command.optsWithGlobals(), async (context) =>
      body(await import('./commands/connectors.ts'), context),
    )
  group
    .usage('[options] [command]')
    .allowExcessArguments()
    .action((_, command: Command) => {
      refuseUnknownWord(command)
      return call(command, (module, context) => module.runList(context))
    })
  connectCommand(group, invoke)
  withExamples(group.command('list').description('where the credentials come from'), [
    'tajo connectors list',
  ]).action((_, command: Command) => call(command, (module, context) => module.runList(context)))
  withExamples(group.command('status').description('list, and call both services'), [
    'tajo connectors status --json',
  ]).action((_, command: Command) => call(command, (module, context) => module.runTest(context, undefined)))
  withExamples(
    group
      .command('test')
      .description('call a service with its credentials')
      .addArgument(new Argument('[name]', 'default: both').choices(NAMES)),
    ['tajo connectors test', 'tajo connectors test brevo'],
  ).action((name, _, command: Command) => call(command, (module, context) => module.runTest(context, name)))
  withExamples(
    group
      .command('disconnect')
      .description('forget stored credentials')
      .addArgument(new Argument('<name>').choices(NAMES)),
    ['tajo connectors disconnect pipedrive'],
  ).action((name, _, command: Command) =>
    call(command, (module, context) => module.runDisconnect(context, name)),
  )
  checkCommand(program, invoke)
}

function connectCommand(group: Command, invoke: Invoke): void {
  withExamples(
    group
      .command('connect')
      .alias('install')
      .description('test credentials and store them encrypted')
      .addArgument(new Argument('<name>').choices(NAMES))
      .option('--api-token <token>', 'Pipedrive (or PIPEDRIVE_API_TOKEN)')
      .option('--company-domain <domain>', 'Pipedrive (or PIPEDRIVE_COMPANY_DOMAIN)')
      .option('--oauth', 'Pipedrive: authorise in the browser')
      .option('--api-key <key>', 'Brevo (or BREVO_API_KEY)')
      .option('--client-id <id>', 'Brevo: a private app instead of a key (or BREVO_CLIENT_ID)')
      .option('--client-secret <secret>', 'Brevo: its secret (or BREVO_CLIENT_SECRET)')
      .option('--scope <scopes>', 'Brevo: scopes to ask for (default: all that the app has)'),
    [
      'tajo connectors connect pipedrive --api-token T --company-domain yourcompany',
      'tajo connectors connect pipedrive --oauth',
      'BREVO_API_KEY=K tajo connectors connect brevo',
      'tajo connectors connect brevo --client-id ID --client-secret SECRET',
    ],
  ).action((name, _, command: Command) =>
    invoke(command.optsWithGlobals(), async (context) =>
      (await import('./commands/connectors.ts')).runConnect(context, name, command.opts()),
    ),
  )
}

function checkCommand(program: Command, invoke: Invoke): void {
  withExamples(
    program
      .command('check')
      .description('compare the configuration with both accounts')
      .option('--fix', 'create what is missing in Brevo')
      .addOption(jsonOption()),
    ['tajo check', 'tajo check --fix'],
  ).action((_, command: Command) =>
    invoke(command.optsWithGlobals(), async (context) =>
      (await import('./commands/check.ts')).runCheck(context, command.opts()),
    ),
  )
}
