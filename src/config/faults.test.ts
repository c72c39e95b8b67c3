/** Wrong settings: each is told with its place, and none hides another. */
// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the placeholders are what is tested
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { configErrorOf, faultLines, loadText } from './testdata/load-text.ts'

const under = (line: string) => `connectors:\n  pipedrive:\n    ${line}`
const STAGE = 'expected a stage id, won, lost, or "<pipeline>/<stage>"'
const LIST = 'expected the id of a Brevo list (a whole number from 1)'
const URL_RULE =
  'expected an https address without a password, query or fragment (http only for localhost, 127.0.0.0/8 and [::1])'

describe('one wrong setting', () => {
  test.each([
    [
      under('sync_mode: fast'),
      '3:16 connectors.pipedrive.sync_mode: expected one of realtime, batch, hybrid; found "fast"',
    ],
    [
      under('sync_mode: batsh'),
      '3:16 connectors.pipedrive.sync_mode: expected one of realtime, batch, hybrid; found "batsh" => batch',
    ],
    [under('synch_mode: batch'), '3:5 connectors.pipedrive.synch_mode: unknown setting => sync_mode'],
    [under('brevo: {}'), '3:5 connectors.pipedrive.brevo: unknown setting => brevo'],
    ['api_token: x', '1:1 api_token: unknown setting => connectors.pipedrive.api_token'],
    [
      'brevo: { plan: pro }',
      '1:10 brevo.plan: unknown setting; known here: api_key, oauth, api_url, oauth_url, api_key_name',
    ],
    [
      'connectors: { hubspot: {} }',
      '1:15 connectors.hubspot: only the connector "pipedrive" is supported here',
    ],
    [
      'connectors: { pipdrive: {} }',
      '1:15 connectors.pipdrive: only the connector "pipedrive" is supported here => pipedrive',
    ],
    [
      under('api_version: v3'),
      '3:18 connectors.pipedrive.api_version: expected one of v2, v1; found "v3" => v2',
    ],
    [
      under('poll_interval: 300'),
      '3:20 connectors.pipedrive.poll_interval: expected a time with its unit, such as 30s, 5m or 1h; found the number 300 => 300s',
    ],
    [
      under('poll_interval: 4s'),
      '3:20 connectors.pipedrive.poll_interval: expected a time between 5s and 7d; found "4s"',
    ],
    [
      under('poll_interval: 8d'),
      '3:20 connectors.pipedrive.poll_interval: expected a time between 5s and 7d; found "8d"',
    ],
    [
      under('api_token: 12345'),
      '3:16 connectors.pipedrive.api_token: expected an API token (text without spaces); found a number (put it in quotes)',
    ],
    [
      under('api_token: "hush hush"'),
      '3:16 connectors.pipedrive.api_token: expected an API token (text without spaces); found other text',
    ],
    [
      under('company_domain: acme.pipedrive.com'),
      '3:21 connectors.pipedrive.company_domain: expected the part of your Pipedrive address before .pipedrive.com; found "acme.pipedrive.com" => acme',
    ],
    [
      under('default_country: uk'),
      '3:22 connectors.pipedrive.default_country: expected a country code of two letters, such as KR or DE (ISO 3166); found "uk" => GB',
    ],
    [
      under('default_country: ZZ'),
      '3:22 connectors.pipedrive.default_country: expected a country code of two letters, such as KR or DE (ISO 3166); found "ZZ"',
    ],
    [under('enabled: yes'), '3:14 connectors.pipedrive.enabled: expected true or false; found "yes" => true'],
    [under('lists: { churned: 0 }'), `3:23 connectors.pipedrive.lists.churned: ${LIST}; found 0`],
    [under('lists: { churned: 1.5 }'), `3:23 connectors.pipedrive.lists.churned: ${LIST}; found 1.5`],
    [under('lists: { churned: "63" }'), `3:23 connectors.pipedrive.lists.churned: ${LIST}; found "63"`],
    [under('lists: [63]'), '3:5 connectors.pipedrive.lists: expected a block of list ids; found a list'],
    ['server: { port: 65536 }', '1:17 server.port: expected a port number from 0 to 65535; found 65536'],
    ['deal_stage_mapping: { Won: 1 }', `1:23 deal_stage_mapping.Won: ${STAGE}; found "Won" => won`],
    ['deal_stage_mapping: { 01: 1 }', `1:23 deal_stage_mapping.01: ${STAGE}; found "01"`],
    ['deal_stage_mapping: { 1: a }', `1:26 deal_stage_mapping.1: ${LIST}; found "a"`],
    ['deal_stage_mapping:\n  1:', `2:3 deal_stage_mapping.1: ${LIST}; found nothing`],
    [
      'deal_stage_mapping: { 1: 6, "1": 7 }',
      '1:29 deal_stage_mapping.1: given twice in one block (first in line 1)',
    ],
    [
      'deal_stage_mapping: { a/b: 6, a / b: 7 }',
      '1:31 deal_stage_mapping.a / b: the same stage as in line 1; keep one of them',
    ],
    [
      'person_mapping: { name: FULL NAME }',
      '1:25 person_mapping.name: expected the name of a Brevo attribute (letters, digits and _); found "FULL NAME"',
    ],
    [
      'person_mapping: { custom_fields: { industry: X } }',
      '1:19 person_mapping.custom_fields: expected the name of a Brevo attribute (letters, digits and _); found a block of settings => custom_fields.industry: ...',
    ],
    [
      'person_mapping:\n  name: NAME\n  first_name: name',
      '3:15 person_mapping.first_name: "first_name" and "name" (line 2) are both mapped to NAME; keep one of them',
    ],
    [
      'person_mapping: { phone: email }',
      '1:26 person_mapping.phone: the identity "email" takes the field "email" only; map this field to another attribute',
    ],
    [
      'organization_mapping: { a: x, b: x }',
      '1:34 organization_mapping.b: "b" and "a" (line 1) are both mapped to x; keep one of them',
    ],
    [
      'person_mapping: {}\nfield_mapping: {}',
      '2:1 field_mapping: already given as person_mapping (line 1); keep one of them',
    ],
    [
      `webhooks: []\n${under('webhooks: []')}`,
      '4:5 connectors.pipedrive.webhooks: already given as webhooks (line 1); keep one of them',
    ],
    [
      `deal_stage_mapping: {}\n${under('deal_stage_mapping: {}')}`,
      '4:5 connectors.pipedrive.deal_stage_mapping: already given as deal_stage_mapping (line 1); keep one of them',
    ],
    [
      `${under('api_token: a')}\n    oauth: { client_id: b, client_secret: c }`,
      '4:5 connectors.pipedrive.oauth: given together with api_token (line 3); keep one of them',
    ],
    [
      under('oauth: { client_id: b }'),
      'environment PIPEDRIVE_CLIENT_SECRET: the client id of the Pipedrive app is known, its client secret is not; set it here or in the file',
    ],
    [
      'webhooks:\n  - { event_action: add, event_object: deal, brevo_event: x }',
      '2:21 webhooks[0].event_action: expected one of added, create, updated, change, deleted, delete, merged; found "add"',
    ],
    [
      'webhooks:\n  - { event_action: added, event_object: deal }',
      '2:5 webhooks[0].brevo_event: missing; expected an event name for Brevo (1 to 255 letters, digits, - and _)',
    ],
    ['webhooks:\n  - x', '2:5 webhooks[0]: expected event_action, event_object and brevo_event; found "x"'],
    [
      'webhooks:\n  - { event_action: added, event_object: deal, brevo_event: x }\n  - { event_action: create, event_object: deal, brevo_event: y }',
      '3:5 webhooks[1]: "added deal" already has an event (line 2); keep one of them',
    ],
    [
      'events: { deal_won: true }',
      '1:21 events.deal_won: expected an event name, or false for none; found true',
    ],
    [
      'exchange_rates: { eur: 1 }',
      '1:19 exchange_rates.eur: expected a currency code of three capital letters, such as EUR; found "eur" => EUR',
    ],
    [
      'exchange_rates: { EUR: -1 }',
      '1:24 exchange_rates.EUR: expected a number above 0: the worth of one unit in the default currency of the account; found -1',
    ],
    [
      'reverse_sync: { create_persons: nevr }',
      '1:33 reverse_sync.create_persons: expected never, all, or { lists: [ids] }; found "nevr" => never',
    ],
    [
      'reverse_sync: { create_persons: { lists: [1, x] } }',
      `1:46 reverse_sync.create_persons.lists[1]: ${LIST}; found "x"`,
    ],
    [
      'reverse_sync: { fields: { FIRSTNAM: both } }',
      '1:27 reverse_sync.fields.FIRSTNAM: no field of person_mapping is mapped to this attribute => FIRSTNAME',
    ],
    [
      'reverse_sync: { fields: { SMS: both, sms: both } }',
      '1:38 reverse_sync.fields.sms: the same attribute as in line 1; keep one of them',
    ],
    [
      'person_mapping: { name: FULLNAME, email: email }\nreverse_sync: { fields: { EMIAL: both } }',
      '2:27 reverse_sync.fields.EMIAL: no field of person_mapping is mapped to this attribute => EMAIL',
    ],
    [
      'reverse_sync: { person_owner: [7] }',
      '1:17 reverse_sync.person_owner: expected the id, e-mail or name of a Pipedrive user; found a list',
    ],
    [
      'reverse_sync: { person_label: 0 }',
      '1:31 reverse_sync.person_label: expected the name or id of a person label; found 0',
    ],
    [
      'brevo: { api_key_name: "  " }',
      '1:24 brevo.api_key_name: expected the name of the API key as Brevo shows it; found "  "',
    ],
    [
      'dedupe: { survivor: newest }',
      '1:21 dedupe.survivor: expected one of lead, oldest, most_deals; found "newest"',
    ],
    ['brevo: 5', '1:8 brevo: expected a block of settings; found 5'],
    ['- a', '1:1 : expected a block of settings such as "connectors:" and "brevo:"; found a list'],
    ['tajo', '1:1 : expected a block of settings such as "connectors:" and "brevo:"; found "tajo"'],
  ])('%j', (text, line) => {
    expect(faultLines(text)).toEqual([line])
  })

  test.each([
    'http://example.com',
    'http://localhost.example.com',
    'http://127.0.0.1.example.com',
    'http://10.0.0.1',
    'https://user:hush@example.com',
    'https://example.com/?hush',
    'https://example.com/#hush',
    'ftp://localhost',
    'example.com',
    'https://',
    'https:example.com',
  ])('the address %j is refused, and at most its host is shown', (address) => {
    const [line, ...more] = faultLines(under(`api_url: "${address}"`))
    expect(line).toContain(`3:14 connectors.pipedrive.api_url: ${URL_RULE}`)
    expect(line).not.toContain('hush')
    expect(more).toEqual([])
  })

  test.each([
    'https://example.com/v1',
    'http://localhost:1',
    'http://127.9.9.9',
    'http://[::1]:8',
    'HTTP://LocalHost',
  ])('the address %j is fine', (address) => {
    expect(faultLines(under(`api_url: "${address}"`))).toEqual([])
  })
})

