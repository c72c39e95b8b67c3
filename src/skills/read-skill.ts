/**
 * One file in the format of skills.md: YAML between two lines of `---`, then prose. Every fault at once, with its line; what
 * lies between skills, or between a skill and the configuration, is for `check-skills.ts`.
 */
import { type Located, readDocument, schemaFaults, toPlain } from '../config/index.ts'
import { faultsAt } from './faults.ts'
import { readActions } from './read-actions.ts'
import { readTriggers } from './read-triggers.ts'
import { frontMatter } from './schema.ts'
import type { ReadSkill, Skill, SkillFault, SkillFile } from './skill.ts'

const FENCE = /^---[ \t]*$/

export function readSkill({ file, name, text }: SkillFile, { builtIn = false } = {}): ReadSkill {
  const faults: SkillFault[] = []
  const result = (skill: Skill | null): ReadSkill => ({
    file,
    name,
    skill: faults.length === 0 ? skill : null,
    faults: inOrder(faults),
  })
  const parts = splitFrontMatter(text)
  if ('problem' in parts) {
    faults.push({ path: '', line: 1, column: 1, message: parts.problem })
    return result(null)
  }
  const { root, faults: found, broken } = readDocument(parts.yaml, null)
  faults.push(...found)
  if (broken) return result(null)
  const fault = faultsAt(root, faults)
  const plain = root === undefined ? {} : toPlain(root, frontMatter)
  const parsed = frontMatter.safeParse(plain)
  if (!parsed.success) {
    faults.push(...schemaFaults(root, parsed.error.issues, frontMatter))
    return result(null)
  }
  const { triggers, actions, mcp_tool, ...rest } = parsed.data
  if (rest.name !== name)
    fault(['name'], `the file is called ${name}.md; name and file have to be the same`, name)
  return result({
    ...rest,
    triggers: readTriggers(triggers, fault),
    actions: readActions(parsed.data, builtIn, fault),
    mcpTool: mcp_tool ?? null,
    builtIn,
    body: parts.body,
  })
}

/** Where everything stands in the front matter of a file that has one. */
export function frontMatterRoot(text: string): Located | undefined {
  const parts = splitFrontMatter(text)
  return 'problem' in parts ? undefined : readDocument(parts.yaml, null).root
}

/** The YAML keeps its line numbers: an empty line stands where the first fence was. */
function splitFrontMatter(text: string): { yaml: string; body: string } | { problem: string } {
  const lines = text.replace(/^\uFEFF/, '').split(/\r?\n/)
  if (!FENCE.test(lines[0] ?? ''))
    return { problem: 'a skill begins with its front matter: "---" in the first line, YAML, and "---" again' }
  const end = lines.findIndex((line, index) => index > 0 && FENCE.test(line))
  if (end < 0) return { problem: 'the front matter has no end: a line "---" is missing below it' }
  return {
    yaml: ['', ...lines.slice(1, end)].join('\n'),
    body: lines
      .slice(end + 1)
      .join('\n')
      .trim(),
  }
}

function inOrder(faults: readonly SkillFault[]): readonly SkillFault[] {
  return faults.toSorted((a, b) => (a.line ?? 0) - (b.line ?? 0) || (a.column ?? 0) - (b.column ?? 0))
}
