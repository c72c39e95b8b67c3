/** Our own clients against both simulators: the calls with which changes travel back, and those of exports and erasures. */
import { expect, onTestFinished, test } from 'vitest'
import { createBrevoClient } from '../../src/brevo/index.ts'
import { createPipedriveClient } from '../../src/pipedrive/index.ts'
import { startBrevo, testSeed } from '../support/brevo-account.ts'
import { ADMIN_TOKEN, startScene } from '../support/pipedrive-scene.ts'

async function pipedrive(apiVersion: 'v2' | 'v1' = 'v2') {
  const scene = await startScene({ limits: { customFields: 100 } })
  const client = createPipedriveClient({
    apiUrl: scene.url,
    credential: { apiToken: ADMIN_TOKEN },
    apiVersion,
    // The simulator's answers say how long to wait; nothing here comes near a limit.
    limits: { burst: 100 },
  })
  onTestFinished(async () => {
    await client.close()
    await scene.stop()
  })
  return { client, state: scene.simulator.state }
}

async function brevo(options: Parameters<typeof startBrevo>[0] = {}) {
  const account = await startBrevo(options)
  const client = createBrevoClient({
    apiUrl: `${account.url}/v3`,
    credential: { apiKey: 'xkeysib-sandbox' },
  })
  onTestFinished(() => client.close())
  return { client, state: account.state }
}

async function all<T>(pages: AsyncIterable<{ items: readonly T[] }>): Promise<T[]> {
  const found: T[] = []
  for await (const page of pages) found.push(...page.items)
  return found
}

test('a field is made, gains an option, and a person carries it', async () => {
  const { client } = await pipedrive()
  const { field_code, options } = await client.personFields.create({
    field_name: 'Brevo status',
    field_type: 'enum',
    options: [{ label: 'Subscribed' }],
  })
  const added = await client.personFields.addOptions(field_code, ['Unsubscribed', 'Bounced'])
  expect(added.map(({ label }) => label)).toEqual(['Unsubscribed', 'Bounced'])
  const field = (await client.personFields.list()).find((each) => each.field_code === field_code)
  expect(field?.options?.map(({ id }) => id)).toEqual([...(options ?? []), ...added].map(({ id }) => id))
  const changed = await client.persons.update(1, { custom_fields: { [field_code]: added[0]?.id } })
  expect(changed.custom_fields?.[field_code]).toBe(added[0]?.id)
  const cleared = await client.persons.update(1, { custom_fields: { [field_code]: null } })
  expect(cleared.custom_fields?.[field_code] ?? null).toBeNull()
})

test.each(['v2', 'v1'] as const)('both parts of a name arrive through %s', async (apiVersion) => {
  const { client } = await pipedrive(apiVersion)
  const person = await client.persons.update(1, { first_name: 'Ada Maria', last_name: 'Lovelace' })
  expect(person).toMatchObject({ first_name: 'Ada Maria', last_name: 'Lovelace' })
})

test('an exact search finds a created person', async () => {
  const { client } = await pipedrive()
  const { id } = await client.persons.create({
    name: 'New Person',
    emails: [{ value: 'New.Person@x.example' }],
  })
  const hits = await all(
    client.persons.search('new.person@x.example', { exactMatch: true, fields: ['email'] }),
  )
  expect(hits.map(({ item }) => [item.id, item.name, item.emails])).toEqual([
    [id, 'New Person', ['New.Person@x.example']],
  ])
})

test('a merge leaves one person, and a second one finds nobody', async () => {
  const { client } = await pipedrive()
  const { id } = await client.persons.create({ name: 'Twin Twin', emails: [{ value: 'twin@x.example' }] })
  await client.persons.merge(id, 1)
  expect((await client.persons.get(1)).emails?.map(({ value }) => value)).toContain('twin@x.example')
  await expect(client.persons.merge(id, 1)).rejects.toMatchObject({
    code: 'pipedrive_not_found',
    attempts: 1,
  })
})

test.each(['v2', 'v1'] as const)(
  'what hangs on a person is read by person through %s',
  async (apiVersion) => {
    const { client, state } = await pipedrive(apiVersion)
    const { id } = state.insert('person', { name: 'Some Body' })
    state.insert('deal', { title: 'Theirs', person_id: id, pipeline_id: 1 })
    state.insert('activity', { subject: 'Theirs', type: 'call', person_id: id })
    state.insert('note', { content: 'Theirs', person_id: id })
    const filters = { person_id: id }
    expect((await all(client.deals.pages({ filters }))).map(({ title }) => title)).toEqual(['Theirs'])
    expect((await all(client.activities.pages({ filters }))).map(({ subject }) => subject)).toEqual([
      'Theirs',
    ])
    const notes = await all(client.notes.pages({ filters }))
    expect(notes).toMatchObject([
      { content: 'Theirs', add_time: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/) },
    ])
    expect(await all(client.leads.pages({ filters }))).toEqual([])
  },
)

test('why a contact is blocked stands in its statistics', async () => {
  const { client, state } = await brevo({ seed: testSeed({ contacts: [{ email: 'ann@example.com' }] }) })
  expect(await client.contacts.campaignStats('ann@example.com')).toEqual({})
  await client.contacts.update(1, 'contact_id', { emailBlacklisted: true })
  const { statistics } = await client.contacts.get(1, 'contact_id')
  expect(statistics?.unsubscriptions?.adminUnsubscription).toHaveLength(1)
  expect(statistics?.unsubscriptions?.userUnsubscription).toEqual([])
  const now = Date.parse(statistics?.unsubscriptions?.adminUnsubscription?.[0]?.eventTime ?? '')
  const period = { startDate: new Date(now - 90 * 86_400_000), endDate: new Date(now) }
  expect(await client.contacts.campaignStats(1, period)).toEqual(statistics)
  expect(state.contactCount()).toBe(1)
})

test("the account's own contact stays", async () => {
  const contacts = [{ email: 'owner@example.com', emailBlacklisted: true }]
  const { client, state } = await brevo({ seed: testSeed({ contacts }) })
  await expect(client.contacts.delete('owner@example.com', 'email_id')).rejects.toMatchObject({
    code: 'brevo_rejected',
    status: 405,
    message: expect.stringContaining('address that the Brevo account itself is registered with'),
  })
  expect(state.contactCount()).toBe(1)
})
