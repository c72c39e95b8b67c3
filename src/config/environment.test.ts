/** The variables of the process: defaults, checks, and silence about their values. */
import { resolve } from 'node:path'
import { expect, test } from 'vitest'
import { readEnvironment } from './environment.ts'
import { configErrorOf } from './testdata/load-text.ts'

test('nothing set gives the defaults, and empty is unset', () => {
  const defaults = {
    configFile: null,
    dataDir: resolve('.tajo'),
    databaseUrl: null,
    secretKey: null,
    previousSecretKey: null,
    apiKey: null,
    connection: null,
    url: null,
    logLevel: 'info',
    color: 'auto',
  }
  expect(readEnvironment({})).toEqual({ ...defaults, variables: {} })
  const empty = {
    TAJO_CONFIG: '',
    TAJO_DATA_DIR: '',
    DATABASE_URL: '',
    TAJO_URL: '',
    LOG_LEVEL: '',
    NO_COLOR: '',
  }
  expect(readEnvironment(empty)).toEqual({ ...defaults, variables: empty })
})

test('what is set is taken', () => {
  const read = readEnvironment({
    TAJO_CONFIG: 'a.yaml',
    TAJO_DATA_DIR: '/data',
    DATABASE_URL: 'postgresql://u:p@h:5432/d',
    TAJO_URL: 'http://localhost:8025/',
    TAJO_API_KEY: 'k',
    TAJO_SECRET_KEY: 's',
    LOG_LEVEL: 'DEBUG',
    NO_COLOR: '1',
    BREVO_API_KEY: 'b',
  })
  expect(read).toMatchObject({
    configFile: 'a.yaml',
    dataDir: '/data',
    databaseUrl: 'postgresql://u:p@h:5432/d',
    url: 'http://localhost:8025',
    apiKey: 'k',
    secretKey: 's',
    logLevel: 'debug',
    color: 'never',
  })
  expect(read.variables.BREVO_API_KEY).toBe('b')
  expect(Object.isFrozen(read)).toBe(true)
})

test('all faults come at once, and no value is shown', () => {
  const error = configErrorOf(() =>
    readEnvironment({
      DATABASE_URL: 'mysql://root:hush@db/x',
      TAJO_URL: 'http://user:hush@tajo.example.com',
      TAJO_API_KEY: 'hush hush',
      LOG_LEVEL: 'inf',
    }),
  )
  expect(error.code).toBe('config_invalid')
  expect(error.faults.map((fault) => fault.path)).toEqual([
    'DATABASE_URL',
    'TAJO_URL',
    'TAJO_API_KEY',
    'LOG_LEVEL',
  ])
  expect(error.faults[3]?.suggestion).toBe('info')
  expect(error.message).toContain('environment DATABASE_URL: expected postgres://')
  expect(JSON.stringify([error.message, error.details])).not.toContain('hush')
})
