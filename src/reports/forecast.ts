/** What the open deals may bring: their value by stage, times how likely they are won from there. */
import { type Db, type OpenRow, readReach } from '../store/index.ts'
import { inOrder, winRates } from './funnel.ts'
import { rounded, sumOf } from './money.ts'
import type { OpenStage, PipelineReport } from './report-face.ts'
import type { Asked } from './scope.ts'

const historyMs = 365 * 86_400_000

export type Probabilities = ReadonlyMap<number, Probability>

type Probability = { readonly rate: number; readonly from: 'stage' | 'history' }

/**
 * The stage's own probability in Pipedrive. A pipeline where every stage has 100 %, which is what Pipedrive says as long as
 * nobody set anything, has none: there the deals closed in the year before tell how many of those that came so far were won.
 */
export async function probabilitiesOf(
  db: Db,
  { catalogue, scope }: Asked,
  now: Date,
): Promise<Probabilities> {
  const { stages } = catalogue
  const found = new Map<number, Probability>()
  for (const some of Map.groupBy(stages, (stage) => stage.pipelineId).values()) {
    if (some.every(({ probability }) => probability == null || probability === 100)) continue
    for (const { id, probability } of some)
      if (probability != null) found.set(id, { rate: probability / 100, from: 'stage' })
  }
  if (stages.every(({ id }) => found.has(id))) return found
  const closed = { from: new Date(now.getTime() - historyMs), to: now }
  for (const [id, rate] of winRates(stages, await readReach(db, scope, { closed }, stages)))
    if (!found.has(id)) found.set(id, { rate, from: 'history' })
  return found
}

/** In the order of pipelines and stages; stages without open deals are there, too. */
export function openStagesOf(
  { catalogue, pipeline, rates }: Asked,
  open: readonly OpenRow[],
  probabilities: Probabilities,
): readonly OpenStage[] {
  const pipelines = pipeline === null ? catalogue.pipelines : [pipeline]
  return pipelines.flatMap(({ id: pipelineId }) =>
    inOrder(catalogue.stages, pipelineId).map((stage): OpenStage => {
      const money = sumOf(
        open.filter(({ stage_id }) => stage_id === stage.id),
        rates,
      )
      const probability = probabilities.get(stage.id)
      return {
        pipelineId,
        stageId: stage.id,
        name: stage.name,
        open: money,
        probability: probability?.rate ?? null,
        weighted: rounded(money.value * (probability?.rate ?? 0), rates.currency),
        probabilityFrom: probability?.from ?? 'none',
      }
    }),
  )
}

export function forecastOf(stages: readonly OpenStage[], currency: string): PipelineReport['forecast'] {
  const filled = stages.filter((stage) => stage.open.deals > 0)
  const ways = new Set(filled.map(({ probabilityFrom }) => probabilityFrom))
  const [way = 'none'] = ways
  return {
    open: rounded(
      stages.reduce((sum, stage) => sum + stage.open.value, 0),
      currency,
    ),
    weighted: rounded(
      stages.reduce((sum, { weighted }) => sum + weighted, 0),
      currency,
    ),
    probabilityFrom: ways.size > 1 ? 'mixed' : way,
  }
}
