import { expect, test } from 'vitest'
import { startBrevo, testSeed } from '../../../test/support/brevo-account.ts'

const TWO = testSeed({ contacts: [{ email: 'ann@example.com' }, { email: 'bob@example.com' }] })
const NOBODY = 'f'.repeat(24)
const ALL = { link_entities: true, update_existing_records: true }

async function start() {
  const account = await startBrevo({ seed: TWO })
  const id = account.state.addCompany({
    name: 'Acme',
    attributes: { domain: 'acme.example', revenue: 1 },
    linkedContactsIds: [1],
  })
  const send = async (form: FormData) => {
    const response = await fetch(`${account.url}/v3/companies/import`, {
      method: 'POST',
      headers: { 'api-key': 'xkeysib-sandbox' },
      body: form,
    })
    return {
      status: response.status,
      body: (await response.json()) as { processId: number; message: string },
    }
  }
  const toForm = (lines: string[], mapping?: unknown) => {
    const form = new FormData()
    form.append('file', new Blob([lines.join('\n')], { type: 'text/csv' }), 'companies.csv')
    if (mapping !== undefined) form.append('mapping', JSON.stringify(mapping))
    return form
  }
  /** Sends the lines and waits until the process has ended. */
  const importLines = async (lines: string[], mapping?: unknown) => {
    const sent = await send(toForm(lines, mapping))
    await account.clock.advance(60_000)
    return sent
  }
  return { ...account, id, send, toForm, importLines }
}

test('an import is answered with a process and done when that ends', async () => {
  const { call, clock, state, send, toForm } = await start()
  const sent = await send(toForm(['name,domain', 'Beta,beta.example']))
  expect(sent).toEqual({ status: 200, body: { processId: 1 } })
  expect(state.companies()).toHaveLength(1)
  expect((await call('GET', '/processes/1')).body).toMatchObject({ status: 'queued' })
  await clock.advance(60_000)
  expect((await call('GET', '/processes/1')).body).toEqual({
    id: 1,
    name: 'IMPORT_COMPANIES',
    status: 'completed',
  })
  expect(state.companies()).toMatchObject([{}, { name: 'Beta', attributes: { domain: 'beta.example' } }])
})

test('rows update by company_id alone, and only where the mapping says so', async () => {
  const { id, importLines, state } = await start()
  const lines = ['company_id,name,revenue', `${id},Acme Ltd,2.5`, `${NOBODY},Ghost,3`, ',Acme,4']
  await importLines(lines, ALL)
  const listed = () => state.companies().map(({ name, attributes }) => [name, attributes.revenue])
  expect(listed()).toEqual([
    ['Acme Ltd', 2.5],
    ['Ghost', 3],
    ['Acme', 4],
  ])
  await importLines(lines.slice(0, 2))
  expect(listed()).toHaveLength(4)
})

test('blanks stay unless they are to be unset, and a row that would create without a name is left out', async () => {
  const { id, importLines, state } = await start()
  const lines = ['company_id;name;domain;revenue', `${id};;;"7"`, ';;lost.example;']
  await importLines(lines, ALL)
  expect(state.companies()).toMatchObject([
    { name: 'Acme', attributes: { domain: 'acme.example', revenue: 7 } },
  ])
  await importLines(lines, { ...ALL, unset_empty_attributes: true })
  expect(state.companies()[0]?.attributes).toEqual({ revenue: 7 })
})

test('unknown columns, read-only ones and values that do not fit are ignored', async () => {
  const { id, importLines, state } = await start()
  await importLines(['company_id,nope,number_of_contacts,revenue', `${id},x,9,many`], ALL)
  expect(state.companies()[0]?.attributes).toEqual({ domain: 'acme.example', revenue: 1 })
})

test('associated contacts are linked or unlinked as the mapping says, by id or email', async () => {
  const { id, importLines, state } = await start()
  const lines = (who: string) => ['company_id,associated_contact', `${id},"${who}"`]
  const links = () => state.companies()[0]?.linkedContactsIds
  await importLines(lines('1|2'), { update_existing_records: true })
  expect(links()).toEqual([1])
  await importLines(lines('bob@example.com, nobody@example.com'), ALL)
  expect(links()).toEqual([1, 2])
  await importLines(lines('1|2'), { update_existing_records: true, unlink_entities: true })
  expect(links()).toEqual([])
})

test('an import can break off', async () => {
  const { call, importLines, state } = await start()
  state.breakNextImport({ rows: 1 })
  await importLines(['name', 'Beta', 'Gamma'])
  expect(state.companies().map(({ name }) => name)).toEqual(['Acme', 'Beta'])
  expect((await call('GET', '/processes/1')).body).toMatchObject({ status: 'failed' })
})

test('an order without a file, without rows or with a broken mapping is refused with a message alone', async () => {
  const { call, send, toForm, state } = await start()
  const broken = toForm(['name', 'Beta'])
  broken.append('mapping', '{')
  for (const form of [new FormData(), toForm(['name']), broken]) {
    const { status, body } = await send(form)
    expect({ status, body }).toEqual({
      status: 400,
      body: { message: expect.stringMatching(/^Bad request : /) },
    })
  }
  expect((await call('POST', '/companies/import', {})).status).toBe(400)
  expect(state.processes()).toEqual([])
})
