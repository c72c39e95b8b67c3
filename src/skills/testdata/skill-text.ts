/** For tests: skills as text, and faults as printed lines. */
import { readSkill } from '../read-skill.ts'
import type { ReadSkill, SkillFault, SkillFile } from '../skill.ts'

/** A skill that is right; `changes` replaces whole settings, given as YAML. */
export function skillText(changes: Readonly<Record<string, string | null>> = {}): string {
  const settings: Record<string, string | null> = {
    name: 'name: a-skill',
    version: 'version: 1.2.3',
    description: 'description: Does something.',
    category: 'category: integrations',
    triggers: 'triggers:\n  - event: deal_won',
    actions: 'actions:\n  - brevo/track-event:\n      event: something_big',
    permissions:
      'permissions: [events:write, contacts:write, notes:write, activities:write, companies:write, deals:write]',
    ...changes,
  }
  const lines = Object.values(settings).filter((setting) => setting !== null)
  return `---\n${lines.join('\n')}\n---\n\n# A skill\n`
}

export function fileOf(text: string, name = 'a-skill'): SkillFile {
  return { file: `skills/${name}.md`, name, text }
}

export function read(text: string, name = 'a-skill'): ReadSkill {
  return readSkill(fileOf(text, name))
}

/** Each fault as `10:8 path: message => suggestion`. */
export function faultLines(faults: readonly SkillFault[]): readonly string[] {
  return faults.map(
    ({ line, column, path, message, suggestion }) =>
      `${line}:${column} ${path}: ${message}${suggestion === undefined ? '' : ` => ${suggestion}`}`,
  )
}
