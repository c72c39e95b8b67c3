/** Variables in values: every corner of the syntax, and no way from a value into structure. */
// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the placeholders are what is tested
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { interpolate } from './interpolate.ts'
import { faultLines, loadText } from './testdata/load-text.ts'

const env = { A: 'one', EMPTY: '', NESTED: '${A}', BRACE: '}', UNSET: undefined }

describe('expressions', () => {
  test.each([
    ['plain', 'plain'],
    ['$A and $$', '$A and $$'],
    ['${A}', 'one'],
    ['x${A}y${A}', 'xoneyone'],
    ['${NOPE:-two}', 'two'],
    ['${A:-two}', 'one'],
    ['${EMPTY}', ''],
    ['${EMPTY:-two}', 'two'],
    ['${UNSET:-two}', 'two'],
    ['${NOPE:-}', ''],
    ['${NOPE:-a:-b}', 'a:-b'],
    ['${NOPE:-{"a": {}}}', '{"a": {}}'],
    ['${NOPE:-${A}}', 'one'],
    ['${NOPE:-${NOPE:-${A}!}}', 'one!'],
    ['${NOPE:-"quoted\'}', '"quoted\''],
    ['${NOPE:-two\nlines}', 'two\nlines'],
    ['$${A}', '${A}'],
    ['$$${A}', '$${A}'],
    ['${NESTED}', '${A}'],
    ['${BRACE}', '}'],
    ['${NOPE:-}}', '}'],
  ])('%j becomes %j', (text, expected) => {
    expect(interpolate(text, env)).toEqual({ text: expected, problems: [] })
  })

  test.each([
    '${}',
    '${ A }',
    '${1A}',
    '${A-b}',
    '${A:?b}',
    '${A.b}',
    '${A',
    '${',
    '${NOPE:-{}',
    '${__proto__}',
    '${toString}',
  ])('%j is a problem', (text) => {
    expect(interpolate(text, env).problems).toHaveLength(1)
  })

  test('an unset name is named, with the nearest one that is set', () => {
    expect(interpolate('${PIPEDRIVE_API_TOKN}', { PIPEDRIVE_API_TOKEN: 'secret' }).problems).toEqual([
      {
        message:
          'the environment variable PIPEDRIVE_API_TOKN is not set; set it, or write ${PIPEDRIVE_API_TOKN:-default}',
        suggestion: '${PIPEDRIVE_API_TOKEN}',
      },
    ])
  })

  test('endless nesting is refused', () => {
    expect(interpolate('${X:-'.repeat(50) + '}'.repeat(50), {}).problems).not.toHaveLength(0)
    expect(interpolate('${X:-'.repeat(100_000), {}).problems).toHaveLength(1)
  })

  test('whatever a variable holds comes out as it is', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (before, value) => {
        const text = before.replaceAll('$', '')
        expect(interpolate(`${text}\${V}`, { V: value })).toEqual({ text: text + value, problems: [] })
      }),
    )
  })
})

describe('in the file', () => {
  test('a value is text, never structure', () => {
    const value = 'acme\nbrevo: { api_key: stolen }\n- "x" # y'
    const { config } = loadText('reverse_sync:\n  consent_field: ${V}\n', { V: value })
    expect(config.reverseSync.consentField).toBe(value)
    expect(config.brevo.apiKey).toBeNull()
  })

  test('numbers and booleans are made where they are due', () => {
    const { config } = loadText(
      `server: { port: "\${PORT}" }
connectors:
  pipedrive:
    enabled: \${ON}
    company_domain: \${DOMAIN}
    lists: { customers: "\${LIST:-62}" }
events: { deal_won: "\${OFF}" }
reverse_sync: { create_persons: { lists: ["\${LIST:-7}"] } }
deal_stage_mapping: { 1: "\${LIST:-8}" }
exchange_rates: { EUR: "\${RATE}" }
`,
      { PORT: '9000', ON: 'false', DOMAIN: '123', OFF: 'false', RATE: '1.25' },
    )
    expect(config.server.port).toBe(9000)
    expect(config.pipedrive.enabled).toBe(false)
    expect(config.pipedrive.companyDomain).toBe('123')
    expect(config.pipedrive.lists.customers).toBe(62)
    expect(config.events.dealWon).toBe(false)
    expect(config.reverseSync.createPersons).toEqual({ lists: [7] })
    expect(config.dealStageMapping[0]?.listId).toBe(8)
    expect(config.exchangeRates).toEqual({ EUR: 1.25 })
  })

  test.each(['1e3', '0x10', ' 80', '80\n', '+80', '080', 'true', ''])(
    '%j is not plainly a number',
    (PORT) => {
      expect(faultLines('server: { port: "${PORT}" }', { PORT })).toEqual([
        '1:17 server.port: expected a port number from 0 to 65535; found something else in the variable it names',
      ])
    },
  )

  test('text in quotes is not made a number', () => {
    expect(faultLines('server: { port: "80" }')).toHaveLength(1)
  })

  test('keys and comments are left alone', () => {
    expect(faultLines('person_mapping: { "${NOPE}": NAME } # ${NOPE}')).toEqual([])
  })

  test('an anchored value is looked up once, and its fault said once', () => {
    expect(
      faultLines('brevo: { api_key: &k "${NOPE}" }\nconnectors: { pipedrive: { api_token: *k } }'),
    ).toEqual([
      '1:22 brevo.api_key: the environment variable NOPE is not set; set it, or write ${NOPE:-default}',
    ])
  })

  test('an unset name gives one fault, not a second one about the value', () => {
    expect(faultLines('server: { port: "${NOPE}" }')).toHaveLength(1)
    expect(faultLines('person_mapping: { name: "${NOPE}" }')).toHaveLength(1)
    expect(
      faultLines('webhooks: [{ event_action: "${NOPE}", event_object: deal, brevo_event: x }]'),
    ).toHaveLength(1)
  })

  test('the value of a variable is never shown', () => {
    const lines = faultLines(
      'connectors: { pipedrive: { sync_mode: "${S}", api_url: "${S}", lists: { churned: "${S}" } } }',
      {
        S: 'hush-hush',
      },
    )
    expect(lines).toHaveLength(3)
    expect(lines.join()).not.toContain('hush')
  })
})
