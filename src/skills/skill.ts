/** What a skill is once its file has been read and checked. Frozen shapes; nothing here knows about YAML. */
import type { ConfigFault } from '../config/index.ts'
import type { Condition } from './condition.ts'

export const CATEGORIES = [
  'data-sync',
  'email-marketing',
  'sms-whatsapp',
  'loyalty',
  'analytics',
  'integrations',
] as const
export const STATUSES = ['stable', 'beta', 'experimental'] as const

/** The trigger of skills that are asked for by a person or an agent. */
export const AGENT_REQUEST = 'agent_request'

export type EventTrigger = {
  readonly kind: 'event'
  readonly event: string
  readonly conditions: readonly Condition[]
  /** How long it waits before the same record triggers it again; null: it does not wait. */
  readonly debounceMs: number | null
}
export type ScheduleTrigger = { readonly kind: 'schedule'; readonly cron: string; readonly timezone: string }
export type Trigger = EventTrigger | ScheduleTrigger

export type ParameterValue =
  | string
  | number
  | boolean
  | readonly ParameterValue[]
  | { readonly [name: string]: ParameterValue }

export type SkillAction = {
  /** `brevo/add-to-list`. */
  readonly name: string
  /** As written, templates and all. */
  readonly parameters: Readonly<Record<string, ParameterValue>>
}

export type Skill = {
  readonly name: string
  readonly version: string
  readonly description: string
  readonly category: (typeof CATEGORIES)[number]
  readonly status: (typeof STATUSES)[number]
  readonly triggers: readonly Trigger[]
  readonly actions: readonly SkillAction[]
  readonly permissions: readonly string[]
  readonly brevoEndpoints: readonly string[]
  readonly relatedSkills: readonly string[]
  readonly featured: boolean
  /** The tool of an agent that it stands for; null: none is named. */
  readonly mcpTool: string | null
  /** Ships with Tajo: the pipeline carries it out. */
  readonly builtIn: boolean
  /** What stands below the front matter. */
  readonly body: string
}

export type SkillFile = {
  /** As people would name it: `skills/big-deal-alert.md`. */
  readonly file: string
  /** `big-deal-alert`. */
  readonly name: string
  readonly text: string
}

export type SkillFault = ConfigFault

/** A file and what came of it: a skill, unless there are faults. */
export type ReadSkill = {
  readonly file: string
  readonly name: string
  readonly skill: Skill | null
  readonly faults: readonly SkillFault[]
}
