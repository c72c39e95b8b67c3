/** The commands about the key of stored credentials. Words only. */
import type { Command } from 'commander'
import type { Invoke } from './program.ts'
import { jsonOption, refuseUnknownWord, withExamples } from './program-options.ts'

export function secretCommands(program: Command, invoke: Invoke): void {
  const group = withExamples(
    program
      .command('secrets')
      .usage('[options] [command]')
      .description('the key that stored credentials are sealed with')
      .allowExcessArguments()
      .addOption(jsonOption()),
    ['tajo secrets rotate'],
  ).action((_, command: Command) => {
    refuseUnknownWord(command)
    command.help()
  })
  withExamples(group.command('rotate').description('seal all stored credentials anew with another key'), [
    'tajo secrets rotate',
    'TAJO_SECRET_KEY=new TAJO_SECRET_KEY_PREVIOUS=old tajo secrets rotate',
  ]).action((_, command: Command) =>
    invoke(command.optsWithGlobals(), async (context) =>
      (await import('./commands/secrets.ts')).runRotate(context),
    ),
  )
}
