import { expect, test } from 'vitest'
import { manualClock } from '../base/clock.ts'
import { TajoError } from '../base/error.ts'
import { createTokenSource, lifeOf } from './token-source.ts'

const HOUR_MS = 3_600_000

function start(lifetimeMs = HOUR_MS) {
  const clock = manualClock()
  const asked: (string | null)[] = []
  const trouble: { error: Error | null } = { error: null }
  const source = createTokenSource({
    clock,
    async renew(refused) {
      asked.push(refused)
      await Promise.resolve()
      if (trouble.error) throw trouble.error
      return lifeOf(`token ${asked.length}`, lifetimeMs, clock.now())
    },
  })
  return { clock, asked, trouble, source }
}

const away = new TajoError({ code: 'vendor_unreachable', message: 'away', disposition: 'retry' })
const ended = new TajoError({ code: 'vendor_grant_refused', message: 'ended', disposition: 'pause' })

test('many who wait are served by one call', async () => {
  const { source, asked } = start()
  const tokens = await Promise.all(Array.from({ length: 20 }, () => source.current()))
  expect(new Set(tokens)).toEqual(new Set(['token 1']))
  expect(asked).toEqual([null])
})

test('a token is renewed five minutes ahead, a short-lived one in the last tenth of its life', async () => {
  const long = start()
  await long.source.current()
  await long.clock.advance(HOUR_MS - 5 * 60_000 - 1)
  expect(await long.source.current()).toBe('token 1')
  await long.clock.advance(1)
  expect(await long.source.current()).toBe('token 2')

  const short = start(60_000)
  await short.source.current()
  await short.clock.advance(53_999)
  expect(await short.source.current()).toBe('token 1')
  await short.clock.advance(1)
  expect(await short.source.current()).toBe('token 2')
})

test('a refused token is replaced by one call; a refusal of an older one changes nothing', async () => {
  const { source, asked } = start()
  await source.current()
  source.refuse('token 1')
  source.refuse('token 1')
  expect(await Promise.all([source.current(), source.current()])).toEqual(['token 2', 'token 2'])
  source.refuse('token 1')
  expect(await source.current()).toBe('token 2')
  expect(asked).toEqual([null, 'token 1'])
})

test('while the old token works, trouble with renewing it is met twice a minute and stops nobody', async () => {
  const { source, clock, asked, trouble } = start()
  await source.current()
  await clock.advance(HOUR_MS - 5 * 60_000)
  trouble.error = away
  expect(await source.current()).toBe('token 1')
  expect(await source.current()).toBe('token 1')
  expect(asked).toHaveLength(2)
  await clock.advance(30_000)
  trouble.error = null
  expect(await source.current()).toBe('token 3')
})

test('a consent that has ended, and trouble without a token that works, are thrown', async () => {
  const { source, clock, trouble } = start()
  await source.current()
  await clock.advance(HOUR_MS - 60_000)
  trouble.error = ended
  await expect(source.current()).rejects.toBe(ended)
  trouble.error = away
  await clock.advance(60_000)
  await expect(source.current()).rejects.toBe(away)
  trouble.error = null
  expect(await source.current()).toMatch(/^token/)
})
