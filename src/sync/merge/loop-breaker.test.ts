/** Rule R9.3: what is a loop, and what is a busy person. */
import { expect, test } from 'vitest'
import { type FieldWrite, isLoop } from './loop-breaker.ts'

const start = Date.parse('2026-05-01T10:00:00Z')
const write = (second: number, direction: FieldWrite['direction'], value: string): FieldWrite => ({
  direction,
  value,
  at: new Date(start + second * 1000),
})

/** How many writes pass before the breaker opens. */
function passed(writes: readonly FieldWrite[]): number {
  const done: FieldWrite[] = []
  for (const next of writes) {
    if (isLoop(done, next)) break
    done.push(next)
  }
  return done.length
}

test('R9.3 a field that goes to and fro is stopped before its sixth turn', () => {
  const writes = Array.from({ length: 20 }, (_, turn) =>
    write(turn * 10, turn % 2 === 0 ? 'to_pipedrive' : 'to_brevo', `value ${turn}`),
  )
  expect(passed(writes)).toBe(6)
})

test('R9.3 so is one that is set to the same two values again and again', () => {
  const writes = Array.from({ length: 20 }, (_, turn) =>
    write(turn * 10, 'to_pipedrive', turn % 2 ? 'a' : 'b'),
  )
  expect(passed(writes)).toBe(7)
})

test('ten new values in a row are nobody but a busy person', () => {
  const writes = Array.from({ length: 10 }, (_, turn) => write(turn * 10, 'to_pipedrive', `value ${turn}`))
  expect(passed(writes)).toBe(10)
})

test('turns that take their time are none', () => {
  const writes = Array.from({ length: 20 }, (_, turn) =>
    write(turn * 130, turn % 2 === 0 ? 'to_pipedrive' : 'to_brevo', `value ${turn % 2}`),
  )
  expect(passed(writes)).toBe(20)
})
