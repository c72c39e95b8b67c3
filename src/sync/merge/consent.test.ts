/** Rules R4 and R9.5: consent moves towards "no" by itself, never back. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { consentWords, type FieldDefinition, type Person } from '../model/index.ts'
import { sampleField, sampleKnown, samplePerson, sampleWanted } from '../model/testdata/samples.ts'
import { consentEdit, consentOf, mergeConsent } from './consent.ts'

const options = {
  '1': 'Subscribed',
  '2': 'bounced',
  '3': 'unsubscribed',
  '4': 'complained',
  '5': 'refused by phone',
}
const list = sampleField('c', 'Consent', 'option', options)
const text = sampleField('d', 'Consent', 'text')

function personWith(field: FieldDefinition, word: string | null): Person {
  if (word === null) return samplePerson()
  const id = Object.entries(options).find(([, label]) => label.toLowerCase() === word)?.[0] ?? '0'
  const value =
    field.type === 'option' ? ({ kind: 'option', id } as const) : ({ kind: 'text', text: word } as const)
  return samplePerson({ fields: { [field.key]: value } })
}

type Circumstances = {
  blocked: boolean
  by?: string | null
  alongside?: boolean
  /** The person's marketing status in Pipedrive. */
  unsubscribed?: boolean
}

const merge = (
  field: FieldDefinition,
  has: string | null,
  { blocked, by = null, alongside = false, unsubscribed = false }: Circumstances,
) =>
  mergeConsent(
    {
      wanted: sampleWanted({ unsubscribed }),
      known: sampleKnown({ emailBlocked: blocked }),
      blockedBy: by,
      person: personWith(field, has),
    },
    field,
    alongside,
  )

describe.each([list, text])('a field of type $type', (field) => {
  test.each(['unsubscribed', 'bounced', 'complained'])('R9.5 receives %s', (by) => {
    expect(merge(field, null, { blocked: true, by })).toMatchObject({ word: by, assumed: false })
    expect(merge(field, 'subscribed', { blocked: true, by })?.word).toBe(by)
  })

  test('R4.3 of a blocklisting without a reason says unsubscribed, and that it is assumed', () => {
    expect(merge(field, null, { blocked: true })).toMatchObject({ word: 'unsubscribed', assumed: true })
  })

  test('R4.3 keeps its "no" when the contact is taken off the blocklist', () => {
    for (const no of ['unsubscribed', 'bounced', 'complained'])
      expect(merge(field, no, { blocked: false, alongside: true })).toBeNull()
  })

  test('says subscribed only where the person is written to anyway', () => {
    expect(merge(field, null, { blocked: false })).toBeNull()
    expect(merge(field, null, { blocked: false, alongside: true })?.word).toBe('subscribed')
  })

  test('R4.3 says subscribed neither over words of others nor of who is unsubscribed in Pipedrive', () => {
    expect(merge(field, 'refused by phone', { blocked: false, alongside: true })).toBeNull()
    expect(merge(field, 'refused by phone', { blocked: true, by: 'unsubscribed' })?.word).toBe('unsubscribed')
    expect(merge(field, null, { blocked: false, alongside: true, unsubscribed: true })).toBeNull()
  })

  test('R4.3 never moves back, whatever happens in whatever order', () => {
    const happening = fc.record({
      blocked: fc.boolean(),
      by: fc.constantFrom(null, 'unsubscribed', 'bounced', 'complained'),
      alongside: fc.boolean(),
    })
    fc.assert(
      fc.property(fc.array(happening), (happenings) => {
        let has: string | null = null
        for (const each of happenings) {
          const next: string | null = merge(field, has, each)?.word ?? has
          const [before, after] = [has, next].map((word) =>
            (consentWords as readonly (string | null)[]).indexOf(word),
          )
          expect(after).toBeGreaterThanOrEqual(before ?? -1)
          has = next
        }
      }),
    )
  })
})

test('the edit names the option by its id, whatever the case of its label', () => {
  expect(consentEdit(list, 'subscribed')).toEqual({
    part: 'field',
    key: list.key,
    value: { kind: 'option', id: '1' },
  })
  expect(consentOf(personWith(list, 'subscribed'), list)).toBe('subscribed')
  expect(consentOf(personWith(text, 'VIP'), text)).toBeNull()
})
