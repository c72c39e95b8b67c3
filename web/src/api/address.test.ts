import { expect, test } from 'vitest'
import { toRequest } from './address.ts'

test('what the path names goes into it, the rest into the body', () => {
  expect(
    toRequest({ method: 'POST', path: '/connectors/{name}/test' }, { name: 'a/b', fast: true }, null),
  ).toEqual({
    method: 'POST',
    url: '/api/connectors/a%2Fb/test',
    body: '{"fast":true}',
  })
})

test('a question has its parameters in the query, and what is absent nowhere', () => {
  const target = { method: 'GET', path: '/failures' }
  expect(toRequest(target, { code: 'x y', limit: undefined, ids: [1, 2] }, 'eu west')).toEqual({
    method: 'GET',
    url: '/api/connections/eu%20west/failures?code=x+y&ids=1&ids=2',
    body: null,
  })
})
