/** The charts that need a library: loaded when a report is looked at, and not before. Each has its table beside it. */
import '@mantine/core/styles/ColorSwatch.css'
import '@mantine/charts/styles.css'
import { AreaChart, SankeyChart, type SankeyChartData } from '@mantine/charts'
import { useWords } from '../language/use-words.ts'

export type RevenuePoint = { readonly day: string; readonly value: number; readonly before: number | null }

export type RevenueChartProps = {
  readonly points: readonly RevenuePoint[]
  readonly currency: string
  readonly names: { readonly value: string; readonly before: string }
}

export function RevenueChart({ points, currency, names }: RevenueChartProps) {
  const { money, date, language } = useWords()
  const short = new Intl.NumberFormat(language, { notation: 'compact', maximumFractionDigits: 1 })
  return (
    <div className="page-chart" aria-hidden="true">
      <AreaChart
        h={280}
        data={[...points]}
        dataKey="day"
        curveType="monotone"
        withLegend
        strokeWidth={2}
        series={[
          { name: 'value', label: names.value, color: 'ink.6' },
          { name: 'before', label: names.before, color: 'gray.6', strokeDasharray: '4 4' },
        ]}
        valueFormatter={(value) => money(value, currency)}
        xAxisProps={{ tickFormatter: (day: string) => date(day), minTickGap: 32 }}
        yAxisProps={{ tickFormatter: (value: number) => short.format(value), width: 56 }}
        gridAxis="x"
        withDots={points.length < 40}
        areaChartProps={{ accessibilityLayer: false }}
      />
    </div>
  )
}

export function FlowChart({ data, currency }: { data: SankeyChartData; currency: string }) {
  const { money } = useWords()
  return (
    <div className="page-chart" aria-hidden="true">
      <SankeyChart
        height={Math.max(280, data.nodes.length * 30)}
        data={data}
        nodeWidth={12}
        nodePadding={22}
        nodeColor="ink.6"
        linkColor="ink.3"
        sankeyProps={{ accessibilityLayer: false }}
        valueFormatter={(value) => money(value, currency)}
      />
    </div>
  )
}
