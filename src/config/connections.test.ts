/** Several connections in one file: what each has of its own, what they share, and what is refused. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { loadConnections, loadStoredConnection } from './load.ts'
import { configErrorOf } from './testdata/load-text.ts'

function load(text: string, env: Record<string, string> = {}) {
  const directory = mkdtempSync(join(tmpdir(), 'tajo-config-'))
  try {
    const file = join(directory, 'tajo.yaml')
    writeFileSync(file, text)
    return loadConnections({ file, env })
  } finally {
    rmSync(directory, { recursive: true })
  }
}

function faultsOf(text: string): readonly string[] {
  return configErrorOf(() => load(text)).faults.map(
    ({ line, column, path, message }) => `${line}:${column} ${path}: ${message}`,
  )
}

const TWO = `server: { port: 9000 }
connectors:
  pipedrive:
    poll_interval: 10m
    person_mapping: { email: email, name: SHARED }
deal_stage_mapping: { won: 9 }
connections:
  seoul:
    connectors: { pipedrive: { api_token: token-of-seoul, lists: { all_contacts: 1 } } }
    brevo: { api_key: key-of-seoul }
  berlin:
    connectors: { pipedrive: { api_token: token-of-berlin, poll_interval: 1m } }
    brevo: { api_key: key-of-berlin }
    field_mapping: { email: email, first_name: OWN }
`

describe('a file with several connections', () => {
  test('has each by its name, in the order of the file', () => {
    expect([...load(TWO).connections.keys()]).toEqual(['seoul', 'berlin'])
  })

  test('gives each the shared settings, and its own above them', () => {
    const { connections } = load(TWO)
    const [seoul, berlin] = [connections.get('seoul')?.config, connections.get('berlin')?.config]
    expect(seoul?.pipedrive).toMatchObject({
      apiToken: 'token-of-seoul',
      pollIntervalMs: 600_000,
      lists: { allContacts: 1 },
    })
    expect(berlin?.pipedrive).toMatchObject({
      apiToken: 'token-of-berlin',
      pollIntervalMs: 60_000,
      lists: { allContacts: null },
    })
    expect([seoul?.brevo.apiKey, berlin?.brevo.apiKey]).toEqual(['key-of-seoul', 'key-of-berlin'])
    expect([seoul?.server.port, berlin?.server.port]).toEqual([9000, 9000])
    expect(seoul?.dealStageMapping).toHaveLength(1)
  })

  test('takes a mapping as a whole, wherever the shared one stands and whatever it is called', () => {
    const { connections } = load(TWO)
    const targets = (name: string) => connections.get(name)?.config.personMapping.map(({ target }) => target)
    expect(targets('seoul')).toEqual(['email', 'SHARED'])
    expect(targets('berlin')).toEqual(['email', 'OWN'])
  })

  test('takes no account of the environment for all of them', () => {
    const env = {
      PIPEDRIVE_API_TOKEN: 'of-nobody',
      BREVO_API_KEY: 'of-nobody',
      BREVO_API_URL: 'http://localhost:1/v3',
    }
    const { connections } = load('connections: { seoul: , berlin: }', env)
    for (const { config } of connections.values()) {
      expect([config.pipedrive.apiToken, config.brevo.apiKey]).toEqual([null, null])
      expect(config.brevo.apiUrl).toBe('http://localhost:1/v3')
    }
    const { connections: alone } = load('connections: { seoul: }', env)
    expect(alone.get('seoul')?.config.pipedrive.apiToken).toBe('of-nobody')
  })

  test('says where each setting stands', () => {
    expect(load(TWO).connections.get('berlin')?.locate('connectors.pipedrive.poll_interval')).toMatch(
      /tajo\.yaml:12:75 connectors\.pipedrive\.poll_interval$/,
    )
  })

  test.each([
    ['connections: 3', ['1:1 connections: expected a block with the name of a connection and its settings']],
    ['connections: {}', ['1:1 connections: expected a block with the name of a connection and its settings']],
    [
      'connections:\n  Seoul Office:\n',
      [
        '2:3 connections.Seoul Office: expected 1 to 63 lower-case letters, digits and hyphens, with no hyphen at either end',
      ],
    ],
    ['connections:\n  seoul: 3\n', ['2:3 connections.seoul: expected a block of settings']],
    [
      'connections:\n  seoul:\n    server: { port: 1 }\n',
      ['3:5 connections.seoul.server: belongs at the top of the file: all connections have it in common'],
    ],
  ])('refuses %j', (text, faults) => {
    expect(faultsOf(text)).toEqual(faults)
  })

  test('reports every fault of every connection at once, shared ones once', () => {
    const text =
      'brevo: { api_keyy: x }\nconnections:\n  a: { evnts: {} }\n  b: { dedupe: { survivor: nobody } }\n'
    expect(faultsOf(text).map((line) => line.split(':')[0])).toEqual(['1', '3', '4'])
  })
})

test('a file without them describes the connection named default', () => {
  expect([...load('brevo: { api_key: key }').connections.keys()]).toEqual(['default'])
})

describe('settings that are kept elsewhere', () => {
  test('load as a file does, without the account of the environment', () => {
    const { config } = loadStoredConnection('seoul', 'brevo: { api_key: key }', {
      PIPEDRIVE_API_TOKEN: 'of-nobody',
    })
    expect([config.brevo.apiKey, config.pipedrive.apiToken, config.file]).toEqual(['key', null, null])
  })

  test('name the connection in their faults', () => {
    const error = configErrorOf(() => loadStoredConnection('seoul', 'brevo: { api_keyy: 1 }', {}))
    expect(error.message).toContain('connection seoul')
  })
})
