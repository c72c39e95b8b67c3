/** Brevo's contacts and attributes as they are answered, and the echo law: what was written reads back equal. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { BrevoContact } from '../../brevo/index.ts'
import type { Attribute, FieldValue } from '../model/index.ts'
import { sampleAttribute, sampleField } from '../model/testdata/samples.ts'
import { convertValue, toE164 } from '../projection/index.ts'
import { sameValue } from '../reconcile/index.ts'
import { fromBrevoAttribute, fromBrevoContact } from './from-brevo.ts'

const read = (contact: Partial<BrevoContact>, ...mapped: Attribute[]) =>
  fromBrevoContact({ id: 1, ...contact }, mapped)
const readValue = (raw: unknown, attribute: Attribute) =>
  read({ attributes: { A: raw } }, attribute).attributes.A

describe('a contact', () => {
  test('of which nothing is said has nothing', () => {
    expect(read({})).toEqual({
      contactId: 1,
      email: null,
      extId: null,
      sms: null,
      attributes: {},
      lists: [],
      emailBlocked: false,
      smsBlocked: false,
      blockedBy: null,
      modifiedAt: null,
    })
    expect(
      read({ email: null, attributes: null, listIds: null, modifiedAt: null, emailBlacklisted: null }),
    ).toEqual(read({}))
  })

  test.each([
    ['821012345678', '+821012345678'],
    ['+821012345678', '+821012345678'],
    ['00821012345678', '+821012345678'],
    ['+82 10-1234-5678', '+821012345678'],
    [821012345678, '+821012345678'],
    ['', null],
    [' ', null],
    [null, null],
  ])('R2.2 the number %j is %s, with and without the plus', (SMS, number) => {
    expect(read({ attributes: { SMS } }).sms).toBe(number)
  })

  test('R2.2 whatever number Tajo writes reads back as itself', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^010[0-9]{8}$/), (written) => {
        const number = toE164(written, 'KR')
        if (number === null) return
        expect(read({ attributes: { SMS: number } }).sms).toBe(number)
        expect(read({ attributes: { SMS: number.slice(1) } }).sms).toBe(number)
      }),
    )
  })

  test.each([
    ['2017-05-02T16:40:31.000Z', '2017-05-02T16:40:31.000Z'],
    ['2017-05-02 16:40:31+00:00', '2017-05-02T16:40:31.000Z'],
    ['2017-05-02T18:40:31+02:00', '2017-05-02T16:40:31.000Z'],
    ['yesterday', null],
    ['', null],
  ])('the time "%s" is %s', (modifiedAt, time) => {
    expect(read({ modifiedAt }).modifiedAt).toBe(time)
  })

  test('R1.1 the address is in the normal form of an identity', () => {
    expect(read({ email: ' Ada@Müller.example ' }).email).toBe('ada@xn--mller-kva.example')
    expect(read({ email: 'Odd&Address@x.com' }).email).toBe('odd&address@x.com')
  })

  test('the made-up address of a contact that has only a number is none', () => {
    expect(read({ email: '821012345678@mailin-sms.com' }).email).toBeNull()
    expect(read({ email: '821012345678@MAILIN-SMS.COM' }).email).toBeNull()
    expect(read({ email: 'ada@notmailin-sms.com' }).email).toBe('ada@notmailin-sms.com')
  })

  test('R3.2 lists come ascending, each once', () => {
    expect(read({ listIds: [3, 1, 10, 3] }).lists).toEqual([1, 3, 10])
  })

  test('R4.1 blocklistings are told apart', () => {
    expect(read({ emailBlacklisted: true })).toMatchObject({ emailBlocked: true, smsBlocked: false })
    expect(read({ smsBlacklisted: true })).toMatchObject({ emailBlocked: false, smsBlocked: true })
  })

  test('R1.3 ext_id is read from the attributes', () => {
    expect(read({ attributes: { EXT_ID: 'pipedrive-person-1' } }).extId).toBe('pipedrive-person-1')
    expect(read({ attributes: { EXT_ID: 4711 } }).extId).toBe('4711')
  })

  test('R1.5 only mapped attributes are kept', () => {
    expect(read({ attributes: { A: 'x', B: 'y' } }, sampleAttribute('A', 'text')).attributes).toEqual({
      A: 'x',
    })
  })
})

describe('a value', () => {
  const category: Attribute = {
    ...sampleAttribute('A', 'category', ['Gold', 'Silver']),
    labelOfValue: { '1': 'Gold' },
  }

  test.each<[string, unknown, Attribute, unknown]>([
    ['text', ' x ', sampleAttribute('A', 'text'), 'x'],
    ['text that is only blanks', '  ', sampleAttribute('A', 'text'), undefined],
    ['text answered as a number', 12, sampleAttribute('A', 'text'), '12'],
    ['float', 1.5, sampleAttribute('A', 'float'), 1.5],
    ['float answered as text', '1.5', sampleAttribute('A', 'float'), 1.5],
    ['float of zero', 0, sampleAttribute('A', 'float'), 0],
    ['float that is none', 'x', sampleAttribute('A', 'float'), undefined],
    ['false', false, sampleAttribute('A', 'boolean'), false],
    ['boolean answered as text', 'True', sampleAttribute('A', 'boolean'), true],
    ['date', '2026-05-01', sampleAttribute('A', 'date'), '2026-05-01'],
    ['date answered with a time', '2026-05-01T00:00:00.000Z', sampleAttribute('A', 'date'), '2026-05-01'],
    ['category by label', 'Silver', category, 'Silver'],
    ['category by value', 1, category, 'Gold'],
    ['category by value as text', '1', category, 'Gold'],
    ['category by a label that objects inherit', 'constructor', category, 'constructor'],
    ['choices', ['b', 'a'], sampleAttribute('A', 'multiple-choice', ['a', 'b']), ['a', 'b']],
    ['choices answered as text', 'b, a', sampleAttribute('A', 'multiple-choice', ['a', 'b']), ['a', 'b']],
    ['no choice', [], sampleAttribute('A', 'multiple-choice', ['a', 'b']), undefined],
    ['null', null, sampleAttribute('A', 'float'), undefined],
    ['the empty text', '', sampleAttribute('A', 'date'), undefined],
  ])('%s', (_, raw, attribute, value) => {
    expect(readValue(raw, attribute)).toEqual(value)
  })
})

describe('an attribute', () => {
  test('of the normal kind can be written', () => {
    expect(fromBrevoAttribute({ name: 'firstname', category: 'normal', type: 'text' })).toEqual({
      name: 'FIRSTNAME',
      type: 'text',
      labels: null,
      labelOfValue: {},
      writable: true,
    })
  })

  test('of the kind category has labels, and prefers valueStr to the value', () => {
    const enumeration = [
      { value: 1, label: 'Gold' },
      { value: 0, valueStr: 'ag', label: 'Silver' },
      { value: 3, label: '' },
    ]
    expect(fromBrevoAttribute({ name: 'TIER', category: 'category', enumeration })).toMatchObject({
      type: 'category',
      labels: ['Gold', 'Silver'],
      labelOfValue: { '1': 'Gold', ag: 'Silver' },
      writable: true,
    })
  })

  test('of multiple choice has options', () => {
    const attribute = {
      name: 'TAGS',
      category: 'normal',
      type: 'multiple-choice',
      multiCategoryOptions: ['a', 'b'],
    }
    expect(fromBrevoAttribute(attribute)).toMatchObject({
      type: 'multiple-choice',
      labels: ['a', 'b'],
      writable: true,
    })
  })

  test.each([
    [{ name: 'X', category: 'calculated' }],
    [{ name: 'X', category: 'global' }],
    [{ name: 'X', category: 'transactional', type: 'id' }],
    [{ name: 'X', category: 'normal', type: 'user' }],
  ])('R2.6 %j cannot be written', (attribute) => {
    expect(fromBrevoAttribute(attribute).writable).toBe(false)
  })

  test('of a type that nobody knows is read as text', () => {
    expect(fromBrevoAttribute({ name: 'X', category: 'normal', type: 'novel' }).type).toBe('text')
  })
})

test('R6.4 what a conversion gives is what Brevo echoes: a second sync finds nothing to write', () => {
  const labels = ['Gold', 'Silver', 'Bronze']
  const attribute = fc.constantFrom<Attribute>(
    sampleAttribute('A', 'text'),
    sampleAttribute('A', 'float'),
    sampleAttribute('A', 'date'),
    sampleAttribute('A', 'boolean'),
    { ...sampleAttribute('A', 'category', labels), labelOfValue: { '1': 'Gold' } },
    sampleAttribute('A', 'multiple-choice', labels),
  )
  const field = sampleField('f', 'F', 'options', { '1': 'Silver', '2': 'gold', '3': 'Bronze ' })
  const value: fc.Arbitrary<FieldValue> = fc.oneof(
    fc.string().map((text) => ({ kind: 'text' as const, text })),
    fc
      .constantFrom('Gold', ' silver', '1.50', 'TRUE', '2026-05-01')
      .map((text) => ({ kind: 'text' as const, text })),
    fc
      .double({ noNaN: true, noDefaultInfinity: true })
      .map((number) => ({ kind: 'number' as const, number })),
    fc.subarray(['1', '2', '3']).map((ids) => ({ kind: 'options' as const, ids })),
    fc.boolean().map((flag) => ({ kind: 'flag' as const, flag })),
    fc.constant({ kind: 'timestamp' as const, at: '2026-05-01T10:00:00.000Z' }),
  )
  const lookup = {
    optionLabel: (of: typeof field | null, id: string) => of?.options[id],
    userName: () => undefined,
    organizationName: () => undefined,
    personName: () => undefined,
  }
  fc.assert(
    fc.property(value, attribute, (some, target) => {
      const converted = convertValue(some, field, target, lookup)
      if (converted.kind !== 'value') return
      const echo: unknown = JSON.parse(JSON.stringify(converted.value))
      expect(sameValue(converted.value, readValue(echo, target))).toBe(true)
    }),
    { numRuns: 500 },
  )
})
