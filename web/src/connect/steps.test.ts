import { describe, expect, test } from 'vitest'
import { allowedStep, judgeSetup } from './steps.ts'

const run = {
  run: 'r1',
  mode: 'full',
  dryRun: false,
  status: 'complete',
  startedAt: '2026-11-28T11:00:00Z',
  finishedAt: '2026-11-28T11:01:00Z',
  resumeAt: null,
  reason: null,
}
const hold = { heldAt: '2026-11-28T11:00:00Z', because: 'setup' as const }
const connectors = (pipedrive: 'stored' | 'none', brevo: 'stored' | 'none') => [
  { name: 'pipedrive' as const, credentials: pipedrive },
  { name: 'brevo' as const, credentials: brevo },
]

describe('where a connection is', () => {
  test('nothing is connected: the server has to be held before anything is', () => {
    const status = { runs: [], hold: null }
    expect(judgeSetup({ status, connectors: connectors('none', 'none') })).toEqual({
      state: 'begun',
      toHold: true,
      next: 'pipedrive',
    })
  })

  test('with one account connected by the configuration, the other would set it off: it is held as well', () => {
    const status = { runs: [], hold: null }
    expect(judgeSetup({ status, connectors: connectors('stored', 'none') })).toMatchObject({
      toHold: true,
      next: 'brevo',
    })
  })

  test('held because of setting up it goes on with the mapping, whoever reloads the page', () => {
    const standing = { status: { runs: [], hold }, connectors: connectors('stored', 'stored') }
    expect(judgeSetup(standing)).toEqual({ state: 'begun', toHold: false, next: 'mapping' })
  })

  test('what runs is not held, nor what a person paused, nor what lost an account after it ran', () => {
    const both = connectors('stored', 'stored')
    expect(judgeSetup({ status: { runs: [run], hold: null }, connectors: both })).toMatchObject({
      state: 'running',
      toHold: false,
    })
    const paused = { ...hold, because: 'person' as const }
    expect(judgeSetup({ status: { runs: [run], hold: paused }, connectors: both }).state).toBe('running')
    const lost = { status: { runs: [run], hold: null }, connectors: connectors('stored', 'none') }
    expect(judgeSetup(lost)).toEqual({ state: 'begun', toHold: false, next: 'brevo' })
  })
})

test('a step that is not to be had yet leads to the one before it', () => {
  expect(allowedStep('preview', { next: 'brevo' })).toBe('brevo')
  expect(allowedStep('pipedrive', { next: 'brevo' })).toBe('pipedrive')
  expect(allowedStep('sync', { next: 'mapping' })).toBe('sync')
})
