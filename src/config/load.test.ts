/** From a file and an environment to a configuration: what is accepted, what is filled in, and from where. */
// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the placeholders are what is tested
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { checkSettingsText, loadConfig } from './load.ts'
import { configErrorOf, faultLines, loadText } from './testdata/load-text.ts'

const mission = readFileSync(new URL('testdata/mission.yaml', import.meta.url), 'utf8')

describe('the documented blocks, pasted together', () => {
  const { config, locate, position } = loadText(mission)

  test('load as they stand', () => {
    expect(config.pipedrive).toMatchObject({
      enabled: true,
      apiToken: 'your-pipedrive-api-token',
      companyDomain: 'yourcompany',
      apiUrl: 'https://yourcompany.pipedrive.com',
      sync: { persons: true, deals: true, organizations: true, activities: true, leads: true },
      lists: { allContacts: 60, qualifiedLeads: 61, customers: 62, churned: 63 },
    })
    expect(config.personMapping).toHaveLength(14)
    expect(config.personMapping[13]).toEqual({
      source: 'custom_fields.company_size',
      target: 'COMPANY_SIZE',
      path: 'person_mapping.custom_fields.company_size',
      line: 36,
      column: 31,
    })
    expect(config.dealStageMapping.map(({ stage, listId }) => [stage, listId])).toEqual([
      [{ kind: 'id', id: 1 }, 61],
      [{ kind: 'id', id: 2 }, 61],
      [{ kind: 'id', id: 3 }, 62],
      [{ kind: 'id', id: 4 }, 62],
      [{ kind: 'won' }, 63],
      [{ kind: 'lost' }, 64],
    ])
    expect(
      config.webhooks.map(({ action, object, brevoEvent }) => `${action} ${object} ${brevoEvent}`),
    ).toEqual([
      'added person contact_created',
      'updated person contact_updated',
      'added deal deal_created',
      'updated deal deal_updated',
      'merged person contact_merged',
      'added activity activity_logged',
    ])
  })

  test('give the same under the connector, and with the other name of the mapping', () => {
    const [connector = '', rest = ''] = mission.split(/\n(?=person_mapping)/)
    const indented = rest.replace('person_mapping', 'field_mapping').replace(/^(?=.)/gm, '    ')
    const moved = loadText(`${connector}\n${indented}`).config
    expect(moved.personMapping.map((row) => row.target)).toEqual(
      config.personMapping.map((row) => row.target),
    )
    expect(moved.personMapping[1]?.path).toBe('connectors.pipedrive.field_mapping.name')
    expect(moved.dealStageMapping).toHaveLength(6)
    expect(moved.webhooks[5]?.path).toBe('connectors.pipedrive.webhooks[5]')
  })

  test('can be pointed into later', () => {
    expect(position('connectors.pipedrive.lists.customers')).toEqual({ line: 17, column: 18 })
    expect(position('connectors.pipedrive.lists')).toEqual({ line: 14, column: 5 })
    expect(position('person_mapping.custom_fields.industry')).toEqual({ line: 35, column: 27 })
    expect(position('deal_stage_mapping.won')).toEqual({ line: 44, column: 10 })
    expect(position('webhooks[1].brevo_event')).toEqual({ line: 53, column: 18 })
    expect(position('connectors.pipedrive.default_country')).toEqual({ line: 2, column: 3 })
    expect(position('brevo.api_key')).toEqual({ line: 1, column: 1 })
    expect(locate('webhooks[1]')).toMatch(/tajo\.yaml:51:5 webhooks\[1\]$/)
  })

  test('cannot be changed afterwards', () => {
    const visit = (value: unknown): void => {
      if (typeof value !== 'object' || value === null) return
      expect(Object.isFrozen(value)).toBe(true)
      Object.values(value).forEach(visit)
    }
    visit(config)
  })
})

describe('defaults', () => {
  test.each(['', '# nothing yet\n', 'connectors:\n', '---\n', 'connectors:\n  pipedrive:\n    sync:\n'])(
    'a file with %j in it is one without settings',
    (text) => {
      const { config } = loadText(text)
      expect(config).toMatchObject({
        pipedrive: {
          enabled: true,
          apiToken: null,
          oauth: null,
          companyDomain: null,
          apiUrl: null,
          oauthUrl: 'https://oauth.pipedrive.com',
          apiVersion: 'v2',
          syncMode: 'hybrid',
          pollIntervalMs: 300_000,
          sync: { persons: true, deals: true, organizations: true, activities: true, leads: true },
          lists: { allContacts: null, qualifiedLeads: null, customers: null, churned: null },
          defaultCountry: null,
          deleteBehavior: 'soft',
          backfillEvents: false,
          createMissingAttributes: true,
        },
        brevo: { apiKey: null, apiUrl: 'https://api.brevo.com/v3', apiKeyName: null },
        reverseSync: {
          enabled: false,
          conflict: 'newest',
          createPersons: 'never',
          consentField: null,
          personOwner: null,
          personLabel: null,
          fields: {},
        },
        server: { port: 8025, publicUrl: null, behindProxy: false },
        dedupe: { survivor: 'lead' },
        organizationMapping: [],
        dealStageMapping: [],
        webhooks: [],
        events: { dealStageChanged: 'deal_stage_changed', dealWon: 'deal_won', dealLost: 'deal_lost' },
        exchangeRates: {},
      })
      expect(config.personMapping.map(({ source, target }) => `${source} ${target}`)).toEqual([
        'email email',
        'first_name FIRSTNAME',
        'last_name LASTNAME',
        'phone SMS',
      ])
    },
  )

  test('the identity is added where a mapping leaves it out', () => {
    const { config } = loadText('person_mapping: { name: fullname, phone: sms }')
    expect(config.personMapping.map(({ source, target, line }) => [source, target, line])).toEqual([
      ['email', 'email', null],
      ['name', 'FULLNAME', 1],
      ['phone', 'SMS', 1],
    ])
  })
})

