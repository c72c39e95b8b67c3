/** Skills carried out: what happens becomes runs, and runs become calls, each once in effect. */
export type { SkillContext, SkillNews } from './context.ts'
export type { RunFacts } from './facts.ts'
export { planRun } from './plan-run.ts'
export { advance, failureId, type SkillStepResult, stepSkills } from './step.ts'
