/** Rules R2.5, R3.2, R4.1 and R4.3 where they are decided: the difference of wanted and known. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { KnownContact, WantedContact } from '../model/index.ts'
import { sampleKnown, sampleWanted } from '../model/testdata/samples.ts'
import { diffContact, isListsOnly, sameValue } from './diff.ts'
import { applied, knownContacts, wantedContacts } from './testdata/contacts.ts'

const diff = (wanted: Partial<WantedContact>, known: Partial<KnownContact> = {}) =>
  diffContact(sampleWanted(wanted), sampleKnown(known))

describe('a contact to be created', () => {
  test('R1.3 gets everything that is wanted, and the id of its person', () => {
    const wanted = sampleWanted({
      personId: 7,
      sms: '+821012345678',
      attributes: { A: 0 },
      lists: [1, 2],
      keep: ['B'],
    })
    expect(diffContact(wanted, null)).toEqual({
      action: 'create',
      email: 'ada@example.com',
      renamedFrom: null,
      extId: 'pipedrive-person-7',
      sms: '+821012345678',
      attributes: { A: 0 },
      clear: [],
      addLists: [1, 2],
      removeLists: [],
      block: false,
    })
  })

  test('R4.3 of an unsubscribed person is blocklisted from the start', () => {
    expect(diffContact(sampleWanted({ unsubscribed: true }), null)?.block).toBe(true)
  })
})

describe('a contact that is known', () => {
  test('R6.4 and in step needs no change', () => {
    expect(diff({})).toBeNull()
    const same = { sms: '+821012345678', attributes: { A: ['x', 'y'], B: 0, C: false }, lists: [1] }
    expect(diff(same, same)).toBeNull()
  })

  test('sends only what differs', () => {
    const change = diff({ attributes: { A: 1, B: 2 } }, { attributes: { A: 1, B: 3, C: 4 } })
    expect(change).toMatchObject({
      action: 'update',
      extId: null,
      sms: null,
      attributes: { B: 2 },
      clear: [],
    })
  })

  test('R1.5 and adopted gets our mark; what is not mapped stays', () => {
    const change = diff({}, { extId: null, attributes: { OTHER: 'x' }, lists: [5] })
    expect(change).toMatchObject({ extId: 'pipedrive-person-1', attributes: {}, clear: [], removeLists: [] })
  })

  test('R1.3 and has another address is renamed', () => {
    expect(diff({}, { email: 'old@example.com' })).toMatchObject({
      renamedFrom: 'old@example.com',
      email: 'ada@example.com',
    })
  })

  test('R1.3 and has no address gets one, and that is more than a change of lists', () => {
    const change = diff({ lists: [1] }, { email: null })
    expect(change).toMatchObject({ renamedFrom: '', email: 'ada@example.com' })
    expect(change && isListsOnly(change)).toBe(false)
  })
})

describe('clearing', () => {
  test('R2.5 an empty source clears what Tajo wrote', () => {
    expect(diff({}, { attributes: { A: 'x' }, written: ['A'] })?.clear).toEqual(['A'])
  })

  test('R2.5 and nothing that somebody else wrote', () => {
    expect(diff({}, { attributes: { A: 'x' }, written: ['B'] })).toBeNull()
  })

  test('R2.5 and nothing that is empty already', () => {
    expect(diff({}, { attributes: {}, written: ['A', 'SMS'] })).toBeNull()
  })

  test('R2.5 what is there but unusable is kept', () => {
    expect(diff({ keep: ['A'] }, { attributes: { A: 'x' }, written: ['A'] })).toBeNull()
    expect(diff({ keep: ['SMS'] }, { sms: '+821012345678', written: ['SMS'] })).toBeNull()
  })

  test('R2.5 holds for the phone number too', () => {
    expect(diff({}, { sms: '+821012345678', written: ['SMS'] })?.clear).toEqual(['SMS'])
    expect(diff({}, { sms: '+821012345678', written: [] })).toBeNull()
  })

  test('R2.3 zero and false are values and clear nothing', () => {
    expect(
      diff({ attributes: { A: 0, B: false } }, { attributes: { A: 1, B: true }, written: ['A', 'B'] }),
    ).toMatchObject({
      attributes: { A: 0, B: false },
      clear: [],
    })
  })
})

describe('lists', () => {
  test('R3.2 only memberships that Tajo made are removed', () => {
    const change = diff({ lists: [1, 2] }, { lists: [2, 3, 4], ourLists: [2, 3] })
    expect(change).toMatchObject({ addLists: [1], removeLists: [3] })
    expect(change && isListsOnly(change)).toBe(true)
  })

  test('R3.2 a membership that somebody else ended is not ended again', () => {
    expect(diff({}, { lists: [], ourLists: [3] })).toBeNull()
  })
})

describe('consent', () => {
  test('R4.3 an unsubscribed person blocklists its contact once', () => {
    expect(diff({ unsubscribed: true })).toMatchObject({ block: true, attributes: {} })
    expect(diff({ unsubscribed: true }, { emailBlocked: true })).toBeNull()
  })

  test('R4.1 a subscribed person says nothing about a blocklisted contact', () => {
    expect(diff({ unsubscribed: false }, { emailBlocked: true, smsBlocked: true })).toBeNull()
  })

  test('R4.3 a change of consent is more than a change of lists', () => {
    const change = diff({ unsubscribed: true, lists: [1] })
    expect(change && isListsOnly(change)).toBe(false)
  })
})

describe('laws of the difference', () => {
  test('once applied, nothing is left to change', () => {
    fc.assert(
      fc.property(wantedContacts, knownContacts, (wanted, known) => {
        const change = diffContact(wanted, known)
        if (change) expect(diffContact(wanted, applied(change, known))).toBeNull()
        const created = diffContact(wanted, null)
        expect(created && diffContact(wanted, applied(created, null))).toBeNull()
      }),
    )
  })

  test('R2.5 only what Tajo wrote, what is empty and not kept is cleared', () => {
    fc.assert(
      fc.property(wantedContacts, knownContacts, (wanted, known) => {
        const clear = diffContact(wanted, known)?.clear ?? []
        for (const name of clear) {
          expect(known.written).toContain(name)
          expect(wanted.keep).not.toContain(name)
          expect(name === 'SMS' ? wanted.sms : (wanted.attributes[name] ?? null)).toBeNull()
        }
        expect(new Set(clear).size).toBe(clear.length)
      }),
    )
  })

  test('R3.2 no foreign membership is ever removed, and nothing wanted', () => {
    fc.assert(
      fc.property(wantedContacts, knownContacts, (wanted, known) => {
        for (const id of diffContact(wanted, known)?.removeLists ?? []) {
          expect(known.ourLists).toContain(id)
          expect(wanted.lists).not.toContain(id)
        }
      }),
    )
  })

  test('R4.1 no change ever lifts a blocklisting: `block` adds one, or says nothing', () => {
    fc.assert(
      fc.property(wantedContacts, fc.option(knownContacts), (wanted, known) => {
        const change = diffContact(wanted, known)
        if (!change) return
        if (change.block) expect(wanted.unsubscribed).toBe(true)
        const after = applied(change, known)
        if (known?.emailBlocked) expect(after.emailBlocked).toBe(true)
        expect(JSON.stringify(change)).not.toMatch(/subscribe|blacklist|blocked/i)
      }),
    )
  })

  test('the smallest: every part of a change changes something', () => {
    fc.assert(
      fc.property(wantedContacts, knownContacts, (wanted, known) => {
        const change = diffContact(wanted, known)
        if (!change) return
        for (const [name, value] of Object.entries(change.attributes)) {
          expect(sameValue(value, known.attributes[name])).toBe(false)
        }
        expect(change.sms).not.toBe(known.sms === null ? undefined : known.sms)
        expect(change.addLists.filter((id) => known.lists.includes(id))).toEqual([])
        expect(change.removeLists.filter((id) => !known.lists.includes(id))).toEqual([])
        if (change.block) expect(known.emailBlocked).toBe(false)
      }),
    )
  })
})
