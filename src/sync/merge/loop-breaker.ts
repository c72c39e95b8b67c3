/** Rule R9.3: tells a field that goes back and forth from one that is merely edited. Pure. */
import { canonicalJson } from '../../base/fingerprint.ts'
import type { AttributeValue } from '../model/index.ts'

export const flipsAtMost = 5
export const flipsWithinMs = 10 * 60_000

export type FieldWrite = {
  readonly direction: 'to_brevo' | 'to_pipedrive'
  readonly value: AttributeValue | null
  readonly at: Date
}

/**
 * Whether one write more would be the sixth flip in ten minutes. A flip goes the other way than the write before it, or brings
 * back a value that was written before: a person who types six new values into one field is no loop.
 */
export function isLoop(earlier: readonly FieldWrite[], next: FieldWrite): boolean {
  const since = next.at.getTime() - flipsWithinMs
  const writes = [...earlier.filter((write) => write.at.getTime() > since), next]
  let flips = 0
  const seen = new Set<string>()
  writes.forEach((write, index) => {
    const value = canonicalJson(write.value)
    const before = writes[index - 1]
    if (before && (before.direction !== write.direction || seen.has(value))) flips++
    seen.add(value)
  })
  return flips > flipsAtMost
}
