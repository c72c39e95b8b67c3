/** The skills as they are at the moment: read once, and again when a file of the directory changes. */
import { TajoError } from '../../base/error.ts'
import type { LoadedConfig } from '../../config/index.ts'
import {
  AGENT_REQUEST,
  directoryState,
  eventNames,
  loadOwnSkills,
  loadShippedSkills,
  type ReadSkill,
  type Skill,
} from '../../skills/index.ts'

export type SkillShelf = {
  readonly shipped: readonly ReadSkill[]
  /** The user's own, right and wrong. Throws `skills_unreadable`. */
  own(): readonly ReadSkill[]
  /** Those of the user's own that are right and on; none while the directory cannot be read. */
  active(): readonly Skill[]
  /** What the names of events stand for. */
  names(): ReadonlyMap<string, readonly string[]>
  /** Changes that the active ones wait for, in the pipeline's words. */
  noticed(): readonly string[]
}

/** `onRead` is told whenever the user's own were read anew. */
export function createShelf(
  config: () => LoadedConfig,
  onRead?: (skills: readonly ReadSkill[]) => void,
): SkillShelf {
  const shipped = loadShippedSkills()
  let read: { of: LoadedConfig; state: string; skills: readonly ReadSkill[] } | null = null
  const own = (): readonly ReadSkill[] => {
    const of = config()
    const { directory } = of.config.skills
    const state = directoryState(directory)
    if (read?.of !== of || read.state !== state) {
      read = { of, state, skills: loadOwnSkills(directory, of.config) }
      onRead?.(read.skills)
    }
    return read.skills
  }
  const active = (): readonly Skill[] => {
    const { switches } = config().config.skills
    return ownOrNone(own).flatMap(({ skill }) =>
      skill !== null && switches[skill.name] !== false ? [skill] : [],
    )
  }
  const names = () => eventNames(config().config)
  return {
    shipped,
    own,
    active,
    names,
    noticed() {
      const known = names()
      const keys = active().flatMap(({ triggers }) =>
        triggers.flatMap((trigger) =>
          trigger.kind === 'event' && trigger.event !== AGENT_REQUEST ? (known.get(trigger.event) ?? []) : [],
        ),
      )
      return [...new Set(keys)].sort()
    },
  }
}

/** `tajo check` says what is wrong with the directory; the sync does not depend on it. */
function ownOrNone(own: () => readonly ReadSkill[]): readonly ReadSkill[] {
  try {
    return own()
  } catch (error) {
    if (error instanceof TajoError && error.code === 'skills_unreadable') return []
    throw error
  }
}
