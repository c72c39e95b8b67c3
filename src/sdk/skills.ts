/** What reacts to changes: the skills that ship, and the user's own. */
import type { Call, CallOptions } from './caller.ts'
import type { Params, SkillOutcome, SkillRunView, SkillVerdict, SkillView } from './shapes.ts'

export type SkillRequest = Omit<Params<'skills.run'>, 'name'> & CallOptions

export type Skills = {
  list(options?: CallOptions): Promise<readonly SkillView[]>
  /** Every fault with its line; without files, of those that the server has. */
  validate(
    files?: Params<'skills.validate'>['files'],
    options?: CallOptions,
  ): Promise<readonly SkillVerdict[]>
  /** Carries out a skill that may be asked for (`agent_request`); with `dryRun` only tells what it would do. */
  run(name: string, request?: SkillRequest): Promise<SkillOutcome>
  /** What skills did, and what they wait for, the newest first. */
  runs(filter?: Params<'skills.runs'>, options?: CallOptions): Promise<readonly SkillRunView[]>
}

export function createSkills(call: Call): Skills {
  return {
    list: (options) => call('skills.list', {}, options),
    validate: (files, options) => call('skills.validate', { files }, options),
    run: (name, { record, input, dryRun, ...options } = {}) =>
      call('skills.run', { name, record, input, dryRun }, options),
    runs: (filter = {}, options) => call('skills.runs', filter, options),
  }
}
