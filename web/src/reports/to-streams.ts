/** Flows of credit as streams from campaign over stage to the win; small campaigns are one. */

export type Flow = {
  readonly campaignId: number
  readonly stageId: number | null
  readonly stage: string
  readonly value: number
}

export type Names = {
  readonly campaign: (id: number) => string
  readonly others: string
  readonly beforeDeal: string
  readonly won: string
}

export type Streams = {
  nodes: { name: string }[]
  links: { source: number; target: number; value: number }[]
}

const SHOWN = 7

/** Null: nothing flows. Values are rounded to whole amounts; what rounds to none is left out. */
export function toStreams(flows: readonly Flow[], names: Names): Streams | null {
  const values = new Map<number, number>()
  for (const { campaignId, value } of flows) values.set(campaignId, (values.get(campaignId) ?? 0) + value)
  const shown = new Set(
    [...values]
      .sort(([, a], [, b]) => b - a)
      .slice(0, SHOWN)
      .map(([id]) => id),
  )
  const sums = new Map<string, { from: string; to: string; value: number }>()
  const add = (from: string, to: string, value: number): void => {
    const key = JSON.stringify([from, to])
    const sum = sums.get(key) ?? { from, to, value: 0 }
    sum.value += value
    sums.set(key, sum)
  }
  for (const { campaignId, stageId, stage, value } of flows) {
    const from = `c${shown.has(campaignId) ? names.campaign(campaignId) : names.others}`
    const over = `s${stageId === null ? names.beforeDeal : stage}`
    add(from, over, value)
    add(over, `w${names.won}`, value)
  }
  const links = [...sums.values()].filter(({ value }) => Math.round(value) > 0)
  if (links.length === 0) return null
  const nodes = [...new Set(links.flatMap(({ from, to }) => [from, to]))]
  return {
    nodes: nodes.map((node) => ({ name: node.slice(1) })),
    links: links.map(({ from, to, value }) => ({
      source: nodes.indexOf(from),
      target: nodes.indexOf(to),
      value: Math.round(value),
    })),
  }
}
