/** What an edit changes in the text of the settings, line by line and fit to be shown. */
import { linesOf, maskedLines } from './mask-secrets.ts'

export type SettingsDiffLine = {
  readonly kind: 'same' | 'added' | 'removed'
  /** In the new text; of a removed line, in the old one. */
  readonly line: number
  /** Masked where it could hold a credential. */
  readonly text: string
}

const CONTEXT = 2
/** Texts with more changed lines than this have nothing in common that would be worth finding. */
const MOST_CHANGES = 2_000

/** Changed lines with two lines around them; none for texts that differ in nothing but line ends. */
export function diffSettings(before: string, after: string): readonly SettingsDiffLine[] {
  const [old, young] = [linesOf(before), linesOf(after)]
  const [oldShown, youngShown] = [maskedLines(before), maskedLines(after)]
  const steps = stepsBetween(old, young)
  const near = new Set<number>()
  for (const [at, { kind }] of steps.entries())
    if (kind !== 'same') for (let by = -CONTEXT; by <= CONTEXT; by++) near.add(at + by)
  return steps.flatMap(({ kind, at }, index) => {
    if (!near.has(index)) return []
    const text = (kind === 'removed' ? oldShown : youngShown)[at] ?? ''
    return [{ kind, line: at + 1, text }]
  })
}

type Step = { readonly kind: SettingsDiffLine['kind']; readonly at: number }

/** Removed lines come before the added ones at the same place. */
function stepsBetween(old: readonly string[], young: readonly string[]): readonly Step[] {
  let start = 0
  while (start < old.length && start < young.length && old[start] === young[start]) start++
  let end = 0
  const most = Math.min(old.length, young.length) - start
  while (end < most && old[old.length - 1 - end] === young[young.length - 1 - end]) end++
  const same = matches(old.slice(start, old.length - end), young.slice(start, young.length - end))
  const kept = [
    ...Array.from({ length: start }, (_, at): Match => [at, at]),
    ...same.map(([a, b]): Match => [a + start, b + start]),
    ...Array.from({ length: end }, (_, at): Match => [old.length - end + at, young.length - end + at]),
  ]
  const steps: Step[] = []
  let [a, b] = [0, 0]
  for (const [nextA, nextB] of [...kept, [old.length, young.length] as Match]) {
    while (a < nextA) steps.push({ kind: 'removed', at: a++ })
    while (b < nextB) steps.push({ kind: 'added', at: b++ })
    if (nextB < young.length) steps.push({ kind: 'same', at: nextB })
    a++
    b++
  }
  return steps
}

/** A line of the old text and the same line of the new one. */
type Match = readonly [number, number]

/** Most lines that both have in the same order (Myers' greedy search for the fewest changes). */
function matches(old: readonly string[], young: readonly string[]): readonly Match[] {
  type Path = { readonly match: Match; readonly before: Path | null } | null
  type Reach = { readonly x: number; readonly path: Path }
  const reach = new Map<number, Reach>([[1, { x: 0, path: null }]])
  const most = Math.min(old.length + young.length, MOST_CHANGES)
  for (let changes = 0; changes <= most; changes++) {
    for (let diagonal = -changes; diagonal <= changes; diagonal += 2) {
      const [down, right] = [reach.get(diagonal + 1), reach.get(diagonal - 1)]
      const isDown = diagonal === -changes || (diagonal !== changes && (right?.x ?? -1) < (down?.x ?? -1))
      const from = isDown ? down : right
      let x = isDown ? (down?.x ?? 0) : (right?.x ?? 0) + 1
      let path = from?.path ?? null
      for (; x < old.length && x - diagonal < young.length && old[x] === young[x - diagonal]; x++)
        path = { match: [x, x - diagonal], before: path }
      reach.set(diagonal, { x, path })
      if (x >= old.length && x - diagonal >= young.length) return unrolled(path)
    }
  }
  return []

  function unrolled(path: Path): readonly Match[] {
    const found: Match[] = []
    for (let at = path; at !== null; at = at.before) found.push(at.match)
    return found.reverse()
  }
}
