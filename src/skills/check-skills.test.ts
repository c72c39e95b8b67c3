/** What only the company of other skills and of the configuration shows. */
import { describe, expect, test } from 'vitest'
import { loadText } from '../config/testdata/load-text.ts'
import { checkSkills } from './check-skills.ts'
import { readSkill } from './read-skill.ts'
import { faultLines, fileOf, skillText } from './testdata/skill-text.ts'

const yaml = `
connectors:
  pipedrive: { lists: { customers: 62 }, sync: { leads: false } }
person_mapping: { custom_fields.industry: INDUSTRY }
webhooks:
  - { event_action: added, event_object: activity, brevo_event: activity_logged }
events: { deal_won: sold }
`

/** By name of the skill. */
function faultsOf(
  ...texts: readonly (readonly [string, string])[]
): Readonly<Record<string, readonly string[]>> {
  const files = texts.map(([name, text]) => fileOf(text, name))
  const { config } = loadText(yaml)
  const checked = checkSkills(
    files.map((file) => readSkill(file)),
    files,
    config,
  )
  return Object.fromEntries(checked.map(({ name, faults }) => [name, faultLines(faults)]))
}

const skill = (name: string, event: string, actions: string, conditions = ''): readonly [string, string] => [
  name,
  skillText({
    name: `name: ${name}`,
    triggers: `triggers:\n  - event: ${event}${conditions}`,
    actions: `actions:\n  - ${actions}`,
  }),
]
const track = (event: string): string => `brevo/track-event: { event: ${event} }`

describe('events', () => {
  test.each(['deal_won', 'sold', 'activity_logged', 'person_added', 'deal_stage_changed', 'agent_request'])(
    '%s may trigger a skill',
    (event) => {
      expect(faultsOf(skill('a', event, track('done')))).toEqual({ a: [] })
    },
  )

  test('that there are none of are refused with the nearest there is', () => {
    expect(faultsOf(skill('a', 'deal_stage_chnged', track('done')))).toEqual({
      a: [
        expect.stringMatching(/^7:12 triggers\[0\]\.event: no event has this name.* => deal_stage_changed$/),
      ],
    })
  })

  test('of records that are not read never happen', () => {
    expect(faultsOf(skill('a', 'lead_added', track('done'))).a).toEqual([
      '7:12 triggers[0].event: never happens: connectors.pipedrive.sync.leads is off; switch it on',
    ])
  })

  test('may be those that another skill tracks', () => {
    expect(faultsOf(skill('a', 'deal_won', track('first')), skill('b', 'first', track('second')))).toEqual({
      a: [],
      b: [],
    })
  })
})

describe('names of facts', () => {
  test('in conditions and templates have to be known, with the nearest one told', () => {
    const conditions =
      '\n    conditions:\n      - valeu: "> 5"\n      - deal.titel: x\n      - deal.fields.anything: y'
    const action = 'brevo/track-event: { event: e, properties: { a: "{{ persn.email }}", b: "{{ deal }}" } }'
    expect(faultsOf(skill('a', 'deal_won', action, conditions)).a).toEqual([
      '9:16 triggers[0].conditions[0].valeu: nothing is called "valeu" in the facts of an event => value',
      '10:21 triggers[0].conditions[1].deal.titel: deal has no "titel" => deal.title',
      expect.stringContaining('nothing is called "persn.email" in the facts of an event => person.email'),
      expect.stringContaining('deal is a whole record: name one of its values => deal.id'),
    ])
  })

  test('of what another skill tracks may be anything', () => {
    expect(
      faultsOf(
        skill('a', 'deal_won', track('e')),
        skill('b', 'e', track('f'), '\n    conditions:\n      - size: "> 5"'),
      ).b,
    ).toEqual([])
  })
})

describe('R3.1 R2.1: what the sync looks after', () => {
  test('is not for skills: lists and attributes', () => {
    expect(faultsOf(skill('a', 'deal_won', 'brevo/add-to-list: { list_id: 62 }')).a).toEqual([
      "9:35 actions[0].brevo/add-to-list.list_id: the sync looks after this list (lists.customers) and would undo it; use a list of the skill's own",
    ])
    expect(
      faultsOf(skill('a', 'deal_won', 'brevo/update-contact: { attributes: { industry: x } }')).a?.[0],
    ).toContain('the sync writes this attribute (person_mapping.custom_fields.industry)')
  })
})

describe('loops', () => {
  test('of one skill are refused: by the name of its event, or by what its action changes', () => {
    expect(faultsOf(skill('a', 'deal_won', track('deal_won'))).a).toEqual([
      '9:5 actions[0]: a loop: the event deal_won triggers the skill again (a > a); take it out, or use another event',
    ])
    expect(faultsOf(skill('a', 'sold', track('sold'))).a).toHaveLength(1)
    expect(
      faultsOf(skill('a', 'activity_logged', 'pipedrive/add-activity: { subject: Call }')).a?.[0],
    ).toContain('"activity added" triggers the skill again')
    expect(faultsOf(skill('a', 'deal_updated', 'pipedrive/add-note: { content: x }')).a?.[0]).toContain(
      '"deal updated" triggers the skill again',
    )
  })

  test('over several skills are refused in each of them, and nowhere else', () => {
    const faults = faultsOf(
      skill('a', 'deal_won', track('one')),
      skill('b', 'one', track('two')),
      skill('c', 'two', track('one')),
      skill('d', 'two', track('end')),
    )
    expect(faults).toMatchObject({ a: [], d: [] })
    expect(faults.b?.[0]).toContain('(b > c > b)')
    expect(faults.c?.[0]).toContain('(c > b > c)')
  })
})

test('the names of skills that ship are taken', () => {
  expect(faultsOf(skill('pipedrive-lead-sync', 'deal_won', track('e')))['pipedrive-lead-sync']).toEqual([
    '2:7 name: a skill that ships with Tajo has this name; choose another one',
  ])
})