test('the message prints every fault with file, line, column and setting', () => {
  const error = configErrorOf(() => loadText(`${under('sync_mode: fast')}\nservr: {}`))
  expect(error.code).toBe('config_invalid')
  expect(error.disposition).toBe('pause')
  expect(error.message.split('\n').map((line) => line.replace(/^.*\/(?=tajo\.yaml)/, ''))).toEqual([
    'tajo.yaml:3:16 connectors.pipedrive.sync_mode: expected one of realtime, batch, hybrid; found "fast"',
    'tajo.yaml:4:1 servr: unknown setting. Did you mean "server"?',
  ])
})

test('a very long list of faults is cut in the message only', () => {
  const text = Array.from({ length: 80 }, (_, i) => `unknown_${i}: 1`).join('\n')
  const error = configErrorOf(() => loadText(text))
  expect(error.faults).toHaveLength(80)
  expect(error.message).toMatch(/\.\.\. and 30 more$/)
})

/** Faults that may stand together in one file: a line, the block it goes to, the path that has to be named. */
const INJECTIONS = [
  ['root', 'unknwon: 1', 'unknwon'],
  ['root', 'exchange_rates: { usd: 1 }', 'exchange_rates.usd'],
  ['root', 'organization_mapping: { a: x, b: x }', 'organization_mapping.b'],
  ['root', 'events: { deal_won: "a b" }', 'events.deal_won'],
  ['root', 'server: { port: -1 }', 'server.port'],
  ['root', 'brevo: { api_url: "http://example.com", api_kye: x }', 'brevo.api_kye'],
  ['root', 'reverse_sync: { fields: { NOPE_AT_ALL: both } }', 'reverse_sync.fields.NOPE_AT_ALL'],
  ['pipedrive', 'sync_mode: fast', 'connectors.pipedrive.sync_mode'],
  ['pipedrive', 'poll_interval: 1s', 'connectors.pipedrive.poll_interval'],
  ['pipedrive', 'oauth: { client_id: a, client_secret: b, secret: c }', 'connectors.pipedrive.oauth.secret'],
  ['pipedrive', 'default_country: XX', 'connectors.pipedrive.default_country'],
  ['pipedrive', 'enabled: "${NOT_SET}"', 'connectors.pipedrive.enabled'],
  ['pipedrive', 'lists: { customers: 0 }', 'connectors.pipedrive.lists.customers'],
  ['pipedrive', 'sync: { person: true }', 'connectors.pipedrive.sync.person'],
  ['mapping', 'phone: name', 'person_mapping.phone'],
  ['mapping', 'job_title: 5', 'person_mapping.job_title'],
  ['mapping', 'owner_id: email', 'person_mapping.owner_id'],
  ['mapping', '__proto__: X', 'person_mapping.__proto__'],
  ['stages', '1: 0', 'deal_stage_mapping.1'],
  ['stages', 'Lost: 1', 'deal_stage_mapping.Lost'],
  ['stages', '"won": 9', 'deal_stage_mapping.won'],
  ['webhooks', '- { event_action: create, event_object: person, brevo_event: x }', 'webhooks[#]'],
  [
    'webhooks',
    '- { event_action: merged, event_object: person, brevo_event: "é" }',
    'webhooks[#].brevo_event',
  ],
  [
    'webhooks',
    '- { event_action: added, event_object: deal, brevo_event: y, extra: 1 }',
    'webhooks[#].extra',
  ],
  ['environment', 'PIPEDRIVE_OAUTH_URL=ftp://x', 'PIPEDRIVE_OAUTH_URL'],
] as const

