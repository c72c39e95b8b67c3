/** The table against the plain way: sort everything, then slice. */
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { positionOf, type SortDirection, Table } from './table.ts'

type Row = { id: number; key: string; group: number }

const row = fc.record({
  id: fc.integer({ min: 1, max: 40 }),
  key: fc.constantFrom('a', 'b', 'c', 'd'),
  group: fc.nat(3),
})

function walk(table: Table<Row>, sortBy: string, direction: SortDirection, limit: number): Row[] {
  const seen: Row[] = []
  let after = null
  for (;;) {
    const page = table.page({ sortBy, direction, after, limit, keep: () => true })
    seen.push(...page.records)
    const last = page.records.at(-1)
    if (!page.more || !last) return seen
    after = positionOf(last, sortBy)
  }
}

it('walks in the order of the sort field and the id, whatever was put in and changed before', () => {
  fc.assert(
    fc.property(
      fc.uniqueArray(row, { selector: ({ id }) => id }),
      fc.array(row),
      fc.constantFrom('id', 'key'),
      fc.constantFrom<SortDirection>('asc', 'desc'),
      fc.integer({ min: 1, max: 7 }),
      (first, later, sortBy, direction, limit) => {
        const table = new Table<Row>(first)
        walk(table, sortBy, direction, limit)
        table.where('group', 1)
        for (const one of later) table.put(one)
        const rows = [...new Map([...first, ...later].map((one) => [one.id, one])).values()]
        const sorted = rows.sort((a, b) =>
          sortBy === 'key' && a.key !== b.key ? (a.key < b.key ? -1 : 1) : a.id - b.id,
        )
        expect(walk(table, sortBy, direction, limit)).toEqual(direction === 'asc' ? sorted : sorted.reverse())
        const ids = (list: Row[]): number[] => list.map(({ id }) => id).sort((a, b) => a - b)
        expect(ids(table.where('group', 1))).toEqual(ids(rows.filter(({ group }) => group === 1)))
      },
    ),
  )
})

it('counts on from the greatest id', () => {
  const table = new Table<Row>([{ id: 7, key: 'a', group: 0 }])
  expect(table.nextId()).toBe(8)
  table.put({ id: 8, key: 'a', group: 0 })
  expect(table.nextId()).toBe(9)
})
