/** What goes back to Pipedrive, resolved: every field that can, none that cannot, and faults that name the remedy. */
import { describe, expect, test } from 'vitest'
import type { ReverseSettings, SettingFault } from '../model/index.ts'
import { sampleAttribute, sampleCatalogue, sampleField, sampleSettings } from '../model/testdata/samples.ts'
import type { MappedAttribute } from './plan.ts'
import { consentFieldState, resolveReverse } from './reverse-plan.ts'
import { resolvePath, type Source } from './source-path.ts'

const consent = sampleField('c', 'Brevo consent', 'option', {
  '1': 'Subscribed',
  '2': 'bounced',
  '3': 'unsubscribed',
  '4': 'complained',
})
const personFields = [
  sampleField('t', 'Tier', 'option', { '1': 'Gold' }),
  sampleField('w', 'Owner since', 'user'),
  consent,
  {
    key: 'label_ids',
    name: 'Labels',
    type: 'options' as const,
    custom: false,
    options: { '5': 'Newsletter' },
  },
]
const catalogue = sampleCatalogue({ personFields })
const users = [
  { id: 7, name: 'Grace Hopper', email: 'grace@acme.test' },
  { id: 8, name: 'Alan Turing', email: null },
]

const settings: ReverseSettings = {
  conflict: 'newest',
  createPersons: 'never',
  personOwner: null,
  personLabel: null,
  consentField: null,
  fields: {},
}

function mapped(path: string, name: string): MappedAttribute {
  const { source } = resolvePath(path, { person: personFields, organization: [] })
  if (source === null) throw new Error(`no source ${path}`)
  return { attribute: sampleAttribute(name, 'text'), source, path: `person_mapping.${path}` }
}

const mapping = [
  mapped('first_name', 'FIRSTNAME'),
  mapped('custom_fields.tier', 'TIER'),
  mapped('won_deals_count', 'WON'),
  mapped('org_id.name', 'COMPANY'),
  mapped('owner_id', 'OWNER'),
  mapped('custom_fields.owner_since', 'GUARDIAN'),
  mapped('email', 'ADDRESS'),
  mapped('add_time', 'ADDED'),
]

function resolve(changes: Partial<ReverseSettings>, sms: Source = { kind: 'phone' }) {
  const faults: SettingFault[] = []
  const plan = resolveReverse(
    sampleSettings({ reverse: { ...settings, ...changes } }),
    mapping,
    sms,
    { catalogue, users },
    faults,
  )
  return { plan, faults }
}

describe('the fields', () => {
  test('R9.1 are the address, the number, and what can be turned back; never computed or the organization’s', () => {
    const { plan, faults } = resolve({})
    expect(plan?.fields.map(({ name }) => name)).toEqual(['EMAIL', 'SMS', 'FIRSTNAME', 'TIER'])
    expect(faults).toEqual([])
  })

  test('R9.1 are narrowed by direction', () => {
    const { plan } = resolve({ fields: { SMS: 'to_brevo', TIER: 'to_pipedrive' } })
    expect(plan?.fields.map(({ name, way }) => `${name} ${way}`)).toEqual([
      'EMAIL both',
      'FIRSTNAME both',
      'TIER to_pipedrive',
    ])
  })

  test.each([
    ['WON', /computed/],
    ['COMPANY', /organization/],
    ['GUARDIAN', /kind/],
    ['ADDRESS', /name EMAIL instead/],
    ['ADDED', /add_time.*kind/],
  ])('that cannot go back are a fault when they are told to: %s', (name, message) => {
    expect(resolve({ fields: { [name]: 'both' } }).faults).toMatchObject([
      { path: `reverse_sync.fields.${name}`, severity: 'error', message: expect.stringMatching(message) },
    ])
    expect(resolve({ fields: { [name]: 'to_brevo' } }).faults).toEqual([])
  })

  test.each([
    ['phone', ['SMS field']],
    ['text', ['SMS field']],
    ['number', []],
    ['option', []],
  ] as const)('R9.1 a number that is kept in a custom field of type %s', (type, expected) => {
    const source: Source = { kind: 'field', of: 'person', field: sampleField('n', 'Mobile', type) }
    const { plan } = resolve({}, source)
    const found = plan?.fields.filter(({ name }) => name === 'SMS')
    expect(found?.map(({ name, part }) => `${name} ${part}`)).toEqual(expected)
    expect(resolve({ fields: { SMS: 'both' } }, source).faults).toHaveLength(1 - expected.length)
  })

  test('R9.5 leave the consent field out, which is no value to edit', () => {
    const both = { ...mapped('custom_fields.brevo_consent', 'CONSENT') }
    const faults: SettingFault[] = []
    const plan = resolveReverse(
      sampleSettings({
        reverse: { ...settings, consentField: 'Brevo consent', fields: { CONSENT: 'both' } },
      }),
      [both],
      null,
      { catalogue, users },
      faults,
    )
    expect(plan?.fields.map(({ name }) => name)).toEqual(['EMAIL'])
    expect(faults).toMatchObject([
      {
        path: 'reverse_sync.fields.CONSENT',
        message: expect.stringMatching(/consent field/),
      },
    ])
  })

  test('are none at all when nothing goes back', () => {
    const faults: SettingFault[] = []
    expect(resolveReverse(sampleSettings(), mapping, null, { catalogue, users }, faults)).toBeNull()
  })
})

