/** From campaigns and deals to reports, over the simulated services. */
import { sql } from 'kysely'
import { describe, expect, it } from 'vitest'
import { openStore } from '../../src/store/index.ts'
import { addPerson, type Journey, openJourney } from '../support/journey.ts'
import { openLiveJourney } from '../support/live-journey.ts'

const campaign = { campaignId: 77, campaignName: 'Spring offer' }

/** The stored history, table by table, without what the store itself numbers. */
async function stored({ environment }: Journey) {
  const store = await openStore({ dataDir: environment.TAJO_DATA_DIR ?? '' })
  try {
    const rows = async (query: string) =>
      (await sql.raw<Record<string, unknown>>(query).execute(store.db)).rows
    return {
      transitions:
        await rows(`select deal_id, kind, from_stage, to_stage, from_status, to_status, at, value, noticed_by
        from transitions order by deal_id, at, id`),
      touches: await rows(
        'select contact_id, campaign_id, kind, url, at from touches order by 1, 2, 3, 4, 5',
      ),
      deals: await rows(
        'select deal_id, stage_id, added_at, history, stage_at from deals where not deleted order by 1',
      ),
    }
  } finally {
    await store.close()
  }
}

describe('campaigns and won deals', () => {
  it('R10.2 says which campaign won the deal, from webhooks of clicks on', async () => {
    const journey = await openLiveJourney({ data: { persons: 30 } })
    const { sandbox, service } = journey
    await journey.quiet()
    const ada = addPerson(journey, 'ada.buyer@test.example')
    await journey.quiet()
    const { brevo, pipedrive } = sandbox
    const email = 'ada.buyer@test.example'
    for (const event of ['delivered', 'opened', 'click'] as const)
      brevo.state.emitCampaignEvent({ event, email, ...campaign })
    await journey.quiet()
    const deal = pipedrive.state.insert('deal', {
      title: 'Big one',
      person_id: ada,
      stage_id: 1,
      value: 1_234.56,
      currency: 'USD',
    })
    await journey.quiet()
    pipedrive.state.patch('deal', deal.id, { stage_id: 2 })
    await journey.quiet()
    pipedrive.state.patch('deal', deal.id, { status: 'won' })
    await journey.quiet()
    const report = await service.reports.attribution({ lookback: 1 })
    const mine = report.deals.filter(({ dealId }) => dealId === deal.id)
    expect(mine).toMatchObject([{ title: 'Big one', value: 1_234.56, touches: [{ campaignId: 77 }] }])
    expect(report.campaigns.find(({ campaignId }) => campaignId === 77)).toMatchObject({
      campaign: 'Spring offer',
      deals: 1,
      models: { first: { deals: 1, value: 1_234.56 }, position: { value: 1_234.56 } },
    })
    const flows = report.flows.filter(({ campaignId }) => campaignId === 77)
    expect(flows).toMatchObject([{ value: 1_234.56, deals: 1 }])
    const { funnels, history } = await service.reports.pipeline({ pipeline: 'Sales', compare: false })
    expect(funnels[0]?.won).toBeGreaterThan(0)
    expect(history.complete).toBeGreaterThan(0)
  })
})

it('R10.1 reports have names also where nothing but them asks for any, read with complete listings only', async () => {
  const journey = await openJourney({
    data: 'agency',
    yaml: (text) =>
      `${text.replace(/deal_stage_mapping:\n( .*\n)+/, '')}
events: { deal_stage_changed: false, deal_won: false, deal_lost: false, deal_reopened: false }\n`,
  })
  const asked = () =>
    ['/pipelines', '/stages', '/users'].map(
      (path) => journey.sandbox.pipedrive.calls.find('GET', new RegExp(`${path}$`)).length,
    )
  const names = [...journey.sandbox.pipedrive.state.users.values()].map(({ name }) => name)
  await journey.sync()
  for (const pass of ['first', 'incremental']) {
    const { funnels } = await journey.service.reports.pipeline({ from: '2020-01-01', pipeline: 'Sales' })
    expect(funnels, pass).toHaveLength(1)
    const { groups } = await journey.service.reports.pipeline({ from: '2020-01-01', by: 'owner' })
    expect(groups.length, pass).toBeGreaterThan(1)
    for (const { name } of groups) expect(names, pass).toContain(name)
    expect(asked(), pass).toEqual([1, 1, 1])
    await journey.sync()
  }
  await journey.sync({ full: true })
  expect(asked()).toEqual([2, 2, 2])
})

