/** The front matter of a skill, setting by setting: the format of https://tajo.io/docs/skills/overview/skills-format/ . */
import { z } from 'zod'
import { SKILL_NAME } from '../config/index.ts'
import { CATEGORIES, STATUSES } from './skill.ts'

const SEMVER =
  /^(?:0|[1-9]\d*)\.(?:0|[1-9]\d*)\.(?:0|[1-9]\d*)(?:-[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*)?(?:\+[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*)?$/
const DURATION = /^[1-9][0-9]{0,8}[smhd]$/

const text = (expectation: string, pattern: RegExp) =>
  z.string({ error: expectation }).regex(pattern, { error: expectation })
const oneOf = <const T extends readonly [string, ...string[]]>(values: T) =>
  z.enum(values, { error: `expected one of ${values.join(', ')}` })
const listOf = (expectation: string, item: z.ZodType<string>) =>
  z.array(item, { error: expectation }).default([])

const name = 'expected a name in small letters, digits and single hyphens, such as big-deal-alert'
const conditionValue = 'expected a comparison such as "> 5000", "== won" or a plain value'

const trigger = z.strictObject(
  {
    event: text('expected the name of an event', /^[A-Za-z0-9_-]{1,255}$/).optional(),
    conditions: z
      .array(
        z.record(z.string(), z.union([z.string(), z.number(), z.boolean()], { error: conditionValue }), {
          error: 'expected one condition, such as value: "> 5000"',
        }),
        { error: 'expected a list of conditions, each as "- property: comparison"' },
      )
      .optional(),
    debounce: text('expected a time with its unit, such as 30s, 5m or 1h', DURATION).optional(),
    schedule: text('expected five fields of cron, such as "0 9 * * *"', /\S/).optional(),
    timezone: text('expected a time zone such as Europe/Berlin', /\S/).optional(),
  },
  { error: 'expected "- event: name" or "- schedule: cron"' },
)

const longest = 160
const description = `expected a description of 1 to ${longest} characters`

export const frontMatter = z.strictObject(
  {
    name: text(name, SKILL_NAME).max(100, { error: 'expected at most 100 characters' }),
    version: text('expected a semantic version such as "1.0.0"', SEMVER),
    description: text(description, /\S/).max(longest, { error: description }),
    category: oneOf(CATEGORIES),
    triggers: z
      .array(trigger, { error: 'expected a list of triggers' })
      .min(1, { error: 'expected at least one trigger' }),
    actions: z
      .array(
        z.union([z.string(), z.record(z.string(), z.record(z.string(), z.unknown()).nullable())], {
          error: 'expected an action such as brevo/add-to-list, alone or as a key above its parameters',
        }),
        { error: 'expected a list of actions' },
      )
      .min(1, { error: 'expected at least one action' }),
    status: oneOf(STATUSES).default('stable'),
    brevoEndpoints: listOf(
      'expected a list of endpoints',
      text('expected an endpoint such as POST /v3/contacts', /^(?:GET|POST|PUT|PATCH|DELETE) \/v3\/\S+$/),
    ),
    permissions: listOf(
      'expected a list of permissions',
      text('expected a permission such as contacts:write', /^[a-z]+:(?:read|write)$/),
    ),
    relatedSkills: listOf('expected a list of names of skills', text(name, SKILL_NAME)),
    featured: z.boolean({ error: 'expected true or false' }).default(false),
    mcp_tool: text(
      'expected the name of a tool such as brevo/create-contact',
      /^[a-z0-9-]+\/[a-z0-9-]+$/,
    ).optional(),
  },
  { error: 'expected a block of name, version, description, category, triggers and actions' },
)

export type FrontMatter = z.output<typeof frontMatter>
