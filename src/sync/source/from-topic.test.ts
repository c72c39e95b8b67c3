import { expect, test } from 'vitest'
import { fromPipedriveWebhook } from './from-webhook.ts'

const hintsOf = (topic: string, payload: unknown): string[] =>
  fromPipedriveWebhook({ topic, payload }, 'any').hints.map(({ entity, id }) => `${entity} ${id}`)

test("R5.3 a topic's stages prove no move: it is a hint of the deal, and of its person, who may be new", () => {
  const payload = { dealId: 7, previousStage: 1, newStage: 2, personId: 12, value: 100, currency: 'EUR' }
  const notice = fromPipedriveWebhook({ topic: 'deal.stage_changed', payload }, 'any')
  expect(notice).toEqual({
    hints: [
      { entity: 'deal', id: '7', version: null },
      { entity: 'person', id: '12', version: null },
    ],
    moves: [],
    merges: [],
  })
})

test.each([
  ['person.updated', { personId: 12 }, ['person 12']],
  ['person.updated', { id: '12' }, ['person 12']],
  ['deal.won', { dealId: '7', personId: { value: 12, name: 'Ada' } }, ['deal 7', 'person 12']],
  ['deal.won', { dealId: 7, personId: null }, ['deal 7']],
  ['organization.updated', { organizationId: 3 }, ['organization 3']],
  ['activity.added', { activityId: 5, personId: 12 }, ['activity 5', 'person 12']],
  [
    'lead.added',
    { leadId: 'adf21080-0e10-11eb-879b-05d71fb426ec' },
    ['lead adf21080-0e10-11eb-879b-05d71fb426ec'],
  ],
])('%s of %j', (topic, payload, hints) => {
  expect(hintsOf(topic, payload)).toEqual(hints)
})

test.each([
  ['cat.moved', { catId: 1 }],
  ['deal', { dealId: 1 }],
  [7, { dealId: 1 }],
  ['deal.won', { personId: 1 }],
  ['deal.won', { dealId: 1.5 }],
  ['deal.won', { dealId: ' ' }],
  ['deal.won', null],
])('nobody understands %j of %j', (topic, payload) => {
  expect(() => fromPipedriveWebhook({ topic, payload }, 'any')).toThrow(/the topic is|is no id/)
})
