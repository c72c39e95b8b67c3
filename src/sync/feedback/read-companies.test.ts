import { describe, expect, test } from 'vitest'
import { companyIdentityLabel } from '../model/index.ts'
import { fromBrevoCompany, fromBrevoCompanyAttribute } from './read-companies.ts'

const options = [
  { key: 'option_1', value: 'Steel' },
  { key: 'option_2', value: 'Glass' },
]
const identity = fromBrevoCompanyAttribute({
  internalName: 'pd_id',
  label: companyIdentityLabel,
  attributeTypeName: 'text',
})
const mapped = [
  { internalName: 'size', label: 'Size', attributeTypeName: 'number' },
  { internalName: 'since', label: 'Since', attributeTypeName: 'date' },
  { internalName: 'key', label: 'Key account', attributeTypeName: 'boolean' },
  { internalName: 'trade', label: 'Trade', attributeTypeName: 'single-select', attributeOptions: options },
  { internalName: 'goods', label: 'Goods', attributeTypeName: 'multi-choice', attributeOptions: options },
].map(fromBrevoCompanyAttribute)

const read = (attributes: Record<string, unknown>, linkedContactsIds?: number[]) =>
  fromBrevoCompany({ id: 'c1', attributes, linkedContactsIds }, { identity, mapped })

describe('a company of Brevo', () => {
  test.each([
    ['as keys', 'option_1', ['option_2', 'option_1']],
    ['as labels', 'Steel', ['Steel', 'Glass']],
  ])('R8.2 has its choices as labels, answered %s', (_, trade, goods) => {
    expect(read({ trade, goods }).attributes).toEqual({ trade: 'Steel', goods: ['Glass', 'Steel'] })
  })

  test('R8.2 has values as they are compared, and no empty ones', () => {
    const attributes = { size: '12', since: '2026-03-04T00:00:00Z', key: 'true', trade: '', unmapped: 'x' }
    expect(read(attributes).attributes).toEqual({ size: 12, since: '2026-03-04', key: true })
  })

  test.each([
    ['a number', 5, 5],
    ['a text', '5', 5],
    ['nothing', undefined, null],
    ['no id', 'five', null],
  ])('R8.2 belongs to the organization whose id it carries: %s', (_, pd_id, organizationId) => {
    expect(read({ pd_id, name: 'Acme' }, [3, 1, 3])).toEqual({
      companyId: 'c1',
      organizationId,
      name: 'Acme',
      attributes: {},
      contacts: [1, 3],
    })
  })
})

test.each([
  ['one that Brevo counts itself', { internalName: 'n', attributeTypeName: 'number', isValueReadonly: true }],
  ['a user', { internalName: 'owner', attributeTypeName: 'user' }],
  ['a phone number, which needs a country code', { internalName: 'phone_number', attributeTypeName: 'text' }],
  ['a kind that is not known', { internalName: 'x', attributeTypeName: 'hologram' }],
])('R8.2 an attribute cannot be written that is %s', (_, attribute) => {
  expect(fromBrevoCompanyAttribute(attribute).writable).toBe(false)
})
