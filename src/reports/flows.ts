/** From campaigns over the stages in which their touches found the deals to the wins, for a chart of streams. Pure. */
import type { KeptStage } from '../store/index.ts'
import type { CreditedDeal, TouchTime } from './credits.ts'
import type { Model } from './models.ts'
import { convert, type Rates, rounded } from './money.ts'
import type { AttributionFlow } from './report-face.ts'

const beforeTheDeal = 'before the deal'

/** `moves`: of each deal from, to and time, one after the other. The greatest stream comes first. */
export function flowsOf(
  deals: readonly CreditedDeal[],
  moves: ReadonlyMap<number, readonly number[]>,
  { model, stages, rates }: { model: Model; stages: readonly KeptStage[]; rates: Rates },
): readonly AttributionFlow[] {
  const names = new Map(stages.map(({ id, name }) => [id, name]))
  const sums = new Map<string, { campaignId: number; stageId: number | null; deals: number; value: number }>()
  for (const one of deals) {
    const ways = moves.get(one.deal.deal_id) ?? []
    one.touches.forEach((touch, index) => {
      const stageId = stageAt(one, ways, touch)
      const key = `${touch.campaignId} ${stageId}`
      const sum = sums.get(key) ?? { campaignId: touch.campaignId, stageId, deals: 0, value: 0 }
      sum.deals += one.weights[model][index] ?? 0
      sum.value += convert((one.credits[model][index] ?? 0) / one.factor, one.currency, rates) ?? 0
      sums.set(key, sum)
    })
  }
  return [...sums.values()]
    .filter((sum) => sum.deals > 0)
    .map((sum) => ({
      ...sum,
      stage: sum.stageId === null ? beforeTheDeal : (names.get(sum.stageId) ?? `stage ${sum.stageId}`),
      deals: Math.round(sum.deals * 10_000) / 10_000,
      value: rounded(sum.value, rates.currency),
    }))
    .sort((a, b) => b.value - a.value || a.campaignId - b.campaignId || (a.stageId ?? 0) - (b.stageId ?? 0))
}

/** Where the deal stood at that time; null: there was none yet. */
function stageAt({ deal }: CreditedDeal, moves: readonly number[], { at }: TouchTime): number | null {
  if (deal.added_at !== null && at < deal.added_at) return null
  let stage = (moves.length === 0 ? deal.stage_id : moves[0]) ?? null
  for (let index = 0; index < moves.length && (moves[index + 2] ?? 0) <= at; index += 3)
    stage = moves[index + 1] ?? null
  return stage === 0 ? null : stage
}
