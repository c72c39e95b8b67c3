/** Custom field values in the shapes of API v2, by the declared type. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Json } from '../../base/json.ts'
import type { FieldType, FieldValue } from '../model/index.ts'
import { sampleField } from '../model/testdata/samples.ts'
import { readFields, readFieldValue } from './field-value.ts'

const readAs = (type: FieldType, raw: Json) => readFieldValue(raw, sampleField('f', 'F', type))
const unreadable = { kind: 'unreadable' }

const allTypes: Record<FieldType, true> = {
  text: true,
  number: true,
  money: true,
  option: true,
  options: true,
  user: true,
  organization: true,
  person: true,
  phone: true,
  date: true,
  'date-range': true,
  time: true,
  'time-range': true,
  address: true,
  timestamp: true,
  flag: true,
}
const types = Object.keys(allTypes) as FieldType[]

describe('a custom field value', () => {
  test.each<[FieldType, Json, FieldValue]>([
    ['text', 'x', { kind: 'text', text: 'x' }],
    ['text', 12, { kind: 'number', number: 12 }],
    ['text', true, { kind: 'flag', flag: true }],
    ['phone', '010-1234', { kind: 'text', text: '010-1234' }],
    ['number', 1.5, { kind: 'number', number: 1.5 }],
    ['number', 0, { kind: 'number', number: 0 }],
    ['number', '1.5', { kind: 'number', number: 1.5 }],
    ['money', { value: 9.5, currency: 'EUR' }, { kind: 'money', amount: 9.5, currency: 'EUR' }],
    ['money', { value: 0, currency: 'EUR' }, { kind: 'money', amount: 0, currency: 'EUR' }],
    ['money', 7, { kind: 'money', amount: 7, currency: null }],
    ['option', 3, { kind: 'option', id: '3' }],
    ['option', '3', { kind: 'option', id: '3' }],
    ['option', { id: 3, label: 'Gold' }, { kind: 'option', id: '3' }],
    ['options', [3, 4], { kind: 'options', ids: ['3', '4'] }],
    ['options', '3, 4', { kind: 'options', ids: ['3', '4'] }],
    ['options', 3, { kind: 'options', ids: ['3'] }],
    ['user', 7, { kind: 'reference', entity: 'user', id: 7 }],
    ['user', { id: 7, name: 'x' }, { kind: 'reference', entity: 'user', id: 7 }],
    ['organization', { value: 8 }, { kind: 'reference', entity: 'organization', id: 8 }],
    ['person', '9', { kind: 'reference', entity: 'person', id: 9 }],
    ['date', '2026-05-01', { kind: 'date', date: '2026-05-01' }],
    ['date', { value: '2026-05-01' }, { kind: 'date', date: '2026-05-01' }],
    [
      'date-range',
      { value: '2026-05-01', until: '2026-05-09' },
      { kind: 'date-range', from: '2026-05-01', until: '2026-05-09' },
    ],
    [
      'date-range',
      { value: '2026-05-01', until: null },
      { kind: 'date-range', from: '2026-05-01', until: null },
    ],
    ['time', { value: '09:30:00', timezone_id: 1 }, { kind: 'time', time: '09:30:00' }],
    ['time', '09:30', { kind: 'time', time: '09:30:00' }],
    [
      'time-range',
      { value: '09:30', until: '10:00' },
      { kind: 'time-range', from: '09:30:00', until: '10:00:00' },
    ],
    ['address', { value: 'a', formatted_address: 'b' }, { kind: 'text', text: 'b' }],
    ['address', { value: 'a', formatted_address: null }, { kind: 'text', text: 'a' }],
    ['address', 'a', { kind: 'text', text: 'a' }],
    ['timestamp', '2026-05-01T10:00:00Z', { kind: 'timestamp', at: '2026-05-01T10:00:00.000Z' }],
    ['flag', false, { kind: 'flag', flag: false }],
  ])('R2.4 of type %s: %j', (type, raw, value) => {
    expect(readAs(type, raw)).toEqual(value)
  })

  test.each<[FieldType, Json]>([
    ['text', ['x']],
    ['text', { value: 'x' }],
    ['text', 'x'.repeat(65_536)],
    ['number', 'many'],
    ['number', {}],
    ['money', { value: 'many', currency: 'EUR' }],
    ['option', true],
    ['options', [true]],
    ['user', 'x'],
    ['user', 1.5],
    ['organization', {}],
    ['date', 20260501],
    ['date-range', 5],
    ['time', 930],
    ['timestamp', 'yesterday'],
    ['flag', 'yes'],
  ])('R2.4 of type %s that contradicts it is unreadable, not lost', (type, raw) => {
    expect(readAs(type, raw)).toMatchObject(unreadable)
  })

  test.each(types)('R2.5 of type %s that is null or "" is empty', (type) => {
    expect(readAs(type, null)).toBeNull()
    expect(readAs(type, '')).toBeNull()
  })

  test.each<[FieldType, Json]>([
    ['money', { value: null, currency: 'EUR' }],
    ['option', { id: null }],
    ['options', []],
    ['date', { value: null }],
    ['date-range', { value: null, until: null }],
    ['time', { value: null, timezone_id: null }],
    ['time-range', {}],
    ['address', { value: null, formatted_address: null }],
  ])('R2.5 an empty shell of type %s is empty', (type, raw) => {
    expect(readAs(type, raw)).toBeNull()
  })

  test('of a field that nobody defined is read as text', () => {
    expect(readFieldValue('x', undefined)).toEqual({ kind: 'text', text: 'x' })
  })

  test('no JSON makes a reading throw, and a problem never repeats the value', () => {
    fc.assert(
      fc.property(fc.constantFrom(...types), fc.jsonValue(), (type, raw) => {
        const value = readAs(type, raw as Json)
        if (value?.kind === 'unreadable') expect(value.problem.length).toBeLessThan(90)
      }),
    )
  })
})

describe('the fields of a record', () => {
  const field = sampleField('a', 'A', 'number')
  const table = new Map([[field.key, field]])

  test('empty ones are absent, unreadable ones are not', () => {
    expect(readFields({ [field.key]: null, x: '', y: undefined }, table)).toEqual({})
    expect(readFields({ [field.key]: 'many' }, table)).toEqual({
      [field.key]: expect.objectContaining(unreadable),
    })
  })

  test('no object, no fields', () => {
    expect(readFields(null, table)).toEqual({})
    expect(readFields(undefined, table)).toEqual({})
  })
})
