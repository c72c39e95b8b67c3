import { describe, expect, test } from 'vitest'
import { type CompanyAttribute, companyIdentityLabel, type MappingSetting } from '../model/index.ts'
import { sampleCatalogue, sampleField } from '../model/testdata/samples.ts'
import { type CompanySettings, resolveCompanyPlan } from './company-plan.ts'

const attribute = (
  name: string,
  label: string,
  changes: Partial<CompanyAttribute> = {},
): CompanyAttribute => ({
  name,
  label,
  type: 'text',
  labels: null,
  labelOfValue: {},
  writable: true,
  ...changes,
})

const known = [
  attribute('name', 'Company Name'),
  attribute('domain', 'Domain'),
  attribute('owner', 'Company owner', { writable: false, type: 'user' }),
  attribute('pipedrive_organization_id', companyIdentityLabel),
]
const catalogue = sampleCatalogue({ organizationFields: [sampleField('c', 'Customer code', 'text')] })

function resolve(
  mapping: Readonly<Record<string, string>>,
  changes: Partial<CompanySettings> = {},
  attributes: readonly CompanyAttribute[] = known,
) {
  const organizationMapping = Object.entries(mapping).map(
    ([source, target]): MappingSetting => ({ source, target, path: `organization_mapping.${source}` }),
  )
  const settings = {
    organizationMapping,
    createMissingAttributes: true,
    deleteBehavior: 'soft',
    ...changes,
  } as const
  return resolveCompanyPlan(settings, catalogue, attributes)
}

describe('organization_mapping', () => {
  test.each([
    ['an internal name', 'domain'],
    ['a label', 'Domain'],
    ['a label in another case', 'DOMAIN'],
  ])('R8.2 finds the attribute by %s', (_, target) => {
    const { plan, faults, missing } = resolve({ website: target })
    expect({ faults, missing }).toEqual({ faults: [], missing: [] })
    expect(plan?.attributes.map((item) => item.attribute.name)).toEqual(['domain'])
  })

  test('R8.2 takes name: name without a word, and nothing else into the name', () => {
    expect(resolve({ name: 'name' }).plan?.attributes).toEqual([])
    expect(resolve({ website: 'Company Name' }).faults).toMatchObject([
      { path: 'organization_mapping.website', severity: 'error' },
    ])
  })

  test.each([
    ['an unknown field', { websit: 'Domain' }, /did you mean website/],
    ['an unknown custom field', { 'custom_fields.customer_cod': 'Domain' }, /did you mean customer_code/],
    ['an attribute that cannot be written', { website: 'owner' }, /cannot write/],
    ['the identity', { website: companyIdentityLabel }, /cannot be mapped/],
    ['a label that is too long', { website: 'x'.repeat(51) }, /longer than the 50/],
  ])('R8.2 names %s', (_, mapping, words) => {
    const { plan, faults } = resolve(mapping as Record<string, string>)
    expect(plan).toBeNull()
    expect(faults.map(({ message }) => message)).toEqual([expect.stringMatching(words)])
  })

  test('R8.2 one attribute is not mapped twice, by whichever of its names', () => {
    const { faults } = resolve({ website: 'Domain', 'custom_fields.customer_code': 'domain' })
    expect(faults).toMatchObject([{ path: 'organization_mapping.custom_fields.customer_code' }])
  })

  test('R8.2 an attribute that is not there is made, or a fault with the nearest where it may not be', () => {
    const mapping = { 'custom_fields.customer_code': 'Domian' }
    expect(resolve(mapping)).toMatchObject({ plan: null, missing: [{ label: 'Domian', type: 'text' }] })
    const { faults, missing } = resolve(mapping, { createMissingAttributes: false })
    expect(missing).toEqual([])
    expect(faults.map(({ message }) => message)).toEqual([expect.stringMatching(/did you mean Domain/)])
  })

  test('R8.2 the identity attribute is made whatever create_missing_attributes says', () => {
    const { plan, missing, faults } = resolve({}, { createMissingAttributes: false }, known.slice(0, 3))
    expect({ plan, faults }).toEqual({ plan: null, faults: [] })
    expect(missing).toMatchObject([{ label: companyIdentityLabel, type: 'text' }])
  })
})
