/** The worked example of docs/reports.md, computed by the product on both engines from the tables of the document. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, expect, it } from 'vitest'
import type { JsonObject } from '../../src/base/json.ts'
import { attributionReport, MODELS, pipelineReport, reportChoices } from '../../src/reports/index.ts'
import {
  addTouches,
  addTransitions,
  keepCatalogue,
  readConnection,
  type Store,
  type Transition,
  updateConnection,
  upsertKnown,
  upsertRecords,
} from '../../src/store/index.ts'
import { forEachStore } from '../support/stores.ts'

const C = 'default'
const document = readFileSync(join(import.meta.dirname, '..', '..', 'docs', 'reports.md'), 'utf8')

/** The tables of the example, by their first line. */
function table(head: string): Record<string, string>[] {
  const [, rest = ''] = document.split('## A worked example')
  const lines = rest.split('\n')
  const start = lines.indexOf(head)
  expect(start, head).toBeGreaterThan(-1)
  const cells = (line: string): string[] =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim())
  const names = cells(head)
  const rows: Record<string, string>[] = []
  for (const line of lines.slice(start + 2)) {
    if (!line.startsWith('|')) break
    rows.push(Object.fromEntries(cells(line).map((cell, index) => [names[index], cell])))
  }
  return rows
}

const numbers = (row: Record<string, string>, ...names: string[]): number[] =>
  names.map((name) => Number(row[name]))
const day = (text = ''): string => `2026-${text}T00:00:00.000Z`
const daysBetween = (from: string, to: string): number => (Date.parse(to) - Date.parse(from)) / 86_400_000

const stages = [
  { id: 1, name: 'Lead', pipelineId: 1, order: 1, probability: 20 },
  { id: 2, name: 'Talk', pipelineId: 1, order: 2, probability: 50 },
  { id: 3, name: 'Offer', pipelineId: 1, order: 3, probability: 80 },
]
const persons = ['Ada', 'Bea', 'Cho']
const campaigns = ['Spring', 'News', 'Webinar']
const idIn = (names: readonly string[], name = ''): number => names.indexOf(name) + 1
const deals = table('| deal | person | value | currency | added | Talk | Offer | won | lost |')
const june = { from: '2026-06-01', to: '2026-06-30', compare: false }
const settings = { rates: { USD: 0.9 }, now: new Date('2026-06-30T12:00:00Z') }

const row = (id: string, doc: object, more: object = {}) => ({
  id,
  doc: doc as JsonObject,
  version: null,
  fingerprint: JSON.stringify(doc),
  deleted: false,
  person_id: null,
  org_id: null,
  identity: null,
  problem: null,
  ...more,
})

async function seed({ db }: Store): Promise<void> {
  await readConnection(db, C)
  await updateConnection(db, C, { told_since: new Date('2026-01-01') })
  await keepCatalogue(
    db,
    C,
    {
      personFields: [
        { key: 'src', name: 'Lead source', type: 'option', custom: true, options: { 5: 'Fair', 6: 'Web' } },
      ],
      organizationFields: [],
      dealFields: [
        { key: 'title', name: 'Title', type: 'text', custom: false, options: {} },
        {
          key: 'chan',
          name: 'Channel (main) [2026]',
          type: 'options',
          custom: true,
          options: { 1: 'Shop', 2: 'Call, or visit' },
        },
        { key: 'memo', name: 'Memo', type: 'text', custom: true, options: {} },
        { key: 'cost', name: 'Cost', type: 'money', custom: true, options: {} },
      ],
      keptDealFields: ['chan', 'cost'],
      pipelines: [{ id: 1, name: 'Sales' }],
      stages,
      users: { 7: 'Grace Hopper' },
      defaultCurrency: 'EUR',
    },
    settings.now,
  )
  await upsertRecords(
    db,
    C,
    'person',
    persons.map((name, index) =>
      row(
        String(index + 1),
        name === 'Cho' ? {} : { fields: { src: { kind: 'option', id: name === 'Ada' ? '5' : '6' } } },
        { identity: `${name}@x.test` },
      ),
    ),
  )
  await upsertKnown(
    db,
    C,
    persons.map((name, index) => ({
      contact_id: 70 + index,
      email: `${name}@x.test`,
      ext_id: null,
      sms: null,
      attributes: {},
      lists: [],
      email_blocked: false,
      sms_blocked: false,
      blocked_by: null,
      modified_at: null,
    })),
  )
  await upsertRecords(db, C, 'deal', deals.map(toDealRow))
  await addTransitions(db, C, deals.flatMap(toTransitions))
  await addTouches(
    db,
    C,
    table('| person | campaign | kind | at |').map(({ person, campaign = '', kind, at }) => ({
      contact_id: 69 + idIn(persons, person),
      email: null,
      campaign_id: idIn(campaigns, campaign),
      campaign,
      kind: kind === 'clicked' ? ('clicked' as const) : ('opened' as const),
      url: '',
      at: day(at),
      source: 'webhook' as const,
      machine: kind === 'machine open',
    })),
  )
}