test('values come in their final shape', () => {
  const { config } = loadText(`
connectors:
  pipedrive:
    company_domain: AcMe
    default_country: kr
    poll_interval: 2h
    api_url: HTTP://LOCALHOST:8026/
    oauth: { client_id: id, client_secret: secret }
reverse_sync:
  create_persons: { lists: [3] }
  person_owner: 7
  person_label: Newsletter
  fields: { sms: to_brevo }
dedupe: { survivor: oldest }
organization_mapping: { address: Street address }
deal_stage_mapping: { Sales / Lead in/out: 5 }
webhooks: [{ event_action: change, event_object: lead, brevo_event: x }]
events: { deal_lost: false }
exchange_rates: { EUR: 1.08 }
`)
  expect(config.pipedrive).toMatchObject({
    companyDomain: 'acme',
    defaultCountry: 'KR',
    pollIntervalMs: 7_200_000,
    apiUrl: 'http://localhost:8026',
    oauth: { clientId: 'id', clientSecret: 'secret' },
  })
  expect(config.reverseSync).toMatchObject({
    createPersons: { lists: [3] },
    fields: { SMS: 'to_brevo' },
    personOwner: '7',
    personLabel: 'Newsletter',
  })
  expect(config.dedupe).toEqual({ survivor: 'oldest' })
  expect(config.organizationMapping[0]?.target).toBe('Street address')
  expect(config.dealStageMapping[0]).toMatchObject({
    stage: { kind: 'name', pipeline: 'Sales', stage: 'Lead in/out' },
    key: 'Sales / Lead in/out',
  })
  expect(config.webhooks[0]).toMatchObject({ action: 'updated', object: 'lead' })
  expect(config.events.dealLost).toBe(false)
  expect(config.exchangeRates).toEqual({ EUR: 1.08 })
})

describe('the environment', () => {
  const env = {
    PIPEDRIVE_API_TOKEN: 'token',
    PIPEDRIVE_COMPANY_DOMAIN: 'acme',
    PIPEDRIVE_API_URL: 'http://127.0.0.1:1/',
    PIPEDRIVE_OAUTH_URL: 'http://[::1]:2',
    BREVO_API_KEY: 'key',
    BREVO_API_URL: 'http://localhost:3/v3',
  }

  test('stands in for what the file leaves out', () => {
    const { config } = loadText('', env)
    expect(config.pipedrive).toMatchObject({
      apiToken: 'token',
      companyDomain: 'acme',
      apiUrl: 'http://127.0.0.1:1',
      oauthUrl: 'http://[::1]:2',
    })
    expect(config.brevo).toEqual({
      apiKey: 'key',
      oauth: null,
      apiUrl: 'http://localhost:3/v3',
      oauthUrl: 'http://localhost:3',
      apiKeyName: null,
    })
  })

  test('gives way to the file', () => {
    const { config } = loadText(
      'connectors: { pipedrive: { api_token: t, company_domain: d, api_url: "https://a.example" } }\nbrevo: { api_key: k, api_url: "https://b.example/v3/" }',
      env,
    )
    expect(config.pipedrive).toMatchObject({ apiToken: 't', companyDomain: 'd', apiUrl: 'https://a.example' })
    expect(config.brevo).toMatchObject({ apiKey: 'k', apiUrl: 'https://b.example/v3', oauth: null })
  })

  test('gives no second kind of credential where the file has one', () => {
    const app = { PIPEDRIVE_CLIENT_ID: 'id', PIPEDRIVE_CLIENT_SECRET: 'secret' }
    const both = loadText('', { ...env, ...app }).config.pipedrive
    expect(both).toMatchObject({ apiToken: 'token', oauth: { clientId: 'id', clientSecret: 'secret' } })
    expect(loadText('connectors: { pipedrive: { api_token: t } }', app).config.pipedrive.oauth).toBeNull()
    const oauth = loadText('connectors: { pipedrive: { oauth: { client_id: x } } }', { ...env, ...app })
      .config.pipedrive
    expect(oauth).toMatchObject({ apiToken: null, oauth: { clientId: 'x', clientSecret: 'secret' } })
  })

  test('gives the credentials of an app of Brevo, unless there is a key', () => {
    const app = {
      BREVO_CLIENT_ID: 'id',
      BREVO_CLIENT_SECRET: 'secret',
      BREVO_OAUTH_URL: 'https://oauth.brevo.com',
    }
    expect(
      loadText('brevo: { oauth: { scope: "contacts:read crm:read" } }', { ...env, ...app }).config.brevo,
    ).toEqual({
      apiKey: null,
      oauth: { clientId: 'id', clientSecret: 'secret', scope: 'contacts:read crm:read' },
      apiUrl: 'http://localhost:3/v3',
      oauthUrl: 'https://oauth.brevo.com',
      apiKeyName: null,
    })
    expect(loadText('', { ...env, ...app }).config.brevo).toMatchObject({ apiKey: 'key', oauth: null })
    expect(faultLines('', { BREVO_CLIENT_ID: 'id' })).toEqual([
      'environment BREVO_CLIENT_SECRET: the client id of the Brevo app is known, its client secret is not; set it here or in the file',
    ])
  })

  test('is checked like the file, together with it, without showing what it holds', () => {
    const lines = faultLines('server: { port: x }', {
      BREVO_API_URL: 'http://hush.example',
      BREVO_API_KEY: 'hush hush',
    })
    expect(lines).toEqual([
      expect.stringMatching(/^environment BREVO_API_URL: expected an https address/),
      'environment BREVO_API_KEY: expected an API key (text without spaces)',
      '1:17 server.port: expected a port number from 0 to 65535; found "x"',
    ])
  })
})

