import { beforeEach, expect, it } from 'vitest'
import { type AttemptLimit, createAttemptLimit } from './attempt-limit.ts'

let nowMs = 0
let limit: AttemptLimit
beforeEach(() => {
  nowMs = 1_000_000
  limit = createAttemptLimit({ now: () => nowMs, most: 3, windowMs: 60_000, remembered: 4 })
})

const beWrong = (address: string, times = 3): void => {
  for (let n = 0; n < times; n += 1) limit.wrong(address)
}

it('whoever was wrong too often waits for the rest of the window, and is heard again', () => {
  beWrong('192.0.2.1', 2)
  expect(limit.wait('192.0.2.1', 'k')).toBeNull()
  limit.wrong('192.0.2.1')
  nowMs += 20_500
  expect(limit.wait('192.0.2.1', 'k')).toBe(40)
  expect(limit.wait('192.0.2.2', 'k')).toBeNull()
  nowMs += 39_500
  expect(limit.wait('192.0.2.1', 'k')).toBeNull()
})

it('a key that was right from there lately is heard among wrong ones', () => {
  limit.right('192.0.2.1', 'good')
  beWrong('192.0.2.1')
  expect(limit.wait('192.0.2.1', 'good')).toBeNull()
  expect(limit.wait('192.0.2.1', 'bad')).not.toBeNull()
  beWrong('192.0.2.2')
  expect(limit.wait('192.0.2.2', 'good')).not.toBeNull()
  nowMs += 3_600_000
  beWrong('192.0.2.1')
  expect(limit.wait('192.0.2.1', 'good')).not.toBeNull()
})

it('a network of IPv6 counts as one, and an address of IPv4 as itself however it is written', () => {
  for (const address of ['2001:db8:1:2::1', '2001:db8:1:2:aaaa::7', '2001:db8:1:2:0:0:0:9'])
    limit.wrong(address)
  expect(limit.wait('2001:db8:1:2:ffff::', 'k')).not.toBeNull()
  expect(limit.wait('2001:db8:1:3::1', 'k')).toBeNull()
  beWrong('::ffff:192.0.2.9')
  expect(limit.wait('192.0.2.9', 'k')).not.toBeNull()
})

it('remembers so many addresses and no more', () => {
  beWrong('192.0.2.1')
  for (let n = 10; n < 14; n += 1) limit.wrong(`192.0.2.${n}`)
  expect(limit.wait('192.0.2.1', 'k')).toBeNull()
})
