import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { emailsIn, plainEmail, withoutEmails } from './email-text.ts'

const gone = (email: string) => email === 'ada@test.example'

describe('an address', () => {
  test('has one spelling', () => {
    expect(plainEmail(' Ada@Test.Example ')).toBe('ada@test.example')
    expect(plainEmail('ada@Müller.example')).toBe('ada@xn--mller-kva.example')
    expect(plainEmail('nobody')).toBe('nobody')
  })

  test.each([
    ['Ask ADA@test.example.', 'Ask [erased].'],
    ['<mailto:ada@test.example>', '<mailto:[erased]>'],
    ['/contacts/ada%40test.example?x=1', '/contacts/[erased]?x=1'],
    ['?email=ada@test.example&b=bob@test.example', '?email=[erased]&b=bob@test.example'],
    ['ada@test.example,Ada@test.example', '[erased],[erased]'],
    ['"...ada@test.example..."', '"...[erased]..."'],
    ['linda@test.example', 'linda@test.example'],
    ['ada@test.example.org', 'ada@test.example.org'],
    ['x-ada@test.example', 'x-ada@test.example'],
  ])('in %j is taken out, and no other', (text, rest) => {
    expect(withoutEmails(text, gone)).toBe(rest)
  })

  test('is found at any depth, in keys too; what does not mention it stays the same object', () => {
    const untouched = { a: ['bob@test.example', 1, null] }
    const value = { untouched, 'ada@test.example': { deep: ['to Ada@test.example'] } }
    expect(withoutEmails(value, gone)).toEqual({ untouched, '[erased]': { deep: ['to [erased]'] } })
    expect(withoutEmails(value, gone).untouched).toBe(untouched)
    expect(withoutEmails(untouched, gone)).toBe(untouched)
    expect(emailsIn(value)).toEqual(new Set(['bob@test.example', 'ada@test.example']))
  })

  test('is gone from any text whatever stands around it', () => {
    const around = fc.array(fc.constantFrom(' ', ',', '<', '>', '"', 'ada@test.example', 'x@y.example', '\n'))
    fc.assert(
      fc.property(around, (parts) => {
        const text = parts.join(' ')
        const rest = withoutEmails(text, gone)
        expect(rest).not.toContain('ada@test.example')
        expect(rest.replaceAll('[erased]', 'ada@test.example')).toBe(text)
      }),
    )
  })

  test('is looked for in time that grows with the text only', () => {
    expect(emailsIn('a'.repeat(2_000_000)).size).toBe(0)
    expect(emailsIn('a@'.repeat(100_000)).size).toBe(0)
  })
})
