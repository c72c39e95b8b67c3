/** The format of a skill: what is taken, and what is said, with its line, of what is not. */
import { describe, expect, test } from 'vitest'
import { faultLines, read, skillText } from './testdata/skill-text.ts'

const faultsOf = (changes: Readonly<Record<string, string | null>>): readonly string[] =>
  faultLines(read(skillText(changes)).faults)

describe('a skill that is right', () => {
  test('has its defaults filled in, and keeps its prose', () => {
    expect(read(skillText()).skill).toMatchObject({
      name: 'a-skill',
      status: 'stable',
      featured: false,
      relatedSkills: [],
      mcpTool: null,
      builtIn: false,
      body: '# A skill',
    })
  })

  test('may have triggers of all kinds, conditions of all kinds, and templates', () => {
    const { skill, faults } = read(
      skillText({
        triggers: `triggers:
  - event: deal_stage_changed
    conditions:
      - value: "> 5000"
      - currency: EUR
      - status: "== open"
      - days_in_stage: ">= 2d"
      - time_since_activity: "> 30m"
    debounce: 5m
  - schedule: "0 9 * * 1-5"
    timezone: America/New_York
  - event: agent_request`,
        actions: `actions:
  - brevo/create-contact
  - brevo/add-to-list: { list_id: 5, email: "{{ person.email }}" }`,
        extra: 'mcp_tool: brevo/create-contact\nbrevoEndpoints: [POST /v3/contacts]\nfeatured: true',
      }),
    )
    expect(faultLines(faults)).toEqual([])
    expect(skill?.triggers.map(({ kind }) => kind)).toEqual(['event', 'schedule', 'event'])
    expect(skill?.actions).toEqual([
      { name: 'brevo/create-contact', parameters: {} },
      { name: 'brevo/add-to-list', parameters: { list_id: 5, email: '{{ person.email }}' } },
    ])
  })

  test('may have the line ends of another system, and a byte order mark', () => {
    expect(read(`\uFEFF${skillText().replaceAll('\n', '\r\n')}`).faults).toEqual([])
  })
})

