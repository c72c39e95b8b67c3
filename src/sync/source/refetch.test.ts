/** How changed records are read again, against the simulated Pipedrive behind a real server. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createPipedriveClient, type PipedriveClient } from '../../pipedrive/index.ts'
import { createSandbox, type Sandbox } from '../../simulators/index.ts'
import type { Entity } from '../model/index.ts'
import { sampleCatalogue } from '../model/testdata/samples.ts'
import { refetch } from './refetch.ts'

let sandbox: Sandbox
let pipedrive: PipedriveClient
beforeEach(async () => {
  sandbox = await createSandbox({ data: { persons: 150 } })
  const { environment } = await sandbox.start()
  const { PIPEDRIVE_API_URL: apiUrl = '', PIPEDRIVE_API_TOKEN: apiToken = '' } = environment
  pipedrive = createPipedriveClient({ apiUrl, credential: { apiToken } })
})
afterEach(async () => {
  await pipedrive.close()
  await sandbox.stop()
})

const catalogue = sampleCatalogue()
const read = (entity: Entity, ids: readonly number[], signal?: AbortSignal) =>
  refetch({ pipedrive, catalogue, signal }, entity, ids.map(String))

function ids(count: number): number[] {
  return [...sandbox.pipedrive.state.tables.person.all()].slice(0, count).map(({ id }) => id)
}

function calls(): string[] {
  return sandbox.pipedrive.calls.all().map(({ method, path }) => `${method} ${path.replace(/\d+$/, 'ID')}`)
}

describe('reading changed records again', () => {
  test('costs a request each while they are few, and one for a hundred when they are many', async () => {
    expect((await read('person', ids(9))).records).toHaveLength(9)
    expect(calls()).toEqual(Array(9).fill('GET /api/v2/persons/ID'))
    sandbox.pipedrive.calls.clear()
    expect((await read('person', ids(120))).records).toHaveLength(120)
    expect(calls()).toEqual(['GET /api/v2/persons', 'GET /api/v2/persons'])
  })

  test('R7.1: asks for each that a listing leaves out, and says which are gone', async () => {
    const { state } = sandbox.pipedrive
    const [first = 0, ...others] = ids(20)
    state.delete('person', first)
    const { records, gone } = await read('person', [first, ...others, 999_999])
    const deleted = records.filter((record) => record.deleted).map((record) => record.id)
    expect([...deleted.map(String), ...gone].sort()).toEqual([String(first), '999999'].sort())
    expect(records.filter((record) => !record.deleted)).toHaveLength(others.length)
  })

  test('R6.2: one that is refused is told by itself, and the others are read', async () => {
    const [bad = 0, ...others] = ids(5)
    const fault = { kind: 'status', status: 403 } as const
    sandbox.pipedrive.faults.add({ path: `/persons/${bad}$`, fault, times: 10 })
    const { records, failed, unreadable } = await read('person', [bad, ...others])
    expect(records.map((record) => record.id).sort()).toEqual(others.sort())
    expect([...failed.keys()]).toEqual([String(bad)])
    expect(unreadable).toEqual([])
  })

  test('when it is told to stop it has no answer: nothing is taken for unreadable or gone', async () => {
    const stop = new AbortController()
    sandbox.pipedrive.latencyMs = 2_000
    const reading = read('person', ids(3), stop.signal)
    setTimeout(() => stop.abort(new Error('told to stop')), 50)
    await expect(reading).rejects.toThrow('told to stop')
  })

  test('a refused credential stops it', async () => {
    const [token = ''] = sandbox.pipedrive.apiTokens
    sandbox.pipedrive.state.revokeToken(token)
    await expect(read('person', ids(3))).rejects.toMatchObject({ disposition: 'pause' })
  })
})
