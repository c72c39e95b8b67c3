import fc from 'fast-check'
import { expect, test } from 'vitest'
import { windowsOf } from './backfill-touches.ts'
import { touchesFromStatistics } from './feedback/index.ts'

const dayMs = 86_400_000
const day = (n: number): Date => new Date(Date.UTC(2026, 0, 1) + n * dayMs)
const none = { read_since: null, read_until: null }

test('R10.2 every missing day is asked for once, in pieces that Brevo answers', () => {
  const spans = fc.tuple(fc.nat(700), fc.nat(700)).map(([a, b]) => [Math.min(a, b), Math.max(a, b)] as const)
  fc.assert(
    fc.property(spans, ([first, last]) => {
      const windows = windowsOf({ since: day(first), until: day(last), ...none })
      const asked = windows.flatMap(({ startDate, endDate }) => {
        const days = (endDate.getTime() - startDate.getTime()) / dayMs
        expect(days).toBeLessThanOrEqual(90)
        return Array.from({ length: days + 1 }, (_, index) => startDate.getTime() + index * dayMs)
      })
      expect(asked).toEqual(
        Array.from({ length: last - first + 1 }, (_, index) => day(first + index).getTime()),
      )
    }),
  )
})

test('R10.2 of time that was read already only what lies before and behind it is asked for', () => {
  const read = { read_since: day(10), read_until: day(20) }
  expect(windowsOf({ since: day(12), until: day(18), ...read })).toEqual([])
  expect(windowsOf({ since: day(5), until: day(25), ...read })).toEqual([
    { startDate: day(5), endDate: day(10) },
    { startDate: day(20), endDate: day(25) },
  ])
})

test('R10.2 statistics become a touch for each campaign, and for each link that was clicked', () => {
  const at = '2016-05-03 20:15:13+00:00'
  const touches = touchesFromStatistics(9, {
    delivered: [{ campaignId: 3, eventTime: at }],
    opened: [{ campaignId: 3, eventTime: at, count: 4 }],
    clicked: [
      {
        campaignId: 3,
        links: [
          { url: 'https://a.example/', count: 2, eventTime: at },
          { url: 'https://b.example/', count: 1, eventTime: 'never' },
        ],
      },
    ],
  })
  expect(touches.map(({ kind, url, at: time }) => [kind, url, time])).toEqual([
    ['delivered', '', '2016-05-03T20:15:13.000Z'],
    ['opened', '', '2016-05-03T20:15:13.000Z'],
    ['clicked', 'https://a.example/', '2016-05-03T20:15:13.000Z'],
  ])
  expect(touchesFromStatistics(9, {})).toEqual([])
})
