import { expect, test } from 'vitest'
import { toCsv } from './to-csv.ts'

test('what has commas, quotes or lines is quoted, and nothing is a formula', () => {
  expect(
    toCsv(
      ['name', 'value'],
      [
        ['a, "b"', 1.5],
        ['=HYPERLINK("x")', null],
        ['-1', -1],
        ['  ＠SUM(A1)', 0],
      ],
    ),
  ).toBe('\uFEFFname,value\r\n"a, ""b""",1.5\r\n"\'=HYPERLINK(""x"")",\r\n\'-1,-1\r\n\'  ＠SUM(A1),0\r\n')
})
