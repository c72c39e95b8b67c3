/** YAML itself: anchors and merges, and every kind of file that has to be refused. */
// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the placeholders are what is tested
import { describe, expect, test } from 'vitest'
import { configErrorOf, faultLines, loadText } from './testdata/load-text.ts'

describe('anchors and merge keys', () => {
  test('aliases stand for the value at the anchor', () => {
    const { config } = loadText('brevo: { api_key: &k abc }\nconnectors: { pipedrive: { api_token: *k } }')
    expect(config.pipedrive.apiToken).toBe('abc')
  })

  test('what is written out wins over what is merged, and an earlier merge over a later one', () => {
    const { config } = loadText(
      `
connectors:
  pipedrive:
    person_mapping: { name: NAME, phone: SMS }
    sync: { <<: { leads: false, deals: false }, deals: true }
reverse_sync: { fields: { <<: [ { NAME: both }, { NAME: to_brevo, SMS: both } ] } }
`,
    )
    expect(config.pipedrive.sync).toMatchObject({ leads: false, deals: true, persons: true })
    expect(config.reverseSync.fields).toEqual({ NAME: 'both', SMS: 'both' })
  })

  test('a fault in a merged block is told once, where it is written', () => {
    expect(
      faultLines(
        'webhooks:\n  - &w { event_action: added, event_object: deal, brevo_event: "a b" }\n  - { <<: *w, event_object: person }',
      ),
    ).toEqual([
      '2:64 webhooks[0].brevo_event: expected an event name for Brevo (1 to 255 letters, digits, - and _); found "a b"',
    ])
  })

  test('an anchor that is given twice stands for the newer value from there on', () => {
    const { config } = loadText(
      'brevo: { api_key: &k a }\nreverse_sync: { consent_field: &k b }\nserver: { public_url: ~ }\nevents: { deal_won: *k }',
    )
    expect(config.events.dealWon).toBe('b')
  })

  test.each([
    ['brevo: *x', '1:8 brevo: no anchor &x stands above this alias'],
    ['brevo: &a { api_key: *a }', '1:22 brevo.api_key: an alias that contains itself'],
    ['brevo: { <<: 5 }', '1:10 brevo: "<<" expects a block of settings, or a list of such blocks'],
  ])('%j is a fault', (text, line) => {
    expect(faultLines(text)).toEqual([line])
  })
})

describe('hostile files', () => {
  test('an alias bomb is refused', () => {
    const levels = Array.from(
      { length: 12 },
      (_, i) => `a${i + 1}: &a${i + 1} [${Array(10).fill(`*a${i}`).join(', ')}]`,
    )
    const [line, ...more] = faultLines(`a0: &a0 x\n${levels.join('\n')}`)
    expect(line).toContain('more than 20000 values (aliases counted each time)')
    expect(more).toEqual([])
  })

  test.each([
    ['[', 'nested too deeply'],
    ['{a: ', 'nested too deeply'],
    ['- ', 'nested too deeply'],
  ])('%j a hundred thousand times is refused', (piece, message) => {
    expect(faultLines(piece.repeat(100_000)).join()).toContain(message)
  })

  test('forty levels are refused, with the place', () => {
    const text = Array.from({ length: 40 }, (_, i) => `${' '.repeat(i)}a:`).join('\n')
    expect(faultLines(`${text} 1`)[0]).toMatch(/^34:34 a(\.a)+: nested deeper than 32 levels$/)
  })

  test('prototype names neither work nor do harm', () => {
    expect(
      faultLines(
        '__proto__: { polluted: 1 }\nbrevo: { __proto__: 1, constructor: 2, toString: 3 }\nexchange_rates: { __proto__: 4 }',
      ),
    ).toEqual([
      '1:1 __proto__: this name cannot be used',
      '2:10 brevo.__proto__: this name cannot be used',
      '2:24 brevo.constructor: unknown setting; known here: api_key, oauth, api_url, oauth_url, api_key_name',
      '2:40 brevo.toString: unknown setting; known here: api_key, oauth, api_url, oauth_url, api_key_name',
      '3:19 exchange_rates.__proto__: this name cannot be used',
    ])
    expect(({} as { polluted?: number }).polluted).toBeUndefined()
    const { config } = loadText('person_mapping: { constructor: MAKER, hasOwnProperty: OWNS }')
    expect(config.personMapping.map((row) => row.target)).toEqual(['email', 'MAKER', 'OWNS'])
  })

  test('tags, second documents and keys that are no names are refused', () => {
    expect(faultLines('brevo: !!js/function x')[0]).toContain('1:8 : YAML: tags')
    expect(faultLines('brevo: {}\n---\nbrevo: {}')[0]).toMatch(
      /^2:1 : YAML: Source contains multiple documents/,
    )
    expect(faultLines('? [a]\n: b')).toEqual(['1:3 : expected a plain name as the key'])
  })
})

describe('syntax errors', () => {
  test('show the line and the place in it', () => {
    expect(faultLines('brevo:\n  api_url: a: b\n')).toEqual([
      '2:12 : YAML: Nested mappings are not allowed in compact mappings\n  2 |   api_url: a: b\n                 ^',
    ])
  })

  test('say what to do about a variable in braces', () => {
    expect(faultLines('server: { port: ${PORT} }')[0]).toContain(
      'Inside { } and [ ], put "${NAME}" in quotes',
    )
  })

  test('never show a credential', () => {
    const token = '0123456789abcdef0123456789abcdef01234567'
    for (const text of [
      `brevo: {api_key: "hush`,
      `brevo:\n  api_key: hush: x`,
      `x: [\n  ${token}: : y`,
      `'api_token': hush: y`,
    ])
      expect(configErrorOf(() => loadText(text)).message).not.toMatch(/hush|0123456789/)
  })
})
