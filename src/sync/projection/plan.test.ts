/** Rules R2.6 and R3.4: what does not fit the accounts is found before the first write. */
import { describe, expect, test } from 'vitest'
import type { Attribute, FieldDefinition, SyncSettings } from '../model/index.ts'
import {
  sampleAttribute,
  sampleCatalogue,
  sampleField,
  sampleMapping,
  sampleSettings,
} from '../model/testdata/samples.ts'
import { type BrevoAccount, type PlanResult, resolvePlan } from './plan.ts'

const catalogue = sampleCatalogue({
  personFields: [
    sampleField('a', 'Score', 'number'),
    sampleField('b', 'Tier', 'option', { '1': 'Gold' }),
    sampleField('c', 'Rep', 'user'),
    sampleField('d', 'Parent', 'organization'),
    sampleField('e', 'Since', 'date'),
    sampleField('f', 'Vip', 'flag'),
    sampleField('0', 'Budget', 'money'),
    sampleField('1', 'Interests', 'options'),
    sampleField('2', 'Term', 'date-range'),
  ],
})

function brevo(
  attributes: readonly (Attribute & { writable?: boolean })[] = [],
  lists: number[] = [],
): BrevoAccount {
  return {
    attributes: new Map(attributes.map((item) => [item.name, { writable: true, ...item }])),
    lists: new Map(lists.map((id) => [id, `List ${id}`])),
  }
}

const mapped = (...rows: [string, string][]) =>
  sampleSettings({ personMapping: rows.map(([source, target]) => sampleMapping(source, target)) })
const entities = sampleSettings().entities
const noLists = sampleSettings().lists
const errors = (result: PlanResult) =>
  result.faults
    .filter((fault) => fault.severity === 'error')
    .map((fault) => `${fault.path}: ${fault.message}`)
const resolve = (settings: SyncSettings, account = brevo()) => resolvePlan(settings, catalogue, account)

describe('attributes', () => {
  test('R2.6 what Brevo has is used as it is', () => {
    const score = sampleAttribute('SCORE', 'text')
    const result = resolve(mapped(['custom_fields.score', 'SCORE']), brevo([score]))
    expect(result.missingAttributes).toEqual([])
    expect(result.plan?.attributes[0]?.attribute).toMatchObject({ name: 'SCORE', type: 'text' })
  })

  test.each([
    ['name', 'text'],
    ['add_time', 'date'],
    ['birthday', 'date'],
    ['org_id.name', 'text'],
    ['org_id.annual_revenue', 'float'],
    ['phone', 'text'],
    ['custom_fields.score', 'float'],
    ['custom_fields.budget', 'float'],
    ['custom_fields.tier', 'text'],
    ['custom_fields.interests', 'text'],
    ['custom_fields.since', 'date'],
    ['custom_fields.term', 'text'],
    ['custom_fields.vip', 'boolean'],
    ['total_revenue', 'float'],
    ['open_leads_count', 'float'],
    ['last_won_time', 'date'],
    ['next_activity_date', 'date'],
    ['last_deal_stage', 'text'],
    ['last_deal_pipeline', 'text'],
    ['last_deal_value', 'float'],
  ])('R2.6 a missing attribute for %s is planned with type %s', (source, type) => {
    const { plan, missingAttributes } = resolve(mapped([source, 'NEW']))
    expect(missingAttributes).toEqual([{ name: 'NEW', type, path: `person_mapping.${source}` }])
    expect(plan?.attributes[0]?.attribute.type).toBe(type)
  })

  test('R2.6 with create_missing_attributes: false a missing attribute is an error that names the type', () => {
    const result = resolve({ ...mapped(['total_revenue', 'REVENUE']), createMissingAttributes: false })
    expect(result.plan).toBeNull()
    expect(result.missingAttributes).toEqual([])
    expect(errors(result)).toEqual([
      'person_mapping.total_revenue: Brevo has no attribute REVENUE: create it there (type float), or set create_missing_attributes: true',
    ])
  })

  test('R2.6 an attribute that cannot be written is refused', () => {
    const account = brevo([{ ...sampleAttribute('SUM', 'float'), writable: false }])
    const result = resolve(mapped(['name', 'SUM']), account)
    expect(result.plan).toBeNull()
    expect(errors(result)[0]).toContain(
      'person_mapping.name: the Brevo attribute SUM is of a kind that cannot be written',
    )
  })

  test('R1.3 EXT_ID cannot be mapped', () => {
    const result = resolve(mapped(['id', 'EXT_ID']))
    expect(result.plan).toBeNull()
    expect(errors(result)[0]).toContain('EXT_ID holds the link')
  })

  test('R2.2 the target email takes nothing but the e-mail, and is no attribute', () => {
    expect(errors(resolve(mapped(['name', 'email'])))[0]).toContain('not name')
    expect(errors(resolve(mapped(['name', 'EMAIL'])))).toHaveLength(1)
    const result = resolve(mapped(['email', 'email']))
    expect(result.plan?.attributes).toEqual([])
    expect(result.missingAttributes).toEqual([])
  })

  test('R2.2 the target SMS is the phone number, and no attribute', () => {
    const { plan, missingAttributes } = resolve(mapped(['phone', 'SMS']))
    expect(plan?.sms).toEqual({ kind: 'phone' })
    expect(plan?.attributes).toEqual([])
    expect(missingAttributes).toEqual([])
  })

  test('R2.1 an unknown path is an error at its place, and every error is told at once', () => {
    const result = resolve(mapped(['frist_name', 'A'], ['custom_fields.scoer', 'B'], ['name', 'EXT_ID']))
    expect(result.plan).toBeNull()
    expect(errors(result)).toHaveLength(3)
    expect(errors(result)[0]).toMatch(/^person_mapping\.frist_name: frist_name: .*did you mean first_name\?/)
  })
})

