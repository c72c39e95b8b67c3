/** The way back of values: what Pipedrive sent comes back as itself, and what it cannot take is told with a remedy. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Attribute, AttributeValue, FieldDefinition, FieldValue, ReverseField } from '../model/index.ts'
import { sampleAttribute, sampleField, samplePerson } from '../model/testdata/samples.ts'
import { convertValue } from '../projection/index.ts'
import { parseChoices } from './parse-choices.ts'
import { sameAsPerson, turnBack } from './turn-back.ts'

const context = { defaultCurrency: 'EUR', currency: null, country: 'KR' }
const labels = ['Gold', 'Silver', 'Bronze, matt', 'Bronze']
const options = Object.fromEntries(labels.map((label, index) => [String(index + 1), label]))

function fieldOf(field: FieldDefinition, attribute: Attribute): ReverseField {
  return { name: attribute.name, attribute, way: 'both', part: 'field', field }
}

const text = sampleAttribute('A', 'text')
const phone: ReverseField = { name: 'SMS', attribute: text, way: 'both', part: 'phone' }
const email: ReverseField = { name: 'EMAIL', attribute: text, way: 'both', part: 'email' }

describe('R9.1 a value of Brevo', () => {
  const number = fieldOf(sampleField('n', 'Size', 'number'), text)
  const money = fieldOf(sampleField('m', 'Budget', 'money'), sampleAttribute('A', 'float'))
  const date = fieldOf(sampleField('d', 'Since', 'date'), sampleAttribute('A', 'date'))
  const option = fieldOf(sampleField('o', 'Tier', 'option', options), text)
  const set = fieldOf(sampleField('s', 'Tags', 'options', options), text)
  const words = fieldOf(sampleField('w', 'Title', 'text'), text)

  test.each<[string, ReverseField, AttributeValue | null, FieldValue | null]>([
    ['a text, trimmed', words, ' Boss ', { kind: 'text', text: 'Boss' }],
    ['blanks', words, '  ', null],
    ['nothing', words, null, null],
    ['a number for a text', words, 12.5, { kind: 'text', text: '12.5' }],
    ['a number', number, 12.5, { kind: 'number', number: 12.5 }],
    ['a number as text', number, '-3', { kind: 'number', number: -3 }],
    ['a sum, in the default currency', money, 7, { kind: 'money', amount: 7, currency: 'EUR' }],
    ['a day', date, '2026-02-28', { kind: 'date', date: '2026-02-28' }],
    ['a label', option, 'Silver', { kind: 'option', id: '2' }],
    ['a label in another case', option, ' gold', { kind: 'option', id: '1' }],
    ['a label with a comma', option, 'Bronze, matt', { kind: 'option', id: '3' }],
    ['labels as a list', set, ['Gold', 'Bronze'], { kind: 'options', ids: ['1', '4'] }],
    ['labels joined', set, 'Gold, Bronze, matt', { kind: 'options', ids: ['1', '3'] }],
    ['no label', set, [], null],
  ])('%s', (_, field, value, expected) => {
    const turned = turnBack(field, value, context)
    expect(turned).toMatchObject({ kind: 'edit', edit: { value: expected } })
  })

  test('a sum keeps the currency it had', () => {
    expect(turnBack(money, 7, { ...context, currency: 'KRW' })).toMatchObject({
      edit: { value: { amount: 7, currency: 'KRW' } },
    })
  })

  test.each<[string, ReverseField, AttributeValue | null, RegExp]>([
    ['a number with a comma', number, '12,5', /12.5/],
    ['a day that is none', date, '2026-02-30', /2026-05-31/],
    ['a label nobody knows', option, 'Platinum', /Add the option to "Tier"/],
    ['one label too many', option, ['Gold', 'Silver'], /Tier/],
    ['a label among others that nobody knows', set, ['Gold', 'Tin'], /Tags/],
    ['a number that is none', phone, 'call me', /country code/],
    ['an address that is none', email, 'ada@', /valid address/],
    ['no address', email, null, /valid address/],
  ])('%s is a problem with a remedy, and never a new option', (_, field, value, remedy) => {
    expect(turnBack(field, value, context)).toMatchObject({
      kind: 'problem',
      remedy: expect.stringMatching(remedy),
    })
  })

  test('a name cannot be emptied', () => {
    const name: FieldDefinition = { key: 'name', name: 'Name', type: 'text', custom: false, options: {} }
    expect(turnBack(fieldOf(name, text), null, context).kind).toBe('problem')
  })

  test('a number comes as E.164, an address in its normal form', () => {
    expect(turnBack(phone, '+821012345678', context)).toMatchObject({ edit: { value: '+821012345678' } })
    expect(turnBack(email, ' Ada@Example.COM ', context)).toMatchObject({
      edit: { value: 'ada@example.com' },
    })
  })

  test('R9.2 equals what the person has, however it is spelt', () => {
    const person = samplePerson({
      phones: [{ value: '010-1234-5678', primary: true }],
      fields: { [option.part === 'field' ? option.field.key : '']: { kind: 'option', id: '1' } },
    })
    expect(sameAsPerson(option, 'gold', person, context)).toBe(true)
    expect(sameAsPerson(option, 'Silver', person, context)).toBe(false)
    expect(sameAsPerson(phone, '+821012345678', person, context)).toBe(true)
    expect(sameAsPerson(email, 'ADA@example.com', person, context)).toBe(true)
  })
})

describe('joined labels', () => {
  test('that can be read in two ways are read in none', () => {
    const twofold = { '1': 'a', '2': 'b', '3': 'a, b' }
    expect(parseChoices('a, b', twofold).kind).toBe('problem')
    expect(parseChoices(['a, b'], twofold)).toEqual({ kind: 'ids', ids: ['3'] })
  })

  test('of two options with one name are a problem', () => {
    expect(parseChoices(['x'], { '1': 'x', '2': 'x' })).toMatchObject({
      problem: expect.stringMatching(/several/),
    })
  })

  test('a long text that is no list is given up quickly', () => {
    const many = Array.from({ length: 200 }, () => 'a').join(', ')
    expect(parseChoices(`${many}, z`, { '1': 'a', '2': 'a, a', '3': 'a, a, a' }).kind).toBe('problem')
  })
})

test('R9.1 whatever goes to Brevo comes back as itself', () => {
  const day = fc
    .date({ min: new Date('1970-01-01'), max: new Date('2100-01-01'), noInvalidDate: true })
    .map((at) => at.toISOString().slice(0, 10))
  const amount = fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e9, max: 1e9 })
  const ids = fc.subarray(Object.keys(options), { minLength: 1 })
  const multiple = sampleAttribute('A', 'multiple-choice', labels)
  const category: Attribute = { ...sampleAttribute('A', 'category', labels), labelOfValue: {} }
  const float = sampleAttribute('A', 'float')
  const pair = fc.oneof(
    fc
      .string({ unit: 'grapheme', minLength: 1 })
      .filter((some) => some.trim() !== '')
      .map((some) => [sampleField('w', 'W', 'text'), text, { kind: 'text', text: some }] as const),
    fc
      .tuple(amount, fc.constantFrom(text, float))
      .map(([number, to]) => [sampleField('n', 'N', 'number'), to, { kind: 'number', number }] as const),
    fc
      .tuple(amount, fc.constantFrom(text, float))
      .map(
        ([some, to]) =>
          [sampleField('m', 'M', 'money'), to, { kind: 'money', amount: some, currency: 'EUR' }] as const,
      ),
    fc
      .tuple(day, fc.constantFrom(text, sampleAttribute('A', 'date')))
      .map(([date, to]) => [sampleField('d', 'D', 'date'), to, { kind: 'date', date }] as const),
    fc
      .tuple(fc.constantFrom(...Object.keys(options)), fc.constantFrom(text, category))
      .map(([id, to]) => [sampleField('o', 'O', 'option', options), to, { kind: 'option', id }] as const),
    ids.map(
      (some) =>
        [sampleField('s', 'S', 'options', options), multiple, { kind: 'options', ids: some }] as const,
    ),
  )
  const lookup = {
    optionLabel: (of: FieldDefinition | null, id: string) => of?.options[id],
    userName: () => undefined,
    organizationName: () => undefined,
    personName: () => undefined,
  }
  fc.assert(
    fc.property(pair, ([definition, attribute, value]) => {
      const there = convertValue(value, definition, attribute, lookup)
      if (there.kind !== 'value') return
      const field = fieldOf(definition, attribute)
      const person = samplePerson({ fields: { [definition.key]: value } })
      expect(sameAsPerson(field, there.value, person, context)).toBe(true)
      const back = turnBack(field, there.value, context)
      expect(back.kind).toBe('edit')
      const edited = back.kind === 'edit' && back.edit.part === 'field' ? back.edit.value : null
      expect(convertValue(edited, definition, attribute, lookup)).toEqual(there)
    }),
    { numRuns: 1000 },
  )
})
