/** The command that serves agents. Words only. */
import type { Command } from 'commander'
import type { Invoke } from './program.ts'
import { withExamples } from './program-options.ts'

export function mcpCommands(program: Command, invoke: Invoke): void {
  withExamples(
    program
      .command('mcp')
      .description('an MCP server on stdio, for agents: looks only, unless writing is allowed')
      .option('--allow-write', 'offers sync, retries and skills as tools, too'),
    ['tajo mcp', 'tajo mcp --allow-write', 'TAJO_URL=https://tajo.example.com TAJO_API_KEY=… tajo mcp'],
  ).action((options, command: Command) =>
    invoke(command.optsWithGlobals(), async (context) =>
      (await import('./commands/mcp.ts')).runMcp(context, options),
    ),
  )
}
