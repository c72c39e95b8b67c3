/** The commands about what runs on: serve, pause, resume. Words only. */
import type { Command } from 'commander'
import type { Invoke } from './program.ts'
import { HIGHEST_PORT, jsonOption, wholeNumber, withExamples } from './program-options.ts'

export function serveCommands(program: Command, invoke: Invoke): void {
  withExamples(
    program
      .command('serve')
      .description('keep both in step until told to stop')
      .option(
        '--port <port>',
        'where to listen (default: server.port of tajo.yaml; 0: a free one)',
        wholeNumber(0, HIGHEST_PORT),
      )
      .option('--host <address>', 'the address to listen on (default: all)')
      .option('--mcp-allow-write', 'offers agents with a key of scope operate tools that do something (/mcp)')
      .option('--no-webhooks', 'register no webhooks; polling does the work'),
    ['tajo serve', 'tajo serve --port 8080 --host 127.0.0.1', 'tajo serve --no-webhooks'],
  ).action((_, command: Command) =>
    invoke(command.optsWithGlobals(), async (context) =>
      (await import('./commands/serve.ts')).runServe(context, command.opts()),
    ),
  )
  withExamples(
    program
      .command('pause')
      .description('a server leaves the connection alone until "resume"; webhooks are kept')
      .addOption(jsonOption()),
    ['tajo pause', 'tajo pause --connection shop'],
  ).action((_, command: Command) =>
    invoke(command.optsWithGlobals(), async (context) =>
      (await import('./commands/hold.ts')).runPause(context),
    ),
  )
  withExamples(
    program
      .command('resume')
      .description('a server goes on with a connection that was paused')
      .addOption(jsonOption()),
    ['tajo resume', 'tajo resume --connection shop'],
  ).action((_, command: Command) =>
    invoke(command.optsWithGlobals(), async (context) =>
      (await import('./commands/hold.ts')).runResume(context),
    ),
  )
}
