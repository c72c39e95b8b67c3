/** A run that was asked for: what it would do, or a run in the store. It does nothing itself. */
import type { NewSkillRun, SkillRunRow } from '../../store/index.ts'
import type { Skill } from '../index.ts'
import { type Beginning, begin } from './begin.ts'
import type { SkillContext } from './context.ts'

/** Decides as if the run were there. Throws what stops it. */
export function planRun(context: SkillContext, run: NewSkillRun, skill: Skill): Promise<Beginning> {
  const row: SkillRunRow = {
    ...run,
    id: 0,
    contact_id: null,
    version: null,
    actions: null,
    step: 0,
    state: 'waiting',
    reason: null,
    attempts: 0,
    due_at: null,
    noticed_at: context.clock.now(),
    triggered_at: null,
    sent_at: null,
    ended_at: null,
  }
  return begin(context, row, skill)
}