describe('a skill that is wrong', () => {
  test('tells all its faults at once, in the order of the file, with the nearest right names', () => {
    expect(
      faultsOf({
        name: 'name: A_Skill',
        version: 'version: 1.2',
        category: 'category: data-snyc',
        triggers: 'triggers:\n  - evnt: deal_won',
        status: 'status: stabel',
        typo: 'permisions: []',
      }),
    ).toEqual([
      '2:7 name: expected a name in small letters, digits and single hyphens, such as big-deal-alert; found "A_Skill"',
      '3:10 version: expected a semantic version such as "1.0.0"; found the number 1.2',
      '5:11 category: expected one of data-sync, email-marketing, sms-whatsapp, loyalty, analytics, integrations; found "data-snyc" => data-sync',
      '7:5 triggers[0].evnt: unknown setting => event',
      '12:9 status: expected one of stable, beta, experimental; found "stabel" => stable',
      '13:1 permisions: unknown setting => permissions',
    ])
  })

  test.each([
    ['no front matter', '# A skill', '1:1 : a skill begins with its front matter'],
    ['no end of it', '---\nname: a-skill\n', '1:1 : the front matter has no end'],
    ['no YAML', '---\nname: [a\n---\n', '2:9 : YAML:'],
  ])('%s is said', (_, text, message) => {
    expect(faultLines(read(text).faults)[0]).toContain(message)
  })

  test('what is missing is named', () => {
    expect(faultsOf({ description: null, actions: 'actions: []' })).toEqual(
      [
        '1:1 description: missing; expected a description of 1 to 160 characters',
        '7:1 actions: expected at least one action; found a list',
      ].toSorted(),
    )
  })

  test('a description of more than 160 characters is too long', () => {
    expect(faultsOf({ description: `description: ${'x'.repeat(161)}` })[0]).toContain(
      '4:14 description: expected',
    )
    expect(faultsOf({ description: `description: ${'x'.repeat(160)}` })).toEqual([])
  })

  test('name and file have to be the same', () => {
    expect(faultLines(read(skillText(), 'another').faults)).toEqual([
      '2:7 name: the file is called another.md; name and file have to be the same => another',
    ])
  })

  test('a variable of the environment is not looked up', () => {
    const variable = ['$', '{HOME}'].join('')
    expect(read(skillText({ description: `description: "${variable}"` })).skill?.description).toBe(variable)
  })

  test.each([
    ['triggers:\n  - debounce: 5m', '7:5 triggers[0]: expected either event or schedule; found neither'],
    [
      'triggers:\n  - event: deal_won\n    schedule: "0 9 * * *"',
      '7:5 triggers[0]: expected either event or schedule; found both',
    ],
    [
      'triggers:\n  - event: deal_won\n    timezone: UTC',
      '8:15 triggers[0].timezone: belongs to a schedule; an event has no time zone',
    ],
    [
      'triggers:\n  - schedule: "0 9 * * *"\n    debounce: 5m',
      '8:15 triggers[0].debounce: belongs to an event; a schedule has none of its own',
    ],
    ['triggers:\n  - schedule: "0 9 * *"', '7:15 triggers[0].schedule: expected five fields'],
    ['triggers:\n  - schedule: "0 25 * * *"', '7:15 triggers[0].schedule: no times follow from "0 25 * * *"'],
    [
      'triggers:\n  - schedule: "0 9 * * *"\n    timezone: Europe/Berlim',
      '8:15 triggers[0].timezone: expected a time zone of the IANA list, such as Europe/Berlin; found "Europe/Berlim" => Europe/Berlin',
    ],
    [
      'triggers:\n  - event: deal_won\n    conditions:\n      - value: "> much"',
      '9:16 triggers[0].conditions[0].value: ">" compares numbers, durations such as 30m and times; found "much"',
    ],
    [
      'triggers:\n  - event: deal_won\n    conditions:\n      - value: "=> 5"',
      '9:16 triggers[0].conditions[0].value: expected one of >=, <=, ==, !=, >, < before the value; found "=> 5"',
    ],
    [
      'triggers:\n  - event: deal_won\n    conditions:\n      - days_in_stage: "== 30m"',
      '9:24 triggers[0].conditions[0].days_in_stage: a duration is compared with >, >=, < or <=; put "30m" in quotes if it is text',
    ],
    [
      'triggers:\n  - event: deal_won\n    conditions:\n      - value: "> 5"\n        currency: EUR',
      '9:9 triggers[0].conditions[0]: expected one property in each condition; found 2',
    ],
    [
      'triggers:\n  - event: deal_won\n    debounce: 5',
      '8:15 triggers[0].debounce: expected a time with its unit',
    ],
  ])('a trigger such as %j is refused', (triggers, message) => {
    expect(faultsOf({ triggers })[0]).toContain(message)
  })

  test.each([
    [
      '- brevo/add-to-lists',
      '9:5 actions[0]: unknown action "brevo/add-to-lists"; known are',
      '=> brevo/add-to-list',
    ],
    ['- brevo/delete-contact', '9:5 actions[0]: unknown action', ''],
    ['- brevo/add-to-list', '9:5 actions[0]: the parameter list_id is missing', ''],
    [
      '- brevo/add-to-list: { list_id: 5, list: 5 }',
      '9:44 actions[0].brevo/add-to-list.list: unknown parameter; known here: email, contact_id, list_id',
      '',
    ],
    [
      '- brevo/add-to-list: { list_id: five }',
      '9:35 actions[0].brevo/add-to-list.list_id: expected an id (a whole number from 1)',
      '',
    ],
    [
      '- brevo/add-to-list: { list_id: 5, email: "{{ person.email" }',
      '9:45 actions[0].brevo/add-to-list.email: "{{" and "}}" come in pairs',
      '',
    ],
    [
      '- brevo/track-event: { event: "{{ stage }}" }',
      '9:33 actions[0].brevo/track-event.event: expected an event name',
      '',
    ],
    [
      '- brevo/track-event: { event: big, properties: { a: "{{ 1 + 1 }}" } }',
      '9:55 actions[0].brevo/track-event.properties.a: expected a path such as deal.title between',
      '',
    ],
    ['- brevo/track-event: { event: big, properties: { event_id: x } }', 'event_id is set by Tajo', ''],
    ['- brevo/update-deal: { attributes: { amount: 1 } }', 'the parameter deal_id is missing', ''],
    [
      '- brevo/update-deal: { deal_id: 7, attributes: { amount: 1 } }',
      "brevo/update-deal.deal_id: expected an id of Brevo's own",
      '',
    ],
    [
      '- brevo/update-contact',
      'one of the parameters attributes, emailBlacklisted, smsBlacklisted is missing',
      '',
    ],
    [
      '- pipedrive/add-activity: { subject: Call, due_date: 2026-13-01 }',
      'expected a day such as 2026-12-24',
      '',
    ],
  ])('an action such as %s is refused', (action, message, suggestion) => {
    const [line] = faultsOf({ actions: `actions:\n  ${action}` })
    expect(line).toContain(message)
    expect(line).toContain(suggestion)
  })

  test('an action whose permission is not declared is refused, and so is a permission nobody knows', () => {
    expect(faultsOf({ permissions: 'permissions: [contacts:write, event:write]' })).toEqual([
      '9:5 actions[0].brevo/track-event: needs the permission events:write: add it to permissions',
      expect.stringContaining('11:31 permissions[1]: unknown permission; known are'),
    ])
  })

  test.each([
    '{ emailBlacklisted: false }',
    '{ smsBlacklisted: false }',
    '{ emailBlacklisted: "{{ input.blocked }}" }',
    '{ attributes: { emailBlacklisted: false } }',
    '{ attributes: { EMAIL: new@example.com } }',
    '{ attributes: { sms: "+4915112345678" } }',
  ])('R4.1: no skill can write what could resubscribe somebody: %s', (parameters) => {
    const [line] = faultsOf({ actions: `actions:\n  - brevo/update-contact: ${parameters}` })
    expect(line).toMatch(/only be true|consent is no attribute|identity of a contact/)
  })
})
