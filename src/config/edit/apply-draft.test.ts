/** Writing a draft into a text: what it looks like, and what is refused. The laws are in apply-draft.laws.test.ts. */
// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the placeholders are what is tested
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { TajoError } from '../../base/error.ts'
import { checkSettingsText } from '../load.ts'
import { renderTemplate } from '../template.ts'
import { faultLines } from '../testdata/load-text.ts'
import { type ApplyOptions, applyDraft } from './apply-draft.ts'
import { type SettingsDraft, toDraft } from './settings-draft.ts'

type Change = Partial<SettingsDraft> | ((draft: SettingsDraft) => Partial<SettingsDraft>)
type Options = ApplyOptions & { readonly connection?: string }

function draftOf(text: string, { connection, variables = {} }: Options = {}): SettingsDraft {
  const found = checkSettingsText(text, { env: variables }).connections.get(connection ?? 'default')
  if (found === undefined) throw new Error(`no connection ${connection}`)
  return toDraft(found.config)
}

/** The text with the change applied to the draft of the text itself. */
function edited(text: string, change: Change, { connection, ...options }: Options = {}): string {
  const draft = draftOf(text, { ...options, ...(connection === undefined ? {} : { connection }) })
  const changed = { ...draft, ...(typeof change === 'function' ? change(draft) : change) }
  return applyDraft(text, connection ?? null, changed, options)
}

function refusalOf(act: () => unknown): TajoError {
  try {
    act()
  } catch (error) {
    if (error instanceof TajoError) return error
    throw error
  }
  throw new Error('Nothing was refused')
}

const email = { source: 'email', target: 'email' }
const noLists = { allContacts: null, qualifiedLeads: null, customers: null, churned: null }
const mission = readFileSync(join(import.meta.dirname, '../testdata/mission.yaml'), 'utf8')

describe('rows of person_mapping', () => {
  const text = `person_mapping:
  email: email # the identity
  # computed
  won_deals_count: WON # how many

  total_revenue: "LTV" # worth
`

  test('keep their comment when their target changes, and its quotes', () => {
    expect(
      edited(text, {
        personMapping: [
          email,
          { source: 'won_deals_count', target: 'WON' },
          { source: 'total_revenue', target: 'WORTH' },
        ],
      }),
    ).toBe(text.replace('"LTV"', '"WORTH"'))
  })

  test('go with their comment; comments in lines of their own stay', () => {
    expect(edited(text, { personMapping: [email, { source: 'total_revenue', target: 'LTV' }] })).toBe(
      text.replace('  won_deals_count: WON # how many\n', ''),
    )
  })

  test('stand in the order of the draft, new ones among them', () => {
    expect(
      edited(text, {
        personMapping: [
          { source: 'total_revenue', target: 'LTV' },
          { source: 'custom_fields.Größe: cm', target: 'size' },
          email,
          { source: 'won_deals_count', target: 'WON' },
        ],
      }),
    ).toBe(`person_mapping:
  total_revenue: "LTV" # worth
  "custom_fields.Größe: cm": SIZE
  email: email # the identity
  # computed
  won_deals_count: WON # how many

`)
  })

  test('are written where the file has them, under the name that it gives them', () => {
    const rows = [email, { source: 'name', target: 'NAME' }]
    expect(
      edited('connectors: { pipedrive: { field_mapping: { phone: SMS } } }', { personMapping: rows }),
    ).toBe('connectors: { pipedrive: { field_mapping: { name: NAME } } }')
    expect(edited('field_mapping:\nbrevo: {}\n', { personMapping: rows })).toBe(
      'field_mapping:\n  email: email\n  name: NAME\nbrevo: {}\n',
    )
  })

  test('a mapping that is left with the identity alone says so, since an empty one would mean the defaults', () => {
    const text = edited('person_mapping: { name: NAME }', { personMapping: [email] })
    expect(text).toBe('person_mapping: { email: email }')
    expect(edited('person_mapping:\n  name: NAME\n', { personMapping: [email] })).toBe(
      'person_mapping:\n  email: email\n',
    )
  })

  test('the defaults are not written out, and everything else is', () => {
    const { personMapping } = draftOf('')
    expect(edited('brevo: { api_key: k }\n', { personMapping, bothWays: true })).not.toContain('mapping')
    const shorter = edited('brevo: { api_key: k }\n', { personMapping: personMapping.slice(0, 2) })
    expect(shorter).toBe(
      'brevo: { api_key: k }\n\nperson_mapping:\n  email: email\n  first_name: FIRSTNAME\n',
    )
  })

  test('that a skill keeps out of sight stay', () => {
    const text =
      'person_mapping:\n  name: NAME\n  custom_fields.x: X # hidden\n  phone: SMS\nskills: { pipedrive-custom-fields: { enabled: false } }\n'
    expect(edited(text, { personMapping: [email, { source: 'name', target: 'LABEL' }] })).toBe(
      text.replace('NAME', 'LABEL').replace('  phone: SMS\n', ''),
    )
  })
})

