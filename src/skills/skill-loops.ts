/** Rings of skills: what a skill's actions cause, and whom that triggers. Only what is written down is seen here. */
import { ACTIONS } from './action-catalogue.ts'
import { AGENT_REQUEST, type Skill } from './skill.ts'

export type Loop = { readonly action: number; readonly message: string }

/** For each skill that is part of a ring, the actions that keep it going. */
export function loopsOf(
  skills: readonly Skill[],
  names: ReadonlyMap<string, readonly string[]>,
): ReadonlyMap<string, readonly Loop[]> {
  const triggered = (cause: string): readonly Skill[] =>
    skills.filter((skill) => causesOf(skill, names).has(cause))
  const steps = new Map(skills.map((skill) => [skill.name, stepsOf(skill, triggered)]))
  return new Map(
    skills.map(({ name }) => [
      name,
      (steps.get(name) ?? []).flatMap(({ action, cause, next }) => {
        const way = wayTo(name, next, steps)
        if (way === null) return []
        const ring = [name, ...way].join(' > ')
        return [
          {
            action,
            message: `a loop: ${cause} triggers the skill again (${ring}); take it out, or use another event`,
          },
        ]
      }),
    ]),
  )
}

type Step = { readonly action: number; readonly cause: string; readonly next: string }

/** What triggers a skill: changes, and `event:<name>` for what skills track. */
function causesOf(skill: Skill, names: ReadonlyMap<string, readonly string[]>): ReadonlySet<string> {
  return new Set(
    skill.triggers.flatMap((trigger) =>
      trigger.kind === 'event' && trigger.event !== AGENT_REQUEST
        ? [`event:${trigger.event}`, ...(names.get(trigger.event) ?? [])]
        : [],
    ),
  )
}

function stepsOf(skill: Skill, triggered: (cause: string) => readonly Skill[]): readonly Step[] {
  return skill.actions.flatMap(({ name, parameters }, action) => {
    const tracked = name === 'brevo/track-event' ? [`event:${String(parameters.event)}`] : []
    return [...(ACTIONS[name]?.causes ?? []), ...tracked].flatMap((cause) =>
      triggered(cause).map((next) => ({
        action,
        cause: cause.startsWith('event:') ? `the event ${cause.slice(6)}` : `"${cause}"`,
        next: next.name,
      })),
    )
  })
}

/** The shortest way from `from` to `to`, both included; null when there is none. */
function wayTo(
  to: string,
  from: string,
  steps: ReadonlyMap<string, readonly Step[]>,
): readonly string[] | null {
  const ways: string[][] = [[from]]
  const seen = new Set<string>()
  for (let way = ways.shift(); way !== undefined; way = ways.shift()) {
    const at = way.at(-1) ?? ''
    if (at === to) return way
    if (seen.has(at)) continue
    seen.add(at)
    for (const { next } of steps.get(at) ?? []) ways.push([...way, next])
  }
  return null
}
