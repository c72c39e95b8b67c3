/** The longest part of a list, in its order, whose numbers grow: what need not move when a list is put in order. */
export function increasing<T>(items: readonly T[], numberOf: (item: T) => number): readonly T[] {
  // tails[length] ends the best run of length + 1 so far, linked back to what stands before it.
  type Link = { readonly item: T; readonly at: number; readonly before: Link | undefined }
  const tails: Link[] = []
  for (const item of items) {
    const at = numberOf(item)
    const found = tails.findIndex((tail) => tail.at >= at)
    const length = found < 0 ? tails.length : found
    tails[length] = { item, at, before: tails[length - 1] }
  }
  const run: T[] = []
  for (let link = tails.at(-1); link !== undefined; link = link.before) run.unshift(link.item)
  return run
}
