import { describe, expect, test } from 'vitest'
import type { AttributeType, FieldType } from '../model/index.ts'
import type { AccountSurvey, SurveyedAttribute, SurveyedField } from './shapes.ts'
import { type Surveyed, suggestSettings } from './suggest-settings.ts'

function field(source: string, type: FieldType = 'text', part: Partial<SurveyedField> = {}): SurveyedField {
  const types: Partial<Record<FieldType, AttributeType>> = {
    number: 'float',
    money: 'float',
    date: 'date',
    flag: 'boolean',
  }
  return {
    source,
    label: source.split('.').at(-1) ?? source,
    group: 'person',
    custom: source.includes('custom_fields.'),
    type,
    attributeType: types[type] ?? 'text',
    samples: ['something'],
    ...part,
  }
}

function attribute(
  name: string,
  type: AttributeType = 'text',
  part: Partial<SurveyedAttribute> = {},
): SurveyedAttribute {
  return { name, type, writable: true, labels: null, ...part }
}

const standard = ['email', 'first_name', 'last_name', 'phone'].map((source) => field(source))
const names = [attribute('FIRSTNAME'), attribute('LASTNAME'), attribute('SMS')]

function suggest(part: Partial<Surveyed>) {
  return suggestSettings({
    fields: standard,
    attributes: names,
    pipelines: [],
    lists: [],
    phones: [],
    ...part,
  })
}

function rowsOf(part: Partial<Surveyed>): readonly string[] {
  return suggest(part).personMapping.map(({ source, target, because }) => `${source} ${target} ${because}`)
}

describe('the mapping', () => {
  test('begins with what every account has', () => {
    expect(rowsOf({})).toEqual([
      'email email standard',
      'first_name FIRSTNAME standard',
      'last_name LASTNAME standard',
      'phone SMS standard',
    ])
  })

  test.each([
    ['the German name where the own one is missing', [attribute('VORNAME')], 'VORNAME'],
    ['a Korean name', [attribute('이름')], '이름'],
    ["Brevo's own name before all others", [attribute('PRENOM'), attribute('FIRSTNAME')], 'FIRSTNAME'],
    ['a name to be made where there is none', [], 'FIRSTNAME'],
    [
      'a name to be made where the other cannot be written',
      [attribute('VORNAME', 'text', { writable: false })],
      'FIRSTNAME',
    ],
    ['none where two would do', [attribute('VORNAME'), attribute('PRENOM')], undefined],
    [
      'none where the own one cannot be written',
      [attribute('FIRSTNAME', 'text', { writable: false })],
      undefined,
    ],
  ])('gives the first name %s', (_, attributes, target) => {
    const rows = suggest({ attributes }).personMapping
    expect(rows.find(({ source }) => source === 'first_name')?.target).toBe(target)
  })

  test.each<[string, SurveyedField, SurveyedAttribute, boolean]>([
    ['by its key', field('job_title'), attribute('JOB_TITLE'), true],
    ['case, spaces and underscores aside', field('job_title'), attribute('JOBTITLE'), true],
    [
      'by what it is called',
      field('custom_fields.a1', 'text', { label: 'Lead Source' }),
      attribute('LEAD_SOURCE'),
      true,
    ],
    ['of an organization', field('org_id.website'), attribute('WEBSITE'), true],
    ['a number to a number', field('custom_fields.size', 'number'), attribute('SIZE', 'float'), true],
    ['anything to a text', field('custom_fields.size', 'number'), attribute('SIZE'), true],
    ['an option to a category', field('custom_fields.tier', 'option'), attribute('TIER', 'category'), true],
    [
      'several options to several',
      field('custom_fields.tags', 'options'),
      attribute('TAGS', 'multiple-choice'),
      true,
    ],
    ['no text to a date', field('custom_fields.since'), attribute('SINCE', 'date'), false],
    ['no text to a category', field('custom_fields.tier'), attribute('TIER', 'category'), false],
    [
      'nothing to what cannot be written',
      field('job_title'),
      attribute('JOB_TITLE', 'text', { writable: false }),
      false,
    ],
    ['nothing to the link', field('custom_fields.ext_id'), attribute('EXT_ID'), false],
    ['nothing to a number of Brevo', field('custom_fields.sms'), attribute('SMS'), false],
  ])('maps %s', (_, some, to, maps) => {
    const rows = rowsOf({ fields: [...standard, some], attributes: [...names, to] })
    expect(rows.includes(`${some.source} ${to.name} same_name`)).toBe(maps)
    if (!maps) expect(rows.some((row) => row.startsWith(`${some.source} `))).toBe(false)
  })

  test('tells of deals, and names the company', () => {
    const fields = [
      field('org_id.name', 'text', { group: 'organization' }),
      ...['open_deals_count', 'won_deals_count', 'total_revenue', 'last_deal_value'].map((source) =>
        field(source, 'number', { group: 'computed', samples: [] }),
      ),
    ]
    const attributes = [attribute('OPEN_DEALS', 'float'), attribute('WON_DEALS', 'date')]
    expect(rowsOf({ fields, attributes })).toEqual([
      'open_deals_count OPEN_DEALS same_name',
      'total_revenue LTV new_attribute',
      'org_id.name COMPANY new_attribute',
    ])
  })

  test('makes attributes for fields that are used, and for no others', () => {
    const fields = [
      field('custom_fields.source', 'text', { label: 'Lead source' }),
      field('custom_fields.empty', 'text', { samples: [] }),
      field('custom_fields.kanji', 'text', { label: '重要度' }),
      field('custom_fields.interest', 'text', { label: '관심 제품' }),
      field('notes'),
    ]
    expect(rowsOf({ fields, attributes: [] })).toEqual([
      'custom_fields.source LEAD_SOURCE new_attribute',
      'custom_fields.interest GWANSIM_JEPUM new_attribute',
    ])
  })

  test('never maps two fields to one attribute, nor one over another that does not fit', () => {
    const fields = [
      field('custom_fields.a', 'text', { label: 'Region' }),
      field('custom_fields.b', 'text', { label: 'region' }),
      field('custom_fields.c', 'text', { label: 'Since' }),
      field('custom_fields.d', 'text', { label: 'Ext ID' }),
    ]
    expect(rowsOf({ fields, attributes: [attribute('SINCE', 'date')] })).toEqual([
      'custom_fields.a REGION new_attribute',
    ])
  })

  test('makes twenty attributes at most', () => {
    const fields = Array.from({ length: 30 }, (_, index) => field(`custom_fields.f${index}`))
    expect(rowsOf({ fields, attributes: [] }).filter((row) => row.endsWith('new_attribute'))).toHaveLength(20)
  })
})

