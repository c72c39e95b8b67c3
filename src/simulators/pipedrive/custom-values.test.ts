/** Each of the sixteen types, written through v2 and read back in the v2 and the v1 form. */
import { afterAll, beforeAll, expect, it } from 'vitest'
import { codeOf, type Scene, startScene } from '../../../test/support/pipedrive-scene.ts'
import type { CustomFieldType } from './seed.ts'

let scene: Scene
beforeAll(async () => {
  scene = await startScene()
})
afterAll(() => scene.stop())

const utc = { timezone_id: 1, timezone_name: 'Etc/UTC' }

/** The value that is sent, what v2 gives back (where it differs), and the flat v1 keys without the code. */
const VALUES: readonly [CustomFieldType, unknown, unknown, Record<string, unknown>][] = [
  ['varchar', 'short', undefined, { '': 'short' }],
  ['varchar_auto', 'auto', undefined, { '': 'auto' }],
  ['text', 'long', undefined, { '': 'long' }],
  ['phone', '+82 2 555 0100', undefined, { '': '+82 2 555 0100' }],
  ['double', 1.5, undefined, { '': 1.5 }],
  ['monetary', { value: 500, currency: 'USD' }, undefined, { '': 500, _currency: 'USD' }],
  ['enum', 11, undefined, { '': '11' }],
  ['set', [11, 12], undefined, { '': '11,12' }],
  ['user', 2, undefined, { '': 2 }],
  ['org', 1, undefined, { '': 1 }],
  ['people', 1, undefined, { '': 1 }],
  ['date', '2026-02-03', undefined, { '': '2026-02-03' }],
  [
    'daterange',
    { value: '2026-01-01', until: '2026-02-01' },
    undefined,
    { '': '2026-01-01', _until: '2026-02-01' },
  ],
  ['time', { value: '09:00:00' }, { value: '09:00:00', ...utc }, { '': '09:00:00', _timezone_id: 1 }],
  [
    'timerange',
    { value: '09:00:00', until: '10:00:00' },
    { value: '09:00:00', until: '10:00:00', ...utc },
    { '': '09:00:00', _until: '10:00:00', _timezone_id: 1 },
  ],
]

it.each(VALUES)('%s', async (type, sent, shown, flat) => {
  const code = codeOf(type)
  const { status, body } = await scene.call('PATCH', '/api/v2/persons/2', { custom_fields: { [code]: sent } })
  expect(status).toBe(200)
  expect(body.data.custom_fields[code]).toEqual(shown ?? sent)
  const v1 = (await scene.call('GET', '/v1/persons/2')).body.data
  for (const [suffix, value] of Object.entries(flat)) expect(v1[code + suffix]).toEqual(value)
})

it('address', async () => {
  const code = codeOf('address')
  const { body } = await scene.call('PATCH', '/api/v2/persons/2', {
    custom_fields: { [code]: { value: 'Seoul' } },
  })
  expect(body.data.custom_fields[code]).toMatchObject({
    value: 'Seoul',
    country: null,
    formatted_address: null,
  })
  expect((await scene.call('GET', '/v1/persons/2')).body.data).toMatchObject({
    [code]: 'Seoul',
    [`${code}_route`]: null,
  })
})

it('leads carry the fields of deals, flat, and leave unset ones out', async () => {
  const code = codeOf('monetary')
  const path = '/v1/leads/adf21080-0e10-41eb-879b-000000000001'
  expect((await scene.call('GET', path)).body.data).not.toHaveProperty(code)
  const { body } = await scene.call('PATCH', path, { [code]: 7, [`${code}_currency`]: 'EUR' })
  expect(body.data).toMatchObject({ [code]: 7, [`${code}_currency`]: 'EUR' })
  expect((await scene.call('PATCH', path, { [code]: null })).body.data).not.toHaveProperty(code)
})
