import { describe, expect, test } from 'vitest'
import { grantNumbers, type Holding, type NumberWish } from './grant-numbers.ts'

const wish = (personId: number, sms: string | null, changes: Partial<NumberWish> = {}): NumberWish => ({
  personId,
  sms,
  keepsSms: false,
  isFirst: sms !== null,
  ...changes,
})
const holding = (sms: string, ownerId: number | null, changes: Partial<Holding> = {}): Holding => ({
  sms,
  ownerId,
  written: true,
  givenInBrevo: false,
  ...changes,
})

describe('R2.2: a number is granted', () => {
  test.each<[string, NumberWish[], Holding[], number[]]>([
    ['to the first who wants it', [wish(1, '+1'), wish(2, '+1', { isFirst: false })], [], [1]],
    ['to who has it already', [wish(1, '+1')], [holding('+1', 1)], [1]],
    ['not while a stranger has it', [wish(1, '+1')], [holding('+1', null)], []],
    [
      'not while another keeps it',
      [wish(1, '+1'), wish(2, '+1', { isFirst: false })],
      [holding('+1', 2, { written: false })],
      [],
    ],
    ['when the other goes to another number', [wish(1, '+1'), wish(2, '+2')], [holding('+1', 2)], [1, 2]],
    ['when the other is emptied', [wish(1, '+1'), wish(2, null)], [holding('+1', 2)], [1]],
    [
      'not when the other would not be emptied',
      [wish(1, '+1'), wish(2, null)],
      [holding('+1', 2, { written: false })],
      [],
    ],
    [
      'not when what the other has stays',
      [wish(1, '+1'), wish(2, null, { keepsSms: true })],
      [holding('+1', 2)],
      [],
    ],
    [
      'not when Brevo gave it to the other',
      [wish(1, '+1'), wish(2, '+2')],
      [holding('+1', 2, { givenInBrevo: true })],
      [2],
    ],
    ['to two that swap theirs', [wish(1, '+1'), wish(2, '+2')], [holding('+1', 2), holding('+2', 1)], [1, 2]],
    [
      'not along a row whose last is refused',
      [wish(1, '+1'), wish(2, '+2'), wish(3, '+3')],
      [holding('+1', 2, { written: false }), holding('+2', 3, { written: false }), holding('+3', null)],
      [],
    ],
  ])('%s', (_, wishes, holdings, persons) => {
    const granted = grantNumbers(new Map(wishes.map((item) => [item.personId, item])), holdings)
    expect([...granted].sort()).toEqual(persons)
  })
})
