/** Skills that ship are settings by other names. */
import { describe, expect, test } from 'vitest'
import { BUILT_IN_SKILLS } from './built-in-skills.ts'
import { faultLines, loadText } from './testdata/load-text.ts'

const everything = `
deal_stage_mapping: { won: 5 }
person_mapping: { name: NAME, custom_fields.x: X, org_id.custom_fields.y: Y }
webhooks: [{ event_action: added, event_object: deal, brevo_event: deal_created }]
events: { deal_fields: [z] }
`

describe('switching a skill off', () => {
  const on = loadText(everything).config

  test.each(BUILT_IN_SKILLS)('%s changes the settings it stands for, and no others', (name) => {
    const off = loadText(`${everything}skills: { ${name}: { enabled: false } }`).config
    const changed = Object.keys(on).filter(
      (key) =>
        JSON.stringify(on[key as keyof typeof on]) !== JSON.stringify(off[key as keyof typeof off]) &&
        key !== 'file' &&
        key !== 'skills',
    )
    const expected = {
      'pipedrive-contact-sync': ['pipedrive'],
      'pipedrive-deal-stage-tracking': ['dealStageMapping', 'events'],
      'pipedrive-organization-sync': ['pipedrive'],
      'pipedrive-activity-tracking': ['pipedrive'],
      'pipedrive-custom-fields': ['personMapping', 'events'],
      'pipedrive-pipeline-reporting': ['keepsHistory'],
      'pipedrive-lead-sync': ['pipedrive'],
      'pipedrive-webhook-automation': ['pipedrive', 'webhooks'],
    }
    expect(changed.toSorted()).toEqual(expected[name].toSorted())
  })

  test('takes out what stands for it', () => {
    const { config } = loadText(
      `${everything}skills: { pipedrive-lead-sync: { enabled: false }, pipedrive-custom-fields: { enabled: false }, pipedrive-webhook-automation: { enabled: false } }`,
    )
    expect(config.pipedrive.sync.leads).toBe(false)
    expect(config.personMapping.map(({ source }) => source)).toEqual(['email', 'name'])
    expect(config.pipedrive.syncMode).toBe('batch')
    expect(config.webhooks).toEqual([])
    expect(config.events).toMatchObject({ dealWon: 'deal_won', dealFields: [] })
  })
})

describe('a switch and the setting it stands for', () => {
  test('may not contradict each other, whichever says no', () => {
    const text = (skill: boolean, setting: boolean): string =>
      `connectors:\n  pipedrive:\n    sync: { leads: ${setting} }\nskills:\n  pipedrive-lead-sync:\n    enabled: ${skill}\n`
    expect(faultLines(text(true, false))).toEqual([
      '6:14 skills.pipedrive-lead-sync.enabled: contradicts connectors.pipedrive.sync.leads: false (line 3); keep one of them',
    ])
    expect(faultLines(text(false, true))).toHaveLength(1)
    expect(faultLines(text(false, false))).toEqual([])
    expect(faultLines(text(true, true))).toEqual([])
  })
})

test('a name that is a path is refused, and so is a setting that a skill does not have', () => {
  expect(faultLines('skills:\n  ../secrets: { enabled: false }\n  a-skill: { enabledd: true }')).toEqual([
    '2:3 skills.../secrets: expected the name of a skill: small letters, digits and single hyphens; found "../secrets"',
    '3:14 skills.a-skill.enabledd: unknown setting => enabled',
  ])
})

test('the directory of skills stands beside the file, unless another one is named', () => {
  expect(loadText('').config.skills.directory).toMatch(/tajo-config-[^/]+\/skills$/)
  expect(loadText('skills_directory: ../automation').config.skills.directory).toMatch(/\/automation$/)
  expect(loadText('skills_directory: /srv/skills').config.skills.directory).toBe('/srv/skills')
})
