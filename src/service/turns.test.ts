import { setImmediate as tick } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { createTurns } from './turns.ts'

test('works one after the other in the order of asking, also past one that failed', async () => {
  const turns = createTurns()
  const seen: string[] = []
  const waited: number[] = []
  const results = await Promise.allSettled(
    [0, 1, 2].map((n) =>
      turns.take({ onWait: () => waited.push(n) }, async () => {
        seen.push(`begin ${n}`)
        await tick()
        seen.push(`end ${n}`)
        if (n === 0) throw new Error('failed')
        return n
      }),
    ),
  )
  expect(seen).toEqual(['begin 0', 'end 0', 'begin 1', 'end 1', 'begin 2', 'end 2'])
  expect(waited).toEqual([1, 2])
  expect(results).toMatchObject([{ status: 'rejected' }, { value: 1 }, { value: 2 }])
})

test('one that gives up while waiting lets nobody overtake the one at work', async () => {
  const turns = createTurns()
  const { promise, resolve } = Promise.withResolvers<void>()
  const seen: string[] = []
  const first = turns.take({}, async () => {
    await promise
    seen.push('first')
  })
  const stop = new AbortController()
  const second = turns.take({ signal: stop.signal }, async () => seen.push('second'))
  const third = turns.take({}, async () => seen.push('third'))
  stop.abort(new Error('enough'))
  await expect(second).rejects.toThrow('enough')
  await tick()
  expect(seen).toEqual([])
  resolve()
  await Promise.all([first, third])
  expect(seen).toEqual(['first', 'third'])
})

test('who is told to stop before it begins does not begin, and takes no turn', async () => {
  const turns = createTurns()
  const stopped = AbortSignal.abort(new Error('enough'))
  await expect(turns.take({ signal: stopped }, async () => 'done')).rejects.toThrow('enough')
  const waits: string[] = []
  expect(await turns.take({ onWait: () => waits.push('waits') }, async () => 'next')).toBe('next')
  expect(waits).toEqual([])
})

test('who waits hears how far the one before has come, until it is their turn', async () => {
  const turns = createTurns()
  const { promise, resolve } = Promise.withResolvers<void>()
  const heard: number[] = []
  const first = turns.take({}, () => promise)
  const second = turns.take({ onProgress: ({ done }) => heard.push(done) }, async () => {
    turns.tell({ stage: 'read', what: 'persons', done: 2, total: null })
  })
  turns.tell({ stage: 'read', what: 'persons', done: 1, total: null })
  resolve()
  await Promise.all([first, second])
  expect(heard).toEqual([1])
})