describe('lists of stages', () => {
  const options = {
    lists: new Map([
      [61, 'Hot leads'],
      [62, 'Offers'],
    ]),
    stages: new Map([
      ['3', 'Sales / Proposal made'],
      ['won', 'Won'],
    ]),
  }

  test('get the names of stage and list beside them', () => {
    expect(
      edited(
        'brevo: {}\n',
        {
          stageLists: [
            { stage: '3', listId: 61 },
            { stage: 'won', listId: 62 },
            { stage: 'Sales/Offer', listId: 9 },
          ],
        },
        options,
      ),
    ).toBe(`brevo: {}

deal_stage_mapping:
  3: 61 # Sales / Proposal made -> Hot leads
  won: 62 # Won -> Offers
  Sales/Offer: 9
`)
  })

  test('keep a comment that somebody wrote, and not one of ours that is no longer true', () => {
    const text = 'deal_stage_mapping:\n  3: 61 # Sales / Proposal made -> Hot leads\n  won: 61 # customers!\n'
    expect(
      edited(
        text,
        {
          stageLists: [
            { stage: '3', listId: 62 },
            { stage: 'won', listId: 62 },
          ],
        },
        options,
      ),
    ).toBe('deal_stage_mapping:\n  3: 62 # Sales / Proposal made -> Offers\n  won: 62 # customers!\n')
  })

  test('are found in another spelling of the same stage', () => {
    const text = 'deal_stage_mapping: { "Sales / Offer": 5 }'
    expect(edited(text, { stageLists: [{ stage: 'Sales/Offer', listId: 6 }] })).toBe(text.replace('5', '6'))
  })

  test('a name cannot break out of its comment', () => {
    const stages = new Map([['3', 'A\r\nbrevo: { api_key: evil }\u2028x\u0000y\u202e']])
    const text = edited('brevo: {}\n', { stageLists: [{ stage: '3', listId: 61 }] }, { stages })
    expect(text).toContain('\n  3: 61 # A brevo: { api_key: evil } x y\n')
  })
})

describe('switches, lists and the country', () => {
  test('are changed where they stand', () => {
    expect(
      edited(mission, (draft) => ({
        sync: { ...draft.sync, leads: false },
        lists: { ...draft.lists, customers: 7, churned: null },
      })),
    ).toBe(
      mission
        .replace('leads: true', 'leads: false')
        .replace('customers: 62', 'customers: 7')
        .replace('      churned: 63\n', ''),
    )
  })

  test('are added in the order of the documentation, defaults not at all', () => {
    const text =
      'connectors:\n  pipedrive:\n    api_token: t # mine\n    lists:\n      churned: 4\nbrevo: {}\n'
    expect(
      edited(text, (draft) => ({
        sync: { ...draft.sync, deals: false },
        lists: { ...draft.lists, allContacts: 1 },
        defaultCountry: 'no',
        bothWays: true,
      })),
    ).toBe(`connectors:
  pipedrive:
    api_token: t # mine
    sync:
      deals: false
    lists:
      all_contacts: 1
      churned: 4
    default_country: "NO"
brevo: {}

reverse_sync:
  enabled: true
`)
  })

  test('values of variables stay as they are written until they change', () => {
    const text =
      'connectors: { pipedrive: { lists: { all_contacts: "${ALL}", churned: "${OLD}" }, default_country: "${LAND}" } }'
    const variables = { ALL: '5', OLD: '6', LAND: 'KR', UNUSED: '7' }
    expect(edited(text, (draft) => ({ lists: { ...draft.lists, churned: 8 } }), { variables })).toBe(
      text.replace('"${OLD}"', '8'),
    )
    expect(edited(text, { defaultCountry: 'DE' }, { variables })).toBe(text.replace('"${LAND}"', '"DE"'))
  })

  test('text of a draft is never taken for a variable', () => {
    const variables = { SECRET: 'abc' }
    const text = edited(
      'brevo: {}\n',
      { personMapping: [email, { source: 'name', target: '${SECRET}' }] },
      { variables },
    )
    expect(text).toContain('name: "$${SECRET}"')
    expect(faultLines(text, variables)).toHaveLength(1)
  })
})

