/** Driving a running simulator from outside, as another process does. */
import { afterAll, beforeAll, expect, it } from 'vitest'
import { ADMIN_TOKEN, type Scene, startScene } from '../../../test/support/pipedrive-scene.ts'

let scene: Scene
beforeAll(async () => {
  scene = await startScene()
})
afterAll(() => scene.stop())

const control = (name: string, body: unknown) => scene.call('POST', `/__sandbox/${name}`, body)

it('changes records as a user of the web application', async () => {
  const made = (await control('insert', { entity: 'person', values: { name: 'From Outside' } })).body
  await control('patch', { entity: 'person', id: made.id, values: { name: 'Renamed Outside' } })
  expect((await scene.call('GET', `/api/v2/persons/${made.id}`)).body.data).toMatchObject({
    name: 'Renamed Outside',
    last_name: 'Outside',
  })
  await control('archive', { entity: 'deal', id: 1 })
  await control('merge', { entity: 'person', id: made.id, into: 1 })
  await control('delete', { entity: 'person', id: 3 })
  expect((await scene.call('GET', '/api/v2/deals')).body.data.map(({ id }: { id: number }) => id)).toEqual([
    2,
  ])
  expect((await scene.call('GET', '/api/v2/persons')).body.data.map(({ id }: { id: number }) => id)).toEqual([
    1, 2, 4,
  ])
  expect((await control('find', { entity: 'person', id: 3 })).body.is_deleted).toBe(true)
})

it('turns switches, spends tokens and revokes', async () => {
  await control('switches', { v1Entities: 'gone' })
  expect((await scene.call('GET', '/v1/persons')).status).toBe(410)
  await control('spend-tokens', { tokens: 30_000 })
  expect((await scene.call('GET', '/v1/users/me')).status).toBe(429)
  const { body } = await scene.call('GET', '/__sandbox/state')
  expect(body).toMatchObject({ counts: { person: 5, deal: 3 }, tokens: { limit: 30_000, used: 30_000 } })
  await control('revoke-token', { token: ADMIN_TOKEN })
  expect((await scene.call('GET', '/v1/users/me')).status).toBe(401)
})

it('tells listeners what changed, merges as a deletion that names the survivor', async () => {
  const other = await startScene()
  const seen: string[] = []
  const { state } = other.simulator
  const stop = state.subscribe(({ entity, action, id, mergedTo }) =>
    seen.push(`${action} ${entity} ${id} ${mergedTo ?? ''}`.trim()),
  )
  state.merge('person', 3, 1)
  stop()
  state.patch('person', 1, { name: 'Unheard' })
  expect(seen).toEqual(['change person 1', 'delete person 3 1'])
  await other.stop()
})