describe('the consent field', () => {
  test.each(['Brevo consent', 'brevo_consent', consent.key, 'custom_fields.brevo_consent'])(
    'R9.5 is found by %s',
    (name) => {
      const { plan, faults } = resolve({ consentField: name })
      expect([plan?.consentField?.key, faults]).toEqual([consent.key, []])
    },
  )

  test('R9.5 that is not there names the way to make it', () => {
    const [fault] = resolve({ consentField: 'Consent' }).faults
    expect(fault).toMatchObject({
      path: 'reverse_sync.consent_field',
      message: expect.stringMatching(/check --fix/),
    })
  })

  test('R9.5 that lacks options says which', () => {
    const some = sampleField('c', 'Brevo consent', 'option', { '1': 'Subscribed', '2': ' bounced' })
    const faults: SettingFault[] = []
    resolveReverse(
      sampleSettings({ reverse: { ...settings, consentField: 'Brevo consent' } }),
      [],
      null,
      { catalogue: sampleCatalogue({ personFields: [some] }), users },
      faults,
    )
    expect(faults).toMatchObject([
      {
        path: 'reverse_sync.consent_field',
        severity: 'error',
        message: expect.stringMatching(/no option unsubscribed, complained.*check --fix/),
      },
    ])
  })

  test('R9.5 of which there are two is asked back, and never made a third time', () => {
    const twice = [sampleField('1', 'Consent', 'text'), sampleField('2', 'Consent', 'text')]
    expect(consentFieldState('Consent', twice)).toMatchObject({
      kind: 'unfit',
      problem: expect.stringMatching(/several custom fields match/),
    })
    expect(consentFieldState('1'.repeat(40), twice).kind).toBe('fits')
  })

  test('of another kind is no field for it', () => {
    expect(resolve({ consentField: 'Owner since' }).faults[0]?.message).toMatch(/cannot hold it/)
  })
})

describe('new persons', () => {
  const all = { createPersons: 'all' } as const

  test.each(['7', 'grace@acme.test', 'grace hopper'])('R9.4 belong to %s', (personOwner) => {
    expect(resolve({ ...all, personOwner }).plan?.ownerId).toBe(7)
  })

  test.each(['Newsletter', '5'])('R9.4 get the label %s', (personLabel) => {
    expect(resolve({ ...all, personLabel }).plan?.labelId).toBe(5)
  })

  test('R9.4 of an owner or a label that is not there are a fault that lists who is', () => {
    const { faults } = resolve({ ...all, personOwner: 'Ada', personLabel: 'VIP' })
    expect(faults.map(({ path, message }) => `${path} ${message}`)).toEqual([
      expect.stringMatching(/^reverse_sync.person_owner .*7 Grace Hopper, 8 Alan Turing/),
      expect.stringMatching(/^reverse_sync.person_label .*5 Newsletter/),
    ])
  })

  test('nobody asks for owners while none are made', () => {
    expect(resolve({ personOwner: 'Ada' }).faults).toEqual([])
  })
})
