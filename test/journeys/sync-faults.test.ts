import { describe, expect, it } from 'vitest'
import type { SyncReport } from '../../src/service/index.ts'
import type { Fault, FaultRule } from '../../src/simulators/index.ts'
import { brevoNow, expectedBrevo } from '../support/contact-oracle.ts'
import { expectAccounted, type Journey, openJourney, writesOf } from '../support/journey.ts'

const few = { data: { persons: 24 } } as const
const bulk = { data: { persons: 120 } } as const

type Service = 'pipedrive' | 'brevo'

const FAULTS: Record<string, (service: Service) => Fault> = {
  429: (service) => ({
    kind: 'status',
    status: 429,
    headers:
      service === 'brevo'
        ? { 'x-sib-ratelimit-limit': '10', 'x-sib-ratelimit-remaining': '0', 'x-sib-ratelimit-reset': '1' }
        : { 'x-ratelimit-limit': '20', 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '1' },
  }),
  500: () => ({ kind: 'status', status: 500 }),
  503: () => ({ kind: 'status', status: 503, headers: { 'retry-after': '1' } }),
  425: () => ({ kind: 'status', status: 425 }),
  401: () => ({ kind: 'status', status: 401 }),
  'cut-before': () => ({ kind: 'cut-before' }),
  'cut-after': () => ({ kind: 'cut-after' }),
  'half-json': () => ({ kind: 'half-json' }),
  html: () => ({ kind: 'html', status: 200 }),
  slow: () => ({ kind: 'slow', ms: 300 }),
}

/** Syncs until it is complete; every report on the way says why it is not. */
async function untilComplete(journey: Journey, triesAtMost = 4): Promise<SyncReport[]> {
  const reports: SyncReport[] = []
  while (reports.length < triesAtMost) {
    const report = await journey.sync()
    reports.push(report)
    if (report.status === 'complete') break
    expect(report.reason).toMatch(/\S/)
  }
  const last = reports.at(-1)
  expect(last).toMatchObject({ status: 'complete', reason: null })
  if (last) expectAccounted(last)
  return reports
}

async function expectSameAsWithoutFaults(
  journey: Journey,
  before: ReturnType<typeof brevoNow>,
): Promise<void> {
  expect(brevoNow(journey.sandbox)).toEqual(expectedBrevo(journey.sandbox, before))
  journey.sandbox.brevo.faults.clear()
  journey.sandbox.pipedrive.faults.clear()
  expect(await writesOf(journey, () => untilComplete(journey))).toBe(0)
  expect(await journey.service.failures.list()).toEqual([])
}

describe('a service in trouble', () => {
  it.each(Object.keys(FAULTS))('R6.1: %s while reading and writing ends in the same Brevo', async (name) => {
    const journey = await openJourney(few)
    const before = brevoNow(journey.sandbox)
    const { pipedrive, brevo } = journey.sandbox
    for (const path of ['/users/me', '/persons', '/leads'])
      pipedrive.faults.add({ fault: FAULTS[name]?.('pipedrive') as Fault, path })
    const rules: Omit<FaultRule, 'fault'>[] = [
      { method: 'GET', path: '/contacts$', after: 1 },
      { method: 'POST', path: '/attributes/', after: 1 },
      { method: 'POST', path: '/contacts$', after: 4, times: 2 },
      { method: 'PUT', path: '/contacts/\\d+$', after: 1 },
    ]
    for (const rule of rules) brevo.faults.add({ ...rule, fault: FAULTS[name]?.('brevo') as Fault })
    const reports = await untilComplete(journey, 10)
    if (name === '401') {
      expect(reports[0]).toMatchObject({ status: 'paused' })
      expect(reports[0]?.reason).toMatch(/token/)
    }
    await expectSameAsWithoutFaults(journey, before)
  })

  it.each(['500', '401', 'cut-after', 'half-json', 'html'])(
    'R6.3: %s from Brevo around imports ends in the same Brevo',
    async (name) => {
      const journey = await openJourney(bulk)
      const before = brevoNow(journey.sandbox)
      const fault = FAULTS[name]?.('brevo') as Fault
      const rules: Omit<FaultRule, 'fault'>[] = [
        { method: 'POST', path: '/contacts/import', times: 1 },
        { method: 'POST', path: '/contacts/import', after: 2, times: 4 },
        { method: 'GET', path: '/processes', times: 1 },
        { method: 'GET', path: '/contacts$', after: 2 },
      ]
      for (const rule of rules) journey.sandbox.brevo.faults.add({ ...rule, fault })
      await untilComplete(journey, 10)
      await expectSameAsWithoutFaults(journey, before)
    },
  )

  it('R6.1: a day’s budget spent in the middle pauses, says until when, and goes on afterwards', async () => {
    const journey = await openJourney(few)
    const { state } = journey.sandbox.pipedrive
    const before = brevoNow(journey.sandbox)
    let spent = false
    const report = await journey.sync({
      onProgress: ({ stage }) => {
        if (spent || stage !== 'read') return
        spent = true
        state.spendTokens(10_000_000)
      },
    })
    expect(report).toMatchObject({ status: 'paused' })
    expect(report.reason).toMatch(/budget|tokens/)
    expect(Date.parse(report.resumeAt ?? '')).toBeGreaterThan(Date.now())
    expect((await journey.service.status()).lastRun).toMatchObject({ status: 'paused' })
    // As on the next day.
    state.spendTokens(-10_000_000)
    const [next] = await untilComplete(journey)
    expect(next?.run).toBe(report.run)
    await expectSameAsWithoutFaults(journey, before)
  })

  it('R6.1: a place in a listing that Pipedrive no longer knows makes the listing begin afresh', async () => {
    const journey = await openJourney({ data: { persons: 1_100 } })
    const before = brevoNow(journey.sandbox)
    const { faults } = journey.sandbox.pipedrive
    faults.add({ fault: { kind: 'status', status: 401 }, path: '/persons', after: 1 })
    expect(await journey.sync()).toMatchObject({ status: 'paused' })
    const body = '{"success":false,"error":"Invalid cursor","error_info":""}'
    faults.add({ fault: { kind: 'status', status: 400, body }, path: '/persons', times: 2 })
    await untilComplete(journey, 1)
    await expectSameAsWithoutFaults(journey, before)
  })

  it.each([11, 12])(
    'R6.1: faults of every kind, one request in six on both sides (seed %i), converge',
    async (seed) => {
      const journey = await openJourney({
        ...few,
        pipedrive: { randomSeed: seed },
        brevo: { randomSeed: seed, limits: { contacts: {}, events: {}, other: {} } },
      })
      const before = brevoNow(journey.sandbox)
      for (const service of ['pipedrive', 'brevo'] as const) {
        const faults = Object.values(FAULTS).map((make) => make(service))
        journey.sandbox[service].faults.setRates({ rate: 1 / 6, faults })
      }
      const reports: SyncReport[] = []
      while (reports.length < 6 && reports.at(-1)?.status !== 'complete') {
        const report = await journey.sync()
        reports.push(report)
        if (report.status !== 'complete') expect(report.reason).toMatch(/\S/)
      }
      for (const service of ['pipedrive', 'brevo'] as const) journey.sandbox[service].faults.clear()
      await untilComplete(journey)
      await expectSameAsWithoutFaults(journey, before)
    },
  )
})
