/** Rule R2.1: what a source path means, and what is said when it means nothing. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { FieldDefinition } from '../model/index.ts'
import { sampleField } from '../model/testdata/samples.ts'
import { computedNames } from './computed.ts'
import { resolvePath } from './source-path.ts'

const leadSource = sampleField('a', 'Lead source', 'text')
const region = sampleField('b', 'Region', 'option')
const regionAgain = sampleField('c', 'REGION', 'text')
const industry = sampleField('d', 'Industry', 'option')
const dotted = sampleField('e', 'Size (m.)', 'number')
const jobTitle: FieldDefinition = {
  key: 'job_title',
  name: 'Position',
  type: 'text',
  custom: false,
  options: {},
}
const fields = {
  person: [leadSource, region, regionAgain, dotted, jobTitle],
  organization: [industry],
}

const fieldAt = (path: string): FieldDefinition | null => {
  const { source } = resolvePath(path, fields)
  return source?.kind === 'field' ? source.field : null
}
const problemOf = (path: string): string | null => resolvePath(path, fields).problem

describe('a custom field', () => {
  test.each([
    ['its key', `custom_fields.${leadSource.key}`, leadSource],
    ['its exact name', 'custom_fields.Lead source', leadSource],
    ['the slug of its name', 'custom_fields.lead_source', leadSource],
    ['its name in another case', 'custom_fields.LEAD SOURCE', leadSource],
    ['its name with a dot', 'custom_fields.Size (m.)', dotted],
    ['its exact name where another differs in case', 'custom_fields.Region', region],
    ['the other exact name', 'custom_fields.REGION', regionAgain],
    ['its key where names clash', `custom_fields.${regionAgain.key}`, regionAgain],
  ])('R2.1 is found by %s', (_, path, field) => {
    expect(fieldAt(path)).toBe(field)
  })

  test('R2.1 of the organization is found among its fields only', () => {
    expect(fieldAt('org_id.custom_fields.industry')).toBe(industry)
    expect(fieldAt(`org_id.custom_fields.${industry.key}`)).toBe(industry)
    expect(fieldAt('custom_fields.industry')).toBeNull()
    expect(fieldAt('org_id.custom_fields.lead_source')).toBeNull()
  })

  test('R2.1 that several fields could be is refused, with all of them', () => {
    const problem = problemOf('custom_fields.region')
    expect(problem).toContain('several custom fields match')
    for (const field of [region, regionAgain]) {
      expect(problem).toContain(`"${field.name}" (${field.key})`)
    }
  })

  test('R2.1 that nobody knows is refused, with the nearest and the candidates', () => {
    const problem = problemOf('custom_fields.lead_sorce')
    expect(problem).toMatch(/^custom_fields\.lead_sorce: no custom field/)
    expect(problem).toContain('did you mean lead_source?')
    expect(problem).toContain('(there are: lead_source, region, region, size_m)')
  })

  test('R2.1 of an account without any is refused in so many words', () => {
    expect(resolvePath('custom_fields.x', { person: [jobTitle], organization: [] }).problem).toBe(
      'custom_fields.x: this account has no custom field here',
    )
  })

  test('R2.1 a long list of candidates is cut', () => {
    const many = Array.from({ length: 30 }, (_, i) => sampleField('f', `Field ${i}`, 'text'))
    expect(resolvePath('custom_fields.zzz', { person: many, organization: [] }).problem).toContain(
      'and 18 more',
    )
  })

  test('R2.1 a path of signs alone is nobody, even beside a field named in signs', () => {
    const signs = { person: [sampleField('f', '???', 'text')], organization: [] }
    expect(resolvePath('custom_fields.!!!', signs).problem).not.toBeNull()
    expect(resolvePath('custom_fields.???', signs).problem).toBeNull()
  })
})

describe('a built-in field', () => {
  test.each([
    'name',
    'first_name',
    'last_name',
    'owner_id.name',
    'label_ids',
    'add_time',
    'birthday',
    'notes',
  ])('R2.1 %s exists even where the field list leaves it out', (path) => {
    expect(fieldAt(path)?.key).toBe(path.replace('.name', ''))
  })

  test('R2.1 is taken from the field list where it stands there', () => {
    expect(fieldAt('job_title')).toBe(jobTitle)
  })

  test('R2.1 e-mail, phone and organization have sources of their own', () => {
    expect(resolvePath('email', fields).source).toEqual({ kind: 'email' })
    expect(resolvePath('phone', fields).source).toEqual({ kind: 'phone' })
    expect(resolvePath('org_id', fields).source).toEqual({ kind: 'organization-name' })
    expect(resolvePath('org_id.name', fields).source).toEqual({ kind: 'organization-name' })
  })

  test.each([
    'address',
    'website',
    'industry',
    'annual_revenue',
    'employee_count',
    'owner_id.name',
    'label_ids',
  ])('R2.1 org_id.%s is a field of the organization', (path) => {
    expect(resolvePath(`org_id.${path}`, fields).source).toMatchObject({ kind: 'field', of: 'organization' })
  })

  test('R2.1 only what points to a record has a name', () => {
    expect(problemOf('job_title.name')).toContain('no such person field')
  })

  test('R2.1 with a slip suggests the nearest', () => {
    expect(problemOf('frist_name')).toContain('did you mean first_name?')
    expect(problemOf('emial')).toContain('did you mean email?')
    expect(problemOf('won_deal_count')).toContain('did you mean won_deals_count?')
    expect(problemOf('org_id.webiste')).toContain('no such organization field; did you mean website?')
  })

  test('R2.1 a custom field without its prefix is pointed to', () => {
    expect(problemOf('lead_source')).toBe('lead_source: a custom field is written custom_fields.lead_source')
  })

  test.each(['constructor', 'toString', '__proto__', 'org_id.constructor', 'custom_fields.constructor', ''])(
    'R2.1 "%s" is no field',
    (path) => {
      expect(problemOf(path)).not.toBeNull()
    },
  )
})

test.each(computedNames)('R2.3 %s is computed, and not of the organization', (name) => {
  expect(resolvePath(name, fields).source).toEqual({ kind: 'computed', name })
  expect(problemOf(`org_id.${name}`)).toContain('no such organization field')
})

describe('laws of paths', () => {
  test('R2.1 any custom field is found by its key, and by its name if no other has it', () => {
    const names = fc.uniqueArray(fc.string({ minLength: 1, maxLength: 12 }), { minLength: 1, maxLength: 6 })
    fc.assert(
      fc.property(names, (all) => {
        const person = all.map((name, i) => sampleField(String(i), name, 'text'))
        for (const field of person) {
          const byKey = resolvePath(`custom_fields.${field.key}`, { person, organization: [] }).source
          expect(byKey).toEqual({ kind: 'field', of: 'person', field })
          const byName = resolvePath(`custom_fields.${field.name}`, { person, organization: [] }).source
          expect(byName).toEqual({ kind: 'field', of: 'person', field })
        }
      }),
    )
  })

  test('R2.1 any other path is refused with its own text in front', () => {
    fc.assert(
      fc.property(fc.string(), (path) => {
        const { source, problem } = resolvePath(path, { person: [], organization: [] })
        expect((source === null) !== (problem === null)).toBe(true)
        if (problem !== null) expect(problem.startsWith(`${path}: `)).toBe(true)
      }),
    )
  })
})
