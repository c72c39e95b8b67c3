/** How far deals came, from where they have been: counted per stage. Pure. */
import { inStageOrder, type KeptStage, type ReachRow } from '../store/index.ts'

export type FunnelStage = {
  readonly stageId: number
  readonly name: string
  /** Deals that are known to have been in it. */
  readonly entered: number
  /** Deals that came to it or to a later one, or were won. */
  readonly reached: number
  /** Of those that reached it, the share that came further: to the next stage, at the end to being won. */
  readonly conversion: number | null
  /** How many did not come further: lost from here, or still here. */
  readonly drop: number
  readonly lost: number
  readonly open: number
}

export type Funnel = {
  readonly pipelineId: number
  readonly pipeline: string
  readonly deals: number
  readonly stages: readonly FunnelStage[]
  readonly won: number
  /** Of all deals, the share that was won. */
  readonly conversion: number | null
}

/** In the order of their stages; a pipeline without deals has a funnel of nothing. */
export function funnelOf(
  pipeline: { readonly id: number; readonly name: string },
  stages: readonly KeptStage[],
  rows: readonly ReachRow[],
): Funnel {
  const ordered = inOrder(stages, pipeline.id)
  const own = rows.filter((row) => row.pipeline_id === pipeline.id)
  const deals = count(own)
  const won = count(own.filter(({ status }) => status === 'won'))
  const reached = ordered.map((_, place) => count(own.filter((row) => hasReached(row, place))))
  return {
    pipelineId: pipeline.id,
    pipeline: pipeline.name,
    deals,
    stages: ordered.map(({ id, name }, place) => {
      const here = reached[place] ?? 0
      const further = reached[place + 1] ?? won
      const ending = (status: string) =>
        count(own.filter((row) => row.status === status && placeOf(row) === place))
      return {
        stageId: id,
        name,
        entered: count(own.filter(({ mask }) => (BigInt(mask) >> BigInt(place)) & 1n)),
        reached: here,
        conversion: share(further, here),
        drop: here - further,
        lost: ending('lost'),
        open: ending('open'),
      }
    }),
    won,
    conversion: share(won, deals),
  }
}

/** Of the closed deals that reached each stage, the share that was won; absent where none did. */
export function winRates(
  stages: readonly KeptStage[],
  closed: readonly ReachRow[],
): ReadonlyMap<number, number> {
  const rates = new Map<number, number>()
  for (const pipelineId of new Set(stages.map((stage) => stage.pipelineId))) {
    const own = closed.filter((row) => row.pipeline_id === pipelineId)
    const won = count(own.filter(({ status }) => status === 'won'))
    inOrder(stages, pipelineId).forEach(({ id }, place) => {
      const rate = share(won, count(own.filter((row) => hasReached(row, place))))
      if (rate !== null) rates.set(id, rate)
    })
  }
  return rates
}

export function inOrder(stages: readonly KeptStage[], pipelineId: number): readonly KeptStage[] {
  return inStageOrder(stages.filter((stage) => stage.pipelineId === pipelineId))
}

/** To four places after the point; null of nothing. */
export function share(part: number, whole: number): number | null {
  return whole === 0 ? null : Math.round((part / whole) * 10_000) / 10_000
}

function hasReached(row: ReachRow, place: number): boolean {
  return row.status === 'won' || furthest(row) >= place
}

/** Where it ended or stands: as far as it came. */
function placeOf(row: ReachRow): number {
  return furthest(row)
}

/** The last place it has been in; -1 where it was in none that is known. */
function furthest({ mask }: ReachRow): number {
  return BigInt(mask).toString(2).length - (BigInt(mask) === 0n ? 2 : 1)
}

function count(rows: readonly ReachRow[]): number {
  return rows.reduce((sum, { deals }) => sum + deals, 0)
}
