/** Which touch is credited with how much of a deal, and credits that add up to it exactly. Pure. */

export const MODELS = ['first', 'last', 'linear', 'time_decay', 'position'] as const
export type Model = (typeof MODELS)[number]

/** A touch so many days before the win counts half of one at the win. */
export const halfLifeDays = 7
const daySeconds = 86_400

/**
 * The parts of the touches, oldest first; they add up to about 1. `times` and `wonAt` in seconds. `position` gives the first
 * and the last two fifths each and the rest what lies between; of two touches each has a half.
 */
export function weightsOf(model: Model, times: readonly number[], wonAt: number): readonly number[] {
  const count = times.length
  if (count === 0) return []
  switch (model) {
    case 'first':
      return times.map((_, index) => (index === 0 ? 1 : 0))
    case 'last':
      return times.map((_, index) => (index === count - 1 ? 1 : 0))
    case 'linear':
      return times.map(() => 1 / count)
    case 'time_decay': {
      // Relative to the last touch, so that old ones alone do not vanish.
      const last = times[count - 1] ?? wonAt
      const halves = times.map((time) => 0.5 ** ((last - time) / daySeconds / halfLifeDays))
      const sum = halves.reduce((total, half) => total + half, 0)
      return halves.map((half) => half / sum)
    }
    case 'position':
      if (count <= 2) return times.map(() => 1 / count)
      return times.map((_, index) => (index === 0 || index === count - 1 ? 0.4 : 0.2 / (count - 2)))
  }
}

/** Whole units by weight: each its share rounded down, what is left to the largest rests, the earlier first. They add up to `units`. */
export function allocate(units: number, weights: readonly number[]): readonly number[] {
  if (weights.length === 0) return []
  const sum = weights.reduce((total, weight) => total + weight, 0)
  const size = Math.abs(units)
  const exact = weights.map((weight) => (size * weight) / sum)
  const parts = exact.map(Math.floor)
  let left = size - parts.reduce((total, part) => total + part, 0)
  const order = exact
    .map((part, index) => ({ index, rest: part - Math.floor(part) }))
    .sort((a, b) => b.rest - a.rest || a.index - b.index)
  for (let turn = 0; left > 0; turn = (turn + 1) % order.length, left--) {
    const index = order[turn]?.index ?? 0
    parts[index] = (parts[index] ?? 0) + 1
  }
  return units < 0 ? parts.map((part) => (part === 0 ? 0 : -part)) : parts
}
