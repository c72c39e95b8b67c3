import { describe, expect, it } from 'vitest'
import { brevoNow, expectedBrevo } from '../support/contact-oracle.ts'
import {
  addPerson,
  contactOf,
  expectAccounted,
  type Journey,
  only,
  openJourney,
  writesOf,
} from '../support/journey.ts'

const small = { data: { persons: 8 } } as const
/** Enough contacts that the bulk of them goes by import. */
const bulk = { data: { persons: 160 } } as const

async function complete(journey: Journey, full = false): Promise<void> {
  const report = await journey.sync({ full })
  expect(report).toMatchObject({ status: 'complete', reason: null })
  expectAccounted(report)
}

describe('a record that Brevo refuses', () => {
  it.each([
    ['written singly', small],
    ['imported', bulk],
  ])('R6.2: among others that are %s fails alone, with the vendor’s words', async (_, data) => {
    const journey = await openJourney(data)
    const id = addPerson(journey, `${'a'.repeat(65)}@test.example`)
    addPerson(journey, 'fine@test.example')
    const report = await journey.sync()
    expect(report).toMatchObject({ status: 'incomplete', contacts: { failed: 1 } })
    expectAccounted(report)
    expect(contactOf(journey, 'fine@test.example').attributes.EXT_ID).toBeDefined()
    const failures = await journey.service.failures.list()
    expect(failures).toEqual([
      expect.objectContaining({
        id: String(id),
        entity: 'person',
        vendorMessage: expect.stringMatching(/email/i),
        remedy: expect.stringMatching(/\S/),
      }),
    ])
    // Not tried again as it is; the person's change is.
    expect(await writesOf(journey, () => journey.sync())).toBe(0)
    journey.sandbox.pipedrive.state.patch('person', id, { emails: only('short@test.example') })
    await complete(journey)
    expect(await journey.service.failures.list()).toEqual([])
    expect(contactOf(journey, 'short@test.example').attributes.EXT_ID).toBe(`pipedrive-person-${id}`)
  })

  it('R6.2: is tried again by failures retry, and no longer counted once it is discarded', async () => {
    const journey = await openJourney(small)
    const { brevo } = journey.sandbox
    const contactId = brevo.state.addContact({ email: 'poison@test.example' })
    const id = addPerson(journey, 'poison@test.example')
    const fault = {
      kind: 'status' as const,
      status: 400,
      body: '{"code":"invalid_parameter","message":"This one is poison"}',
    }
    brevo.faults.add({ fault, method: 'PUT', path: `/contacts/${contactId}$`, times: 2 })
    const report = await journey.sync()
    expect(report).toMatchObject({ status: 'incomplete', contacts: { failed: 1 } })
    expect((await journey.service.failures.list())[0]).toMatchObject({ vendorMessage: 'This one is poison' })
    const selection = { ids: [String(id)] }
    const second = await journey.service.failures.retry(selection, {})
    expect(second).toMatchObject({ retried: 1, report: { status: 'incomplete' } })
    expect((await journey.service.failures.list())[0]).toMatchObject({ attempts: 2 })
    expect(await journey.service.failures.discard(selection)).toBe(1)
    const discarded = await journey.sync()
    expect(discarded).toMatchObject({
      status: 'complete',
      contacts: { failed: 0, skipped: { discarded: 1 } },
    })
    expectAccounted(discarded)
    const third = await journey.service.failures.retry(selection, {})
    expect(third).toMatchObject({ retried: 1, report: { status: 'complete' } })
    expect(contactOf(journey, 'poison@test.example').attributes.EXT_ID).toBe(`pipedrive-person-${id}`)
    expect(await journey.service.failures.list()).toEqual([])
  })

  it('R7.1: a contact that cannot be let go is reported, and the report goes with its cause', async () => {
    const journey = await openJourney(small)
    const id = addPerson(journey, 'sticky@test.example')
    await complete(journey)
    const { id: contactId } = contactOf(journey, 'sticky@test.example')
    journey.sandbox.pipedrive.state.delete('person', id)
    const fault = { kind: 'status' as const, status: 400, body: '{"code":"x","message":"Not this one"}' }
    journey.sandbox.brevo.faults.add({ fault, method: 'PUT', path: `/contacts/${contactId}$`, times: 20 })
    const report = await journey.sync({ full: true })
    expect(report.status).toBe('incomplete')
    expect(await journey.service.failures.list()).toEqual([
      expect.objectContaining({ entity: 'contact', vendorMessage: 'Not this one' }),
    ])
    journey.sandbox.brevo.faults.clear()
    await complete(journey, true)
    expect(contactOf(journey, 'sticky@test.example').listIds).toEqual([])
    expect(await journey.service.failures.list()).toEqual([])
  })
})

