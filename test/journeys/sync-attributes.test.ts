import { describe, expect, it } from 'vitest'
import {
  addPerson,
  contactOf,
  expectAccounted,
  type Journey,
  only,
  openJourney,
  writesOf,
} from '../support/journey.ts'

const small = { data: { persons: 6 } } as const

async function complete(journey: Journey, full = false) {
  const report = await journey.sync({ full })
  expect(report).toMatchObject({ status: 'complete', reason: null })
  expectAccounted(report)
  return report
}

const patch = ({ sandbox }: Journey, id: number, values: Record<string, unknown>): void =>
  void sandbox.pipedrive.state.patch('person', id, values)

const fieldCode = ({ sandbox }: Journey, name: string): string =>
  sandbox.pipedrive.state.seed.fields.find((field) => field.field_name === name)?.field_code ?? ''

const smsOf = (journey: Journey, email: string): unknown => contactOf(journey, email).attributes.SMS

describe('a phone number', () => {
  it('R2.2: that a stranger in Brevo has is left out with a warning, and given once it is free', async () => {
    const journey = await openJourney(small)
    const { brevo } = journey.sandbox
    brevo.state.addContact({ email: 'stranger@test.example', attributes: { SMS: '821055550001' } })
    addPerson(journey, 'one@test.example', { phones: only('010-5555-0001') })
    const first = await complete(journey)
    expect(first.warnings.sms_taken).toBeGreaterThanOrEqual(1)
    expect(smsOf(journey, 'one@test.example')).toBeUndefined()
    expect(contactOf(journey, 'one@test.example').attributes.FULLNAME).toBe('one')
    expect(await writesOf(journey, () => complete(journey))).toBe(0)
    brevo.state.editContact('stranger@test.example', { SMS: '' })
    await complete(journey)
    expect(smsOf(journey, 'one@test.example')).toBe('821055550001')
  })

  it('R2.2: that two persons share goes to the lower id, and to the other when that one gives it up', async () => {
    const journey = await openJourney(small)
    const low = addPerson(journey, 'low@test.example', { phones: only('+82 10-5555-0002') })
    addPerson(journey, 'high@test.example', { phones: only('010-5555-0002') })
    const report = await complete(journey)
    expect(report.warnings.sms_taken).toBeGreaterThanOrEqual(1)
    expect([smsOf(journey, 'low@test.example'), smsOf(journey, 'high@test.example')]).toEqual([
      '821055550002',
      undefined,
    ])
    patch(journey, low, { phones: only('010-5555-0003') })
    await complete(journey)
    expect([smsOf(journey, 'low@test.example'), smsOf(journey, 'high@test.example')]).toEqual([
      '821055550003',
      '821055550002',
    ])
    patch(journey, low, { phones: only('010-5555-0002') })
    await complete(journey)
    expect([smsOf(journey, 'low@test.example'), smsOf(journey, 'high@test.example')]).toEqual([
      '821055550002',
      undefined,
    ])
    expect(await writesOf(journey, () => complete(journey))).toBe(0)
  })

  it('R2.2: two persons may swap their numbers', async () => {
    const journey = await openJourney(small)
    const a = addPerson(journey, 'a@test.example', { phones: only('010-5555-0011') })
    const b = addPerson(journey, 'b@test.example', { phones: only('010-5555-0012') })
    await complete(journey)
    patch(journey, a, { phones: only('010-5555-0012') })
    patch(journey, b, { phones: only('010-5555-0011') })
    await complete(journey)
    expect([smsOf(journey, 'a@test.example'), smsOf(journey, 'b@test.example')]).toEqual([
      '821055550012',
      '821055550011',
    ])
    expect(await writesOf(journey, () => complete(journey))).toBe(0)
  })

  it.each([false, true])(
    'R2.2: that a contact with a new person still has is given up, and goes to who wants it (both ways: %s)',
    async (twoWay) => {
      const journey = await openJourney({ ...small, twoWay })
      const a = addPerson(journey, 'a@test.example', { phones: only('010-5555-0031') })
      const b = addPerson(journey, 'b@test.example', { phones: only('010-5555-0032') })
      journey.sandbox.brevo.state.addContact({ email: 'stranger@test.example', attributes: {} })
      await complete(journey)
      // Each takes over a contact, and leaves its number behind on its own.
      patch(journey, a, { emails: only('stranger@test.example') })
      await complete(journey)
      patch(journey, b, { emails: only('a@test.example') })
      await complete(journey)
      expect([smsOf(journey, 'stranger@test.example'), smsOf(journey, 'a@test.example')]).toEqual([
        '821055550031',
        undefined,
      ])
      expect(await writesOf(journey, () => complete(journey))).toBe(0)
    },
  )

  it('R2.2: that is none is left out with a warning and clears nothing; one taken away clears our own', async () => {
    const journey = await openJourney(small)
    const id = addPerson(journey, 'one@test.example', { phones: only('010-5555-0021') })
    await complete(journey)
    patch(journey, id, { phones: only('ask the office') })
    const report = await complete(journey)
    expect(report.warnings.invalid_phone).toBe(1)
    expect(smsOf(journey, 'one@test.example')).toBe('821055550021')
    patch(journey, id, { phones: [] })
    await complete(journey)
    expect(smsOf(journey, 'one@test.example')).toBeUndefined()
    expect(await writesOf(journey, () => complete(journey))).toBe(0)
  })
})

