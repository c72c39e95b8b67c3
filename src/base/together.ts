/** Work side by side that ends together: the first failure stops the rest, and nothing runs on after it returns. */

type Results<T extends readonly ((signal: AbortSignal) => Promise<unknown>)[]> = {
  -readonly [K in keyof T]: Awaited<ReturnType<T[K]>>
}

/** Runs all tasks at once. When one fails the others' signal is aborted, all are waited for, and the first error is thrown. */
export async function together<const T extends readonly ((signal: AbortSignal) => Promise<unknown>)[]>(
  tasks: T,
  signal?: AbortSignal,
): Promise<Results<T>> {
  const stop = new AbortController()
  const inner = signal ? AbortSignal.any([signal, stop.signal]) : stop.signal
  let failure: { error: unknown } | null = null
  const results = await Promise.all(
    tasks.map(async (task) => {
      try {
        return await task(inner)
      } catch (error) {
        failure ??= { error }
        stop.abort(error)
        return undefined
      }
    }),
  )
  if (failure) throw (failure as { error: unknown }).error
  return results as Results<T>
}

/** Runs `work` over `items`, at most `width` at a time. The first failure stops further items and is thrown at the end. */
export async function eachOf<T>(
  items: readonly T[],
  width: number,
  work: (item: T) => Promise<void>,
): Promise<void> {
  let next = 0
  let failure: { error: unknown } | null = null
  const worker = async (): Promise<void> => {
    while (next < items.length && failure === null) {
      const item = items[next++] as T
      try {
        await work(item)
      } catch (error) {
        failure ??= { error }
      }
    }
  }
  await Promise.all(Array.from({ length: Math.min(width, items.length) }, worker))
  if (failure) throw (failure as { error: unknown }).error
}