describe('an import', () => {
  it.each([
    ['failed', 0],
    ['failed', 40],
    ['cancelled', 25],
  ] as const)('R6.3: that ends as %s after %i rows is made good', async (outcome, rows) => {
    const journey = await openJourney(bulk)
    const before = brevoNow(journey.sandbox)
    journey.sandbox.brevo.state.breakNextImport({ outcome, rows })
    await complete(journey)
    expect(brevoNow(journey.sandbox)).toEqual(expectedBrevo(journey.sandbox, before))
    expect(await writesOf(journey, () => complete(journey, true))).toBe(0)
  })

  it.each(['drop-row', 'drop-value'] as const)(
    'R6.3 R2.2: with a number that another contact got meanwhile (%s) loses the number only',
    async (importDuplicate) => {
      const journey = await openJourney({ ...bulk, brevo: { switches: { importDuplicate } } })
      addPerson(journey, 'late@test.example', { phones: only('010-5555-0031') })
      let done = false
      const report = await journey.sync({
        onProgress: ({ stage }) => {
          if (done || stage !== 'project') return
          done = true
          journey.sandbox.brevo.state.addContact({
            email: 'quick@test.example',
            attributes: { SMS: '821055550031' },
          })
        },
      })
      expect(report).toMatchObject({ status: 'complete', reason: null })
      expectAccounted(report)
      const { attributes } = contactOf(journey, 'late@test.example')
      expect(attributes).toMatchObject({ FULLNAME: 'late' })
      expect(attributes.SMS).toBeUndefined()
      expect(report.warnings.sms_taken).toBeGreaterThanOrEqual(1)
      expect(await writesOf(journey, () => complete(journey))).toBe(0)
    },
  )

  it('R6.3: that ignores yes/no values is made good singly', async () => {
    const journey = await openJourney({
      ...bulk,
      brevo: { switches: { importIgnoresBooleans: true } },
      yaml: (text) => text.replace('custom_fields.industry: INDUSTRY', 'custom_fields.industry: VIP'),
    })
    const { state } = journey.sandbox.pipedrive
    await fetch(`${journey.environment.BREVO_API_URL}/contacts/attributes/normal/VIP`, {
      method: 'POST',
      headers: { 'api-key': journey.environment.BREVO_API_KEY ?? '', 'content-type': 'application/json' },
      body: JSON.stringify({ type: 'boolean' }),
    })
    const code = state.seed.fields.find((field) => field.field_name === 'Industry')?.field_code ?? ''
    for (const name of ['yes', 'yea', 'yep'])
      addPerson(journey, `${name}@test.example`, { custom_fields: { [code]: 'true' } })
    await complete(journey)
    for (const name of ['yes', 'yea', 'yep'])
      expect(contactOf(journey, `${name}@test.example`).attributes.VIP).toBe(true)
    expect(await writesOf(journey, () => complete(journey))).toBe(0)
  })

  it('R4.1: that would lift blocklistings by itself does not: they are said again', async () => {
    const journey = await openJourney({ ...bulk, brevo: { switches: { importUnblocklists: true } } })
    const before = brevoNow(journey.sandbox)
    await complete(journey)
    expect(brevoNow(journey.sandbox)).toEqual(expectedBrevo(journey.sandbox, before))
  })
})
