/** The commands about one person's data. Words only. */
import type { Command } from 'commander'
import type { Invoke } from './program.ts'
import { jsonOption, refuseUnknownWord, withExamples } from './program-options.ts'

const ADDRESS = 'an e-mail address of the person'

export function gdprCommands(program: Command, invoke: Invoke): void {
  const group = withExamples(
    program
      .command('gdpr')
      .usage('[options] <command>')
      .description('what is held about one person, and erasing it')
      .allowExcessArguments()
      .addOption(jsonOption()),
    ['tajo gdpr export ada@example.com > ada.json', 'tajo gdpr erase ada@example.com --dry-run'],
  ).action((_, command: Command) => {
    refuseUnknownWord(command)
    command.help()
  })
  withExamples(
    group
      .command('export')
      .description('everything held in both services and the store, as one JSON document')
      .argument('<email>', ADDRESS),
    ['tajo gdpr export ada@example.com > ada.json'],
  ).action((email: string, _, command: Command) =>
    invoke(command.optsWithGlobals(), async (context) =>
      (await import('./commands/gdpr.ts')).runExport(context, email),
    ),
  )
  withExamples(
    group
      .command('erase')
      .description('remove the person from Brevo and the store, for good')
      .argument('<email>', ADDRESS)
      .option('--pipedrive', 'delete the person in Pipedrive too')
      .option('--dry-run', 'remove nothing, say what would be removed')
      .option('--yes', 'do not ask'),
    [
      'tajo gdpr erase ada@example.com --dry-run',
      'tajo gdpr erase ada@example.com --yes',
      'tajo gdpr erase ada@example.com --pipedrive',
    ],
  ).action((email: string, _, command: Command) =>
    invoke(command.optsWithGlobals(), async (context) =>
      (await import('./commands/gdpr.ts')).runErase(context, email, command.opts()),
    ),
  )
  withExamples(
    group
      .command('allow')
      .description('let a person be synced again that was erased')
      .argument('<email>', ADDRESS),
    ['tajo gdpr allow ada@example.com'],
  ).action((email: string, _, command: Command) =>
    invoke(command.optsWithGlobals(), async (context) =>
      (await import('./commands/gdpr.ts')).runAllow(context, email),
    ),
  )
}
