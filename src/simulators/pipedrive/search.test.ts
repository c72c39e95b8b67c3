/** Searching through API v2 over HTTP. */
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type Scene, startScene } from '../../../test/support/pipedrive-scene.ts'

let scene: Scene
beforeAll(async () => {
  scene = await startScene()
})
afterAll(() => scene.stop())

const get = async (path: string) => (await scene.call('GET', `/api/v2${path}`)).body

it('finds a person by the whole address, whatever its case', async () => {
  const found = await get('/persons/search?term=JANE@acme.example&fields=email&exact_match=true')
  expect(found.data.items).toMatchObject([
    {
      item: {
        id: 1,
        type: 'person',
        emails: ['jane@acme.example'],
        organization: { id: 1, name: 'Acme' },
        owner: { id: 1 },
      },
    },
  ])
  expect((await get('/persons/search?term=jane@acme&fields=email&exact_match=true')).data.items).toEqual([])
})

it('finds parts of names, pages through them, and asks for two characters', async () => {
  const first = await get('/persons/search?term=acme&limit=1')
  expect(first.data.items).toHaveLength(1)
  const second = await get(`/persons/search?term=acme&limit=1&cursor=${first.additional_data.next_cursor}`)
  expect(second.data.items[0].item.id).toBe(2)
  expect(second.additional_data.next_cursor).toBeNull()
  expect((await scene.call('GET', '/api/v2/persons/search?term=j')).status).toBe(400)
  expect((await scene.call('GET', '/api/v2/persons/search?term=jane&fields=shoe')).status).toBe(400)
})

it('searches all items, or the named kinds', async () => {
  const types = (body: { data: { items: { item: { type: string } }[] } }) =>
    body.data.items.map(({ item }) => item.type)
  expect(types(await get('/itemSearch?term=one'))).toEqual(['deal', 'deal', 'deal'])
  expect(types(await get('/itemSearch?term=acme&item_types=organization,person'))).toEqual([
    'person',
    'person',
    'organization',
  ])
  expect((await scene.call('GET', '/api/v2/itemSearch?term=one&item_types=ghost')).status).toBe(400)
})

it('filters deals by status and person', async () => {
  expect((await get('/deals/search?term=one&status=won')).data.items).toMatchObject([
    { item: { id: 2, stage: { id: 2, name: 'Second' } } },
  ])
  expect((await get('/deals/search?term=one&person_id=2')).data.items).toMatchObject([
    { item: { id: 3, is_archived: true } },
  ])
})

it('lists the values of one field, case by case', async () => {
  expect(
    (await get('/itemSearch/field?term=Jane&entity_type=person&field=name&match=beginning')).data,
  ).toEqual([{ id: 1, name: 'Jane Doe' }])
  expect(
    (await get('/itemSearch/field?term=jane&entity_type=person&field=name&match=beginning')).data,
  ).toEqual([])
})
