/** The won deals and to whom each is credited: the answer to "which campaign won which deal". */
import { useWords } from '../language/use-words.ts'
import type { Attribution } from './attribution-report.tsx'
import { ReportPanel } from './report-panel.tsx'

type Deal = Attribution['deals'][number]

export function DealsPanel({ report: { deals, campaigns, model, totals } }: { report: Attribution }) {
  const { t, money, date, percent, number } = useWords()
  const names = new Map(campaigns.map(({ campaignId, campaign }) => [campaignId, campaign]))
  const sharesOf = ({ touches, value }: Deal): string => {
    const credits = new Map<number, number>()
    for (const touch of touches)
      credits.set(touch.campaignId, (credits.get(touch.campaignId) ?? 0) + (touch.credits[model] ?? 0))
    const shares = [...credits].filter(([, credit]) => credit > 0).sort(([, a], [, b]) => b - a)
    if (shares.length === 0) return t('reports.attribution.noShare')
    return shares
      .map(([id, credit]) => `${names.get(id) ?? id}${value > 0 ? ` ${percent(credit / value)}` : ''}`)
      .join(', ')
  }
  return (
    <ReportPanel
      title={t('reports.attribution.dealsTitle')}
      note={
        deals.length < totals.attributed.deals
          ? t('reports.attribution.newestDeals', {
              number: number(deals.length),
              all: number(totals.attributed.deals),
            })
          : t('reports.attribution.dealsNote')
      }
      name={`deals-${model}`}
      empty={t('reports.attribution.noneWon')}
      rows={deals}
      keyOf={({ dealId }) => String(dealId)}
      columns={[
        { title: t('reports.attribution.deal'), cell: ({ title }) => title },
        {
          title: t('reports.attribution.wonAt'),
          cell: ({ wonAt }) => wonAt,
          show: ({ wonAt }) => date(wonAt),
        },
        {
          title: t('reports.attribution.value'),
          cell: ({ value }) => value,
          show: ({ value, currency }) => money(value, currency),
          figure: true,
        },
        { title: t('reports.attribution.currency'), cell: ({ currency }) => currency, onlyInFile: true },
        { title: t('reports.attribution.shares'), cell: sharesOf },
      ]}
    />
  )
}
