/** What `tajo check` says of skills: files that cannot be used, and switches that switch nothing. Neither stops a sync. */
import { nearestName } from '../../base/suggest.ts'
import { BUILT_IN_SKILLS, faultText, type LoadedConfig } from '../../config/index.ts'
import { loadOwnSkills } from '../../skills/index.ts'
import type { CheckItem } from '../service-face.ts'

export function skillItems({ config, locate }: LoadedConfig): readonly CheckItem[] {
  const own = loadOwnSkills(config.skills.directory, config)
  const wrong = own.flatMap(({ file, name, faults }) =>
    faults.map((fault) =>
      warning(
        `skill ${name}`,
        faultText(file, fault),
        'Correct the file; until then the skill does not run.',
        null,
      ),
    ),
  )
  const known = [...BUILT_IN_SKILLS, ...own.map(({ name }) => name)]
  const idle = Object.keys(config.skills.switches).filter((name) => !known.includes(name))
  const right = own.filter(({ skill }) => skill !== null).length
  return [
    ...(right === 0
      ? []
      : [{ ...warning('Skills', `${right} of your own can be used`, null, null), level: 'ok' as const }]),
    ...wrong,
    ...idle.map((name) => {
      const near = nearestName(name, known)
      const meant = near === undefined ? '' : ` (the nearest is ${near})`
      return warning(
        `skill ${name}`,
        `there is no such skill${meant}`,
        'Correct the name, or take the entry out.',
        locate(`skills.${name}`),
      )
    }),
  ]
}

function warning(
  subject: string,
  message: string,
  remedy: string | null,
  location: string | null,
): CheckItem {
  return { level: 'warning', subject, message, remedy, location }
}
