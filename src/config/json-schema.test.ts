/** The shipped schema and the document of the settings keep up with the settings. */
// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the placeholders are what is tested
import { readFileSync } from 'node:fs'
import { Ajv } from 'ajv'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { renderJsonSchema } from './json-schema.ts'
import { coreOf, schemaAt, settingPaths } from './schema/walk.ts'
import { settingsSchema } from './schema.ts'
import { loadText } from './testdata/load-text.ts'

const read = (path: string) => readFileSync(new URL(path, import.meta.url), 'utf8')

describe('schema/tajo.schema.json', () => {
  test('is what scripts/generate-schema.ts writes', () => {
    expect(read('../../schema/tajo.schema.json'), 'run: node scripts/generate-schema.ts').toBe(
      renderJsonSchema(),
    )
  })

  const validate = new Ajv({ strict: false }).compile(JSON.parse(renderJsonSchema()))

  test('accepts the documented file and variables in any place', () => {
    expect(validate(parse(read('testdata/mission.yaml'), { stringKeys: true }))).toBe(true)
    expect(validate({ server: { port: '${PORT}' }, events: { deal_won: '${X:-false}' } })).toBe(true)
  })

  test.each([
    [{ brevoo: {} }],
    [{ server: { port: '80' } }],
    [{ connectors: { pipedrive: { sync_mode: 'fast' } } }],
    [{ deal_stage_mapping: { Won: 1 } }],
    [{ webhooks: [{ event_action: 'added' }] }],
    [{ events: { deal_won: true } }],
  ])('refuses %j', (settings) => {
    expect(validate(settings)).toBe(false)
  })

  test('has a sentence for every setting', () => {
    for (const path of settingPaths(settingsSchema)) {
      const steps = path.split(/\.|(?=\[\])/).map((step) => (step === '[]' ? 0 : step))
      const schema = schemaAt(settingsSchema, steps)
      const description = schema?.description ?? (schema && coreOf(schema).description)
      expect(description, path).toMatch(/\.$/)
    }
  })
})

describe('docs/configuration.md', () => {
  const document = read('../../docs/configuration.md')

  test('has every setting in the section of its block', () => {
    const sections = new Map(
      document.split(/^(?=##)/m).map((section) => [section.split('\n')[0]?.replace(/^#+ /, ''), section]),
    )
    for (const path of settingPaths(settingsSchema)) {
      const dot = path.lastIndexOf('.')
      // The same list as at the top level, and written there.
      const block = path.slice(0, Math.max(dot, 0)).replace('connectors.pipedrive.webhooks', 'webhooks')
      const section = sections.get(block === '' ? 'Settings at the top level' : `Settings of \`${block}\``)
      expect(section, `no section for ${block}`).toBeDefined()
      expect(section, path).toMatch(new RegExp(`^\\|.*\`${path.slice(dot + 1)}\`.*\\|`, 'm'))
    }
  })

  test('opens with a file that loads', () => {
    const example = /```yaml\n([\s\S]*?)```/.exec(document)?.[1] ?? ''
    const { config } = loadText(example, { PIPEDRIVE_API_TOKEN: 'a', BREVO_API_KEY: 'b' })
    expect(config.dealStageMapping).toHaveLength(2)
  })
})
