/** How often refusals are told of. */
import { expect, it } from 'vitest'
import type { LiveNews } from '../service/index.ts'
import { createRefusalNews } from './refusal-news.ts'

it('tells the first of each kind, then the number once a minute', () => {
  let nowMs = 0
  const news: LiveNews[] = []
  const tell = createRefusalNews(
    (item) => news.push(item),
    () => nowMs,
  )
  for (let n = 0; n < 100; n += 1) tell('brevo', 401, 'webhook_unauthorized')
  tell('pipedrive', 401, 'webhook_unauthorized')
  nowMs = 60_000
  tell('brevo', 401, 'webhook_unauthorized')
  expect(news.map(({ details }) => `${details.source} ${details.count}`)).toEqual([
    'brevo 1',
    'pipedrive 1',
    'brevo 100',
  ])
  expect(news[2]?.message).toBe('100 webhooks for brevo answered with 401.')
})
