/** From the service to the room that carries skills out: its clients, its words, and the skills of the moment. */
import { faultText } from '../../config/index.ts'
import type { ReadSkill } from '../../skills/index.ts'
import { type SkillContext, type SkillStepResult, stepSkills } from '../../skills/run/index.ts'
import { readConnection } from '../../store/index.ts'
import { type Resolution, type RunContext, webUrlOf } from '../../sync/index.ts'
import type { LiveNews } from '../live-face.ts'
import type { SkillShelf } from './skill-shelf.ts'

export function toSkillContext(
  context: Omit<RunContext, 'settings'>,
  shelf: SkillShelf,
  { plan, accounts }: Pick<Resolution, 'plan' | 'accounts'>,
): SkillContext {
  const { store, connection, pipedrive, brevo, clock, signal, onNews } = context
  return {
    store,
    connection,
    pipedrive,
    brevo,
    clock,
    signal,
    onNews,
    words: {
      catalogue: plan?.catalogue ?? { ...accounts.catalogue, dealFields: [] },
      dealFields: plan?.dealFields ?? [],
      webUrl: webUrlOf(accounts.account),
    },
    skills: shelf.active(),
    names: shelf.names(),
  }
}

/** Nothing before the first complete sync: until then there is no news. */
export async function carryOut(
  context: Omit<RunContext, 'settings'>,
  shelf: SkillShelf,
  resolution: Pick<Resolution, 'plan' | 'accounts'>,
): Promise<SkillStepResult> {
  const { told_since } = await readConnection(context.store.db, context.connection)
  if (told_since === null) return { done: 0, failed: 0, nextAt: null }
  return stepSkills(toSkillContext(context, shelf, resolution))
}

/** What is wrong with the user's own, for the log. */
export function skillNews(connection: string, skills: readonly ReadSkill[]): readonly LiveNews[] {
  return skills.flatMap(({ file, name, faults }) =>
    faults.length === 0
      ? []
      : [
          {
            level: 'warn' as const,
            event: 'skill.invalid',
            message: `The skill ${name} does not run: ${faultText(file, faults[0] as (typeof faults)[0])}`,
            details: { connection, skill: name, faults: faults.length },
          },
        ],
  )
}

/** `noticed` of a plan that is kept for hours may be of other skills. */
export function isOfSkills({ plan }: Resolution, shelf: SkillShelf): boolean {
  return plan === null || plan.settings.noticed.join() === shelf.noticed().join()
}
