import { expect, test } from 'vitest'
import { toCsv } from './tables.ts'

const csv = (...cells: (string | number | null)[]): string =>
  toCsv({ head: ['a'], rows: [cells] })
    .split('\r\n')
    .slice(1)
    .join('\n')
    .trimEnd()

test('CSV begins with the mark of UTF-8 and has its lines ended as spreadsheets want them', () => {
  expect(toCsv({ head: ['캠페인', 'b'], rows: [[1.5, null]] })).toBe('\ufeff캠페인,b\r\n1.5,\r\n')
})

test.each(['=1+1', '+1', '-1', '@SUM(A1)', '  =1', '＝1', '=cmd|x'])(
  'CSV shows a formula and does not run it: %s',
  (text) => {
    expect(csv(text)).toBe(`'${text}`)
  },
)

test('CSV quotes what it must, and leaves numbers numbers', () => {
  expect(csv('a,b', 'say "hi"', -5)).toBe('"a,b","say ""hi""",-5')
  expect(csv('two\nlines')).toBe('"two\nlines"')
})