describe('entities that are switched off', () => {
  test.each([
    ['won_deals_count', 'deals'],
    ['last_deal_stage', 'deals'],
    ['next_activity_date', 'activities'],
    ['open_leads_count', 'leads'],
  ] as const)('R2.3 %s without sync.%s is an error', (source, part) => {
    const result = resolve({ ...mapped([source, 'A']), entities: { ...entities, [part]: false } })
    expect(result.plan).toBeNull()
    expect(errors(result)[0]).toContain(`${source} needs sync.${part}`)
  })

  test('R3.4 a list for a stage without sync.deals is an error', () => {
    const settings = sampleSettings({
      entities: { ...entities, deals: false },
      stageLists: [{ stage: { kind: 'won' }, listId: 1, path: 'deal_stage_mapping.won' }],
    })
    expect(errors(resolve(settings, brevo([], [1])))).toEqual([
      'deal_stage_mapping.won: a list for a stage needs sync.deals',
    ])
  })

  test('R8.2 sync.organizations: false leaves org_id paths alone', () => {
    const result = resolve({
      ...mapped(['org_id.name', 'COMPANY']),
      entities: { ...entities, organizations: false },
    })
    expect(result.faults).toEqual([])
    expect(result.plan?.needs.organizations).toBe(true)
  })
})

