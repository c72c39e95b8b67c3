/**
 * Reads skills from two directories: the package's own, and the user's beside tajo.yaml. It follows no link out of them, takes
 * no other file than `<name>.md`, and one that cannot be read hides no other.
 */
import fs from 'node:fs'
import { join, relative, resolve, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import { TajoError } from '../base/error.ts'
import { SKILL_NAME } from '../config/index.ts'
import { checkSkills, type Surroundings } from './check-skills.ts'
import { readSkill } from './read-skill.ts'
import type { ReadSkill, SkillFile } from './skill.ts'

const mostBytes = 256_000
const shippedDirectory = fileURLToPath(new URL('../../skills/', import.meta.url))

/** A file, or why there is none. */
type Found = { readonly file: SkillFile } | { readonly failed: ReadSkill }

/** The skills that ship with Tajo. */
export function loadShippedSkills(): readonly ReadSkill[] {
  return entriesOf(shippedDirectory)
    .map((entry) => readFile(shippedDirectory, entry))
    .flatMap((found) => ('file' in found ? [readSkill(found.file, { builtIn: true })] : [found.failed]))
}

/** The user's own skills; none where there is no such directory. */
export function loadOwnSkills(directory: string, surroundings: Surroundings): readonly ReadSkill[] {
  const found = filesIn(directory)
  const files = found.flatMap((item) => ('file' in item ? [item.file] : []))
  const checked = checkSkills(
    files.map((file) => readSkill(file)),
    files,
    surroundings,
  )
  return [...checked, ...found.flatMap((item) => ('failed' in item ? [item.failed] : []))].toSorted((a, b) =>
    a.name < b.name ? -1 : 1,
  )
}

/** The files of the directory that can be read, as they are. */
export function skillFiles(directory: string): readonly SkillFile[] {
  return filesIn(directory).flatMap((item) => ('file' in item ? [item.file] : []))
}

/** Changes when a file of the directory does, comes, or goes. */
export function directoryState(directory: string): string {
  const names = namesIn(directory)
  return names
    .map((name) => {
      const stat = fs.statSync(join(directory, name), { throwIfNoEntry: false })
      return `${name}:${stat?.mtimeMs}:${stat?.size}`
    })
    .join('\n')
}

/** Throws `skill_name_invalid`: a name is never a path. */
export function assertSkillName(name: string): void {
  if (SKILL_NAME.test(name)) return
  throw new TajoError({
    code: 'skill_name_invalid',
    message: `${JSON.stringify(name.slice(0, 80))} is no name of a skill: small letters, digits and single hyphens are, such as big-deal-alert. \`tajo skills list\` names those that there are.`,
  })
}

function filesIn(directory: string): readonly Found[] {
  return namesIn(directory).map((entry) => readFile(directory, entry))
}

/** In a checkout the directory beside tajo.yaml is the package's own. */
function namesIn(directory: string): readonly string[] {
  return resolve(directory) === resolve(shippedDirectory) ? [] : entriesOf(directory)
}

function entriesOf(directory: string): readonly string[] {
  try {
    return fs
      .readdirSync(directory)
      .filter((name) => name.endsWith('.md') && name.toLowerCase() !== 'readme.md')
      .sort()
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'ENOENT') return []
    throw new TajoError({
      code: 'skills_unreadable',
      disposition: 'pause',
      message: `The skills in ${directory} cannot be read (${code}): make it a directory that Tajo may read, or correct skills_directory.`,
      cause: error,
    })
  }
}

function readFile(directory: string, entry: string): Found {
  const path = join(directory, entry)
  const shown = relative(process.cwd(), path)
  const file = shown.startsWith('..') ? path : shown
  const name = entry.slice(0, -'.md'.length)
  const failed = (message: string): Found => ({
    failed: { file, name, skill: null, faults: [{ path: '', message, line: null, column: null }] },
  })
  if (!SKILL_NAME.test(name))
    return failed('the name of the file is no name of a skill: small letters, digits and single hyphens are')
  try {
    const real = fs.realpathSync(path)
    if (!real.startsWith(`${fs.realpathSync(directory)}${sep}`))
      return failed('the file is a link that leads out of its directory; put the skill itself there')
    const stat = fs.statSync(real)
    if (!stat.isFile()) return failed('this is no file')
    if (stat.size > mostBytes) return failed(`larger than ${mostBytes / 1000} KB, so this is hardly a skill`)
    const text = new TextDecoder('utf-8', { fatal: true }).decode(fs.readFileSync(real))
    return { file: { file, name, text } }
  } catch (error) {
    if (error instanceof TypeError) return failed('this is not a text file in UTF-8; save it as UTF-8')
    const { code } = error as NodeJS.ErrnoException
    if (code === undefined) throw error
    return failed(`this file cannot be read (${code}); give the user that runs Tajo the right to read it`)
  }
}
