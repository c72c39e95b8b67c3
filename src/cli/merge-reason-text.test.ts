/** Rule R9.2 in words: why a value goes where it goes. */
import { describe, expect, it } from 'vitest'
import type { ReversedField } from '../service/index.ts'
import { fieldReasonText, mergeReasonText, quoted } from './merge-reason-text.ts'

const field: ReversedField = {
  attribute: 'INDUSTRY',
  way: 'both',
  inPipedrive: 'Steel',
  inBrevo: 'Glass',
  agreed: 'Wood',
  outcome: 'to_brevo',
  because: 'both_changed',
  problem: null,
  remedy: null,
}
const times = { pipedrive: '2026-05-02T10:00:00.000Z', brevo: null }

describe('the reason of a field', () => {
  it('R9.2 names what decided a conflict', () => {
    expect(fieldReasonText(field, 'newest', times)).toBe(
      'changed on both sides; the record changed last wins (Pipedrive 2026-05-02 10:00 UTC, Brevo unknown)',
    )
    expect(fieldReasonText(field, 'pipedrive', times)).toBe('changed on both sides; conflict: pipedrive')
    expect(fieldReasonText({ ...field, inBrevo: null }, 'brevo', times)).toBe(
      'changed on both sides; an empty value never wins',
    )
  })

  it('R9.2 says who goes first where nothing was agreed on', () => {
    const first: ReversedField = { ...field, because: 'nothing_agreed_yet' }
    expect(fieldReasonText(first, 'newest', times)).toMatch(/then Pipedrive's value wins$/)
    expect(fieldReasonText({ ...first, outcome: 'to_pipedrive' }, 'newest', times)).toMatch(
      /it is empty in Pipedrive$/,
    )
  })

  it('repeats the problem and its remedy', () => {
    const text = fieldReasonText(
      { ...field, because: 'cannot_be_turned_back', problem: 'no option is called "X"', remedy: 'Add it.' },
      'newest',
      times,
    )
    expect(text).toBe('Brevo\'s value cannot be turned back: no option is called "X". Add it.')
  })
})

it('a code without words stands for itself, and values are quoted', () => {
  expect(mergeReasonText('something_new')).toBe('something new')
  expect([quoted(null), quoted(['a', 'b']), quoted(3)]).toEqual(['nothing', '"a, b"', '"3"'])
})