describe('an attribute', () => {
  it('R2.5: is cleared only where Tajo itself had written it', async () => {
    const journey = await openJourney(small)
    const industry = fieldCode(journey, 'Industry')
    const { brevo } = journey.sandbox
    brevo.state.addContact({ email: 'theirs@test.example', attributes: { LASTNAME: 'Theirs' } })
    const mine = addPerson(journey, 'mine@test.example', {
      name: 'Solo',
      custom_fields: { [industry]: 'Fishing' },
    })
    addPerson(journey, 'theirs@test.example', { name: 'Solo' })
    await complete(journey)
    expect(contactOf(journey, 'mine@test.example').attributes.INDUSTRY).toBe('Fishing')
    expect(contactOf(journey, 'theirs@test.example').attributes.LASTNAME).toBe('Theirs')
    patch(journey, mine, { custom_fields: { [industry]: null } })
    await complete(journey)
    expect(contactOf(journey, 'mine@test.example').attributes.INDUSTRY).toBeUndefined()
    expect(contactOf(journey, 'theirs@test.example').attributes.LASTNAME).toBe('Theirs')
    expect(await writesOf(journey, () => complete(journey, true))).toBe(0)
  })

  it('R2.4: whose type a value does not fit is left out with a warning, and the rest is written', async () => {
    const journey = await openJourney({
      ...small,
      yaml: (text) =>
        text.replace(
          'custom_fields.industry: INDUSTRY',
          'custom_fields.industry: BORN\n  custom_fields.first_met_on: MET',
        ),
    })
    const { brevo } = journey.sandbox
    const [industry, met] = [fieldCode(journey, 'Industry'), fieldCode(journey, 'First met on')]
    await fetch(`${journey.environment.BREVO_API_URL}/contacts/attributes/normal/BORN`, {
      method: 'POST',
      headers: { 'api-key': journey.environment.BREVO_API_KEY ?? '', 'content-type': 'application/json' },
      body: JSON.stringify({ type: 'date' }),
    })
    addPerson(journey, 'odd@test.example', {
      custom_fields: { [industry]: 'no date at all', [met]: '2026-02-28' },
    })
    const report = await complete(journey)
    expect(report.warnings.type_mismatch).toBeGreaterThanOrEqual(1)
    const { attributes } = contactOf(journey, 'odd@test.example')
    expect(attributes).toMatchObject({ FULLNAME: 'odd', MET: '2026-02-28' })
    expect(attributes.BORN).toBeUndefined()
    expect(brevo.state.attributes()).toContainEqual(expect.objectContaining({ name: 'MET', type: 'date' }))
    expect(await writesOf(journey, () => complete(journey))).toBe(0)
  })

  it('R2.6: that Brevo lacks is created once, and not at all by a dry run', async () => {
    const journey = await openJourney(small)
    const { brevo } = journey.sandbox
    const dry = await journey.sync({ dryRun: true })
    expect(dry.preview?.attributes).toContainEqual({ name: 'LTV', type: 'float' })
    expect(brevo.state.writes).toBe(0)
    await complete(journey)
    expect(brevo.state.attributes()).toContainEqual(expect.objectContaining({ name: 'LTV', type: 'float' }))
  })

  it('R2.6: that Brevo lacks is a fault before the first write with create_missing_attributes: false', async () => {
    const journey = await openJourney({
      ...small,
      yaml: (text) =>
        text.replace('default_country: KR', 'default_country: KR\n    create_missing_attributes: false'),
    })
    const refused = journey.sync()
    await expect(refused).rejects.toMatchObject({ code: 'settings_unfit' })
    await expect(refused).rejects.toThrow(/LTV/)
    expect(journey.sandbox.brevo.state.writes).toBe(0)
    expect((await journey.service.status()).lastRun).toMatchObject({ status: 'incomplete' })
    await journey.configure((text) => text.replace('create_missing_attributes: false', ''))
    await complete(journey)
  })

  it('R2.4: names of records that a field points to follow at the next full sync', async () => {
    const journey = await openJourney({
      ...small,
      yaml: (text) => text.replace('org_id.name: COMPANY', 'org_id.custom_fields.parent_company: COMPANY'),
    })
    const { state } = journey.sandbox.pipedrive
    const parent = state.insert('organization', { name: 'Parent One' })
    const child = state.insert('organization', {
      name: 'Child',
      custom_fields: { [fieldCode(journey, 'Parent company')]: parent.id },
    })
    addPerson(journey, 'child@test.example', { org_id: child.id })
    await complete(journey)
    expect(contactOf(journey, 'child@test.example').attributes.COMPANY).toBe('Parent One')
    state.patch('organization', parent.id, { name: 'Parent Two' })
    await complete(journey, true)
    expect(contactOf(journey, 'child@test.example').attributes.COMPANY).toBe('Parent Two')
  })

  it('R8.1: of an organization reaches its persons when the organization changes, and goes when it is deleted', async () => {
    const journey = await openJourney(small)
    const { state } = journey.sandbox.pipedrive
    const organization = state.insert('organization', { name: 'Before' })
    addPerson(journey, 'staff@test.example', { org_id: organization.id })
    await complete(journey)
    state.patch('organization', organization.id, { name: 'After' })
    await complete(journey)
    expect(contactOf(journey, 'staff@test.example').attributes.COMPANY).toBe('After')
    state.delete('organization', organization.id)
    await complete(journey, true)
    expect(contactOf(journey, 'staff@test.example').attributes.COMPANY).toBeUndefined()
  })
})
