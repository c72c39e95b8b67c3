/**
 * What lies between skills, and between a skill and the configuration: events that there are, lists and attributes that the
 * sync looks after, and rings of skills that would trigger one another for ever. It looks at a skill's own file only.
 */
import { nearestName } from '../base/suggest.ts'
import { type Config, isBuiltInSkill } from '../config/index.ts'
import { ACTIONS } from './action-catalogue.ts'
import { eventNames, switchOf } from './event-names.ts'
import { nameProblem } from './facts-names.ts'
import { type FaultSink, faultsAt } from './faults.ts'
import { frontMatterRoot } from './read-skill.ts'
import { AGENT_REQUEST, type ReadSkill, type Skill, type SkillFault, type SkillFile } from './skill.ts'
import { loopsOf } from './skill-loops.ts'
import { pathsIn } from './template.ts'

/** What a skill must know of the configuration. */
export type Surroundings = Pick<
  Config,
  'pipedrive' | 'dealStageMapping' | 'personMapping' | 'webhooks' | 'events'
>

type Checking = {
  readonly surroundings: Surroundings
  readonly names: ReadonlyMap<string, readonly string[]>
  /** Names of events that skills track. */
  readonly tracked: ReadonlySet<string>
}

/** The same files, with the faults that only their company shows. */
export function checkSkills(
  read: readonly ReadSkill[],
  files: readonly SkillFile[],
  surroundings: Surroundings,
): readonly ReadSkill[] {
  const skills = read.flatMap(({ skill }) => (skill === null || skill.builtIn ? [] : [skill]))
  const names = eventNames(surroundings)
  const tracked = new Set(skills.flatMap(trackedBy))
  const loops = loopsOf(skills, names)
  return read.map((entry) => {
    const { skill } = entry
    if (skill === null || skill.builtIn) return entry
    const faults: SkillFault[] = []
    const text = files.find(({ file }) => file === entry.file)?.text ?? ''
    const fault = faultsAt(frontMatterRoot(text), faults)
    if (isBuiltInSkill(skill.name))
      fault(['name'], 'a skill that ships with Tajo has this name; choose another one')
    checkTriggers(skill, { surroundings, names, tracked }, fault)
    checkNames(skill, names, fault)
    checkTargets(skill, surroundings, fault)
    for (const loop of loops.get(skill.name) ?? []) fault(['actions', loop.action], loop.message)
    if (faults.length === 0) return entry
    return { ...entry, skill: null, faults }
  })
}

/** The names of the events that a skill tracks; they are written out, never templates. */
export function trackedBy(skill: Skill): readonly string[] {
  return skill.actions.flatMap(({ name, parameters }) =>
    name === 'brevo/track-event' && typeof parameters.event === 'string' ? [parameters.event] : [],
  )
}

function checkTriggers(skill: Skill, { surroundings, names, tracked }: Checking, fault: FaultSink): void {
  for (const [index, trigger] of skill.triggers.entries()) {
    if (trigger.kind !== 'event' || trigger.event === AGENT_REQUEST) continue
    const path = ['triggers', index, 'event'] as const
    const keys = names.get(trigger.event)
    if (keys === undefined) {
      if (tracked.has(trigger.event)) continue
      const near = nearestName(trigger.event, [...names.keys(), ...tracked, AGENT_REQUEST])
      fault(
        path,
        'no event has this name: expected one of your webhooks or events settings, <object>_<action> such as deal_added, one that a skill tracks, or agent_request',
        near,
      )
      continue
    }
    const { sync } = surroundings.pipedrive
    const off = keys.map(switchOf).filter((setting) => !sync[setting])
    if (off.length === keys.length && off[0] !== undefined)
      fault(path, `never happens: connectors.pipedrive.sync.${off[0]} is off; switch it on`)
  }
}

/** Facts of changes are known by name; what an event of another skill or a request brings is not. */
function checkNames(skill: Skill, names: Checking['names'], fault: FaultSink): void {
  const isKnown = (event: string): boolean => names.has(event)
  for (const [index, trigger] of skill.triggers.entries()) {
    if (trigger.kind !== 'event' || !isKnown(trigger.event)) continue
    for (const [at, { property }] of trigger.conditions.entries()) {
      const problem = nameProblem(property)
      const path = ['triggers', index, 'conditions', at, property]
      if (problem) fault(path, problem.message, problem.suggestion)
    }
  }
  const areKnown = skill.triggers.every(
    (trigger) => trigger.kind === 'schedule' || trigger.event === AGENT_REQUEST || isKnown(trigger.event),
  )
  if (!areKnown) return
  for (const [index, { name, parameters }] of skill.actions.entries()) {
    for (const { name: path, path: at } of pathsIn(parameters)) {
      const problem = nameProblem(path)
      if (problem) fault(['actions', index, name, ...at], problem.message, problem.suggestion)
    }
  }
}

/** A list or an attribute that the sync looks after would be put back by it. */
function checkTargets(skill: Skill, surroundings: Surroundings, fault: FaultSink): void {
  const lists = managedLists(surroundings)
  const attributes = new Map(
    surroundings.personMapping.map(({ target, path }) => [target.toUpperCase(), path]),
  )
  for (const [index, { name, parameters }] of skill.actions.entries()) {
    const owner = lists.get(Number(parameters.list_id))
    if (owner !== undefined && ACTIONS[name]?.parameters.list_id)
      fault(
        ['actions', index, name, 'list_id'],
        `the sync looks after this list (${owner}) and would undo it; use a list of the skill's own`,
      )
    if (name !== 'brevo/update-contact' && name !== 'brevo/create-contact') continue
    const given = parameters.attributes
    if (typeof given !== 'object' || Array.isArray(given)) continue
    for (const attribute of Object.keys(given)) {
      const path = attributes.get(attribute.toUpperCase())
      if (path === undefined) continue
      fault(
        ['actions', index, name, 'attributes', attribute],
        `the sync writes this attribute (${path}) and would undo it; use another attribute`,
      )
    }
  }
}

export function managedLists({
  pipedrive,
  dealStageMapping,
}: Pick<Surroundings, 'pipedrive' | 'dealStageMapping'>): ReadonlyMap<number, string> {
  const { allContacts, qualifiedLeads, customers, churned } = pipedrive.lists
  const named = { all_contacts: allContacts, qualified_leads: qualifiedLeads, customers, churned }
  const entries = [
    ...dealStageMapping.map(({ listId, path }) => [listId, path] as const),
    ...Object.entries(named).flatMap(([name, id]) => (id === null ? [] : [[id, `lists.${name}`] as const])),
  ]
  return new Map(entries)
}