describe('a text without settings', () => {
  const env = { PIPEDRIVE_API_TOKEN: 'p', BREVO_API_KEY: 'b' }
  const templated = draftOf(renderTemplate(), { variables: env })

  test('becomes what "tajo init" would have written with those answers', () => {
    const lists = { ...noLists, allContacts: 12, churned: 14 }
    const draft = { ...templated, lists, defaultCountry: 'KR' }
    expect(applyDraft('', null, draft, { variables: env })).toBe(
      renderTemplate({ lists: { allContacts: 12, churned: 14 }, defaultCountry: 'KR' }),
    )
    expect(applyDraft(' \n', null, templated, { variables: env })).toBe(renderTemplate())
  })

  test('leaves out the names of variables that nobody has set', () => {
    const text = applyDraft('', null, templated)
    expect(text).toBe(renderTemplate({ apiToken: null, brevoApiKey: null }))
    expect(faultLines(text)).toEqual([])
  })

  test('has no example left of what has become real', () => {
    const draft = {
      ...templated,
      stageLists: [{ stage: 'won', listId: 5 }],
      bothWays: true,
      lists: { ...noLists, customers: 9 },
    }
    const text = applyDraft('', null, draft, { variables: env })
    expect(text).toContain('won or lost: Brevo list id.\ndeal_stage_mapping:\n  won: 5\n\n')
    expect(text).toContain('shows them first.\nreverse_sync:\n  enabled: true\n  # conflict: newest #')
    expect(text).toContain(
      '\n    lists:\n      # all_contacts: 60 # everybody\n      # qualified_leads: 61 # an open deal or lead\n      customers: 9 # a won deal\n',
    )
    for (const example of [
      '# deal_stage_mapping',
      '#   1: 61',
      '#   won: 62',
      '# reverse_sync',
      '#   enabled',
      '# lists:',
      '# customers',
    ])
      expect(text).not.toContain(example)
  })

  test('examples become real later, too, and names stand beside what they say', () => {
    const first = applyDraft('', null, { ...templated, bothWays: true }, { variables: env })
    const text = edited(first, (draft) => ({ lists: { ...draft.lists, customers: 9 } }), {
      variables: env,
      lists: new Map([[9, 'Customers']]),
    })
    expect(text).toContain('\n    lists:\n      # all_contacts: 60 # everybody\n')
    expect(text).toContain('\n      customers: 9 # a won deal -> Customers\n')
  })

  test('stays empty where the draft is what holds without a file', () => {
    expect(edited('', {})).toBe('')
  })

  test('begins with nothing where that is asked for, and keeps comments that are all it has', () => {
    expect(edited('', { bothWays: true }, { blank: 'bare' })).toBe('reverse_sync:\n  enabled: true\n')
    expect(edited('# mine', { bothWays: true })).toBe('# mine\nreverse_sync:\n  enabled: true')
    expect(edited('~\n', { bothWays: true })).toBe('reverse_sync:\n  enabled: true\n')
  })

  test('a comment that says more than the template is not taken for its example', () => {
    const text = 'connectors:\n  pipedrive:\n    api_token: t\n    # default_country: see ticket 12\n'
    expect(edited(text, { defaultCountry: 'KR' })).toBe(text.replace('t\n', 't\n    default_country: "KR"\n'))
  })
})

