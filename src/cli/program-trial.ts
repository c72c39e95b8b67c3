/** The commands that need no account: demo, sandbox, init. Words only. */
import { type Command, Option } from 'commander'
import type { Invoke } from './program.ts'
import {
  dataOption,
  HIGHEST_PORT,
  jsonOption,
  seedOption,
  wholeNumber,
  withExamples,
} from './program-options.ts'

const PLANS = ['lite', 'growth', 'premium', 'ultimate'] as const

export function trialCommands(program: Command, invoke: Invoke): void {
  withExamples(
    program
      .command('demo')
      .description('show a sync and a live server between two simulated accounts')
      .addOption(dataOption())
      .addOption(seedOption())
      .option('--exit', 'end by itself (always so when stdin is not a terminal)')
      .option('--keep', 'keep the data directory'),
    ['tajo demo', 'tajo demo --data messy --exit'],
  ).action((_, command: Command) =>
    invoke(command.optsWithGlobals(), async (context) =>
      (await import('./commands/demo.ts')).runDemo(context, command.opts()),
    ),
  )
  withExamples(
    program
      .command('sandbox')
      .description('run the two simulated services until Ctrl-C')
      .addOption(dataOption())
      .addOption(seedOption())
      .addOption(
        new Option('--plan <plan>', "Pipedrive's plan, for its limits").choices(PLANS).default('lite'),
      )
      .addOption(new Option('--latency <ms>', 'added to every answer').argParser(wholeNumber(0)).default(0))
      .option('--pipedrive-port <port>', 'default: a free one', wholeNumber(0, HIGHEST_PORT))
      .option('--brevo-port <port>', 'default: a free one', wholeNumber(0, HIGHEST_PORT))
      .option('--write-config <file>', 'write a tajo.yaml that fits the data')
      .addOption(jsonOption()),
    [
      'tajo sandbox',
      'tajo sandbox --data messy --seed 7 --write-config tajo.yaml',
      'tajo sandbox --plan growth --latency 150',
      'tajo sandbox --pipedrive-port 4010 --brevo-port 4020',
    ],
  ).action((_, command: Command) =>
    invoke(command.optsWithGlobals(), async (context) =>
      (await import('./commands/sandbox.ts')).runSandbox(context, command.opts()),
    ),
  )
  withExamples(
    program
      .command('init')
      .description('write a commented tajo.yaml')
      .option('--force', 'replace the file that is there')
      .option('--yes', 'ask nothing: credentials come from the environment'),
    ['tajo init', 'tajo init --yes --config /etc/tajo/tajo.yaml'],
  ).action((_, command: Command) =>
    invoke(command.optsWithGlobals(), async (context) =>
      (await import('./commands/init.ts')).runInit(context, command.opts()),
    ),
  )
}
