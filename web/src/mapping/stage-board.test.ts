import { expect, test } from 'vitest'
import { layStages } from './stage-board.ts'

const pipelines = [
  {
    id: 1,
    name: 'Sales',
    stages: [
      { id: 1, name: 'Lead in' },
      { id: 2, name: 'Offer / Price' },
    ],
  },
  { id: 2, name: 'Renewals', stages: [{ id: 3, name: 'Lead in' }] },
]

test('each pipeline has its stages in order, with their lists however they are written', () => {
  const rows = [
    { stage: '1', listId: 10 },
    { stage: 'sales / offer / price', listId: 11 },
    { stage: 'won', listId: 12 },
  ]
  const columns = layStages(rows, pipelines)
  expect(columns.map(({ kind, name }) => [kind, name])).toEqual([
    ['pipeline', 'Sales'],
    ['pipeline', 'Renewals'],
    ['closed', ''],
  ])
  expect(columns.flatMap(({ cards }) => cards.map(({ name, listId }) => [name, listId]))).toEqual([
    ['Lead in', 10],
    ['Offer / Price', 11],
    ['Lead in', null],
    ['won', 12],
    ['lost', null],
  ])
  expect(columns[0]?.cards[1]?.stages).toEqual(['2', 'sales / offer / price'])
})

test('what the account does not have stands apart', () => {
  const rows = [
    { stage: '99', listId: 10 },
    { stage: 'Sales/Gone', listId: 11 },
  ]
  const column = layStages(rows, pipelines).at(-1)
  expect(column).toMatchObject({ kind: 'unknown', cards: [{ name: '99' }, { name: 'Sales/Gone' }] })
  expect(layStages(rows, []).at(-1)?.cards).toHaveLength(2)
})