describe('blocks in braces', () => {
  test('stay in one line', () => {
    const text = 'connectors: { pipedrive: { lists: {all_contacts: 1, churned: 2} } } # all\n'
    expect(edited(text, { lists: { ...noLists, churned: 2, customers: 3 } })).toBe(
      'connectors: { pipedrive: { lists: {customers: 3, churned: 2} } } # all\n',
    )
  })

  test('or in their lines, with their comments', () => {
    const text = 'person_mapping: {\n  # first\n  name: NAME, # who\n  phone: SMS # where\n}\n'
    expect(
      edited(text, {
        personMapping: [email, { source: 'phone', target: 'SMS' }, { source: 'label', target: 'L' }],
      }),
    ).toBe('person_mapping: {\n  # first\n  phone: SMS, # where\n  label: L\n}\n')
  })

  test('JSON stays JSON', () => {
    const json = JSON.stringify({ connectors: { pipedrive: { lists: { churned: 1 } } } }, null, 2)
    const text = edited(
      json,
      { lists: { ...noLists, customers: 3 }, bothWays: true },
      { lists: new Map([[3, 'C']]) },
    )
    expect(JSON.parse(text)).toEqual({
      connectors: { pipedrive: { lists: { customers: 3 } } },
      reverse_sync: { enabled: true },
    })
  })
})

describe('one of several connections', () => {
  const text = `person_mapping: { email: email, name: SHARED }
connectors: { pipedrive: { lists: { churned: 3 }, sync: { leads: false }, default_country: KR } }
deal_stage_mapping: { won: 9 }
connections:
  seoul:
  berlin:
    brevo: { api_key: k }
`

  test('gets blocks of its own; the common ones stay for the others', () => {
    expect(
      edited(
        text,
        (draft) => ({
          sync: { ...draft.sync, leads: true },
          lists: noLists,
          stageLists: [],
          defaultCountry: null,
        }),
        { connection: 'seoul' },
      ),
    ).toBe(
      text.replace(
        '  seoul:\n',
        `  seoul:
    connectors:
      pipedrive:
        sync:
          leads: true
        lists: {}
        default_country: null
    deal_stage_mapping: {}
`,
      ),
    )
  })

  test('is written after what it has', () => {
    expect(edited(text, { personMapping: [email], bothWays: true }, { connection: 'berlin' })).toBe(
      `${text}    reverse_sync:\n      enabled: true\n    person_mapping:\n      email: email\n`,
    )
  })

  test('has to be named, and to be there', () => {
    const draft = draftOf('')
    expect(refusalOf(() => applyDraft(text, null, draft)).message).toMatch(
      /^connections \(line 4\) describes/,
    )
    expect(refusalOf(() => applyDraft(text, 'paris', draft)).message).toMatch(
      /^connections.paris is not there/,
    )
    expect(refusalOf(() => applyDraft('brevo: {}', 'paris', draft)).code).toBe('settings_not_editable')
    expect(applyDraft('brevo: {}', 'default', draft)).toBe('brevo: {}')
  })
})

