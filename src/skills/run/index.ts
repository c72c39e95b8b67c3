/** Skills carried out: what happens becomes runs, and runs become calls, each once in effect. */
export { begin } from './begin.ts'
export type { SkillContext, SkillNews } from './context.ts'
export type { RunFacts } from './facts.ts'
export { advance, failureId, type SkillStepResult, stepSkills } from './step.ts'
