import { expect, test } from 'vitest'
import { operations } from './index.ts'

const all = Object.entries(operations)

test('every operation has an address of its own', () => {
  const addresses = all.map(([, { method, path }]) => `${method} ${path}`)
  expect(new Set(addresses).size).toBe(addresses.length)
})

test.each(all)('%s takes what its path names, and nothing it does not know', (_, { path, params }) => {
  const named = [...path.matchAll(/\{(\w+)\}/g)].map((match) => match[1])
  expect(Object.keys(params.shape)).toEqual(expect.arrayContaining(named))
  expect(params.safeParse({ nobody_knows_this: 1 }).success).toBe(false)
})

test.each(all)('%s only looks where it is asked for with GET', (name, { method, scope }) => {
  // Who has access is nobody's business but an admin's.
  if (method === 'GET') expect(scope).toBe(name === 'keys.list' ? 'admin' : 'read')
})
