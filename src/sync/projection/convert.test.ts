/** Rule R2.4: every type of field, as Pipedrive's API v2 writes it, into every type of attribute. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Json } from '../../base/json.ts'
import type { PipedriveField } from '../../pipedrive/index.ts'
import type { Attribute, AttributeType, FieldValue } from '../model/index.ts'
import { sampleAttribute, sampleField } from '../model/testdata/samples.ts'
import { fromPipedriveField } from '../source/catalogue.ts'
import { readFieldValue } from '../source/field-value.ts'
import { type Converted, convertValue, isDay, type Lookup } from './convert.ts'

const labels = ['Blue', 'Red', 'Yellow', '42', '2026-05-01', 'true']
const attributes: Readonly<Record<AttributeType, Attribute>> = {
  text: sampleAttribute('A', 'text'),
  date: sampleAttribute('A', 'date'),
  float: sampleAttribute('A', 'float'),
  boolean: sampleAttribute('A', 'boolean'),
  category: sampleAttribute('A', 'category', labels),
  'multiple-choice': sampleAttribute('A', 'multiple-choice', labels),
  id: sampleAttribute('A', 'id'),
  user: sampleAttribute('A', 'user'),
}
const lookup: Lookup = {
  optionLabel: (field, id) => field?.options[id],
  userName: (id) => ({ 7: 'Grace Hopper' })[id],
  organizationName: (id) => ({ 8: 'Acme' })[id],
  personName: (id) => ({ 9: 'Alan Turing' })[id],
}

type Fit = string | number | boolean | readonly string[]
const no = Symbol('type_mismatch')
type Row = [type: string, raw: Json, fits: Partial<Record<AttributeType, Fit>>]

/** The 16 types of custom fields; what an attribute type is not given for does not fit it. */
const rows: Row[] = [
  ['varchar', ' Red ', { text: 'Red', category: 'Red', 'multiple-choice': ['Red'] }],
  ['varchar', '42', { text: '42', float: 42, category: '42', 'multiple-choice': ['42'] }],
  [
    'varchar',
    '2026-05-01',
    { text: '2026-05-01', date: '2026-05-01', category: '2026-05-01', 'multiple-choice': ['2026-05-01'] },
  ],
  ['varchar', 'TRUE', { text: 'TRUE', boolean: true, category: 'true', 'multiple-choice': ['true'] }],
  ['varchar_auto', 'red', { text: 'red', category: 'Red', 'multiple-choice': ['Red'] }],
  ['text', 'two\nlines', { text: 'two\nlines' }],
  ['double', -1.5, { text: '-1.5', float: -1.5 }],
  ['double', 0, { text: '0', float: 0 }],
  ['monetary', { value: 99.9, currency: 'EUR' }, { text: '99.9', float: 99.9 }],
  ['monetary', { value: 0, currency: 'EUR' }, { text: '0', float: 0 }],
  ['enum', 1, { text: 'Red', category: 'Red', 'multiple-choice': ['Red'] }],
  ['set', [3, 1], { text: 'Yellow, Red', 'multiple-choice': ['Red', 'Yellow'] }],
  ['set', [1], { text: 'Red', category: 'Red', 'multiple-choice': ['Red'] }],
  ['user', 7, { text: 'Grace Hopper' }],
  ['org', 8, { text: 'Acme' }],
  ['people', 9, { text: 'Alan Turing' }],
  ['phone', '010-1234-5678', { text: '010-1234-5678' }],
  [
    'date',
    '2026-05-01',
    { text: '2026-05-01', date: '2026-05-01', category: '2026-05-01', 'multiple-choice': ['2026-05-01'] },
  ],
  ['daterange', { value: '2026-05-01', until: '2026-05-09' }, { text: '2026-05-01/2026-05-09' }],
  ['time', { value: '09:30:00', timezone_id: 1, timezone_name: 'UTC' }, { text: '09:30:00' }],
  ['time', { value: '09:30' }, { text: '09:30:00' }],
  ['timerange', { value: '09:30', until: '17:00:00' }, { text: '09:30:00/17:00:00' }],
  [
    'address',
    { value: '1 Main St', formatted_address: '1 Main Street, Seoul' },
    { text: '1 Main Street, Seoul' },
  ],
]
const types = Object.keys(attributes) as AttributeType[]
const cells = rows.flatMap(([type, raw, fits]) =>
  types.map(
    (target) => [type, JSON.stringify(raw), target, raw, target in fits ? fits[target] : no] as const,
  ),
)

