/** A suggestion is a slip of the finger away, or there is none. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { nearestName } from './suggest.ts'

describe('the nearest name', () => {
  test.each([
    ['frist_name', 'first_name'],
    ['job_titel', 'job_title'],
    ['LAST_NAME', 'last_name'],
    ['emial', 'email'],
  ])('%s may mean %s', (written, meant) => {
    expect(nearestName(written, ['first_name', 'last_name', 'job_title', 'email'])).toBe(meant)
  })

  test('is none when nothing is near, nothing is known, or nothing is written', () => {
    expect(nearestName('zzzzzz', ['first_name', 'email'])).toBeUndefined()
    expect(nearestName('email', [])).toBeUndefined()
    expect(nearestName('', ['email'])).toBeUndefined()
  })

  test('of several takes the closest, the first among equals', () => {
    expect(nearestName('customers', ['customer', 'customerz', 'costumerz'])).toBe('customer')
    expect(nearestName('abc', ['abd', 'abe'])).toBe('abd')
  })

  test('is the name itself when that is known, and always one of the known', () => {
    const names = fc.array(fc.string({ maxLength: 12 }), { maxLength: 8 })
    fc.assert(
      fc.property(fc.string({ maxLength: 12 }), names, (name, known) => {
        const near = nearestName(name, known)
        expect(near === undefined || known.includes(near)).toBe(true)
        expect(nearestName(name, [...known, name])?.toLowerCase()).toBe(name.toLowerCase())
      }),
    )
  })
})
