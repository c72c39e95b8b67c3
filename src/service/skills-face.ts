/** Skills as people see them: those that ship, and the user's own. */

export type Skills = {
  /** Those that ship first, then the user's own, by name. Reads files and the configuration only. */
  list(): Promise<readonly SkillView[]>
  /**
   * `files`: what would be in the directory, beside what is there under other names. Left out: every file of the directory.
   * What is wrong is in the answer.
   */
  validate(files?: readonly SkillText[]): Promise<readonly SkillVerdict[]>
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