describe('the file itself', () => {
  let directory = ''
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'tajo-config-'))
  })
  afterEach(() => rmSync(directory, { recursive: true }))

  test('a named file that is missing is an error that says what to do', () => {
    const file = join(directory, 'other.yaml')
    for (const options of [{ file, env: {} }, { env: { TAJO_CONFIG: file } }]) {
      const error = configErrorOf(() => loadConfig(options))
      expect(error.code).toBe('config_missing')
      expect(error.disposition).toBe('pause')
      expect(error.message).toBe(
        `${file} is not there. "tajo init" writes one; TAJO_CONFIG names another file.`,
      )
    }
  })

  test('a missing file that nobody asked for gives the defaults', () => {
    const { config, position, locate } = loadConfig({
      file: join(directory, 'no/tajo.yaml'),
      env: {},
      required: false,
    })
    expect(config.file).toBeNull()
    expect(config.server.port).toBe(8025)
    expect(position('server.port')).toBeNull()
    expect(locate('server.port')).toBe('server.port')
  })

  test('the file that was read is in the configuration', () => {
    const file = join(directory, 'a.yaml')
    writeFileSync(file, 'server: { port: 1 }')
    expect(loadConfig({ env: { TAJO_CONFIG: file } }).config).toMatchObject({ file, server: { port: 1 } })
  })

  test('a directory, a large file and other encodings are refused in words', () => {
    mkdirSync(join(directory, 'd'))
    const error = configErrorOf(() => loadConfig({ file: join(directory, 'd'), env: {} }))
    expect(error.message).toMatch(/\/d: this is a directory; name a file, such as .*\/d\/tajo\.yaml$/)
    expect(faultLines('#'.repeat(1_000_001))[0]).toContain('larger than 1 MB')
    expect(faultLines(`#${' '.repeat(999_998)}\n`)).toEqual([])
    expect(faultLines(Uint8Array.of(0x61, 0xff))[0]).toContain('not a text file in UTF-8')
    expect(faultLines(Buffer.from('brevo: {}', 'utf16le'))[0]).toContain('not a text file in UTF-8')
  })

  test('a byte order mark, Windows line ends and Korean do no harm to positions', () => {
    expect(faultLines('\ufeff# 설정\r\nserver:\r\n  port: 일\r\n')).toEqual([
      '3:9 server.port: expected a port number from 0 to 65535; found "일"',
    ])
  })
})

describe('a text that is not a file yet', () => {
  test('is checked as if it were, with its name in the faults', () => {
    const { file, connections } = checkSettingsText('connections: { seoul: {} }', {
      file: '/srv/tajo.yaml',
      env: {},
    })
    expect(file).toBe('/srv/tajo.yaml')
    expect([...connections.keys()]).toEqual(['seoul'])
    expect(connections.get('seoul')?.config.skills.directory).toBe('/srv/skills')
    const error = configErrorOf(() => checkSettingsText('x: 1\ny: 2', { file: '/srv/tajo.yaml', env: {} }))
    expect(error.message).toMatch(/^\/srv\/tajo.yaml:1:1 x: unknown setting.*\n\/srv\/tajo.yaml:2:1 y: /)
  })
})
