/** Work side by side: nothing runs on after the return, and the first failure is the one that is told. */
import { setTimeout as wait } from 'node:timers/promises'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { eachOf, together } from './together.ts'

/** Resolves when the signal is aborted. */
function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve()
    else signal.addEventListener('abort', () => resolve(), { once: true })
  })
}

describe('together', () => {
  test('gives the results in the order of the tasks, whichever ends first', async () => {
    const [slow, fast] = await together([async () => wait(5, 'slow'), async () => 'fast' as const])
    expect([slow, fast]).toEqual(['slow', 'fast'])
  })

  test('the first failure stops the others, waits for them, and is thrown', async () => {
    const ended: string[] = []
    const run = together([
      async (signal) => {
        await aborted(signal)
        await wait(5)
        ended.push('other')
        throw new Error('second')
      },
      async () => {
        throw new Error('first')
      },
    ])
    await expect(run).rejects.toThrow('first')
    expect(ended).toEqual(['other'])
  })

  test('an undefined that was thrown is a failure too', async () => {
    const run = together([async () => Promise.reject(undefined)])
    await expect(run).rejects.toBeUndefined()
  })

  test("the caller's signal reaches every task", async () => {
    const stop = new AbortController()
    const run = together(
      [0, 1].map(() => async (signal: AbortSignal) => {
        await aborted(signal)
        signal.throwIfAborted()
      }),
      stop.signal,
    )
    stop.abort(new Error('enough'))
    await expect(run).rejects.toThrow('enough')
  })

  test('no tasks, no results', async () => {
    expect(await together([])).toEqual([])
  })
})

describe('eachOf', () => {
  test('works on every item once, at most so many at a time', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer(), { maxLength: 20 }),
        fc.integer({ min: 1, max: 6 }),
        async (items, width) => {
          const seen: number[] = []
          let running = 0
          let most = 0
          await eachOf(items, width, async (item) => {
            most = Math.max(most, ++running)
            await Promise.resolve()
            seen.push(item)
            running--
          })
          expect(seen.toSorted((a, b) => a - b)).toEqual(items.toSorted((a, b) => a - b))
          expect(most).toBe(Math.min(width, items.length))
        },
      ),
      { numRuns: 50 },
    )
  })

  test('begins no item after a failure, ends those begun, and throws the first', async () => {
    const begun: number[] = []
    const ended: number[] = []
    const run = eachOf([1, 2, 3, 4, 5], 2, async (item) => {
      begun.push(item)
      if (item === 1) throw new Error('one')
      await wait(5)
      ended.push(item)
      throw new Error('two')
    })
    await expect(run).rejects.toThrow('one')
    expect(begun).toEqual([1, 2])
    expect(ended).toEqual([2])
  })
})
