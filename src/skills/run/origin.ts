/**
 * The mark by which what a skill wrote is known again: to look up what may have arrived before it is written again, and to
 * see whose doing a change is. It is for people, too.
 */

/** A line at the end of notes. */
export function markOf(run: { readonly skill: string; readonly id: number }, step: number): string {
  return `Tajo skill ${run.skill}, run ${run.id}.${step + 1}`
}

const MARK = /Tajo skill ([a-z0-9-]+), run (\d{1,15})\.\d+/

/** The run that wrote a text; null when none did. */
export function runOfMark(
  text: string | null | undefined,
): { readonly skill: string; readonly id: number } | null {
  const found = MARK.exec(text ?? '')
  return found === null ? null : { skill: found[1] ?? '', id: Number(found[2]) }
}
