/** Rule R3.1: the managed lists a cluster is wanted on. Pure. */
import type { SettingFault } from '../model/index.ts'
import { type ClusterFacts, newestClosedDeal } from './computed.ts'

export type ListPlan = {
  /** `lists.all_contacts`, or the technical list `Tajo` that stands in for it (rule R3.3). */
  readonly allContacts: number | null
  readonly qualifiedLeads: number | null
  readonly customers: number | null
  readonly churned: number | null
  /** Stage id to list id. */
  readonly stages: ReadonlyMap<number, number>
  readonly won: number | null
  readonly lost: number | null
}

export type ListReason = { readonly listId: number; readonly because: string }

/** Every way a cluster gets on a list, in words; the same list may be reached twice. */
export function listReasons(facts: ClusterFacts, plan: ListPlan): readonly ListReason[] {
  const open = facts.deals.filter((deal) => deal.status === 'open')
  const hasWon = facts.deals.some((deal) => deal.status === 'won')
  const endsLost = open.length === 0 && newestClosedDeal(facts.deals)?.status === 'lost'
  const churned = hasWon && endsLost
  const reasons: ListReason[] = []
  const add = (listId: number | null | undefined, because: string): void => {
    if (listId != null) reasons.push({ listId, because })
  }

  add(plan.allContacts, 'every synced contact')
  if (open.length > 0) add(plan.qualifiedLeads, 'has an open deal')
  else if (facts.openLeads > 0) add(plan.qualifiedLeads, 'has an open lead')
  if (hasWon && !churned) add(plan.customers, 'has a won deal and is not churned')
  if (churned) add(plan.churned, 'had a won deal, and the last closed deal was lost')
  for (const deal of open) {
    if (deal.stageId !== null)
      add(plan.stages.get(deal.stageId), `open deal ${deal.id} is in stage ${deal.stageId}`)
  }
  if (hasWon) add(plan.won, 'has a won deal')
  if (endsLost) add(plan.lost, 'has no open deal, and the last closed deal was lost')
  return reasons
}

/** The union, ascending. */
export function wantedLists(facts: ClusterFacts, plan: ListPlan): readonly number[] {
  return [...new Set(listReasons(facts, plan).map((reason) => reason.listId))].sort((a, b) => a - b)
}

/** Every list that the configuration gives to Tajo, ascending. */
export function managedLists(plan: ListPlan): readonly number[] {
  const ids = [
    plan.allContacts,
    plan.qualifiedLeads,
    plan.customers,
    plan.churned,
    plan.won,
    plan.lost,
    ...plan.stages.values(),
  ]
  return [...new Set(ids.filter((id): id is number => id !== null))].sort((a, b) => a - b)
}

/** One list id under two names is allowed (two ways in), and pointed out (rule R3.1). */
export function listsWithTwoMeanings(plan: ListPlan): readonly SettingFault[] {
  const waysOf = new Map<number, string[]>()
  const add = (listId: number | null, way: string): void => {
    if (listId !== null) waysOf.set(listId, [...(waysOf.get(listId) ?? []), way])
  }
  add(plan.allContacts, 'lists.all_contacts')
  add(plan.qualifiedLeads, 'lists.qualified_leads')
  add(plan.customers, 'lists.customers')
  add(plan.churned, 'lists.churned')
  for (const listId of new Set(plan.stages.values())) add(listId, 'deal_stage_mapping (open stages)')
  add(plan.won, 'deal_stage_mapping.won')
  add(plan.lost, 'deal_stage_mapping.lost')
  return [...waysOf]
    .filter(([, ways]) => ways.length > 1)
    .map(([listId, ways]) => ({
      path: (ways[1] ?? 'lists').split(' ')[0] ?? 'lists',
      message: `list ${listId} has ${ways.length} meanings: ${ways.join(', ')}; a contact gets on it by any of them`,
      severity: 'warning',
    }))
}
