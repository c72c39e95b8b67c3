/** Skills as the face has them: listed, checked, asked for. */
import { faultText, isBuiltInSkill, type LoadedConfig } from '../../config/index.ts'
import {
  builtInState,
  checkSkills,
  type ReadSkill,
  readSkill,
  type Skill,
  type SkillFile,
  skillFiles,
} from '../../skills/index.ts'
import { listSkillRuns } from '../../store/index.ts'
import type { Skills, SkillText, SkillVerdict, SkillView } from '../skills-face.ts'
import { type AskingContext, isRunnable, runSkill, toRunView } from './ask.ts'

export function createSkills(context: AskingContext): Skills {
  const { config, shelf, store, connection } = context
  return {
    list: async () => [...shelf.shipped, ...shelf.own()].map((read) => toView(read, config)),
    validate: async (files) => (files === undefined ? shelf.own() : validated(files, config)).map(toVerdict),
    run: (name, request = {}) => runSkill(context, name, request),
    async runs({ skill, state, limit = 50 } = {}) {
      const rows = await listSkillRuns(store.db, connection, {
        limit,
        ...(skill === undefined ? {} : { skill }),
        ...(state === undefined ? {} : { state }),
      })
      return rows.map(toRunView)
    },
  }
}

/** With the company of the directory's other files: what one skill tracks may trigger another. */
function validated(texts: readonly SkillText[], { config }: LoadedConfig): readonly ReadSkill[] {
  const given = texts.map(({ file, text }): SkillFile => ({ file, name: nameOf(file), text }))
  const names = given.map(({ name }) => name)
  const company = skillFiles(config.skills.directory).filter(({ name }) => !names.includes(name))
  const files = [...given, ...company]
  return checkSkills(
    files.map((file) => readSkill(file)),
    files,
    config,
  ).filter(({ file }) => texts.some((text) => text.file === file))
}

function nameOf(file: string): string {
  return (file.split(/[/\\]/).at(-1) ?? file).replace(/\.md$/, '')
}

function toVerdict({ file, name, faults }: ReadSkill): SkillVerdict {
  return { file, name, valid: faults.length === 0, faults: faults.map((fault) => faultText(file, fault)) }
}

function toView(read: ReadSkill, { config }: LoadedConfig): SkillView {
  const { skill, file, name } = read
  const { faults } = toVerdict(read)
  return {
    name,
    ...stateOf(read, faults, config),
    builtIn: isBuiltInSkill(name) && (skill?.builtIn ?? false),
    file,
    version: skill?.version ?? null,
    description: skill?.description ?? null,
    category: skill?.category ?? null,
    status: skill?.status ?? null,
    triggers: skill === null ? [] : triggerTexts(skill),
    actions: skill?.actions.map((action) => action.name) ?? [],
    permissions: skill?.permissions ?? [],
    relatedSkills: skill?.relatedSkills ?? [],
    featured: skill?.featured ?? false,
    mcpTool: skill?.mcpTool ?? null,
    runnable: skill !== null && isRunnable(skill),
    faults,
  }
}

function stateOf(
  { skill, name }: ReadSkill,
  faults: readonly string[],
  config: LoadedConfig['config'],
): Pick<SkillView, 'state' | 'because'> {
  if (skill === null)
    return { state: 'invalid', because: `${faults.length} faults: \`tajo skills validate\` tells them` }
  if (skill.builtIn && isBuiltInSkill(name)) {
    const { on, because } = builtInState(name, config)
    return { state: on ? 'on' : 'off', because }
  }
  return config.skills.switches[name] === false
    ? { state: 'off', because: `skills.${name}.enabled is false` }
    : { state: 'on', because: 'it is in the directory of skills' }
}

function triggerTexts({ triggers }: Skill): readonly string[] {
  return triggers.map((trigger) =>
    trigger.kind === 'event' ? trigger.event : `${trigger.cron} (${trigger.timezone})`,
  )
}
