import { describe, expect, test } from 'vitest'
import { judgeStatus, type Status } from './judge-status.ts'

const NOW = Date.parse('2026-11-28T12:00:00Z')
const idle = { inbox: 0, dirty: 0, outbox: 0, edits: 0, events: 0, companies: 0 }
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
const live: NonNullable<Status['live']> = {
  mode: 'hybrid',
  requests: [],
  deliveries: [],
  budgets: [],
  backlog: idle,
  backlogAgeSeconds: 0,
  lagSeconds: { count: 0, p50: null, p99: null },
  events: { sent: 0, no_contact: 0, failed: 0, waiting: 0 },
  failures: 0,
  lastPollAt: '2026-11-28T11:59:50Z',
  lastListingAt: '2026-11-28T11:01:00Z',
  webhooksHealthy: true,
  paused: null,
}
const good: Status = {
  connection: 'default',
  store: 'embedded',
  lastRun: run,
  runs: [run],
  persons: { live: 50, withContact: 46, inStep: 46, failed: 0, discarded: 0 },
  backlog: { ...idle, oldestAt: null },
  mode: 'hybrid',
  warnings: {},
  listedAt: '2026-11-28T11:01:00Z',
  live,
  hold: null,
}

test('it is in step where nothing is missing', () => {
  expect(judgeStatus(good, NOW, true)).toEqual({ tone: 'good', first: null, others: [] })
})

describe('it is never good while something is missing', () => {
  const missing: [string, Status][] = [
    ['paused', { ...good, live: { ...live, paused: { reason: 'spent', until: null } } }],
    ['failures', { ...good, persons: { ...good.persons, failed: 1 } }],
    ['never_synced', { ...good, lastRun: null, runs: [], listedAt: null }],
    ['never_synced', { ...good, lastRun: { ...run, status: 'incomplete' }, listedAt: null }],
    ['run_paused', { ...good, lastRun: { ...run, status: 'paused' } }],
    ['run_incomplete', { ...good, lastRun: { ...run, status: 'incomplete' } }],
    ['webhooks_unhealthy', { ...good, live: { ...live, webhooksHealthy: false } }],
    ['no_server', { ...good, live: null }],
    ['not_listed', { ...good, listedAt: null }],
    ['running', { ...good, lastRun: { ...run, status: 'running', finishedAt: null } }],
    ['differing', { ...good, persons: { ...good.persons, inStep: 45 } }],
    ['not_polled', { ...good, live: { ...live, lastPollAt: null } }],
    ['discarded', { ...good, persons: { ...good.persons, discarded: 1 } }],
    ['discarded', { ...good, persons: { ...good.persons, inStep: 45, discarded: 1 } }],
    ['left_out', { ...good, warnings: { invalid_phone: 2, sms_taken: 1 } }],
    ...Object.keys(idle).map((name): [string, Status] => [
      'waiting',
      {
        ...good,
        backlog: { ...good.backlog, [name]: 1 },
        live: { ...live, backlog: { ...idle, [name]: 1 } },
      },
    ]),
  ]
  test.each(missing)('%s', (kind, status) => {
    const { tone, first } = judgeStatus(status, NOW, true)
    expect(tone).not.toBe('good')
    expect(first?.kind).toBe(kind)
  })

  test('connection_unknown', () => {
    expect(judgeStatus(good, NOW, null)).toEqual({
      tone: 'warn',
      first: { kind: 'connection_unknown', tone: 'warn' },
      others: [],
    })
  })
})

describe('what stays behind when all work is done is told last, and keeps its colour', () => {
  const status: Status = {
    ...good,
    persons: { ...good.persons, discarded: 2 },
    warnings: { invalid_phone: 2, sms_taken: 1, type_mismatch: 0 },
  }

  test('by itself: how many records somebody discarded, how many values were left out', () => {
    expect(judgeStatus(status, NOW, true)).toEqual({
      tone: 'warn',
      first: { kind: 'discarded', tone: 'warn', count: 2 },
      others: [{ kind: 'left_out', tone: 'warn', count: 3 }],
    })
  })

  test('while there is work, the sentence is about the work', () => {
    const { tone, first, others } = judgeStatus(
      {
        ...status,
        backlog: { ...good.backlog, outbox: 1 },
        live: { ...live, backlog: { ...idle, outbox: 1 } },
      },
      NOW,
      true,
    )
    expect([tone, first?.kind]).toEqual(['warn', 'waiting'])
    expect(others.map(({ kind }) => kind)).toEqual(['discarded', 'left_out'])
  })

  test('beside something that is wrong', () => {
    const failed = { ...status, persons: { ...status.persons, failed: 1 } }
    expect(judgeStatus(failed, NOW, true)).toMatchObject({ tone: 'bad', first: { kind: 'failures' } })
  })
})

describe('where it rests, the sentence says why, and is never good', () => {
  const heldAt = '2026-11-28T10:00:00Z'

  test('nothing is connected, whatever the server says of that', () => {
    const status = { ...good, live: { ...live, paused: { reason: 'not connected', until: null } } }
    expect(judgeStatus(status, NOW, false)).toEqual({
      tone: 'none',
      first: { kind: 'not_connected', tone: 'none' },
      others: [],
    })
    expect(judgeStatus(good, NOW, true).tone).toBe('good')
  })

  test('it is being set up', () => {
    const status = { ...good, lastRun: null, runs: [], listedAt: null }
    const verdict = judgeStatus({ ...status, hold: { heldAt, because: 'setup' } }, NOW, true)
    expect(verdict).toEqual({ tone: 'none', first: { kind: 'being_set_up', tone: 'none' }, others: [] })
  })

  test('a person has paused it: what failed before is still told, what waits is not stuck', () => {
    const backlog = { ...idle, inbox: 3, oldestAt: '2026-11-28T10:30:00Z' }
    const persons = { ...good.persons, failed: 1 }
    // What rests has no readings of its server.
    const hold = { heldAt, because: 'person' as const }
    const status = { ...good, backlog, persons, live: null, hold }
    const { tone, first, others } = judgeStatus(status, NOW, true)
    expect([tone, first]).toEqual(['warn', { kind: 'held', tone: 'warn', since: heldAt }])
    expect(others.map(({ kind }) => kind)).toEqual(['failures', 'waiting'])
  })
})

test('what waits for a quarter of an hour is stuck', () => {
  const backlog = { ...idle, inbox: 3, oldestAt: '2026-11-28T11:44:00Z' }
  expect(judgeStatus({ ...good, backlog }, NOW, true)).toMatchObject({
    tone: 'bad',
    first: { kind: 'stuck', count: 3, since: '2026-11-28T11:44:00Z' },
  })
})

test('the sentence is about the gravest, and the rest is told beside it', () => {
  const status = {
    ...good,
    persons: { ...good.persons, failed: 2, inStep: 40 },
    lastRun: { ...run, status: 'incomplete' },
  }
  const { tone, first, others } = judgeStatus(status, NOW, true)
  expect([tone, first?.kind, others.map(({ kind }) => kind)]).toEqual([
    'bad',
    'failures',
    ['run_incomplete', 'differing'],
  ])
})
