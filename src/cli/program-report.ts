/** The commands about pipelines and campaigns. Words only. */
import { type Command, InvalidArgumentError, Option } from 'commander'
import type { Invoke } from './program.ts'
import { wholeNumber, withExamples } from './program-options.ts'

export const FORMATS = ['table', 'json', 'csv'] as const
const MODELS = ['first', 'last', 'linear', 'time_decay', 'position'] as const
const PIPELINE_SECTIONS = ['funnel', 'time-in-stage', 'open', 'revenue', 'groups'] as const
const ATTRIBUTION_SECTIONS = ['campaigns', 'deals', 'flows'] as const

export function reportCommands(program: Command, invoke: Invoke): void {
  const report = withExamples(
    program
      .command('report')
      .description('what became of deals, and which campaigns won them, from what is stored'),
    ['tajo report pipeline', 'tajo report attribution --opens human', 'tajo report backfill'],
  )
  withExamples(
    scoped(report.command('pipeline'), PIPELINE_SECTIONS)
      .description('funnel, time in stage, win rate, value by stage, forecast, revenue')
      .option('--by <what>', 'pipeline, owner, source, a field of the deal, person.<field>, org.<field>'),
    [
      'tajo report pipeline --pipeline Sales --from 2026-01-01 --to 2026-03-31',
      'tajo report pipeline --by owner --where "source=Trade fair"',
      'tajo report pipeline --by person.lead_source --format csv --section groups',
      'tajo report pipeline --format json',
    ],
  ).action((_, command: Command) =>
    invoke(withJson(command), async (context) =>
      (await import('./commands/report.ts')).runPipelineReport(context, command.opts()),
    ),
  )
  withExamples(
    scoped(report.command('attribution'), ATTRIBUTION_SECTIONS)
      .description('which campaigns are credited with which won deals')
      .addOption(
        new Option('--model <model>', 'who is credited with how much').choices(MODELS).default('linear'),
      )
      .option(
        '--lookback <days>',
        'how long before the win a touch counts (default: 90)',
        wholeNumber(1, 730),
      )
      .addOption(
        new Option('--opens <which>', 'whether opens count beside clicks; all: those of machines, too')
          .choices(['none', 'human', 'all'])
          .default('none'),
      ),
    [
      'tajo report attribution',
      'tajo report attribution --model time_decay --lookback 30',
      'tajo report attribution --opens human --format csv > campaigns.csv',
      'tajo report attribution --format csv --section deals',
    ],
  ).action((_, command: Command) =>
    invoke(withJson(command), async (context) =>
      (await import('./commands/report.ts')).runAttributionReport(context, command.opts()),
    ),
  )
  withExamples(
    report
      .command('backfill')
      .description('reads the history of deals and of campaigns from before Tajo; costs tokens')
      .option('--max-tokens <n>', "how many of Pipedrive's tokens it may spend this time", wholeNumber(1))
      .option('--yes', 'do not ask')
      .addOption(new Option('--json', 'print one JSON document on stdout')),
    ['tajo report backfill', 'tajo report backfill --max-tokens 5000', 'tajo report backfill --yes --json'],
  ).action((_, command: Command) =>
    invoke(command.optsWithGlobals(), async (context) =>
      (await import('./commands/report.ts')).runBackfill(context, command.opts()),
    ),
  )
}

function scoped(command: Command, sections: readonly string[]): Command {
  return command
    .option('--pipeline <name>', 'only this pipeline, by name or id')
    .option('--owner <name>', 'only deals of this owner, by name or id')
    .option('--where <what=choice>', 'only these deals: what --by takes, and one choice of it by name or id')
    .option('--from <day>', 'first day, such as 2026-01-01 in UTC (default: 90 days up to --to)', day)
    .option('--to <day>', 'last day (default: today)', day)
    .option('--no-compare', 'without the time before')
    .addOption(new Option('--format <format>', 'how it is printed').choices(FORMATS).default('table'))
    .addOption(new Option('--section <section>', 'which table of it is printed as CSV').choices(sections))
    .addOption(new Option('--json', 'the same as --format json'))
}

function day(text: string): string {
  if (/^\d{4}-\d{2}-\d{2}$/.test(text)) return text
  throw new InvalidArgumentError('A day is expected, such as 2026-03-31.')
}

/** With `--format json` everything that is no result goes to stderr, as with `--json`. */
function withJson(command: Command): ReturnType<Command['optsWithGlobals']> {
  const options = command.optsWithGlobals()
  return options.format === 'json' ? { ...options, json: true } : options
}
