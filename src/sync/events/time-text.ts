/** Times as text: what a second has in common, and how long it was between two of them. */

/** Two times of one second have it in common, whether or not they know their milliseconds. */
export function secondOf(time: string): string {
  return time.slice(0, 19)
}

/** To a hundredth of a day. */
export function daysBetween(since: string | null, until: string): number | null {
  if (since === null) return null
  const days = (Date.parse(until) - Date.parse(since)) / 86_400_000
  return Number.isFinite(days) ? Math.max(0, Math.round(days * 100) / 100) : null
}
