import { expect, test } from 'vitest'
import { oneAhead } from './ahead.ts'

async function* numbers(log: string[], failAt = Number.POSITIVE_INFINITY): AsyncGenerator<number> {
  for (let i = 0; i < 4; i++) {
    if (i === failAt) throw new Error(`no ${i}`)
    log.push(`asked ${i}`)
    yield i
  }
}

test('the next item is asked for before the last one is dealt with', async () => {
  const log: string[] = []
  for await (const item of oneAhead(numbers(log))) {
    await new Promise(setImmediate)
    log.push(`dealt with ${item}`)
  }
  expect(log.indexOf('asked 1')).toBeLessThan(log.indexOf('dealt with 0'))
  expect(log.filter((line) => line.startsWith('dealt'))).toHaveLength(4)
})

test('a failure comes after the items before it, and stopping early closes the source', async () => {
  const seen: number[] = []
  const reading = async (): Promise<void> => {
    for await (const item of oneAhead(numbers([], 2))) seen.push(item)
  }
  await expect(reading()).rejects.toThrow('no 2')
  expect(seen).toEqual([0, 1])
  const log: string[] = []
  for await (const item of oneAhead(numbers(log))) if (item === 0) break
  expect(log).not.toContain('asked 3')
})
