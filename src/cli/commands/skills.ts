/** `tajo skills`: what there is, and what is wrong with it. It reads the files that it is told to, and no others. */
import { readFile } from 'node:fs/promises'
import { TajoError } from '../../base/error.ts'
import type {
  SkillOutcome,
  SkillRunsFilter,
  SkillRunView,
  SkillText,
  SkillVerdict,
  SkillView,
} from '../../service/index.ts'
import { type CommandContext, withService } from '../command-context.ts'
import { EXIT } from '../exit-codes.ts'
import { toMinute } from '../failure-text.ts'
import { count, type Output, wrapText } from '../output.ts'

export function runList(context: CommandContext): Promise<number> {
  return withService(context, async (service) => {
    const skills = await service.skills.list()
    context.output.document({ skills })
    if (!context.output.json) printSkills(context.output, skills)
    return EXIT.done
  })
}

export async function runValidate(context: CommandContext, paths: readonly string[]): Promise<number> {
  const files = paths.length === 0 ? undefined : await Promise.all(paths.map(readSkillText))
  return withService(context, async (service) => {
    const verdicts = await service.skills.validate(files)
    context.output.document({ skills: verdicts })
    if (!context.output.json) printVerdicts(context.output, verdicts)
    return verdicts.every(({ valid }) => valid) ? EXIT.done : EXIT.configuration
  })
}

export function runRun(
  context: CommandContext,
  name: string,
  options: { person?: number; deal?: number; input?: Readonly<Record<string, unknown>>; dryRun?: boolean },
): Promise<number> {
  const { person, deal, input, dryRun } = options
  const record =
    person !== undefined
      ? { entity: 'person' as const, id: person }
      : deal !== undefined
        ? { entity: 'deal' as const, id: deal }
        : undefined
  return withService(context, async (service) => {
    const outcome = await service.skills.run(name, { record, input, dryRun, signal: context.signal })
    context.output.document(outcome)
    if (!context.output.json) printOutcome(context.output, name, outcome)
    return outcome.state === 'failed' ? EXIT.incomplete : EXIT.done
  })
}

export function runRuns(context: CommandContext, filter: SkillRunsFilter): Promise<number> {
  return withService(context, async (service) => {
    const runs = await service.skills.runs(filter)
    context.output.document({ runs })
    if (!context.output.json) printRuns(context.output, runs)
    return EXIT.done
  })
}

async function readSkillText(file: string): Promise<SkillText> {
  try {
    return { file, text: await readFile(file, 'utf8') }
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    throw new TajoError({
      code: 'skill_unreadable',
      message: `${file} cannot be read (${code}): name the file of a skill, such as skills/big-deal-alert.md.`,
      cause: error,
    })
  }
}

function printSkills(output: Output, skills: readonly SkillView[]): void {
  const own = skills.filter(({ builtIn }) => !builtIn)
  output.table(
    ['skill', 'version', 'state', 'why'],
    skills
      .filter(({ builtIn }) => builtIn)
      .map(({ name, version, state, because }) => [name, version ?? '', stateText(output, state), because]),
  )
  output.heading('Your own')
  if (own.length === 0) {
    output.print('None yet. "docs/skills.md" shows how to write one.')
    return
  }
  output.table(
    ['skill', 'version', 'state', 'why', 'when'],
    own.map(({ name, version, state, because, triggers }) => [
      name,
      version ?? '',
      stateText(output, state),
      because,
      triggers.join(', '),
    ]),
  )
}

function stateText(output: Output, state: SkillView['state']): string {
  return output.style(state === 'on' ? 'green' : state === 'off' ? 'dim' : 'red', state)
}

function printVerdicts(output: Output, verdicts: readonly SkillVerdict[]): void {
  for (const { faults } of verdicts)
    for (const fault of faults) output.print(wrapText(fault, output.columns, '  '))
  const wrong = verdicts.filter(({ valid }) => !valid).length
  output.print(
    wrong === 0
      ? `${count(verdicts.length, 'skill')}, no faults.`
      : `\n${wrong} of ${count(verdicts.length, 'skill')} cannot be used as they are.`,
  )
}

function printOutcome(output: Output, name: string, outcome: SkillOutcome): void {
  const words: Readonly<Record<SkillOutcome['state'], string>> = {
    planned: 'would do this, and did nothing',
    waiting: 'waits',
    sent: 'waits for an answer',
    done: 'done',
    failed: 'failed',
    skipped: 'does nothing',
  }
  output.print(`${name}: ${words[outcome.state]}${outcome.reason === null ? '' : `: ${outcome.reason}`}`)
  for (const { name: action, parameters } of outcome.planned)
    output.print(`  ${action} ${JSON.stringify(parameters)}`)
  for (const { name: action, result } of outcome.actions)
    output.print(`  ${action}: ${result ?? output.style('dim', 'not done')}`)
}

function printRuns(output: Output, runs: readonly SkillRunView[]): void {
  if (runs.length === 0) {
    output.print('No skill has run yet.')
    return
  }
  output.table(
    ['run', 'skill', 'about', 'when', 'state', 'what came of it'],
    runs.map(({ run, skill, subject, state, reason, actions, noticedAt, dueAt }) => [
      String(run),
      skill,
      subject,
      toMinute(noticedAt),
      state,
      reason ?? (state === 'waiting' && dueAt !== null ? `until ${toMinute(dueAt)}` : resultsOf(actions)),
    ]),
  )
}

function resultsOf(actions: SkillRunView['actions']): string {
  return actions.flatMap(({ result }) => (result === null ? [] : [result])).join('; ')
}
