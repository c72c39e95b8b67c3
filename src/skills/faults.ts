/** Collects the faults of one file, each at its place in it. */
import { type Located, locatedAt, type Path, pathText, valuePosition } from '../config/index.ts'
import type { SkillFault } from './skill.ts'

export type FaultSink = (path: Path, message: string, suggestion?: string) => void

export function faultsAt(root: Located | undefined, faults: SkillFault[]): FaultSink {
  return (path, message, suggestion) => {
    faults.push({
      path: pathText(path),
      message,
      ...placeOf(root, path),
      ...(suggestion === undefined ? {} : { suggestion }),
    })
  }
}

/** Of the value, or of the nearest block above it that is written out. */
function placeOf(root: Located | undefined, path: Path): { line: number; column: number } {
  for (let length = path.length; length > 0; length--) {
    const part = path.slice(0, length)
    const found = locatedAt(root, part)
    if (found === undefined) continue
    const parent = locatedAt(root, part.slice(0, -1))
    const key = parent?.kind === 'map' ? parent.entries.get(String(part.at(-1)))?.key : undefined
    return key === undefined ? found.position : valuePosition(key, found)
  }
  return { line: 1, column: 1 }
}