describe('lists', () => {
  test.each<[string, keyof AccountSurvey['suggestion']['lists'] | null]>([
    ['Customers', 'customers'],
    ['Our customers', 'customers'],
    ['Kunden', 'customers'],
    ['고객 목록', 'customers'],
    ['Churned', 'churned'],
    ['Lost customers', 'churned'],
    ['이탈고객', 'churned'],
    ['Qualified leads', 'qualifiedLeads'],
    ['리드', 'qualifiedLeads'],
    ['Newsletter', 'allContacts'],
    ['All contacts', 'allContacts'],
    ['전체', 'allContacts'],
    ['전체 연락처', 'allContacts'],
    ['VIP customers Berlin', null],
    ['Leading companies', null],
    ['Tajo', null],
    ['', null],
  ])('"%s" is for %s', (name, role) => {
    const none = { allContacts: null, qualifiedLeads: null, customers: null, churned: null }
    expect(suggest({ lists: [{ id: 7, name }] }).lists).toEqual(role === null ? none : { ...none, [role]: 7 })
  })

  test('two lists that could be meant leave it to a person', () => {
    const lists = [
      { id: 1, name: 'Customers' },
      { id: 2, name: 'All customers' },
      { id: 3, name: 'Leads' },
    ]
    expect(suggest({ lists }).lists).toMatchObject({ customers: null, qualifiedLeads: 3 })
  })

  test('a stage has the list of its name, where only one of each is called so', () => {
    const pipelines = [
      {
        id: 1,
        name: 'Sales',
        stages: [
          { id: 11, name: 'Demo' },
          { id: 12, name: 'Offer' },
        ],
      },
      {
        id: 2,
        name: 'Renewals',
        stages: [
          { id: 21, name: 'Offer' },
          { id: 22, name: 'Leads' },
        ],
      },
    ]
    const lists = ['demo ', 'Offer', 'Leads'].map((name, index) => ({ id: index + 1, name }))
    expect(suggest({ pipelines, lists }).stageLists).toEqual([{ stage: '11', listId: 1 }])
  })
})

describe('the country', () => {
  test.each([
    [
      'four of five numbers',
      ['+82 10 2345 6789', '+821023456780', '+821023456781', '+821023456782', '+493012345678'],
      'KR',
    ],
    ['fewer', ['+821023456789', '+821023456780', '+493012345678'], null],
    ['numbers without a country', ['010 2345 6789', '02 345 6789'], null],
    ['no valid number', ['+82', '+999 123'], null],
    ['none', [], null],
  ])('%s: %s', (_, phones, country) => {
    expect(suggest({ phones }).defaultCountry).toBe(country)
  })
})