function definition(type: string) {
  const field: PipedriveField = {
    field_code: 'f'.repeat(40),
    field_name: 'F',
    field_type: type,
    is_custom_field: true,
    options: [
      { id: 1, label: 'Red' },
      { id: 2, label: 'Blue' },
      { id: 3, label: 'Yellow' },
    ],
  }
  return fromPipedriveField(field)
}

const convert = (value: FieldValue | null, target: AttributeType | Attribute): Converted =>
  convertValue(value, null, typeof target === 'string' ? attributes[target] : target, lookup)

describe('a value of each type of field', () => {
  test('R2.4 the table covers all 16 types', () => {
    expect(new Set(rows.map(([type]) => type)).size).toBe(16)
  })

  test.each(cells)('R2.4 %s %s into %s', (type, _, target, raw, expected) => {
    const field = definition(type)
    const converted = convertValue(readFieldValue(raw, field), field, attributes[target], lookup)
    if (expected === no) expect(converted).toMatchObject({ kind: 'mismatch' })
    else expect(converted).toEqual({ kind: 'value', value: expected })
  })
})

describe('conversions beside the table', () => {
  test('R2.4 a timestamp into a date attribute is its day in UTC, into text the whole time', () => {
    const value: FieldValue = { kind: 'timestamp', at: '2026-05-01T23:59:59.000Z' }
    expect(convert(value, 'date')).toEqual({ kind: 'value', value: '2026-05-01' })
    expect(convert(value, 'text')).toEqual({ kind: 'value', value: '2026-05-01T23:59:59.000Z' })
    const shifted: FieldValue = { kind: 'timestamp', at: '2026-05-01T23:59:59-02:00' }
    expect(convert(shifted, 'date')).toEqual({ kind: 'value', value: '2026-05-02' })
  })

  test('R2.4 a boolean is one, and no number', () => {
    expect(convert({ kind: 'flag', flag: false }, 'boolean')).toEqual({ kind: 'value', value: false })
    expect(convert({ kind: 'flag', flag: true }, 'text')).toEqual({ kind: 'value', value: 'true' })
    expect(convert({ kind: 'flag', flag: true }, 'float').kind).toBe('mismatch')
  })

  test.each(['1', '-1', '+1.50', '007', '3.0'])('R2.4 the text "%s" is a plain number', (text) => {
    expect(convert({ kind: 'text', text }, 'float')).toEqual({ kind: 'value', value: Number(text) })
  })

  test.each(['1,5', '1 000', '1e3', '0x10', '.5', '5.', '$5', 'Infinity', 'NaN', '9'.repeat(400)])(
    'R2.4 the text "%s" is none, and is not sent',
    (text) => {
      expect(convert({ kind: 'text', text }, 'float').kind).toBe('mismatch')
    },
  )

  test.each(['2026-02-30', '2026-13-01', '01.05.2026', '2026-5-1', '2026-05-01T00:00:00Z'])(
    'R2.4 "%s" is no day',
    (text) => {
      expect(isDay(text)).toBe(false)
      expect(convert({ kind: 'text', text }, 'date').kind).toBe('mismatch')
    },
  )

  test('R2.4 a set of which one label is unknown to Brevo is left out whole', () => {
    const field = sampleField('f', 'F', 'options', { '1': 'Red', '2': 'Green' })
    const value: FieldValue = { kind: 'options', ids: ['1', '2'] }
    const converted = convertValue(value, field, attributes['multiple-choice'], lookup)
    expect(converted).toEqual({ kind: 'mismatch', problem: '"Green" is not among its options' })
  })

  test('R2.4 labels are matched whatever their case, and sent as Brevo spells them, each once', () => {
    const field = sampleField('f', 'F', 'options', { '1': 'RED', '2': 'red ', '3': 'blue' })
    const value: FieldValue = { kind: 'options', ids: ['1', '2', '3'] }
    expect(convertValue(value, field, attributes['multiple-choice'], lookup)).toEqual({
      kind: 'value',
      value: ['Blue', 'Red'],
    })
  })

  test('R2.4 where two labels differ in case only, the exact one is taken', () => {
    const attribute = sampleAttribute('A', 'category', ['RED', 'red'])
    expect(convert({ kind: 'text', text: 'red' }, attribute)).toEqual({ kind: 'value', value: 'red' })
  })

  test('R2.4 a person, user or organization that is not known is a mismatch, not a number', () => {
    for (const entity of ['user', 'organization', 'person'] as const) {
      expect(convert({ kind: 'reference', entity, id: 404 }, 'text')).toEqual({
        kind: 'mismatch',
        problem: 'the record it points to is not known',
      })
    }
  })

  test('R2.4 what could not be read is a mismatch with its problem', () => {
    expect(convert({ kind: 'unreadable', problem: 'is not a number' }, 'text')).toEqual({
      kind: 'mismatch',
      problem: 'is not a number',
    })
  })

  test('R2.4 a text longer than any field of Pipedrive is left out', () => {
    expect(convert({ kind: 'text', text: 'x'.repeat(65_535) }, 'text').kind).toBe('value')
    expect(convert({ kind: 'text', text: 'x'.repeat(65_536) }, 'text').kind).toBe('mismatch')
  })

  test('R2.5 nothing, blanks and empty sets are empty for every type that can be written', () => {
    for (const target of types.filter((type) => type !== 'id' && type !== 'user')) {
      expect(convert(null, target)).toEqual({ kind: 'empty' })
      expect(convert({ kind: 'text', text: ' \n ' }, target)).toEqual({ kind: 'empty' })
      expect(convert({ kind: 'options', ids: [] }, target)).toEqual({ kind: 'empty' })
    }
  })

  test('a mismatch never repeats a long text whole', () => {
    const converted = convert({ kind: 'text', text: 'y'.repeat(5000) }, 'float')
    expect(converted.kind === 'mismatch' && converted.problem.length).toBeLessThan(100)
  })
})

