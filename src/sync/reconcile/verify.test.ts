/** Rule R6.3: a command is done only when the contact shows all of it. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { ContactChange, KnownContact } from '../model/index.ts'
import { sampleCommand, sampleKnown } from '../model/testdata/samples.ts'
import { diffContact } from './diff.ts'
import { applied, knownContacts, wantedContacts } from './testdata/contacts.ts'
import { isOtherwiseAs, unmetParts } from './verify.ts'

describe('what is not as it was wanted', () => {
  const command = sampleCommand({
    extId: 'pipedrive-person-1',
    sms: '+821012345678',
    attributes: { A: 1, B: ['x', 'y'] },
    clear: ['C'],
    addLists: [1],
    removeLists: [2],
    block: true,
  })
  const asWanted: KnownContact = sampleKnown({
    sms: '+821012345678',
    attributes: { A: 1, B: ['x', 'y'], D: 'theirs' },
    lists: [1, 9],
    emailBlocked: true,
  })

  test('R6.3 nothing, when all is there', () => {
    expect(unmetParts(command, asWanted)).toEqual([])
  })

  test.each<[string, Partial<KnownContact>, string]>([
    ['another address', { email: 'old@example.com' }, 'EMAIL'],
    ['no address', { email: null }, 'EMAIL'],
    ['no ext_id', { extId: null }, 'EXT_ID'],
    ['no number', { sms: null }, 'SMS'],
    ['another number', { sms: '+821099999999' }, 'SMS'],
    ['another value', { attributes: { A: 2, B: ['x', 'y'] } }, 'A'],
    ['a value of another type', { attributes: { A: '1', B: ['x', 'y'] } }, 'A'],
    ['a value dropped in silence', { attributes: { A: 1 } }, 'B'],
    ['a value that was to be emptied', { attributes: { A: 1, B: ['x', 'y'], C: 0 } }, 'C'],
    ['a missing list', { lists: [9] }, 'list 1'],
    ['a list too many', { lists: [1, 2] }, 'list 2'],
    ['no blocklisting', { emailBlocked: false }, 'blocklist'],
  ])('R6.3 %s is named', (_, changes, part) => {
    expect(unmetParts(command, { ...asWanted, ...changes })).toEqual([part])
  })

  test('R6.3 an emptied number is looked for in its own place', () => {
    const clearing = sampleCommand({ clear: ['SMS'] })
    expect(unmetParts(clearing, sampleKnown())).toEqual([])
    expect(unmetParts(clearing, sampleKnown({ sms: '+821012345678' }))).toEqual(['SMS'])
  })

  test('R4.1 a command without `block` says nothing about a blocklisting', () => {
    expect(unmetParts(sampleCommand(), sampleKnown({ emailBlocked: true }))).toEqual([])
  })
})

describe('laws of the read-back', () => {
  const change = fc
    .tuple(wantedContacts, fc.option(knownContacts))
    .map(([wanted, known]) => ({ known, change: diffContact(wanted, known) }))
    .filter((item): item is { known: KnownContact | null; change: ContactChange } => item.change !== null)

  test('R6.3 nothing is unmet once the change is applied', () => {
    fc.assert(
      fc.property(change, ({ change: some, known }) => {
        expect(unmetParts(sampleCommand(some), applied(some, known))).toEqual([])
      }),
    )
  })

  test('R6.3 something is unmet as long as it is not', () => {
    fc.assert(
      fc.property(change, ({ change: some, known }) => {
        fc.pre(known !== null)
        expect(unmetParts(sampleCommand(some), known ?? sampleKnown())).not.toEqual([])
      }),
    )
  })
})

describe('what somebody else changed while a command was under way', () => {
  const before = sampleKnown({ attributes: { A: 1, D: 'theirs' }, lists: [2, 9] })
  const command = sampleCommand({ attributes: { A: 2 }, clear: ['C'], addLists: [1], removeLists: [2] })
  const done: Partial<KnownContact> = { attributes: { A: 2, D: 'theirs' }, lists: [1, 9] }

  test('R6.3 is nothing, when only what was asked for is different', () => {
    expect(isOtherwiseAs(before, command, sampleKnown({ ...before, ...done }))).toBe(true)
  })

  test.each<[string, Partial<KnownContact>]>([
    ['a list that it was taken off', { lists: [1] }],
    ['a list that it was put on', { lists: [1, 7, 9] }],
    ['another value', { attributes: { A: 2, D: 'changed' } }],
    ['a value that is gone', { attributes: { A: 2 } }],
    ['a value that is new', { attributes: { A: 2, D: 'theirs', E: 5 } }],
    ['another number', { sms: '+821099999999' }],
    ['another ext_id', { extId: 'somebody' }],
    ['an unsubscription', { emailBlocked: !before.emailBlocked }],
  ])('R3 R6.3 is seen by %s', (_, theirs) => {
    expect(isOtherwiseAs(before, command, sampleKnown({ ...before, ...done, ...theirs }))).toBe(false)
  })
})
