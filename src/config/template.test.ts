/** The file that `tajo init` writes has to be one that Tajo accepts. */
// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the placeholders are what is tested
import { Ajv } from 'ajv'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { renderJsonSchema } from './json-schema.ts'
import { renderTemplate } from './template.ts'
import { faultLines, loadText } from './testdata/load-text.ts'

const env = { PIPEDRIVE_API_TOKEN: 'pipe', BREVO_API_KEY: 'brev' }
const everything = {
  companyDomain: 'acme',
  apiToken: 'abc${X}',
  brevoApiKey: 'xkeysib-"1"',
  lists: { allContacts: 1, qualifiedLeads: 2, customers: 3, churned: 4 },
  defaultCountry: 'KR',
}

test('without answers it names the variables, and says so where they are not set', () => {
  const { config } = loadText(renderTemplate(), env)
  expect(config.pipedrive.apiToken).toBe('pipe')
  expect(config.brevo.apiKey).toBe('brev')
  expect(faultLines(renderTemplate())).toHaveLength(2)
})

test('answers arrive as they were given', () => {
  const { pipedrive, brevo } = loadText(renderTemplate(everything)).config
  expect(pipedrive).toMatchObject({ companyDomain: 'acme', apiToken: 'abc${X}', defaultCountry: 'KR' })
  expect(pipedrive.lists).toEqual({ allContacts: 1, qualifiedLeads: 2, customers: 3, churned: 4 })
  expect(brevo.apiKey).toBe('xkeysib-"1"')
})

test('any printable credential survives', () => {
  const credential = fc.string({ unit: fc.constantFrom(...'ab$\\{}"\':#-&*!%@,[]`|>?~'), minLength: 1 })
  fc.assert(
    fc.property(credential, (apiToken) => {
      expect(loadText(renderTemplate({ ...everything, apiToken })).config.pipedrive.apiToken).toBe(apiToken)
    }),
    { numRuns: 50 },
  )
})

test('its lines are short, its first line names the schema, and the schema accepts it', () => {
  const validate = new Ajv({ strict: false }).compile(JSON.parse(renderJsonSchema()))
  for (const answers of [{}, everything]) {
    const text = renderTemplate(answers)
    expect(text).toMatch(/^# yaml-language-server: \$schema=\S+tajo\.schema\.json\n/)
    expect(Math.max(...text.split('\n').map((line) => line.length))).toBeLessThanOrEqual(110)
    expect(validate(parse(text)), JSON.stringify(validate.errors)).toBe(true)
  }
})

test('what it offers as comments loads too', () => {
  const text = renderTemplate()
    .replace(/^( *)# ([a-z_]+:.*)$/gm, '$1$2')
    .replace(/^# {3}(\S)/gm, '  $1')
  expect(text).toContain('\n    default_country: KR')
  expect(text).toContain('\n  1: 61')
  expect(faultLines(text, env)).toEqual([])
})

test('credentials that are kept elsewhere are named in comments only', () => {
  const text = renderTemplate({ apiToken: null, brevoApiKey: null })
  expect(text).toContain('\n    # api_token: "${PIPEDRIVE_API_TOKEN}"\n')
  expect(faultLines(text)).toEqual([])
})
