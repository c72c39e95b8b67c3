/** Asks for the next item while the last one is dealt with: hides the latency of a sequential listing. */

/** Yields what `source` yields, one item ahead of the consumer. A failure surfaces when its turn comes. */
export async function* oneAhead<T>(source: AsyncIterable<T>): AsyncGenerator<T> {
  const iterator = source[Symbol.asyncIterator]()
  let next = iterator.next()
  try {
    for (;;) {
      const { value, done } = await next
      if (done) return
      next = iterator.next()
      // Awaited above in the next turn; until then a rejection must not count as unhandled.
      next.catch(() => undefined)
      yield value
    }
  } finally {
    await next.catch(() => undefined)
    await iterator.return?.()
  }
}
