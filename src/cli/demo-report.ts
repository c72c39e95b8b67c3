/** What the demo shows of reports: it reads the past of its small account, and says which campaigns won which deals. */
import type { Service } from '../service/index.ts'
import type { CommandContext } from './command-context.ts'
import { money } from './money-text.ts'
import { count, wrapText } from './output.ts'

/** More than the past of the small data set costs. */
const maxTokens = 1_000
const from = '2000-01-01'
const campaignsShown = 4

export async function showCampaigns({ output, signal }: CommandContext, service: Service): Promise<void> {
  output.heading('Which campaigns won which deals')
  const { deals, contacts, tokens } = await service.reports.backfill({ maxTokens, signal })
  const report = await service.reports.attribution({ from, compare: false })
  const { attributed, won } = report.totals
  output.print(
    wrapText(
      `For ${count(tokens, 'token')}, the histories of ${count(deals.read, 'deal')} were read from Pipedrive, and from Brevo what campaigns did to ${count(contacts.read, 'contact')} before they bought. Of ${count(won.deals, 'won deal')} ${count(attributed.deals)} followed a click, worth ${money(attributed.value, report.currency)}:`,
      output.columns,
    ),
  )
  output.table(
    ['campaign', 'won deals', 'credit'],
    report.campaigns
      .slice(0, campaignsShown)
      .map(({ campaign, models }) => [
        campaign,
        String(Math.round(models.linear.deals * 10) / 10),
        money(models.linear.value, report.currency),
      ]),
  )
}
