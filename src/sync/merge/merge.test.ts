/** Rule R9.2 as a table, and its laws over whatever both sides may hold. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type {
  Agreed,
  Attributes,
  KnownContact,
  ReverseField,
  ReversePlan,
  WantedContact,
} from '../model/index.ts'
import { EMAIL, SMS } from '../model/index.ts'
import {
  sampleAttribute,
  sampleField,
  sampleKnown,
  samplePerson,
  sampleWanted,
} from '../model/testdata/samples.ts'
import { type MergeSides, mergeContact, type Verdict } from './merge.ts'

const older = '2026-05-01T10:00:00.000Z'
const newer = '2026-05-01T10:00:05.000Z'
const context = { defaultCurrency: 'EUR', country: 'KR' }

const tier = sampleField('t', 'Tier', 'option', { '1': 'Gold', '2': 'Silver' })
const fieldsByName: Readonly<Record<string, ReverseField>> = {
  EMAIL: { name: EMAIL, part: 'email', attribute: sampleAttribute(EMAIL, 'text'), way: 'both' },
  SMS: { name: SMS, part: 'phone', attribute: sampleAttribute(SMS, 'text'), way: 'both' },
  TITLE: textField('TITLE', 'job_title'),
  FULLNAME: textField('FULLNAME', 'name'),
  FIRSTNAME: textField('FIRSTNAME', 'first_name'),
  TIER: { name: 'TIER', part: 'field', field: tier, attribute: sampleAttribute('TIER', 'text'), way: 'both' },
}

function textField(name: string, key: string, way: 'both' | 'to_pipedrive' = 'both'): ReverseField {
  const field = { key, name: key, type: 'text' as const, custom: false, options: {} }
  return { name, part: 'field', field, attribute: sampleAttribute(name, 'text'), way }
}

function planOf(names: readonly string[], changes: Partial<ReversePlan> = {}): ReversePlan {
  return {
    fields: names.map((name) => fieldsByName[name] as ReverseField),
    conflict: 'newest',
    createPersons: 'never',
    ownerId: null,
    labelId: null,
    consentField: null,
    ...changes,
  }
}

type Case = {
  wanted?: Partial<WantedContact>
  known?: Partial<KnownContact>
  agreed?: Agreed
  person?: Parameters<typeof samplePerson>[0]
  sides?: Partial<MergeSides>
}

function sidesOf({ wanted = {}, known = {}, agreed = {}, person = {}, sides = {} }: Case): MergeSides {
  return {
    wanted: sampleWanted(wanted),
    number: wanted.sms ?? null,
    known: sampleKnown(known),
    blockedBy: null,
    agreed,
    person: samplePerson({
      ...person,
      fields: {
        ...Object.fromEntries(
          Object.entries({ TITLE: 'job_title', FULLNAME: 'name', FIRSTNAME: 'first_name' }).flatMap(
            ([name, key]) =>
              wanted.attributes?.[name] === undefined
                ? []
                : [[key, { kind: 'text' as const, text: String(wanted.attributes[name]) }]],
          ),
        ),
        ...person.fields,
      },
    }),
    stopped: new Set(),
    addressClaimed: false,
    ...sides,
  }
}

const titles = (p: string | null, b: string | null, base?: string | null): Case => ({
  wanted: { attributes: p === null ? {} : { TITLE: p } },
  known: { attributes: b === null ? {} : { TITLE: b } },
  agreed: base === undefined ? {} : { TITLE: base },
})

function verdictOf(merged: { verdicts: readonly Verdict[] }, name: string): string {
  const verdict = merged.verdicts.find((item) => item.name === name)
  return `${verdict?.outcome} ${verdict?.reason}`
}

describe('R9.2 a field', () => {
  test.each<[string, Case, string]>([
    ['equal on both sides stays', titles('A', 'A', 'old'), 'same equal'],
    ['empty on both sides stays', titles(null, null, 'old'), 'same equal'],
    ['changed in Pipedrive goes to Brevo', titles('B', 'A', 'A'), 'to_brevo changed_in_pipedrive'],
    ['changed in Brevo goes to Pipedrive', titles('A', 'B', 'A'), 'to_pipedrive changed_in_brevo'],
    ['emptied in Pipedrive is emptied in Brevo', titles(null, 'A', 'A'), 'to_brevo changed_in_pipedrive'],
    ['emptied in Brevo is emptied in Pipedrive', titles('A', null, 'A'), 'to_pipedrive changed_in_brevo'],
    ['filled in Brevo goes to Pipedrive', titles(null, 'B', null), 'to_pipedrive changed_in_brevo'],
    ['different with nothing agreed on is as in Pipedrive', titles('A', 'B'), 'to_brevo nothing_agreed_yet'],
    [
      'empty in Pipedrive with nothing agreed on is as in Brevo',
      titles(null, 'B'),
      'to_pipedrive nothing_agreed_yet',
    ],
    [
      'emptied in Pipedrive and changed in Brevo is not emptied',
      titles(null, 'B', 'A'),
      'to_pipedrive both_changed',
    ],
    [
      'emptied in Brevo and changed in Pipedrive is not emptied',
      titles('B', null, 'A'),
      'to_brevo both_changed',
    ],
  ])('that is %s', (_, sides, verdict) => {
    expect(verdictOf(mergeContact(sidesOf(sides), planOf(['TITLE']), context), 'TITLE')).toBe(verdict)
  })

  test.each([
    ['newest', older, newer, 'to_pipedrive'],
    ['newest', newer, older, 'to_brevo'],
    ['newest', newer, newer, 'to_brevo'],
    ['pipedrive', older, newer, 'to_brevo'],
    ['brevo', newer, older, 'to_pipedrive'],
  ] as const)(
    'changed on both sides: %s, Pipedrive at %s, Brevo at %s, goes %s',
    (conflict, p, b, outcome) => {
      const sides = sidesOf({ ...titles('P', 'B', 'A'), person: { updatedAt: p } })
      const merged = mergeContact(
        { ...sides, known: { ...sides.known, modifiedAt: b } },
        planOf(['TITLE'], { conflict }),
        context,
      )
      expect(verdictOf(merged, 'TITLE')).toBe(`${outcome} both_changed`)
    },
  )

  test('R9.1 that only goes to Pipedrive is as in Brevo, and emptied only when Brevo had been agreed with', () => {
    const plan = { ...planOf([]), fields: [textField('TITLE', 'job_title', 'to_pipedrive')] }
    const verdict = (sides: Case): string => verdictOf(mergeContact(sidesOf(sides), plan, context), 'TITLE')
    expect(verdict(titles('P', 'B', 'B'))).toBe('to_pipedrive brevo_is_right')
    expect(verdict(titles('P', 'B'))).toBe('to_pipedrive brevo_is_right')
    expect(verdict(titles('P', null))).toBe('left brevo_is_right')
    expect(verdict(titles('A', null, 'A'))).toBe('to_pipedrive brevo_is_right')
  })

  test('that Brevo spells otherwise is equal when it means the same in Pipedrive', () => {
    const sides = sidesOf({
      wanted: { attributes: { TIER: 'Gold' } },
      known: { attributes: { TIER: 'gold ' } },
      agreed: { TIER: 'Silver' },
      person: { fields: { [tier.key]: { kind: 'option', id: '1' } } },
    })
    const merged = mergeContact(sides, planOf(['TIER']), context)
    expect(merged.edits).toEqual([])
    expect(merged.wanted.attributes).toEqual({ TIER: 'gold ' })
    expect(merged.agreed).toEqual({ TIER: 'gold ' })
  })

  test('whose label Pipedrive does not know stays as it is on both sides, and is told with a remedy', () => {
    const sides = sidesOf({
      wanted: { attributes: { TIER: 'Gold' } },
      known: { attributes: { TIER: 'Platinum' } },
      agreed: { TIER: 'Gold' },
      person: { fields: { [tier.key]: { kind: 'option', id: '1' } } },
    })
    const merged = mergeContact(sides, planOf(['TIER']), context)
    expect(verdictOf(merged, 'TIER')).toBe('left cannot_be_turned_back')
    expect(merged.problems).toMatchObject([{ name: 'TIER', remedy: expect.stringMatching(/option/) }])
    expect(merged.wanted.attributes).toEqual({ TIER: 'Platinum' })
    expect([merged.agreed, merged.agreedAfterEdits]).toEqual([{}, {}])
  })

  test('R9.3 that was stopped is written on neither side', () => {
    const merged = mergeContact(
      sidesOf({ ...titles('P', 'B', 'B'), sides: { stopped: new Set(['TITLE']) } }),
      planOf(['TITLE']),
      context,
    )
    expect(verdictOf(merged, 'TITLE')).toBe('left stopped')
    expect(merged.wanted.attributes).toEqual({ TITLE: 'B' })
  })
})

describe('a number', () => {
  const one = '+821012345678'
  const two = '+821087654321'
  const phones = [{ value: '010-1234-5678', primary: true }]
  const merge = (sides: Case) => mergeContact(sidesOf(sides), planOf(['SMS']), context)

  test('R2.2 that another contact has is left where it is', () => {
    const merged = merge({
      wanted: { sms: null },
      sides: { number: one },
      known: { sms: null },
      agreed: { SMS: null },
      person: { phones },
    })
    expect(verdictOf(merged, 'SMS')).toBe('left not_usable')
  })

  test('that is none does not hide what was typed in Brevo', () => {
    const wanted = { sms: null, keep: [SMS] }
    const person = { phones: [{ value: 'ask Grace', primary: true }] }
    const untouched = merge({ wanted, known: { sms: one }, agreed: { SMS: one }, person })
    expect(verdictOf(untouched, 'SMS')).toBe('left not_usable')
    const typed = merge({ wanted, known: { sms: two }, agreed: { SMS: one }, person })
    expect(typed.edits).toEqual([{ name: SMS, value: two, edit: { part: 'phone', value: two } }])
  })
})

describe('an address', () => {
  const merge = (sides: Case) => mergeContact(sidesOf(sides), planOf(['EMAIL']), context)
  const agreed = { EMAIL: 'ada@example.com' }

  test('R1.3 that was changed in Brevo renames the person, not the contact back', () => {
    const merged = merge({ known: { email: 'ada@new.example' }, agreed })
    expect(merged.edits).toMatchObject([{ name: EMAIL, edit: { part: 'email', value: 'ada@new.example' } }])
    expect(merged.wanted.email).toBe('ada@new.example')
  })

  test('that is gone in Brevo comes back', () => {
    expect(verdictOf(merge({ known: { email: null }, agreed }), 'EMAIL')).toBe(
      'to_brevo required_in_pipedrive',
    )
  })

  test('that another person has does not make two persons one', () => {
    const merged = merge({ known: { email: 'bob@example.com' }, agreed, sides: { addressClaimed: true } })
    expect(verdictOf(merged, 'EMAIL')).toBe('to_brevo address_of_another_person')
    expect(merged.wanted.email).toBe('ada@example.com')
  })
})

test('of a name and its parts only one is heard; the other follows from Pipedrive', () => {
  const merged = mergeContact(
    sidesOf({
      wanted: { attributes: { FULLNAME: 'Ada King', FIRSTNAME: 'Ada' } },
      known: { attributes: { FULLNAME: 'Augusta Ada King', FIRSTNAME: 'Augusta' } },
      agreed: { FULLNAME: 'Ada King', FIRSTNAME: 'Ada' },
    }),
    planOf(['FULLNAME', 'FIRSTNAME']),
    context,
  )
  expect(merged.edits.map(({ name }) => name)).toEqual(['FIRSTNAME'])
  expect(merged.agreed).toEqual({ FULLNAME: 'Augusta Ada King' })
})

describe('laws', () => {
  const value = fc.constantFrom<string | null>(null, 'a', 'b', 'c')
  const arbitrary = fc.record({
    p: value,
    b: value,
    base: fc.option(value, { nil: undefined }),
    conflict: fc.constantFrom('newest', 'pipedrive', 'brevo'),
    at: fc.constantFrom(older, newer),
    modifiedAt: fc.constantFrom(older, newer),
  })

  test('R9.2 what one side alone changed is never overwritten, and emptiness wins no conflict', () => {
    fc.assert(
      fc.property(arbitrary, ({ p, b, base, conflict, at, modifiedAt }) => {
        const sides = sidesOf({ ...titles(p, b, base), known: {}, person: { updatedAt: at } })
        const attributes: Attributes = b === null ? {} : { TITLE: b }
        const merged = mergeContact(
          { ...sides, known: { ...sides.known, attributes, modifiedAt } },
          planOf(['TITLE'], { conflict: conflict as 'newest' }),
          context,
        )
        const outcome = merged.verdicts[0]?.outcome
        if (p === b) expect(outcome).toBe('same')
        else if (base === undefined) expect(outcome).toBe(p === null ? 'to_pipedrive' : 'to_brevo')
        else if (p === base) expect(outcome).toBe('to_pipedrive')
        else if (b === base) expect(outcome).toBe('to_brevo')
        else if (p === null) expect(outcome).toBe('to_pipedrive')
        else if (b === null) expect(outcome).toBe('to_brevo')
        // Done on both sides, nothing is left to do, and both agree.
        const after = outcome === 'to_pipedrive' ? b : p
        const agreed = { ...merged.agreed, ...merged.agreedAfterEdits }
        expect(agreed).toEqual({ TITLE: after })
        const again = mergeContact(sidesOf(titles(after, after, after)), planOf(['TITLE']), context)
        expect([again.edits, verdictOf(again, 'TITLE')]).toEqual([[], 'same equal'])
      }),
    )
  })
})
