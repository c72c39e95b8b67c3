/** How the deals of a data set came to where they are: a changelog for each, from its first stage on. Invents no deal. */
import { type Random, seededRandom } from '../kit/random.ts'
import type { SeedChange } from '../pipedrive/changelog.ts'
import type { SeedDeal, SeedStage } from '../pipedrive/seed.ts'
import { toTime } from './account.ts'

type Lived = { readonly deals: SeedDeal[]; readonly changelogs: SeedChange[] }

/** The deals, with the time of their last move before that of their end, and what happened to them. */
export function giveHistories(deals: readonly SeedDeal[], stages: readonly SeedStage[], seed: number): Lived {
  const random = seededRandom(seed * 104_729 + 11)
  const lived = deals.map((deal) => live(deal, stages, random))
  return { deals: lived.map(({ deal }) => deal), changelogs: lived.flatMap(({ changes }) => changes) }
}

function live(
  deal: SeedDeal,
  stages: readonly SeedStage[],
  random: Random,
): { deal: SeedDeal; changes: SeedChange[] } {
  const path = stages
    .filter(({ pipeline_id }) => pipeline_id === deal.pipeline_id)
    .sort((a, b) => a.order_nr - b.order_nr)
    .map(({ id }) => id)
  const steps = path.slice(0, path.indexOf(deal.stage_id) + 1)
  const added = Date.parse(deal.add_time)
  const end = Date.parse(deal.update_time)
  // A part of the time is left for the last stage.
  const moved = added + (end - added) * (0.5 + random.int(0, 40) / 100)
  const times = steps
    .slice(1)
    .map(() => added + (moved - added) * (random.int(5, 95) / 100))
    .sort((a, b) => a - b)
  const change = (field_key: string, old: string, now: string, ms: number): SeedChange => ({
    deal_id: deal.id,
    field_key,
    old_value: old,
    new_value: now,
    time: toTime(ms),
    user_id: deal.owner_id,
  })
  const changes = steps
    .slice(1)
    .map((stage, index) => change('stage_id', String(steps[index]), String(stage), times[index] ?? moved))
  // Every third grew on the way.
  if (deal.id % 3 === 0)
    changes.push(change('value', String(Math.round(deal.value / 2)), String(deal.value), moved))
  if (deal.status !== 'open') changes.push(change('status', 'open', deal.status, end))
  const last = times.at(-1)
  return { deal: { ...deal, stage_change_time: last === undefined ? null : toTime(last) }, changes }
}