describe('what stands for more than one place', () => {
  const twoPlaces = `connectors:
  pipedrive:
    sync: &sync { leads: false }
    lists: { all_contacts: &all 5, churned: 6 }
deal_stage_mapping:
  won: *all
connections:
  seoul: {}
  berlin: { connectors: { pipedrive: { sync: *sync } } }
`

  test.each([
    [
      'an alias',
      'brevo: {}\nevents: &e { deal_won: won }\nreverse_sync: &r { enabled: true }\nconnections:\n  a: { reverse_sync: *r }',
      'a',
      { bothWays: false },
      /^connections.a.reverse_sync \(line 5\) is an alias \(\*r\)/,
    ],
    [
      'an anchor in use',
      'person_mapping: &m { name: N }\norganization_mapping: *m',
      null,
      { personMapping: [email] },
      /^person_mapping \(line 1\) has an anchor \(&m\)/,
    ],
    [
      'a merge key',
      'dedupe: &d { survivor: oldest }\nconnectors:\n  pipedrive:\n    sync: { <<: { leads: false } }\n',
      null,
      { sync: { persons: true, deals: true, organizations: true, activities: true, leads: true } },
      /^connectors.pipedrive.sync.leads \(line 4\) is not written out here/,
    ],
    [
      'a value in use',
      twoPlaces.replace(/connections:[\s\S]*/, ''),
      null,
      { lists: { ...noLists, allContacts: 7, churned: 6 } },
      /^connectors.pipedrive.lists.all_contacts \(line 4\) has an anchor \(&all\)/,
    ],
  ] as [string, string, string | null, Change, RegExp][])(
    '%s is refused, with its line and what to do',
    (_, text, connection, change, message) => {
      const refusal = refusalOf(() => edited(text, change, connection === null ? {} : { connection }))
      expect(refusal.code).toBe('settings_not_editable')
      expect(refusal.message).toMatch(message)
      expect(refusal.message).toMatch(/Nothing was changed: edit the file by hand\.$/)
    },
  )

  test('only where it would have to change', () => {
    expect(edited(twoPlaces, { bothWays: true }, { connection: 'berlin' })).toBe(
      twoPlaces.replace('{ sync: *sync } }', '{ sync: *sync } }, reverse_sync: { enabled: true }'),
    )
    const beside = 'connectors: { pipedrive: { <<: { sync_mode: batch }, lists: { churned: 1 } } }'
    expect(edited(beside, { lists: noLists, defaultCountry: 'KR' })).toBe(
      'connectors: { pipedrive: { <<: { sync_mode: batch }, lists: { }, default_country: "KR" } }',
    )
  })

  test('a value that is an alias may become one of its own, or go', () => {
    const text = twoPlaces.replace(/connections:[\s\S]*/, '')
    expect(edited(text, { stageLists: [] })).toBe(text.replace('  won: *all\n', ''))
    expect(edited(text, { stageLists: [{ stage: 'won', listId: 8 }] })).toBe(text.replace('*all', '8'))
  })
})

describe('what cannot be edited', () => {
  test('a text with faults is refused with them, and no credential is told', () => {
    const draft = draftOf('')
    const refusal = refusalOf(() => applyDraft('brevo: { api_key: "a b" }\nservre: {}\n', null, draft))
    expect(refusal.code).toBe('settings_not_editable')
    expect(refusal.message).toContain('tajo.yaml:2:1 servre: unknown setting')
    expect(refusal.message).not.toContain('a b')
    expect(refusal.details.faults).toHaveLength(2)
  })

  test('what a skill has switched off cannot be asked for', () => {
    const text =
      'brevo: {}\nskills:\n  pipedrive-custom-fields: { enabled: false }\n  pipedrive-deal-stage-tracking: { enabled: false }\n'
    const rows = [email, { source: 'custom_fields.x', target: 'X' }]
    expect(refusalOf(() => edited(text, { personMapping: rows })).message).toMatch(
      /^skills.pipedrive-custom-fields \(line 3\) is switched off, and with it what is asked for in person_mapping/,
    )
    expect(refusalOf(() => edited(text, { stageLists: [{ stage: 'won', listId: 1 }] })).message).toMatch(
      /^skills.pipedrive-deal-stage-tracking \(line 4\)/,
    )
  })

  test('faults of the draft itself are written, for the check to tell them', () => {
    const twice = [
      email,
      { source: 'name', target: 'X' },
      { source: 'label', target: 'X' },
      { source: 'a b.', target: 'no name' },
    ]
    const text = edited('brevo: {}\n', { personMapping: twice, lists: { ...noLists, churned: 0 } })
    expect(faultLines(text).map((line) => line.slice(0, line.indexOf(': ')))).toEqual([
      '6:10 person_mapping.label',
      '7:3 person_mapping.a b.',
      '12:16 connectors.pipedrive.lists.churned',
    ])
  })

  test('a row that is there twice is a fault like any other', () => {
    const row = { source: 'custom_fields.industry', target: 'INDUSTRY' }
    const text = edited('', { personMapping: [email, row, row] })
    expect(faultLines(text)).toEqual([
      expect.stringMatching(/ person_mapping.custom_fields.industry: given twice in one block/),
    ])
  })
})
