import { expect, test } from 'vitest'
import { valueText } from './value-text.ts'

test('nothing is nothing, whatever it is written as', () => {
  for (const value of [null, undefined, '', [], ['', null], {}]) expect(valueText(value)).toBeNull()
})

test('zero and false are values', () => {
  expect([valueText(0), valueText(false)]).toEqual(['0', 'false'])
})

test('several phones are read as one line', () => {
  const phones = [
    { value: '+82 2 1234 5678', label: 'work', primary: true },
    { value: '', label: 'home' },
  ]
  expect(valueText(phones)).toBe('+82 2 1234 5678 (work)')
})

test('what has no better words is shown as it is', () => {
  expect(valueText({ from: 1, to: 2 })).toBe('{"from":1,"to":2}')
})

test('a field of the mirror is what there is of it', () => {
  expect(valueText({ kind: 'text', text: 'Ada' })).toBe('Ada')
  expect(valueText({ kind: 'money', amount: 5, currency: 'KRW' })).toBe('5, KRW')
  expect(valueText({ kind: 'text', text: '' })).toBeNull()
})