describe('lists and stages', () => {
  const stageList = (
    stage: SyncSettings['stageLists'][number]['stage'],
    listId = 1,
    path = 'deal_stage_mapping.x',
  ) => ({
    stage,
    listId,
    path,
  })
  const withStages = (...stageLists: SyncSettings['stageLists'][number][]) => sampleSettings({ stageLists })
  const oneList = brevo([], [1, 2])

  test('R3.4 a list that Brevo lacks is an error that names those it has', () => {
    const lists = { allContacts: 1, qualifiedLeads: 8, customers: 9, churned: null }
    const result = resolve(sampleSettings({ lists }), brevo([], [1]))
    expect(result.plan).toBeNull()
    expect(errors(result)).toEqual([
      'lists.qualified_leads: Brevo has no list 8 (there are: 1 List 1)',
      'lists.customers: Brevo has no list 9 (there are: 1 List 1)',
    ])
    expect(errors(resolve(sampleSettings({ lists: { ...noLists, churned: 3 } })))[0]).toContain(
      'there are: none',
    )
    expect(errors(resolve(withStages(stageList({ kind: 'won' }, 7)), brevo([], [1])))[0]).toContain(
      'no list 7',
    )
  })

  test('R3.4 stages are found by id, or by pipeline and name whatever the case', () => {
    const result = resolve(
      withStages(
        stageList({ kind: 'id', id: 10 }),
        stageList({ kind: 'name', pipeline: 'sales', stage: ' OFFER ' }, 2),
      ),
      oneList,
    )
    expect(result.plan?.lists.stages).toEqual(
      new Map([
        [10, 1],
        [11, 2],
      ]),
    )
  })

  test('R3.4 won and lost are no stages', () => {
    const { plan } = resolve(withStages(stageList({ kind: 'won' }), stageList({ kind: 'lost' }, 2)), oneList)
    expect(plan?.lists).toMatchObject({ won: 1, lost: 2, stages: new Map() })
  })

  test.each([
    ['an id', { kind: 'id', id: 99 }, 'Pipedrive has no stage 99'],
    ['a name', { kind: 'name', pipeline: 'Sales', stage: 'Gone' }, 'Pipedrive has no stage "Sales/Gone"'],
    [
      'a pipeline',
      { kind: 'name', pipeline: 'Other', stage: 'Offer' },
      'Pipedrive has no stage "Other/Offer"',
    ],
  ] as const)('R3.4 %s that Pipedrive lacks is an error that names the stages', (_, stage, message) => {
    const result = resolve(withStages(stageList(stage)), oneList)
    expect(result.plan).toBeNull()
    expect(errors(result)[0]).toContain(message)
    expect(errors(result)[0]).toContain('10 "Sales/Lead In", 11 "Sales/Offer"')
  })

  test('R3.4 a name that two stages have is an error', () => {
    const twins = sampleCatalogue({
      stages: [10, 11].map((id) => ({ id, name: 'Offer', pipelineId: 1, order: id })),
    })
    const settings = withStages(stageList({ kind: 'name', pipeline: 'Sales', stage: 'Offer' }))
    expect(errors(resolvePlan(settings, twins, oneList))[0]).toContain(
      'is the name of 2 stages: use the stage id',
    )
  })

  test('R3.4 one stage cannot have two lists', () => {
    const result = resolve(
      withStages(
        stageList({ kind: 'id', id: 10 }),
        stageList({ kind: 'name', pipeline: 'Sales', stage: 'Lead In' }, 2),
      ),
      oneList,
    )
    expect(errors(result)).toEqual(['deal_stage_mapping.x: stage 10 has a list already'])
  })

  test('R3.1 a list with two meanings is a warning, and the plan stands', () => {
    const settings = sampleSettings({ lists: { ...noLists, allContacts: 1, customers: 1 } })
    const { plan, faults } = resolve(settings, brevo([], [1]))
    expect(plan).not.toBeNull()
    expect(faults).toMatchObject([{ path: 'lists.customers', severity: 'warning' }])
  })
})

describe('what is read', () => {
  const withoutCompanies = (settings: SyncSettings): SyncSettings => ({
    ...settings,
    entities: { ...settings.entities, organizations: false },
  })
  const needs = (settings: SyncSettings) => resolve(withoutCompanies(settings), brevo([], [1])).plan?.needs
  const nothing = { deals: false, organizations: false, activities: false, leads: false, users: false }

  test('R5.3 R8.2 events need their records and the names of users, companies the organizations', () => {
    const told = (event: string) => needs(sampleSettings({ events: { [event]: 'x' } }))
    expect(told('deal stage_changed')).toEqual({ ...nothing, deals: true, users: true })
    expect(told('activity added')).toEqual({ ...nothing, activities: true, users: true })
    expect(told('lead added')).toEqual({ ...nothing, leads: true, users: true })
    expect(resolve(sampleSettings(), brevo([], [1])).plan?.needs).toEqual({ ...nothing, organizations: true })
  })

  test('R5.4 events carry custom deal fields by key, name or slug, under names that Brevo takes', () => {
    const field = (key: string, name: string): FieldDefinition => ({
      key,
      name,
      type: 'text',
      custom: true,
      options: {},
    })
    const dealCatalogue = sampleCatalogue({
      dealFields: [field('a', 'Région du client'), field('b', '規模'), field('c', 'Other')],
    })
    const carried = (...sources: string[]) =>
      resolvePlan(
        sampleSettings({ dealFields: sources.map((source) => ({ source, path: 'events.deal_fields[0]' })) }),
        dealCatalogue,
        brevo([], [1]),
      )
    expect(
      carried('a', '規模', 'custom_fields.other').plan?.dealFields.map(({ property }) => property),
    ).toEqual(['region_du_client', 'b', 'other'])
    expect(carried('size').plan).toBeNull()
    expect(carried('size').faults[0]).toMatchObject({ path: 'events.deal_fields[0]', severity: 'error' })
  })

  test('is only what something depends on', () => {
    expect(needs(mapped(['name', 'A']))).toEqual(nothing)
    expect(needs(mapped(['won_deals_count', 'A']))).toEqual({ ...nothing, deals: true })
    expect(needs(mapped(['last_activity_date', 'A']))).toEqual({ ...nothing, activities: true })
    expect(needs(mapped(['open_leads_count', 'A']))).toEqual({ ...nothing, leads: true })
    expect(needs(mapped(['org_id.website', 'A']))).toEqual({ ...nothing, organizations: true })
    expect(needs(mapped(['custom_fields.parent', 'A']))).toEqual({ ...nothing, organizations: true })
    expect(needs(mapped(['owner_id.name', 'A']))).toEqual({ ...nothing, users: true })
    expect(needs(mapped(['custom_fields.rep', 'A']))).toEqual({ ...nothing, users: true })
  })

  test('R3.1 lists need the deals, and qualified_leads the leads too', () => {
    expect(needs(sampleSettings({ lists: { ...noLists, allContacts: 1 } }))).toEqual(nothing)
    expect(needs(sampleSettings({ lists: { ...noLists, churned: 1 } }))).toEqual({ ...nothing, deals: true })
    expect(needs(sampleSettings({ lists: { ...noLists, qualifiedLeads: 1 } }))).toEqual({
      ...nothing,
      deals: true,
      leads: true,
    })
  })
})

