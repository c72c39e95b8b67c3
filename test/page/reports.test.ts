/** The reports of the page in a real browser: every figure and every file is what the API says. */
import type { Locator, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createFormats } from '../../web/src/format/formats.ts'
import { messages as en } from '../../web/src/language/en.ts'
import { messages as ko } from '../../web/src/language/ko.ts'
import { whyNoBrowser } from '../support/chromium.ts'
import { readCsv, saveBy } from '../support/downloads.ts'
import { foreignWords, keepPicture, openSyncedPage, seriousFaults } from '../support/page-scene.ts'

const languages = [
  ['en', 'en-GB', en],
  ['ko', 'ko-KR', ko],
] as const
/** All there ever was. */
const always = { from: '2020-01-01', to: '2035-12-31' }
const CHANNEL = 'Channel (main) [2026]'
const LABELS = ['Shop', 'Fair, or visit', '=Web']
const cell = (value: string | number | null): string => (value === null ? '' : String(value))

describe.skipIf(whyNoBrowser() !== undefined)('the reports of the page', () => {
  let scene: Awaited<ReturnType<typeof openSyncedPage>>
  let channel = ''
  beforeAll(async () => {
    scene = await openSyncedPage(({ pipedrive: { state } }) => {
      const { field_code, options } = state.fields.add('deal', CHANNEL, 'enum', LABELS)
      state.fields.add('deal', 'Memo', 'text', null)
      channel = `deal.${field_code}`
      // Every fourth deal has none.
      for (const { id } of [...state.tables.deal.all()]) {
        const option = options?.[id % 4]
        if (option) state.patch('deal', id, { custom_fields: { [field_code]: option.id } })
      }
    })
  })
  afterAll(() => scene?.end())

  async function openReport(language: 'en' | 'ko', report = '', more: object = {}) {
    const opened = await scene.enter({ language })
    const scope = JSON.stringify({ span: 'custom', ...always, ...more })
    await opened.page.evaluate(`sessionStorage.setItem('tajo-report-scope', ${JSON.stringify(scope)})`)
    await opened.page.goto(`/#/reports${report}`)
    await opened.page.locator('.mantine-Skeleton-root').first().waitFor({ state: 'detached' })
    return opened
  }

  const panelOf = (page: Page, title: string): Locator =>
    page.getByRole('region', { name: title, exact: true })

  /** The rows of a panel's table, cell by cell. */
  async function tableOf(panel: Locator, table: string): Promise<(string | null)[][]> {
    await panel.getByText(table, { exact: true }).click()
    const rows = panel.locator('tbody tr')
    await rows.first().waitFor()
    return rows.evaluateAll((all) =>
      all.map((row) => [...row.children].map(({ textContent }) => textContent)),
    )
  }

  test('says what a backfill costs and what is left today, spends no more than was agreed to, and goes on', async () => {
    const { backfill } = en.reports
    const forecast = await scene.service.reports.backfillForecast()
    expect(forecast.deals).toBeGreaterThan(5)
    const { number } = createFormats('en-GB')
    const { page, complaints, close } = await openReport('en', '/attribution')
    const panel = panelOf(page, backfill.title)
    const { remaining, reserve } = forecast.budget
    await panel.getByText(`Pipedrive tokens: about ${number(forecast.tokens)}`, { exact: false }).waitFor()
    await panel
      .getByText(
        backfill.today
          .replace('{{left}}', number((remaining ?? 0) - reserve - 2))
          .replace('{{reserve}}', number(reserve)),
      )
      .waitFor()
    await panel.getByText(backfill.fits).waitFor()
    const limit = panel.getByLabel(backfill.limit)
    const start = panel.getByRole('button', { name: backfill.start })
    await limit.fill('ten')
    expect(await start.isDisabled()).toBe(true)
    expect(await seriousFaults(page)).toEqual([])
    await limit.fill('100')
    await start.click()
    await panel.getByText(`Left: ${forecast.deals - 5} deals and 0 contacts.`, { exact: false }).waitFor()
    const done = await panel.getByRole('status').textContent()
    expect(done).toContain('Read for 100 tokens: the histories of 5 deals')
    expect(await seriousFaults(page)).toEqual([])
    await keepPicture(page, 'backfill-goes-on')
    expect((await scene.service.reports.backfillForecast()).deals).toBe(forecast.deals - 5)
    await limit.fill('')
    await panel.getByRole('button', { name: backfill.goOn }).click()
    await panel.getByText(`the histories of ${forecast.deals - 5} deals`, { exact: false }).waitFor()
    await panel.getByRole('button', { name: backfill.goOn }).waitFor({ state: 'detached' })
    expect((await scene.service.reports.backfillForecast()).deals).toBe(0)
    expect(complaints).toEqual([])
    await close()
  })

  test.each(languages)(
    'splits by a custom field of the deal, and says which it cannot (%s)',
    async (language, locale, words) => {
      const { reports } = words
      const { groups } = await scene.service.reports.pipeline({ ...always, by: channel })
      expect(groups.map(({ name }) => name).sort()).toEqual(['(none)', ...LABELS].sort())
      const { page, complaints, close } = await openReport(language)
      const split = page.getByLabel(reports.by, { exact: true })
      const memo = split.getByText(`Memo (${reports.problems.not_kept})`)
      expect(await memo.isDisabled()).toBe(true)
      await page
        .getByText(language === 'en' ? /fields? of deals cannot be split by/ : /나눠 볼 수 없는 거래 필드/)
        .click()
      await page.getByText(reports.leftOut.text).waitFor()
      await split.selectOption({ label: CHANNEL })
      const title = reports.groups.title.replace('{{label}}', CHANNEL)
      const panel = panelOf(page, title)
      await panel.waitFor()
      const { number, money, percent } = createFormats(locale)
      const nameOf = (name: string) => (name === '(none)' ? reports.nothing : name)
      const currency = (await scene.service.reports.pipeline(always)).currency
      // As bars, and as a table.
      const bars = await panel.getByRole('list', { name: title }).getByRole('listitem').allTextContents()
      expect(bars.length).toBe(groups.length)
      for (const [index, { name, won }] of groups.entries()) {
        expect(bars[index]).toContain(nameOf(name))
        expect(bars[index]).toContain(money(won.value, currency))
      }
      const days = (value: number | null) => (value === null ? '' : number(Math.round(value * 10) / 10))
      expect(await tableOf(panel, reports.table)).toEqual(
        groups.map((group) => [
          nameOf(group.name),
          ...[group.added, group.won.deals, group.lost].map(number),
          money(group.won.value, currency),
          group.winRate === null ? '' : percent(group.winRate),
          days(group.medianCycleDays),
          money(group.weighted, currency),
        ]),
      )
      expect(await seriousFaults(page)).toEqual([])
      if (language === 'ko') expect(await foreignWords(page)).toEqual([])
      await keepPicture(page, `report-split-${language}`)
      const { head, rows } = readCsv(
        (await saveBy(page, panel.getByRole('button', { name: reports.export }))).text,
      )
      expect(head[4]).toBe(`${reports.groups.value} (${currency})`)
      // A name that a spreadsheet would run is shown, not run.
      expect(rows.map(([name]) => name)).toEqual(groups.map(({ name }) => nameOf(name).replace(/^=/, "'=")))
      expect(rows.map(([, , won, , value]) => [won, value])).toEqual(
        groups.map(({ won }) => [String(won.deals), String(won.value)]),
      )
      expect(complaints).toEqual([])
      await close()
    },
  )

  test.each(languages)(
    'confines funnel, times and revenue to one choice of a field (%s)',
    async (language, locale, words) => {
      const { reports } = words
      const where = `${channel}=Shop`
      const asked = { ...always, where }
      const report = await scene.service.reports.pipeline(asked)
      const all = await scene.service.reports.pipeline(always)
      expect(report.summary.won.deals).toBeGreaterThan(0)
      expect(report.summary.won.deals).toBeLessThan(all.summary.won.deals)
      const { page, complaints, close } = await openReport(language)
      await page.getByLabel(reports.only, { exact: true }).selectOption({ label: CHANNEL })
      await page.getByLabel(reports.choice, { exact: true }).selectOption({ label: 'Shop' })
      await page
        .getByText(reports.onlyDeals.replace('{{label}}', CHANNEL).replace('{{value}}', 'Shop'))
        .waitFor()
      const { number, percent } = createFormats(locale)
      const used = report.funnels.filter(({ deals }) => deals > 0)
      for (const { pipeline, stages } of used) {
        const title = used.length === 1 ? reports.funnel.title : `${reports.funnel.title}: ${pipeline}`
        expect(await tableOf(panelOf(page, title), reports.table)).toEqual(
          stages.map(({ name, reached, conversion, drop, lost, open }) => [
            name,
            number(reached),
            conversion === null ? '' : percent(conversion),
            ...[drop, lost, open].map(number),
          ]),
        )
      }
      const times = report.timeInStage.map(({ name, stays, medianDays, p90Days, averageDays }) => [
        name,
        ...[stays, medianDays, p90Days, averageDays],
      ])
      expect(times.length).toBeGreaterThan(2)
      const time = panelOf(page, reports.time.title)
      expect(await tableOf(time, reports.table)).toEqual(
        times.map((row) => row.map((value) => (typeof value === 'number' ? number(value) : value))),
      )
      const saved = await saveBy(page, time.getByRole('button', { name: reports.export }))
      expect(saved.name).toBe('tajo-time-in-stage.csv')
      expect(readCsv(saved.text).rows).toEqual(times.map((row) => row.map(cell)))
      const revenue = readCsv(
        (
          await saveBy(
            page,
            panelOf(page, reports.revenue.title).getByRole('button', { name: reports.export }),
          )
        ).text,
      )
      expect(revenue.head.slice(2)).toEqual([
        `${reports.revenue.value} (${report.currency})`,
        `${reports.revenue.before} (${report.currency})`,
      ])
      expect(revenue.rows).toEqual(
        report.revenue.points.map(({ day, deals, value }, index) =>
          [day, deals, value, report.revenue.before?.[index]?.value ?? null].map(cell),
        ),
      )
      expect(await seriousFaults(page)).toEqual([])
      expect(complaints).toEqual([])
      await close()
    },
  )

  test('gives the same JSON document as the API', async () => {
    const { secret } = await scene.service.keys.create({ name: 'files', scope: 'read' })
    const api = async (path: string, params: Record<string, string>): Promise<object> => {
      const response = await fetch(`${scene.url}/api/reports/${path}?${new URLSearchParams(params)}`, {
        headers: { authorization: `Bearer ${secret}` },
      })
      return { ...((await response.json()) as object), generatedAt: null }
    }
    const where = `${channel}=Shop`
    for (const [path, address, params] of [
      ['pipeline', '', { ...always, where }],
      ['attribution', '/attribution', { ...always, where, model: 'linear', lookback: '90', limit: '1000' }],
    ] as const) {
      const { page, close } = await openReport('en', address, { field: channel, choice: 'Shop' })
      const saved = await saveBy(page, page.getByRole('button', { name: en.reports.exportWhole }))
      expect(saved.name).toBe(`tajo-${path}-2020-01-01-2035-12-31.json`)
      expect({ ...JSON.parse(saved.text), generatedAt: null }).toEqual(await api(path, params))
      await close()
    }
  })

  test.each(languages)(
    'credits each campaign, and every stream to the win, as the API does (%s)',
    async (language, locale, words) => {
      const { reports } = words
      const report = await scene.service.reports.attribution({
        ...always,
        model: 'time_decay',
        lookback: 365,
      })
      const { campaigns, flows, deals, currency } = report
      expect(campaigns.length).toBeGreaterThan(1)
      const names = new Map(campaigns.map(({ campaignId, campaign }) => [campaignId, campaign]))
      const { page, complaints, close } = await openReport(language, '/attribution')
      await page.getByLabel(reports.model, { exact: true }).selectOption('time_decay')
      await page.getByLabel(reports.lookback, { exact: true }).selectOption('365')
      await page.getByText(reports.modelHelp.time_decay, { exact: false }).waitFor()
      const { number, money } = createFormats(locale)

      const bar = panelOf(page, reports.attribution.campaigns)
      const bars = bar.getByRole('list').getByRole('listitem')
      const first = campaigns[0]?.models.time_decay.value ?? 0
      await bars.first().getByText(money(first, currency), { exact: false }).waitFor()
      const shown = await bars.allTextContents()
      expect(shown.length).toBe(Math.min(12, campaigns.length))
      for (const [index, text] of shown.entries()) {
        expect(text).toContain(campaigns[index]?.campaign)
        expect(text).toContain(money(campaigns[index]?.models.time_decay.value ?? 0, currency))
      }
      expect(await tableOf(bar, reports.table)).toEqual(
        campaigns.map(({ campaign, touches, deals: won, models, before }) => [
          campaign,
          ...[touches, won, models.time_decay.deals].map(number),
          money(models.time_decay.value, currency),
          before === null ? '' : money(before.value, currency),
        ]),
      )
      const ofCampaigns = readCsv(
        (await saveBy(page, bar.getByRole('button', { name: reports.export }))).text,
      )
      expect(ofCampaigns.head[4]).toBe(`${reports.attribution.credit} (${currency})`)
      expect(ofCampaigns.rows.map((row) => row[4])).toEqual(
        campaigns.map(({ models }) => cell(models.time_decay.value)),
      )

      const sankey = panelOf(page, reports.attribution.flows)
      const streams = flows.map(({ campaignId, stageId, stage, deals: parts, value }) => [
        names.get(campaignId) ?? '',
        stageId === null ? reports.attribution.beforeDeal : stage,
        ...[parts, value],
      ])
      expect(streams.length).toBeGreaterThan(1)
      // Drawn, too: a node for each campaign, each stage and the win, as many as are shown.
      await sankey.locator('svg path').first().waitFor()
      expect(await tableOf(sankey, reports.table)).toEqual(
        streams.map(([campaign, stage, parts, value]) => [
          ...[campaign, stage, number(Number(parts))],
          money(Number(value), currency),
        ]),
      )
      const ofFlows = readCsv((await saveBy(page, sankey.getByRole('button', { name: reports.export }))).text)
      expect(ofFlows.head[3]).toBe(`${reports.attribution.value} (${currency})`)
      expect(ofFlows.rows).toEqual(streams.map((row) => row.map((value) => cell(value ?? null))))

      const won = panelOf(page, reports.attribution.dealsTitle)
      const ofDeals = readCsv((await saveBy(page, won.getByRole('button', { name: reports.export }))).text)
      expect(ofDeals.head[3]).toBe(reports.attribution.currency)
      expect(ofDeals.rows.map((row) => row.slice(0, 4))).toEqual(
        deals.map((deal) => [deal.title, deal.wonAt, String(deal.value), deal.currency]),
      )
      expect(new Set(deals.map((deal) => deal.currency)).size).toBe(2)
      expect(await seriousFaults(page)).toEqual([])
      if (language === 'ko') expect(await foreignWords(page)).toEqual([])
      await keepPicture(page, `attribution-figures-${language}`)
      expect(complaints).toEqual([])
      await close()
    },
  )
})
