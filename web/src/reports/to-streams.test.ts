import { expect, test } from 'vitest'
import { toStreams } from './to-streams.ts'

const names = {
  campaign: (id: number) => `Campaign ${id}`,
  others: 'others',
  beforeDeal: 'before',
  won: 'Won',
}

test('what a campaign is credited with goes over the stage of the touch to the win', () => {
  expect(
    toStreams(
      [
        { campaignId: 1, stageId: 5, stage: 'Lead In', value: 100 },
        { campaignId: 2, stageId: 5, stage: 'Lead In', value: 50 },
        { campaignId: 2, stageId: null, stage: 'before the deal', value: 25 },
      ],
      names,
    ),
  ).toEqual({
    nodes: [
      { name: 'Campaign 1' },
      { name: 'Lead In' },
      { name: 'Won' },
      { name: 'Campaign 2' },
      { name: 'before' },
    ],
    links: [
      { source: 0, target: 1, value: 100 },
      { source: 1, target: 2, value: 150 },
      { source: 3, target: 1, value: 50 },
      { source: 3, target: 4, value: 25 },
      { source: 4, target: 2, value: 25 },
    ],
  })
})

test('many campaigns end as seven and the others, with nothing lost', () => {
  const flows = Array.from({ length: 20 }, (_, campaignId) => ({
    campaignId,
    stageId: 1,
    stage: 'Lead In',
    value: campaignId + 1,
  }))
  const streams = toStreams(flows, names)
  expect(streams?.nodes).toHaveLength(10)
  expect(streams?.links.find(({ target }) => streams.nodes[target]?.name === 'Won')?.value).toBe(210)
})

test('nothing flows where nothing has a value', () => {
  expect(toStreams([{ campaignId: 1, stageId: 1, stage: 'x', value: 0 }], names)).toBeNull()
})
