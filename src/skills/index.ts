/** Skills: their files, read and checked; their conditions and templates, decided and filled in. It acts on nothing. */

export { durationMs as durationOf } from '../config/index.ts'
export { ACTIONS, OWN_ACTIONS } from './action-catalogue.ts'
export { builtInState, type SkillState } from './built-in-state.ts'
export { checkSkills, managedLists, type Surroundings, trackedBy } from './check-skills.ts'
export { type Condition, decide } from './condition.ts'
export { eventNames } from './event-names.ts'
export {
  assertSkillName,
  directoryState,
  loadOwnSkills,
  loadShippedSkills,
  skillFiles,
} from './load-skills.ts'
export { kindProblem } from './parameter-kinds.ts'
export { readSkill } from './read-skill.ts'
export { nextTime } from './schedule.ts'
export {
  AGENT_REQUEST,
  type EventTrigger,
  type ParameterValue,
  type ReadSkill,
  type ScheduleTrigger,
  type Skill,
  type SkillAction,
  type SkillFault,
  type SkillFile,
} from './skill.ts'
export { lookUp, render } from './template.ts'
