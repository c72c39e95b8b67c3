/** Changes of deals, against a server that answers as it is told. */
import { afterEach, expect, test } from 'vitest'
import { type Reply, startFaultyServer } from '../transport/faulty-server.test-kit.ts'
import { createBrevoClient } from './client.ts'

const ID = '61a5cd07ca1347c82306ad06'
const REFUSED = { code: 'brevo_request_invalid' }
const lost: Reply = (response) => response.destroy()
const open: { close(): Promise<void> }[] = []
afterEach(async () => {
  for (const thing of open.splice(0)) await thing.close()
})

async function connect(answer: (index: number) => Reply) {
  const server = await startFaultyServer((_request, index) => answer(index))
  const client = createBrevoClient({
    apiUrl: `${server.url}/v3`,
    credential: { apiKey: 'k' },
    random: () => 0,
  })
  open.push(client, server)
  return { client, server }
}

test('a change is sent as it is, repeated after a lost answer, in the bucket of a hundred', async () => {
  const { client, server } = await connect((index) => (index === 0 ? lost : { status: 204, text: '' }))
  const change = { name: 'Big', attributes: { amount: 12, pipeline: 'p', deal_stage: 's' } }
  await client.deals.update(ID, change)
  expect(server.seen).toHaveLength(2)
  expect(server.seen[1]).toMatchObject({ method: 'PATCH', path: `/v3/crm/deals/${ID}`, body: change })
  expect(client.usage().byBucket).toEqual({ other: 2 })
})

test('a deal that is not there is an error of its own', async () => {
  const { client } = await connect(() => ({ status: 404, json: { message: 'Document not found' } }))
  await expect(client.deals.update(ID, { name: 'Big' })).rejects.toMatchObject({ code: 'brevo_not_found' })
})

test('what Brevo would refuse or take wrongly is not sent', async () => {
  const { client, server } = await connect(() => ({ status: 204, text: '' }))
  const calls = [
    () => client.deals.update(ID, {}),
    () => client.deals.update(ID, { name: ' ' }),
    () => client.deals.update('..', { name: 'Big' }),
    () => client.deals.update(ID, { attributes: { pipeline: 'p' } }),
    // @ts-expect-error null is not part of the type
    () => client.deals.update(ID, { attributes: { amount: null } }),
    // @ts-expect-error links are not part of the type
    () => client.deals.update(ID, { name: 'Big', linkedContactsIds: [1] }),
  ]
  for (const call of calls) await expect(call()).rejects.toMatchObject(REFUSED)
  expect(server.seen).toEqual([])
})