describe('the fingerprint of a plan', () => {
  const settings = mapped(['name', 'A'], ['phone', 'SMS'])
  const of = (changed: SyncSettings, other = catalogue) =>
    resolvePlan(changed, other, brevo([], [1, 2])).plan?.fingerprint

  test('is the same for the same plan, and another for whatever changes a projection', () => {
    expect(of(settings)).toBe(of(structuredClone(settings)))
    const prints = [
      of(settings),
      of(mapped(['first_name', 'A'], ['phone', 'SMS'])),
      of(mapped(['name', 'B'], ['phone', 'SMS'])),
      of(mapped(['name', 'A'])),
      of({ ...settings, defaultCountry: 'KR' }),
      of({ ...settings, exchangeRates: { USD: 2 } }),
      of({ ...settings, lists: { ...noLists, allContacts: 1 } }),
      of({ ...settings, lists: { ...noLists, allContacts: 2 } }),
      of({ ...settings, stageLists: [{ stage: { kind: 'id', id: 10 }, listId: 1, path: '' }] }),
      of({ ...settings, stageLists: [{ stage: { kind: 'id', id: 11 }, listId: 1, path: '' }] }),
      of(settings, { ...catalogue, defaultCurrency: 'USD' }),
      of(settings, { ...catalogue, users: {} }),
      of(settings, { ...catalogue, stages: [] }),
    ]
    expect(prints).not.toContain(undefined)
    expect(new Set(prints).size).toBe(prints.length)
  })

  test('R2.4 changes with the labels of a mapped option field', () => {
    const tier = mapped(['custom_fields.tier', 'A'])
    const renamed = {
      ...catalogue,
      personFields: catalogue.personFields.map((field) =>
        field.name === 'Tier' ? { ...field, options: { '1': 'Platinum' } } : field,
      ),
    }
    expect(of(tier)).not.toBe(of(tier, renamed))
  })
})

test('R3.4 a list that depends on deals is a fault when deals are switched off', () => {
  const settings = sampleSettings({
    entities: { persons: true, deals: false, organizations: true, activities: true, leads: false },
    lists: { allContacts: 1, qualifiedLeads: 2, customers: 3, churned: 4 },
    personMapping: [],
    stageLists: [],
  })
  const lists = new Map([1, 2, 3, 4].map((id) => [id, `List ${id}`]))
  const { plan, faults } = resolvePlan(settings, sampleCatalogue(), { attributes: new Map(), lists })
  expect(plan).toBeNull()
  expect(faults.map((fault) => fault.path)).toEqual([
    'lists.customers',
    'lists.churned',
    'lists.qualified_leads',
  ])
})
