/** Laws of the hash: the same for equal JSON whatever the order of keys, another for anything else. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { canonicalJson, fingerprint } from './fingerprint.ts'

/** The same value with the keys of every object the other way round. */
function turned(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(turned)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([key, item]) => [key, turned(item)]),
  )
}

const json = fc.jsonValue().filter((value) => !JSON.stringify(value).includes('__proto__'))

describe('a fingerprint', () => {
  test('does not depend on the order of keys', () => {
    fc.assert(fc.property(json, (value) => fingerprint(turned(value)) === fingerprint(value)))
  })

  test('is of JSON that means the same as the value', () => {
    fc.assert(
      fc.property(json, (value) => {
        expect(JSON.parse(canonicalJson(value))).toEqual(JSON.parse(JSON.stringify(value)))
      }),
    )
  })

  test('tells different values apart', () => {
    fc.assert(
      fc.property(json, json, (a, b) => {
        fc.pre(JSON.stringify(turned(a)) !== JSON.stringify(turned(b)))
        return (fingerprint(a) === fingerprint(b)) === (canonicalJson(a) === canonicalJson(b))
      }),
    )
    const values = [
      {},
      [],
      null,
      '',
      0,
      false,
      'null',
      '0',
      [[]],
      [{}],
      { a: [] },
      { a: 1 },
      { b: 1 },
      [1, 2],
      [2, 1],
    ]
    expect(new Set(values.map(fingerprint)).size).toBe(values.length)
  })

  test('ignores undefined properties, and has 22 characters that a URL may hold', () => {
    expect(fingerprint({ a: 1, b: undefined })).toBe(fingerprint({ a: 1 }))
    expect(fingerprint({ a: 1 })).toMatch(/^[A-Za-z0-9_-]{22}$/)
  })

  test('orders keys by code point, not by language', () => {
    expect(canonicalJson({ ä: 1, b: 2, B: 3 })).toBe('{"B":3,"b":2,"ä":1}')
  })
})
