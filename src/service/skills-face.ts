/** Skills as people see them: those that ship, and the user's own. */

export type Skills = {
  /** Those that ship first, then the user's own, by name. Reads files and the configuration only. */
  list(): Promise<readonly SkillView[]>
  /**
   * `files`: what would be in the directory, beside what is there under other names. Left out: every file of the directory.
   * What is wrong is in the answer.
   */
  validate(files?: readonly SkillText[]): Promise<readonly SkillVerdict[]>
  /**
   * Carries out a skill of one's own that may be asked for (`agent_request`). A dry run tells what would be done, of any of one's
   * own. Throws `skill_unknown`, `skill_not_runnable`, `skill_name_invalid`, `record_unknown`.
   */
  run(name: string, request?: SkillRequest): Promise<SkillOutcome>
  /** The newest first. */
  runs(filter?: SkillRunsFilter): Promise<readonly SkillRunView[]>
}

export type SkillRequest = {
  /** Whom it is about, as the store has it. */
  readonly record?: { readonly entity: 'person' | 'deal'; readonly id: number } | undefined
  /** What templates call `input.…`. */
  readonly input?: Readonly<Record<string, unknown>> | undefined
  readonly dryRun?: boolean | undefined
  readonly signal?: AbortSignal | undefined
}

export type SkillOutcome = {
  readonly dryRun: boolean
  /** `done`; `failed` or `skipped` with the reason; `waiting` for a time or a service; `planned` in a dry run. */
  readonly state: 'planned' | 'waiting' | 'sent' | 'done' | 'failed' | 'skipped'
  readonly reason: string | null
  /** Null in a dry run. */
  readonly run: number | null
  /** Null while nothing has come of an action. */
  readonly actions: readonly { readonly name: string; readonly result: string | null }[]
  /** What the actions would be given; of a dry run only. */
  readonly planned: readonly {
    readonly name: string
    readonly parameters: Readonly<Record<string, unknown>>
  }[]
}

export type SkillRunsFilter = {
  readonly skill?: string | undefined
  readonly state?: 'waiting' | 'sent' | 'done' | 'failed' | 'skipped' | undefined
  /** Default 50. */
  readonly limit?: number | undefined
}

export type SkillRunView = {
  readonly run: number
  readonly skill: string
  readonly version: string | null
  /** The event, the schedule, or `agent_request`. */
  readonly trigger: string
  /** `deal 42`, or `schedule`. */
  readonly subject: string
  readonly state: 'waiting' | 'sent' | 'done' | 'failed' | 'skipped'
  readonly reason: string | null
  readonly actions: readonly { readonly name: string; readonly result: string | null }[]
  /** ISO 8601, like the others. */
  readonly noticedAt: string
  /** When it goes on; null where nothing is waited for. */
  readonly dueAt: string | null
  readonly endedAt: string | null
}

export type SkillText = {
  /** As people name it; the name of the skill is its last part without `.md`. */
  readonly file: string
  readonly text: string
}

export type SkillVerdict = {
  readonly file: string
  readonly name: string
  readonly valid: boolean
  /** `skills/big-deal-alert.md:7:12 triggers[0].event: …`, in the order of the file. */
  readonly faults: readonly string[]
}

export type SkillView = {
  readonly name: string
  /** `invalid`: there are faults, and it does not run. */
  readonly state: 'on' | 'off' | 'invalid'
  /** Which setting says so, or the first fault. */
  readonly because: string
  /** Ships with Tajo, and is carried out by the sync itself. */
  readonly builtIn: boolean
  readonly file: string
  /** Null of one that is invalid, as all below. */
  readonly version: string | null
  readonly description: string | null
  readonly category: string | null
  readonly status: string | null
  /** `deal_won`, `0 9 * * * (Europe/Berlin)`, `agent_request`. */
  readonly triggers: readonly string[]
  readonly actions: readonly string[]
  readonly permissions: readonly string[]
  readonly relatedSkills: readonly string[]
  readonly featured: boolean
  /** The tool of an agent that it stands for. */
  readonly mcpTool: string | null
  /** Whether it may be asked for (`agent_request`). */
  readonly runnable: boolean
  readonly faults: readonly string[]
}
