/** Edits in Pipedrive's shape: one entry changes, the others stay; what is cleared is null; custom values as API v2 takes them. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { PipedrivePerson } from '../../pipedrive/index.ts'
import type { FieldValue, PersonEdit } from '../model/index.ts'
import { toPersonChange, withExtra, withNameOnly } from './to-person-change.ts'

const person: PipedrivePerson = {
  id: 1,
  name: 'Ada King',
  first_name: 'Ada',
  last_name: 'King',
  emails: [
    { value: 'ada@work.test', primary: true, label: 'work' },
    { value: 'ada@home.test', primary: false, label: 'home' },
    { value: '', primary: false, label: 'work' },
  ],
  phones: [
    { value: '02-555-0100', primary: false, label: 'home' },
    { value: '010-1234-5678', primary: true, label: 'mobile' },
  ],
}

const field = (key: string, value: FieldValue | null): PersonEdit => ({ part: 'field', key, value })
const change = (...edits: PersonEdit[]) => toPersonChange(person, edits, 'KR')

describe('an entry', () => {
  test('R9.1 takes the place of the primary one and keeps its label; the others stay', () => {
    expect(change({ part: 'phone', value: '+821087654321' })).toEqual({
      phones: [
        { value: '02-555-0100', primary: false, label: 'home' },
        { value: '+821087654321', primary: true, label: 'mobile' },
      ],
    })
    expect(change({ part: 'email', value: 'ada@new.test' }).emails).toEqual([
      { value: 'ada@new.test', primary: true, label: 'work' },
      { value: 'ada@home.test', primary: false, label: 'home' },
    ])
  })

  test('R9.1 that the person has already becomes the primary one, as it is written', () => {
    expect(change({ part: 'phone', value: '+8225550100' }).phones).toEqual([
      { value: '02-555-0100', primary: true, label: 'home' },
      { value: '010-1234-5678', primary: false, label: 'mobile' },
    ])
    expect(change({ part: 'email', value: 'ada@home.test' }).emails).toMatchObject([
      { value: 'ada@work.test', primary: false },
      { value: 'ada@home.test', primary: true },
    ])
  })

  test('that is taken away makes the next one primary', () => {
    expect(change({ part: 'phone', value: null }).phones).toEqual([
      { value: '02-555-0100', primary: true, label: 'home' },
    ])
    expect(toPersonChange({ id: 1 }, [{ part: 'phone', value: null }], null).phones).toEqual([])
  })

  test('is made where there was none', () => {
    expect(toPersonChange(null, [{ part: 'email', value: 'a@b.test' }], null)).toEqual({
      emails: [{ value: 'a@b.test', primary: true, label: 'work' }],
    })
  })

  test('law: exactly one is primary, the value is there once, and nobody else is lost', () => {
    const entry = fc.record({
      value: fc.constantFrom('+821011110000', '010-1111-0000', '02-555-0100', '', 'ext. 12'),
      primary: fc.boolean(),
      label: fc.constantFrom('work', 'home'),
    })
    fc.assert(
      fc.property(fc.array(entry, { maxLength: 4 }), (phones) => {
        const value = '+821099990000'
        const after = toPersonChange({ id: 1, phones }, [{ part: 'phone', value }], 'KR').phones ?? []
        expect(after.filter((item) => item.primary)).toMatchObject([{ value }])
        const filled = phones.filter((item) => item.value !== '')
        expect(after).toHaveLength(Math.max(1, filled.length))
      }),
    )
  })
})

describe('a name', () => {
  const text = (value: string): FieldValue => ({ kind: 'text', text: value })

  test('goes with both its parts', () => {
    expect(change(field('first_name', text('Augusta')))).toEqual({ first_name: 'Augusta', last_name: 'King' })
    expect(change(field('last_name', null))).toEqual({ first_name: 'Ada', last_name: '' })
  })

  test('keeps the half that nobody edited where an account answers only the whole', () => {
    const whole: PipedrivePerson = { id: 1, name: 'Ada Augusta King' }
    const parts = (edit: PersonEdit) => toPersonChange(whole, [edit], null)
    expect(parts(field('last_name', text('Byron')))).toEqual({
      first_name: 'Ada Augusta',
      last_name: 'Byron',
    })
    expect(parts(field('first_name', text('Augusta')))).toEqual({ first_name: 'Augusta', last_name: 'King' })
  })

  test('is heard through its parts when both are edited', () => {
    expect(change(field('name', text('X Y')), field('first_name', text('Augusta')))).toEqual({
      first_name: 'Augusta',
      last_name: 'King',
    })
  })

  test('is never emptied', () => {
    expect(change(field('first_name', null), field('last_name', null))).toEqual({})
  })

  test('goes as a whole where the parts are refused', () => {
    expect(withNameOnly({ first_name: 'Augusta', last_name: 'King', job_title: 'Countess' })).toEqual({
      name: 'Augusta King',
      job_title: 'Countess',
    })
  })
})

test.each<[string, FieldValue | null, unknown]>([
  ['nothing', null, null],
  ['a text', { kind: 'text', text: 'x' }, 'x'],
  ['a number', { kind: 'number', number: 0 }, 0],
  ['a sum', { kind: 'money', amount: 5, currency: 'EUR' }, { value: 5, currency: 'EUR' }],
  ['an option', { kind: 'option', id: '12' }, 12],
  ['options', { kind: 'options', ids: ['1', '2'] }, [1, 2]],
  ['no options: null, never a list', { kind: 'options', ids: [] }, null],
  ['a day', { kind: 'date', date: '2026-05-01' }, '2026-05-01'],
])('a custom field takes %s', (_, value, wire) => {
  const key = 'a'.repeat(40)
  expect(change(field(key, value))).toEqual({ custom_fields: { [key]: wire } })
})

test('labels and titles are fields of the person itself', () => {
  expect(change(field('label_ids', null))).toEqual({ label_ids: [] })
  expect(change(field('label_ids', { kind: 'option', id: '7' }))).toEqual({ label_ids: [7] })
  expect(change(field('label_ids', { kind: 'options', ids: ['7'] }), field('job_title', null))).toEqual({
    label_ids: [7],
    job_title: null,
  })
})

test('R9.4 a new person gets the label of the configuration beside its own', () => {
  expect(withExtra({ name: 'Ada', label_ids: [1, 2] }, { owner_id: 3, label_ids: [2, 5] })).toEqual({
    name: 'Ada',
    owner_id: 3,
    label_ids: [1, 2, 5],
  })
  expect(withExtra({ name: 'Ada' }, {})).toEqual({ name: 'Ada' })
})