/** By deal: what its field Channel holds. */
const channels: Record<string, string[]> = { 1: ['1', '2'], 3: ['2'], 4: ['1'] }

function toDealRow(deal: Record<string, string>) {
  const status = deal.won ? 'won' : deal.lost ? 'lost' : 'open'
  const moved = deal.Offer || deal.Talk
  const doc = {
    title: `Deal ${deal.deal}`,
    status,
    value: Number(deal.value),
    currency: deal.currency,
    stageId: deal.Offer ? 3 : deal.Talk ? 2 : 1,
    pipelineId: 1,
    ownerId: 7,
    addedAt: day(deal.added),
    stageChangedAt: moved ? day(moved) : null,
    wonAt: deal.won ? day(deal.won) : null,
    lostAt: deal.lost ? day(deal.lost) : null,
    fields: deal.deal && deal.deal in channels ? { chan: { kind: 'options', ids: channels[deal.deal] } } : {},
  }
  return row(deal.deal ?? '', doc, { person_id: idIn(persons, deal.person) })
}

function toTransitions(deal: Record<string, string>): Transition[] {
  const moves = [deal.added, deal.Talk, deal.Offer].filter((time) => time)
  return moves.slice(1).map((time, index) => ({
    deal_id: Number(deal.deal),
    kind: 'stage',
    from_stage: index + 1,
    to_stage: index + 2,
    from_pipeline: 1,
    to_pipeline: 1,
    from_status: 'open',
    to_status: 'open',
    value: Number(deal.value),
    currency: deal.currency ?? null,
    at: day(time),
    days_in_stage: daysBetween(day(moves[index]), day(time)),
    noticed_by: 'webhook',
  }))
}

