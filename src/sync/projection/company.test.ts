import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  type AttributeType,
  type Company,
  type CompanyAttribute,
  companyIdentityLabel,
  type FieldDefinition,
  type FieldValue,
} from '../model/index.ts'
import { sampleField, sampleOrganization } from '../model/testdata/samples.ts'
import { attributesToClear, isSameCompany, projectCompany } from './company.ts'
import type { CompanyPlan } from './company-plan.ts'

const identity = attribute('id', 'text', companyIdentityLabel)
const nobody = { organizationName: () => undefined, personName: () => undefined }

function attribute(name: string, type: AttributeType, label = name): CompanyAttribute {
  return { name, label, type, labels: null, labelOfValue: {}, writable: true }
}

function planFor(type: AttributeType, field: FieldDefinition): CompanyPlan {
  const mapped = attribute('target', type)
  return {
    identity,
    mapped: [mapped],
    attributes: [{ attribute: mapped, source: { kind: 'field', of: 'organization', field } }],
    users: { '7': 'Olive' },
    deleteBehavior: 'soft',
    needsUsers: true,
    fingerprint: 'plan',
  }
}

const field = sampleField('f', 'Field', 'text')

function project(value: FieldValue | null, type: AttributeType, changes: Partial<FieldDefinition> = {}) {
  const organization = sampleOrganization({ fields: value ? { [field.key]: value } : {} })
  return projectCompany(organization, planFor(type, { ...field, ...changes }), nobody)
}

describe('the wanted company', () => {
  test.each([
    ['text', { kind: 'text', text: ' hello ' }, 'text', 'hello'],
    ['money as its number', { kind: 'money', amount: 12.5, currency: 'EUR' }, 'float', 12.5],
    ['a user by name', { kind: 'reference', entity: 'user', id: 7 }, 'text', 'Olive'],
    ['a timestamp as its day', { kind: 'timestamp', at: '2026-03-04T23:00:00.000Z' }, 'date', '2026-03-04'],
    ['a flag', { kind: 'flag', flag: true }, 'boolean', true],
  ] as const)('R2.4 R8.2 has %s', (_, value, type, expected) => {
    expect(project(value, type)).toMatchObject({
      company: { attributes: { target: expected } },
      warnings: [],
    })
  })

  test('R2.4 an option by its label', () => {
    const options = { '3': 'Steel' }
    expect(project({ kind: 'option', id: '3' }, 'text', { type: 'option', options })).toMatchObject({
      company: { attributes: { target: 'Steel' } },
    })
  })

  test('R2.4 a value that does not fit is left out with a warning, and not cleared either', () => {
    expect(project({ kind: 'text', text: 'many' }, 'float')).toMatchObject({
      company: { attributes: {} },
      keep: ['target'],
      warnings: [{ code: 'type_mismatch', subject: 'target' }],
    })
  })

  test('R8.2 an organization without a name is none, and says why', () => {
    const plan = planFor('text', field)
    expect(projectCompany(sampleOrganization({ name: ' ' }), plan, nobody)).toEqual({
      company: null,
      problem: 'no_name',
    })
  })
})

describe('what is to be emptied', () => {
  const plan = planFor('text', field)
  const wanted = { organizationId: 1, name: 'Acme', attributes: {} }

  test('R2.5 is what Tajo wrote and the source no longer has', () => {
    expect(attributesToClear(wanted, [], ['target', 'unmapped'], plan)).toEqual(['target'])
  })

  test('R2.5 is nothing that Tajo never wrote, that is kept, or that has a value', () => {
    expect(attributesToClear(wanted, [], [], plan)).toEqual([])
    expect(attributesToClear(wanted, ['target'], ['target'], plan)).toEqual([])
    expect(attributesToClear({ ...wanted, attributes: { target: 'x' } }, [], ['target'], plan)).toEqual([])
  })
})

describe('the comparison with Brevo', () => {
  const seen = (changes: Partial<Company>): Company => ({
    companyId: 'c1',
    organizationId: 1,
    name: 'Acme',
    attributes: {},
    contacts: [],
    ...changes,
  })

  test('R6.3 what is wanted and shown is the same, whatever else is there', () => {
    const value = fc.oneof(fc.string(), fc.integer(), fc.boolean(), fc.array(fc.string()))
    fc.assert(
      fc.property(fc.dictionary(fc.string(), value), fc.dictionary(fc.string(), value), (wanted, more) => {
        const attributes = { ...more, ...wanted }
        expect(
          isSameCompany({ organizationId: 1, name: 'Acme', attributes: wanted }, seen({ attributes })),
        ).toBe(true)
      }),
    )
  })

  test.each([
    ['the name', { name: 'Other' }],
    ['the id', { organizationId: 2 }],
    ['a value', { attributes: { a: 2 } }],
    ['an absent value', { attributes: {} }],
  ])('R6.3 %s makes a difference', (_, changes) => {
    const wanted = { organizationId: 1, name: 'Acme', attributes: { a: 1 } }
    expect(isSameCompany(wanted, seen({ attributes: { a: 1 }, ...changes }))).toBe(false)
  })
})
