/** The attribution report on a terminal. */
import type { AttributionReport, Model } from '../service/index.ts'
import { commandLine } from './command-context.ts'
import { amount, change, money } from './money-text.ts'
import { count, type Output, wrapText } from './output.ts'
import { printHead, printUnconverted } from './pipeline-text.ts'

const dealsShown = 8

export function printAttribution(output: Output, report: AttributionReport): void {
  const line = (text: string): void => output.print(wrapText(text, output.columns, '  '))
  const { totals, totalsBefore, currency, model, lookbackDays, opens } = report
  printHead(output, report)
  const counted = { none: 'clicks', human: 'clicks and opens', all: 'clicks and all opens' }[opens]
  line(`Model ${model}; ${counted} of the ${count(lookbackDays, 'day')} before the win.`)
  output.heading('Won revenue')
  const row = (name: string, of: keyof typeof totals) => [
    name,
    count(totals[of].deals, 'deal'),
    money(totals[of].value, currency),
    change(totals[of].value, totalsBefore?.[of].value),
  ]
  output.table(
    ['', '', '', totalsBefore ? 'against before' : ''],
    [row('won', 'won'), row('attributed', 'attributed'), row('unattributed', 'unattributed')],
  )
  if (report.campaigns.length === 0) printEmpty(output, report)
  else printCampaigns(output, report)
  output.print()
  printUnconverted(output, report.unconverted)
}

function printEmpty(output: Output, { hasTouches, totals, opens }: AttributionReport): void {
  const line = (text: string): void => output.print(wrapText(text, output.columns, '  '))
  output.print()
  if (totals.won.deals === 0) line('No deal was won in this time.')
  else if (!hasTouches)
    line(
      `No campaign has touched anybody that Tajo knows of. Touches come with webhooks while ${commandLine('serve')} runs; ${commandLine('report backfill')} reads those from before.`,
    )
  else
    line(
      `No won deal of this time was touched.${opens === 'none' ? ' Only clicks count: --opens human counts opens, too.' : ''} ${commandLine('report backfill')} reads touches from before.`,
    )
}

function printCampaigns(output: Output, { campaigns, currency, model, deals }: AttributionReport): void {
  const compared = campaigns.some(({ before }) => before !== null)
  output.heading(`Campaigns, credits in ${currency}`)
  output.table(
    ['campaign', 'touches', 'deals', model, ...others(model), ...(compared ? [`${model} before`] : [])],
    campaigns.map(({ campaign, touches, deals: touched, models, before }) => [
      campaign,
      count(touches),
      `${Math.round(models[model].deals * 100) / 100} of ${count(touched)}`,
      ...[model, ...others(model)].map((one) => amount(models[one].value, currency)),
      ...(compared ? [before === null ? '' : amount(before.value, currency)] : []),
    ]),
  )
  const names = new Map(campaigns.map(({ campaignId, campaign }) => [campaignId, campaign]))
  output.heading('Deals')
  output.table(
    ['won', 'deal', 'value', 'credited to'],
    deals.slice(0, dealsShown).map((deal) => [
      deal.wonAt.slice(0, 10),
      `${deal.title} (${deal.dealId})`,
      money(deal.value, deal.currency),
      deal.touches
        .filter(({ credits }) => credits[model] !== 0)
        .map(({ campaignId, credits }) => `${names.get(campaignId)} ${amount(credits[model], deal.currency)}`)
        .join('; '),
    ]),
  )
}

/** Beside the chosen model those that differ the most. */
function others(model: Model): readonly Model[] {
  return (['first', 'last'] as const).filter((other) => other !== model)
}