forEachStore('the worked example of docs/reports.md', (open) => {
  let store: Store
  beforeEach(async () => {
    store = await open()
    await seed(store)
  })

  it('R10.1 has the funnel, the times in stage and the figures of the document', async () => {
    const report = await pipelineReport(store, C, june, settings)
    expect(
      report.funnels[0]?.stages.map(({ name, reached, conversion, drop, lost, open: still }) => [
        name,
        ...[reached, conversion, drop, lost, still],
      ]),
    ).toEqual(
      table('| stage | reached | conversion | drop | lost | open |').map((stage) => [
        stage.stage,
        ...numbers(stage, 'reached', 'conversion', 'drop', 'lost', 'open'),
      ]),
    )
    expect(
      report.timeInStage.map(({ name, stays, medianDays, p90Days }) => [name, stays, medianDays, p90Days]),
    ).toEqual(
      table('| stage | stays | median days | 90th percentile |').map((stage) => [
        stage.stage,
        ...numbers(stage, 'stays', 'median days', '90th percentile'),
      ]),
    )
    const { summary, forecast, velocity } = report
    const figures = {
      'won deals': summary.won.deals,
      'won EUR': summary.won.value,
      'not in the sum, JPY': report.unconverted.find(({ of }) => of === 'won')?.value,
      'win rate': summary.winRate,
      'average won EUR': summary.averageValue,
      'median days to win': summary.cycleDays?.median,
      'average days to win': summary.cycleDays?.average,
      'open EUR': forecast.open,
      'weighted EUR': forecast.weighted,
      'velocity EUR a day': velocity,
    }
    expect(figures).toEqual(
      Object.fromEntries(table('| figure | value |').map(({ figure, value }) => [figure, Number(value)])),
    )
    expect(forecast.probabilityFrom).toBe('stage')
    expect(report.revenue.points.reduce((sum, { value }) => sum + value, 0)).toBe(summary.won.value)
    expect(report.history).toEqual({ deals: 6, complete: 6 })
  })

  it('R10.1 groups by owner, by a field of the person, by source, and only what is there', async () => {
    const by = async (what: string) =>
      (await pipelineReport(store, C, { ...june, by: what }, settings)).groups.map(({ name, won }) => [
        name,
        won.deals,
      ])
    expect(await by('owner')).toEqual([['Grace Hopper', 3]])
    const sources = [
      ['Fair', 1],
      ['Web', 1],
      ['(none)', 1],
    ]
    expect(await by('person.lead_source')).toEqual(sources)
    expect(await by('source')).toEqual(sources)
    await expect(by('person.lead_sauce')).rejects.toMatchObject({ code: 'report_unknown' })
    await expect(pipelineReport(store, C, { pipeline: 'Sale' }, settings)).rejects.toThrow(
      'Did you mean "Sales"?',
    )
    await expect(pipelineReport(store, C, { from: '2026-02-30' }, settings)).rejects.toMatchObject({
      code: 'report_invalid',
    })
    const before = await pipelineReport(store, C, { from: '2026-07-01', to: '2026-07-30' }, settings)
    expect([before.summary.won.deals, before.summaryBefore?.won.deals]).toEqual([0, 3])
  })

  it('R10.1 splits by a custom field of the deal, however the configuration may spell it, and says what it cannot', async () => {
    const by = async (what: string) => {
      const { groups, by: said } = await pipelineReport(store, C, { ...june, by: what }, settings)
      return [said?.label, ...groups.map(({ name, added }) => [name, added])]
    }
    const expected = [
      'Channel (main) [2026]',
      ['Shop, Call, or visit', 1],
      ['Call, or visit', 1],
      ['(none)', 3],
      ['Shop', 1],
    ]
    for (const spelling of [
      'chan',
      'deal.chan',
      'Channel (main) [2026]',
      'channel_main_2026',
      'custom_fields.channel_main_2026',
    ])
      expect(await by(spelling), spelling).toEqual(expected)
    await expect(by('memo')).rejects.toThrow(
      /keeps no values.*events\.deal_fields \(memo\).*tajo sync --full/,
    )
    await expect(by('cost')).rejects.toThrow(/make no groups/)
    await expect(by('title')).rejects.toMatchObject({ code: 'report_unknown' })
    expect(await reportChoices(store, C)).toEqual({
      pipelines: [{ id: 1, name: 'Sales' }],
      owners: [{ id: 7, name: 'Grace Hopper' }],
      source: {
        of: 'person',
        name: 'Lead source',
        choices: [
          { id: '5', name: 'Fair' },
          { id: '6', name: 'Web' },
        ],
      },
      fields: [
        {
          by: 'deal.chan',
          of: 'deal',
          key: 'chan',
          name: 'Channel (main) [2026]',
          choices: [
            { id: '1', name: 'Shop' },
            { id: '2', name: 'Call, or visit' },
          ],
          problem: null,
        },
        { by: 'deal.cost', of: 'deal', key: 'cost', name: 'Cost', choices: null, problem: 'no_groups' },
        { by: 'deal.memo', of: 'deal', key: 'memo', name: 'Memo', choices: null, problem: 'not_kept' },
        {
          by: 'person.src',
          of: 'person',
          key: 'src',
          name: 'Lead source',
          choices: [
            { id: '5', name: 'Fair' },
            { id: '6', name: 'Web' },
          ],
          problem: null,
        },
      ],
    })
  })

  it('R10.1 R10.2 are confined to the deals of a source, an owner or a field, in every figure', async () => {
    const figures = async (where: string) => {
      const report = await pipelineReport(store, C, { ...june, where }, settings)
      const stays = report.timeInStage.reduce((sum, one) => sum + one.stays, 0)
      const revenue = report.revenue.points.reduce((sum, { deals: won }) => sum + won, 0)
      return [
        ...[report.summary.added.deals, report.funnels[0]?.deals, report.summary.won.deals, revenue],
        ...[stays, report.openStages.reduce((sum, { open }) => sum + open.deals, 0), report.history.deals],
      ]
    }
    const all = [6, 6, 3, 3, 12, 2, 6]
    // Ada has deals 1 and 2, Bea 3 and 4, Cho 5 and 6.
    expect(await figures('source=Fair')).toEqual([2, 2, 1, 1, 5, 0, 2])
    expect(await figures('source=6')).toEqual([2, 2, 1, 1, 3, 1, 2])
    expect(await figures('person.lead_source=(none)')).toEqual([2, 2, 1, 1, 4, 1, 2])
    expect(await figures('owner=Grace Hopper')).toEqual(all)
    expect(await figures('pipeline=sales')).toEqual(all)
    // Among others is enough.
    expect(await figures('chan=Call, or visit')).toEqual([2, 2, 2, 2, 6, 0, 2])
    expect(await figures('channel_main_2026=')).toEqual([3, 3, 1, 1, 6, 1, 3])
    const { only, funnels } = await pipelineReport(store, C, { ...june, where: 'source=fair' }, settings)
    expect(only).toEqual({ key: 'source', label: 'Lead source of the person', value: 'Fair' })
    expect(funnels[0]?.won).toBe(1)
    const credited = await attributionReport(store, C, { ...june, where: 'source=Web' }, settings)
    expect(credited.deals.map(({ dealId }) => dealId)).toEqual([3])
    expect(credited.totals.won.deals).toBe(1)
    for (const [where, code] of [
      ['source=Fare', 'report_unknown'],
      ['sauce=Fair', 'report_unknown'],
      ['source', 'report_invalid'],
      ['=Fair', 'report_invalid'],
    ] as const)
      await expect(figures(where)).rejects.toMatchObject({ code })
  })

  it('R10.1 forecasts from history where no stage says how likely it is', async () => {
    const silent = stages.map((stage) => ({ ...stage, probability: 100 }))
    const catalogue = {
      personFields: [],
      organizationFields: [],
      dealFields: [],
      users: {},
      defaultCurrency: 'EUR',
    }
    await keepCatalogue(
      store.db,
      C,
      { ...catalogue, pipelines: [{ id: 1, name: 'Sales' }], stages: silent },
      settings.now,
    )
    const { forecast, openStages } = await pipelineReport(store, C, june, settings)
    expect(openStages.map(({ probability }) => probability)).toEqual([0.75, 0.75, 1])
    expect(forecast).toEqual({ open: 800, weighted: 600, probabilityFrom: 'history' })
  })

  it('R10.2 has the credits of the document, by deal and by campaign', async () => {
    const report = await attributionReport(store, C, june, settings)
    const parts = report.deals
      .toReversed()
      .flatMap(({ dealId, touches }) =>
        touches.map(({ campaignId, credits }) => [
          ...[String(dealId), campaigns[campaignId - 1]],
          ...MODELS.map((model) => credits[model]),
        ]),
      )
    expect(parts).toEqual(
      table('| deal | campaign | first | last | linear | time_decay | position |').map((line) => [
        ...[line.deal, line.campaign],
        ...numbers(line, ...MODELS),
      ]),
    )
    const byCampaign = report.campaigns
      .toSorted((a, b) => a.campaignId - b.campaignId)
      .map(({ campaign, models }) => [campaign, ...MODELS.map((model) => models[model].value)])
    expect(byCampaign).toEqual(
      table('| campaign | first | last | linear | time_decay | position |').map((line) => [
        line.campaign,
        ...numbers(line, ...MODELS),
      ]),
    )
    const { attributed, unattributed, won } = report.totals
    expect([won.deals, attributed.deals, attributed.value, unattributed.deals]).toEqual([3, 2, 1180, 1])
    expect(unattributed.currencies).toEqual([{ currency: 'JPY', deals: 1, value: 9000 }])
    expect(report.unconverted).toEqual([{ of: 'won', currency: 'JPY', deals: 1, value: 9000 }])
  })

  it('R10.2 counts opens when asked to, those of machines apart, and looks back as far as it is told', async () => {
    const ask = async (more: object) => {
      const { deals: found } = await attributionReport(store, C, { ...june, ...more }, settings)
      return found.map(({ dealId, touches }) => [dealId, touches.length])
    }
    expect(await ask({})).toEqual([
      [3, 2],
      [1, 3],
    ])
    expect(await ask({ opens: 'human' })).toEqual([
      [6, 1],
      [3, 2],
      [1, 3],
    ])
    expect(await ask({ opens: 'all' })).toEqual([
      [6, 1],
      [3, 3],
      [1, 3],
    ])
    expect(await ask({ lookback: 7 })).toEqual([[1, 1]])
    expect(await ask({ limit: 1 })).toEqual([[3, 2]])
  })

  it('R10.2 shows in which stage the touches found the deal', async () => {
    const { flows } = await attributionReport(store, C, { ...june, model: 'linear' }, settings)
    expect(flows.map(({ campaignId, stage, value }) => [campaigns[campaignId - 1], stage, value])).toEqual([
      ['Webinar', 'Offer', 423.33],
      ['Spring', 'Talk', 333.34],
      ['News', 'Offer', 333.33],
      ['News', 'Lead', 90],
    ])
  })

  it('R10.1 the same rows give the same report', async () => {
    const twice = [1, 2].map(() => attributionReport(store, C, june, settings))
    expect(await twice[0]).toEqual(await twice[1])
    expect(await pipelineReport(store, C, june, settings)).toEqual(
      await pipelineReport(store, C, june, settings),
    )
  })
})
