/** Which commands may share an import: those that it would treat alike (rules R3.3, R4.1). */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { WriteCommand } from '../model/index.ts'
import { sampleCommand } from '../model/testdata/samples.ts'
import { fromGroupKey, groupKey, listsKey } from './group-key.ts'

const commands: fc.Arbitrary<WriteCommand> = fc
  .record({
    lists: fc.subarray([1, 2, 3]),
    block: fc.boolean(),
    emailBlocked: fc.boolean(),
    smsBlocked: fc.boolean(),
    clear: fc.subarray(['A', 'SMS']),
    renamedFrom: fc.constantFrom(null, null, null, '', 'old@example.com'),
  })
  .map((changes) => sampleCommand(changes))

describe('the group of a command', () => {
  test('R1.3 a change of address goes alone, from no address too', () => {
    expect(groupKey(sampleCommand({ lists: [1], renamedFrom: 'old@example.com' }))).toBe('')
    expect(groupKey(sampleCommand({ lists: [1], renamedFrom: '' }))).toBe('')
  })

  test('R3.3 without a list there is no import', () => {
    expect(groupKey(sampleCommand({ lists: [] }))).toBe('')
  })

  test('R4.1 who is blocklisted shares no import with who is not', () => {
    const key = (changes: Partial<WriteCommand>) => groupKey(sampleCommand({ lists: [1], ...changes }))
    expect(key({ block: true })).toBe(key({ emailBlocked: true }))
    expect(key({ block: true })).not.toBe(key({}))
    expect(key({ smsBlocked: true })).not.toBe(key({}))
    expect(key({ smsBlocked: true })).not.toBe(key({ emailBlocked: true }))
  })

  test('R2.5 who has something to empty shares no import with who has not', () => {
    expect(groupKey(sampleCommand({ lists: [1], clear: ['A'] }))).not.toBe(
      groupKey(sampleCommand({ lists: [1] })),
    )
  })

  test('a key says all that an import says of its rows', () => {
    fc.assert(
      fc.property(commands, (command) => {
        const key = groupKey(command)
        fc.pre(key !== '')
        expect(key).not.toBe(listsKey)
        expect(fromGroupKey(key)).toEqual({
          lists: command.lists,
          emailBlock: command.block || command.emailBlocked,
          smsBlock: command.smsBlocked,
          clear: command.clear.length > 0,
        })
      }),
    )
  })

  test('R4.1 within one group everybody is blocklisted or nobody', () => {
    fc.assert(
      fc.property(fc.array(commands, { maxLength: 12 }), (some) => {
        for (const [key, members] of Map.groupBy(some, groupKey)) {
          if (key === '') continue
          const blocked = members.filter((member) => member.block || member.emailBlocked).length
          expect(blocked === 0 || blocked === members.length).toBe(true)
        }
      }),
    )
  })
})