test('R2.4 whatever fits has the form of its type', () => {
  const value: fc.Arbitrary<FieldValue> = fc.oneof(
    fc.string().map((text) => ({ kind: 'text' as const, text })),
    fc.constantFrom(...labels, 'red', '1.5', '-0').map((text) => ({ kind: 'text' as const, text })),
    fc
      .double({ noNaN: true, noDefaultInfinity: true })
      .map((number) => ({ kind: 'number' as const, number })),
    fc.boolean().map((flag) => ({ kind: 'flag' as const, flag })),
    fc.date({ noInvalidDate: true }).map((at) => ({ kind: 'timestamp' as const, at: at.toISOString() })),
  )
  fc.assert(
    fc.property(value, fc.constantFrom(...types), (some, type) => {
      const converted = convert(some, type)
      if (converted.kind !== 'value') return
      const result = converted.value
      if (type === 'text') expect(result).toEqual(String(result).trim())
      else if (type === 'float') expect(Number.isFinite(result)).toBe(true)
      else if (type === 'boolean') expect(typeof result).toBe('boolean')
      else if (type === 'date') expect(String(result)).toMatch(/^([+-]\d{6}|\d{4})-\d\d/)
      else expect(labels).toEqual(expect.arrayContaining([result].flat()))
    }),
  )
})
