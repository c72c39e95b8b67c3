/** Rule R2.2: phone numbers to E.164, or nothing. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { toE164 } from './phone.ts'

describe('a phone number', () => {
  test.each([
    ['Korean mobile, local', '010-1234-5678', 'KR', '+821012345678'],
    ['Korean land line, local', '02-312-3456', 'KR', '+8223123456'],
    ['Korean with country code', '+82 10 1234 5678', null, '+821012345678'],
    ['a trunk zero beside the country code', '+82 (0)10-1234-5678', null, '+821012345678'],
    ['00 from Germany', '0049 30 901820', 'DE', '+4930901820'],
    ['00 in Korea, where it is not dialled so', '0049 30 901820', 'KR', '+4930901820'],
    ['00 without a default country', '0044 20 7946 0958', null, '+442079460958'],
    ['full-width digits', '０１０－１２３４－５６７８', 'KR', '+821012345678'],
    ['full-width 00', '００４４２０７９４６０９５８', 'KR', '+442079460958'],
    ['full-width plus', '＋82 10 1234 5678', null, '+821012345678'],
    ['American, local', '(212) 555-2368', 'US', '+12125552368'],
    ['another country than the default one', '+33 1 42 68 53 00', 'KR', '+33142685300'],
    ['spaces around', '  +33142685300  ', null, '+33142685300'],
  ])('R2.2 %s: %s (%s)', (_, written, country, number) => {
    expect(toE164(written, country)).toBe(number)
  })

  test.each([
    ['no default country', '010-1234-5678', null],
    ['too short', '12', 'KR'],
    ['too long', '+82 10 1234 5678 9012', null],
    ['no number', 'call me', 'KR'],
    ['empty', '', 'KR'],
    ['an unassigned country code', '+999 123 456 789', 'KR'],
    ['two numbers', '010-1234-5678 / 010-8765-4321', 'KR'],
  ])('R2.2 is nothing with %s: %s (%s)', (_, written, country) => {
    expect(toE164(written, country)).toBeNull()
  })

  test('R2.2 what comes out is E.164 and stays as it is, and nothing makes it throw', () => {
    const digits = fc.stringMatching(/^[+0-9 ()-]{0,20}$/)
    fc.assert(
      fc.property(
        fc.oneof(digits, fc.string()),
        fc.constantFrom('KR', 'DE', 'US', null),
        (written, country) => {
          const number = toE164(written, country)
          if (number === null) return
          expect(number).toMatch(/^\+[1-9]\d{4,14}$/)
          expect(toE164(number, null)).toBe(number)
          expect(toE164(number, country)).toBe(number)
        },
      ),
    )
  })
})
