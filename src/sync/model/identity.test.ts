/** Rule R1.1: which address is a person's identity. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { extIdOf } from './contact.ts'
import { identityOf, normaliseEmail, primaryEntry } from './identity.ts'

const entry = (value: string, primary = false) => ({ value, primary })
const identity = (...emails: { value: string; primary: boolean }[]) => identityOf({ emails })

describe('the identity e-mail', () => {
  test('R1.1 is the entry marked primary, wherever it stands', () => {
    expect(identity(entry('a@x.com'), entry('b@x.com', true))).toEqual({ email: 'b@x.com', problem: null })
  })

  test('R1.1 is the first entry when none is marked', () => {
    expect(identity(entry('a@x.com'), entry('b@x.com'))).toEqual({ email: 'a@x.com', problem: null })
  })

  test('R1.1 an empty primary entry gives way to the first that has text', () => {
    expect(identity(entry('  ', true), entry(''), entry('c@x.com'))).toEqual({
      email: 'c@x.com',
      problem: null,
    })
  })

  test('R1.1 no address at all is no_email', () => {
    expect(identity()).toEqual({ email: null, problem: 'no_email' })
    expect(identity(entry(''), entry('   ', true))).toEqual({ email: null, problem: 'no_email' })
  })

  test('R1.1 a primary entry that is no address is invalid_email, even where another is good', () => {
    expect(identity(entry('good@x.com'), entry('no address', true))).toEqual({
      email: null,
      problem: 'invalid_email',
    })
  })

  test('R1.1 surrounding spaces do not count when the entry is chosen', () => {
    expect(primaryEntry([entry(' a '), entry(' b ', true)])).toBe('b')
    expect(primaryEntry([])).toBeNull()
  })
})

describe('the normal form of an address', () => {
  test.each([
    ['trimmed', '  ada@example.com\n', 'ada@example.com'],
    ['lower case', 'Ada.LOVELACE@Example.COM', 'ada.lovelace@example.com'],
    ['a host in ASCII', 'ada@Müller.example', 'ada@xn--mller-kva.example'],
    ['a host in ASCII, from decomposed letters too', 'ada@Mu\u0308ller.example', 'ada@xn--mller-kva.example'],
    ['a host in ASCII, Korean', 'ada@한국.kr', 'ada@xn--3e0b707e.kr'],
    ['plus and apostrophe stay', "o'brien+news@x.ie", "o'brien+news@x.ie"],
  ])('R1.1 %s', (_, written, normal) => {
    expect(normaliseEmail(written)).toBe(normal)
  })

  test.each([
    '',
    '@',
    '@x.com',
    'ada@',
    'ada',
    'ada example.com',
    'ada@example',
    'ada@exa mple.com',
    'a@x.com, b@x.com',
    'a@x.com; b@x.com',
    'Ada <ada@x.com>',
    'a@b@x.com',
    'ada@x..com',
    'ada@.com',
    '.ada@x.com',
    'a..da@x.com',
    'ada@1',
    'ada@[::1]',
  ])('R1.1 "%s" is no address', (written) => {
    expect(normaliseEmail(written)).toBeNull()
  })

  test.each([
    'a@x.com/shop',
    'a@x.com?subject=hi',
    'a@x.com#top',
    'a@x.com\\b',
    'a@exa%6dple.com',
    'a@x.com:25',
  ])('R1.1 "%s" is not cut down to another address', (written) => {
    expect(normaliseEmail(written)).toBeNull()
  })

  test('R1.1 the normal form is its own normal form, whatever was written', () => {
    const nearly = fc
      .tuple(fc.string({ unit: 'grapheme' }), fc.string({ unit: 'grapheme' }))
      .map((parts) => parts.join('@'))
    fc.assert(
      fc.property(fc.oneof(fc.emailAddress(), nearly), (written) => {
        const normal = normaliseEmail(written)
        fc.pre(normal !== null)
        expect(normaliseEmail(normal ?? '')).toBe(normal)
        expect(normal).toBe(normal?.trim().toLowerCase())
        expect(normaliseEmail(` ${written.toUpperCase()} `)).toBe(normaliseEmail(written.toUpperCase()))
      }),
    )
  })

  test('R1.1 ordinary addresses are one whatever their case', () => {
    const part = fc.stringMatching(/^[a-z0-9]{1,10}$/)
    fc.assert(
      fc.property(part, part, (local, host) => {
        const email = `${local}@${host}.com`
        expect(normaliseEmail(email.toUpperCase())).toBe(email)
      }),
    )
  })
})

test('R1.3 the contact carries the id of the lead person', () => {
  expect(extIdOf(42)).toBe('pipedrive-person-42')
})