describe('the backfill', () => {
  it('R10.1 R10.2 forecasts, reads what is missing once, goes on after being broken off, and sends no event', async () => {
    const journey = await openJourney({ data: 'agency' })
    await expect(journey.service.reports.backfill()).rejects.toMatchObject({ code: 'history_too_early' })
    await journey.sync()
    const { service, sandbox } = journey
    const forecast = await service.reports.backfillForecast()
    expect(forecast.deals).toBeGreaterThan(15)
    expect(forecast).toMatchObject({ tokens: forecast.deals * 20, budget: { fits: true, days: 0 } })
    expect(forecast.contacts).toBeGreaterThan(3)

    // Only what was agreed to.
    const some = await service.reports.backfill({ maxTokens: 100 })
    expect(some).toMatchObject({
      status: 'incomplete',
      tokens: 100,
      deals: { read: 5, left: forecast.deals - 5 },
    })
    expect(some.touches).toBeGreaterThan(0)
    // Broken off in the middle.
    const stop = new AbortController()
    const broken = service.reports.backfill({
      signal: stop.signal,
      onProgress: ({ done }) => done >= 4 && stop.abort(new Error('broken off')),
    })
    await expect(broken).rejects.toThrow('broken off')
    const left = (await service.reports.backfillForecast()).deals
    expect(left).toBeLessThan(forecast.deals - 5)
    const rest = await service.reports.backfill()
    expect(rest).toMatchObject({ status: 'complete', deals: { read: left, partial: 0, failed: 0, left: 0 } })
    const again = await service.reports.backfill()
    expect(again).toMatchObject({
      status: 'complete',
      tokens: 0,
      deals: { read: 0 },
      contacts: { read: 0 },
      touches: 0,
    })
    expect(sandbox.brevo.state.events()).toEqual([])

    const pipeline = await service.reports.pipeline({ from: '2020-01-01' })
    expect(pipeline.history.complete).toBe(pipeline.history.deals)
    const attribution = await service.reports.attribution({ from: '2020-01-01' })
    expect(attribution.campaigns.length).toBeGreaterThan(0)
    expect(attribution.campaigns.map(({ campaign: name }) => name)).not.toContainEqual(
      expect.stringMatching(/^Campaign \d/),
    )
    expect(attribution.totals.won.currencies.map(({ currency }) => currency)).toEqual(['KRW', 'USD'])
    expect(attribution.unconverted).toEqual([])

    await journey.close()
    const { transitions, deals } = await stored(journey)
    const changelogs = sandbox.pipedrive.state.seed.changelogs ?? []
    const moves = changelogs.filter(({ field_key }) => field_key === 'stage_id')
    expect(transitions.filter(({ kind }) => kind === 'stage')).toHaveLength(moves.length)
    // One history each: every move begins where the one before ended, the last where the deal stands.
    for (const deal of deals) {
      const own = transitions.filter(({ deal_id, kind }) => deal_id === deal.deal_id && kind === 'stage')
      for (const [index, move] of own.slice(1).entries()) expect(move.from_stage).toBe(own[index]?.to_stage)
      if (own.length > 0) expect(own.at(-1)?.to_stage).toBe(deal.stage_id)
    }
  })

  it('R10.2 asks Brevo also where Pipedrive’s budget of the day is spent, and goes on with the rest', async () => {
    const journey = await openJourney({ data: 'agency' })
    await journey.sync()
    const { service, sandbox } = journey
    const { state } = sandbox.pipedrive
    state.spendTokens(10_000_000)
    const paused = await service.reports.backfill()
    expect(paused).toMatchObject({
      status: 'paused',
      deals: { read: 0 },
      contacts: { left: 0 },
      reason: expect.stringMatching(/tokens/),
      resumeAt: expect.any(String),
    })
    expect(paused.contacts.read).toBeGreaterThan(3)
    expect(paused.touches).toBeGreaterThan(0)
    // As on the next day.
    state.spendTokens(-10_000_000)
    await journey.reopen()
    expect(await journey.service.reports.backfill()).toMatchObject({
      status: 'complete',
      deals: { read: paused.deals.left, left: 0 },
      contacts: { read: 0 },
    })
  })

  it('R10.1 puts what was told meanwhile and what the changelog says into one history', async () => {
    const journey = await openJourney({ data: { persons: 20 } })
    await journey.sync()
    const { state } = journey.sandbox.pipedrive
    const open = [...state.tables.deal.all()].filter(
      ({ status, pipeline_id }) => status === 'open' && pipeline_id === 1,
    )
    const [deal] = open
    if (deal === undefined) throw new Error('the data set has no open deal')
    const [first, second] = deal.stage_id === 1 ? [2, 3] : [1, deal.stage_id]
    state.patch('deal', deal.id, { stage_id: first })
    await journey.sync()
    state.patch('deal', deal.id, { stage_id: second })
    state.patch('deal', deal.id, { status: 'won' })
    await journey.sync()
    await journey.service.reports.backfill()
    await journey.close()
    const { transitions } = await stored(journey)
    const own = transitions.filter(({ deal_id }) => deal_id === deal.id)
    const told = state.changelog
      .of('deal', deal.id)
      .filter(({ field_key }) => field_key === 'stage_id' || field_key === 'status')
      .reverse()
    expect(own.map((row) => [row.kind, row.kind === 'stage' ? String(row.to_stage) : row.to_status])).toEqual(
      told.map(({ field_key, new_value }) => [field_key === 'stage_id' ? 'stage' : 'status', new_value]),
    )
  })
})