test('any set of faults is reported in full, and nothing else', () => {
  fc.assert(
    fc.property(fc.subarray([...INJECTIONS]), (injected) => {
      const lines = (block: string, indent: string) =>
        injected
          .filter(([where]) => where === block)
          .map(([, line]) => `${indent}${line}\n`)
          .join('')
      const text = `${lines('root', '')}connectors:
  pipedrive:
    company_domain: acme
${lines('pipedrive', '    ')}person_mapping:
  name: NAME
${lines('mapping', '  ')}deal_stage_mapping:
  won: 1
${lines('stages', '  ')}webhooks:
  - { event_action: added, event_object: person, brevo_event: p }
${lines('webhooks', '  ')}`
      const variables = injected
        .filter(([where]) => where === 'environment')
        .map(([, line]) => line.split('='))
      const found = faultLines(text, Object.fromEntries(variables)).map((line) => / (\S+):/.exec(line)?.[1])
      let row = 0
      const expected = injected.flatMap(([where, line, path]) => {
        if (where === 'webhooks') row++
        const named = path.replace('#', String(row))
        return line.startsWith('brevo:') ? [named, 'brevo.api_url'] : [named]
      })
      expect(found.toSorted()).toEqual(expected.toSorted())
    }),
    { numRuns: 200 },
  )
})
