/** The way back of values: what Pipedrive sent comes back as itself, and what it cannot take is told with a remedy. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  type Attribute,
  type AttributeValue,
  type FieldDefinition,
  type FieldValue,
  normaliseEmail,
  type ReverseField,
} from '../model/index.ts'
import { sampleAttribute, sampleField, samplePerson } from '../model/testdata/samples.ts'
import { convertValue, toE164 } from '../projection/index.ts'
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
  const yes = sampleAttribute('A', 'boolean')
  const truth = fieldOf(sampleField('t', 'Vip', 'option', { '9': 'True' }), yes)

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
    ['true for a text', words, true, { kind: 'text', text: 'true' }],
    ['true for a label of that name', truth, true, { kind: 'option', id: '9' }],
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
    ['the id of an option', option, '2', /Tier/],
    ['true for labels that say otherwise', option, true, /Tier/],
    ['true for a number', number, true, /12.5/],
    ['several labels for a text', words, ['Gold', 'Silver'], /Title/],
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
    expect(turnBack(fieldOf(name, text), ' ', context).kind).toBe('problem')
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

  test('R9.2 equals a number in a field of numbers, however it is written, and another text only as it stands', () => {
    const other = fieldOf(sampleField('p', 'Other phone', 'phone'), text)
    const person = samplePerson({
      fields: {
        ['p'.repeat(40)]: { kind: 'text', text: '010-1234-5678' },
        ['w'.repeat(40)]: { kind: 'text', text: '010-1234-5678' },
      },
    })
    expect(sameAsPerson(other, '+821012345678', person, context)).toBe(true)
    expect(sameAsPerson(other, '+821012345679', person, context)).toBe(false)
    expect(sameAsPerson(words, '+821012345678', person, context)).toBe(false)
  })

  test('R9.2 equals a set in any order, and no part of it', () => {
    const person = samplePerson({ fields: { ['s'.repeat(40)]: { kind: 'options', ids: ['2', '1'] } } })
    expect(sameAsPerson(set, 'Gold, silver', person, context)).toBe(true)
    expect(sameAsPerson(set, 'Gold', person, context)).toBe(false)
    expect(sameAsPerson(set, ['Gold', 'Silver', 'Bronze'], person, context)).toBe(false)
    expect(sameAsPerson(set, [], samplePerson(), context)).toBe(true)
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

  test('may name an option twice, and in any case', () => {
    expect(parseChoices('gold,GOLD, Silver', options)).toEqual({ kind: 'ids', ids: ['1', '2'] })
  })

  test('name the one that nobody knows', () => {
    expect(parseChoices('Gold, Tin', options)).toMatchObject({ problem: 'no option is called "Tin"' })
  })

  test('of a long text are found, or given up, in one walk', () => {
    const known = { '1': 'a', '2': 'b, c, d' }
    const many = Array.from({ length: 15_000 }, () => 'a').join(', ')
    expect(parseChoices(`${many}, b, c, d`, known)).toEqual({ kind: 'ids', ids: ['1', '2'] })
    expect(parseChoices(`${many}, z`, known).kind).toBe('problem')
    expect(parseChoices(`z, ${many}`, { ...known, '3': 'a, a' }).kind).toBe('problem')
  })
})

describe('R9.1 law: whatever goes to Brevo comes back as itself', () => {
  const day = fc
    .date({ min: new Date('1970-01-01'), max: new Date('2100-01-01'), noInvalidDate: true })
    .map((at) => at.toISOString().slice(0, 10))
  const amount = fc.oneof(
    fc.integer(),
    fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e9, max: 1e9 }),
  )
  // Not every range of numbers is given to anybody.
  const local = fc
    .integer({ min: 10_000_000, max: 99_999_999 })
    .map((some) => `010${some}`)
    .filter((some) => toE164(some, 'KR') !== null)
  const mobile = fc.oneof(
    local,
    local.map((some) => `${some.slice(0, 3)}-${some.slice(3, 7)}-${some.slice(7)}`),
    local.map((some) => `+82 ${some.slice(1)}`),
  )
  const words = fc
    .oneof(
      fc.string({ unit: 'grapheme', minLength: 1 }),
      fc.constantFrom('TRUE', 'false', 'gold', ' Gold', 'Gold, Silver'),
      amount.map(String),
      fc.constantFrom('012', '1.50', '+7'),
      day,
    )
    .filter((some) => some.trim() !== '')
  const number = amount.map((some): FieldValue => ({ kind: 'number', number: some }))
  const values: Readonly<Record<string, fc.Arbitrary<FieldValue>>> = {
    text: fc.oneof(
      words.map((some): FieldValue => ({ kind: 'text', text: some })),
      // As people write them: a text with an exponent is no number for Brevo.
      fc.integer().map((some): FieldValue => ({ kind: 'number', number: some / 100 })),
    ),
    phone: fc.oneof(mobile, words).map((some): FieldValue => ({ kind: 'text', text: some })),
    number,
    money: amount.map((some): FieldValue => ({ kind: 'money', amount: some, currency: 'KRW' })),
    date: day.map((date): FieldValue => ({ kind: 'date', date })),
    option: fc.constantFrom(...Object.keys(options)).map((id): FieldValue => ({ kind: 'option', id })),
    options: fc
      .shuffledSubarray(Object.keys(options), { minLength: 1 })
      .map((ids): FieldValue => ({ kind: 'options', ids })),
  }
  const attributes: Readonly<Record<string, Attribute>> = {
    text,
    float: sampleAttribute('A', 'float'),
    date: sampleAttribute('A', 'date'),
    boolean: sampleAttribute('A', 'boolean'),
    category: sampleAttribute('A', 'category', labels),
    'multiple-choice': sampleAttribute('A', 'multiple-choice', labels),
  }
  const lookup = {
    optionLabel: (of: FieldDefinition | null, id: string) => of?.options[id],
    userName: () => undefined,
    organizationName: () => undefined,
    personName: () => undefined,
  }
  const kept = { ...context, currency: 'KRW' }

  test.each([
    ['text', ['text', 'float', 'date', 'boolean', 'category', 'multiple-choice']],
    ['phone', ['text']],
    ['number', ['text', 'float']],
    ['money', ['text', 'float']],
    ['date', ['text', 'date']],
    ['option', ['text', 'category', 'multiple-choice']],
    ['options', ['text', 'multiple-choice']],
  ] as const)('a %s field to attributes of type %j', (type, fitting) => {
    const definition = sampleField('x', 'X', type, options)
    for (const attribute of fitting.map((some) => attributes[some] ?? text)) {
      const field = fieldOf(definition, attribute)
      let turned = 0
      fc.assert(
        fc.property(values[type] ?? fc.constant({ kind: 'flag', flag: true }), (value) => {
          const there = convertValue(value, definition, attribute, lookup)
          if (there.kind !== 'value') return
          turned++
          const person = samplePerson({ fields: { [definition.key]: value } })
          expect(sameAsPerson(field, there.value, person, kept)).toBe(true)
          const back = turnBack(field, there.value, kept)
          if (back.kind !== 'edit' || back.edit.part !== 'field') throw new Error(JSON.stringify(back))
          expect(convertValue(back.edit.value, definition, attribute, lookup)).toEqual(there)
          // Only a text may be written in several ways.
          if (value.kind !== 'text' && type !== 'text') expect(setOf(back.edit.value)).toEqual(setOf(value))
        }),
        { numRuns: 300 },
      )
      expect(turned).toBeGreaterThan(0)
    }
  })

  test('the number of a person, however it is written', () => {
    fc.assert(
      fc.property(mobile, (written) => {
        const person = samplePerson({ phones: [{ value: written, primary: true }] })
        expect(sameAsPerson(phone, written, person, context)).toBe(true)
        const back = turnBack(phone, written, context)
        if (back.kind !== 'edit' || back.edit.part !== 'phone') throw new Error(JSON.stringify(back))
        expect(back.edit.value).toBe(toE164(written, 'KR'))
        expect(sameAsPerson(phone, back.edit.value ?? '', person, context)).toBe(true)
      }),
    )
  })

  test('the address of a person', () => {
    fc.assert(
      fc.property(fc.emailAddress(), fc.boolean(), (address, shouted) => {
        const identity = normaliseEmail(address)
        if (identity === null) return
        const person = samplePerson({
          emails: [{ value: shouted ? ` ${address.toUpperCase()}` : address, primary: true }],
        })
        expect(sameAsPerson(email, identity, person, context)).toBe(true)
        expect(turnBack(email, identity, context)).toEqual({
          kind: 'edit',
          edit: { part: 'email', value: identity },
        })
      }),
    )
  })

  /** The order of options says nothing; neither does the sign of zero. */
  function setOf(value: FieldValue | null): unknown {
    if (value?.kind === 'options') return new Set(value.ids)
    return JSON.parse(JSON.stringify(value))
  }
})
