/** The skills as they are at the moment: read once, and again when a file of the directory changes. */
import type { LoadedConfig } from '../../config/index.ts'
import {
  directoryState,
  loadOwnSkills,
  loadShippedSkills,
  type ReadSkill,
  type Skill,
} from '../../skills/index.ts'

export type SkillShelf = {
  readonly shipped: readonly ReadSkill[]
  /** The user's own, right and wrong. */
  own(): readonly ReadSkill[]
  /** Those of the user's own that are right and on. */
  active(): readonly Skill[]
}

export function createShelf(config: () => LoadedConfig): SkillShelf {
  const shipped = loadShippedSkills()
  let read: { of: LoadedConfig; state: string; skills: readonly ReadSkill[] } | null = null
  const own = (): readonly ReadSkill[] => {
    const of = config()
    const { directory } = of.config.skills
    const state = directoryState(directory)
    if (read?.of !== of || read.state !== state)
      read = { of, state, skills: loadOwnSkills(directory, of.config) }
    return read.skills
  }
  return {
    shipped,
    own,
    active: () =>
      own().flatMap(({ skill }) =>
        skill !== null && config().config.skills.switches[skill.name] !== false ? [skill] : [],
      ),
  }
}
