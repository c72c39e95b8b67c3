/** Turning a lead into a deal as the vendor does: the deal takes over what belongs to the lead, and the lead is deleted. */
import { isDeleted, type Values } from './records.ts'
import type { SeedDeal, SeedLead } from './seed.ts'
import type { Actor, PipedriveState } from './state.ts'

/** Where the deal begins; default: the first stage of the first pipeline. `stage_id` wins over `pipeline_id`. */
export type ConversionTarget = { stage_id?: number; pipeline_id?: number }

/** Labels stay behind (those of leads and of deals are different things). Throws if the lead is deleted. */
export function convertLead(
  state: PipedriveState,
  lead: SeedLead,
  target: ConversionTarget,
  actor: Partial<Actor>,
): SeedDeal {
  if (isDeleted(lead as never)) throw new Error(`The lead ${lead.id} is deleted.`)
  const values: Values = {
    title: lead.title,
    owner_id: lead.owner_id,
    person_id: lead.person_id ?? null,
    org_id: lead.organization_id ?? null,
    ...(lead.value ? { value: lead.value.amount, currency: lead.value.currency } : {}),
    expected_close_date: lead.expected_close_date ?? null,
    visible_to: lead.visible_to ?? 3,
    source_lead_id: lead.id,
    ...(lead.custom_fields ? { custom_fields: lead.custom_fields } : {}),
    ...target,
  }
  const deal = state.insert('deal', values, actor)
  for (const linked of ['activity', 'note'] as const) {
    for (const record of state.tables[linked]
      .where('lead_id', lead.id)
      .filter(({ id }) => state.find(linked, id)))
      state.patch(linked, record.id, { lead_id: null, deal_id: deal.id }, actor)
  }
  state.delete('lead', lead.id, actor)
  return deal
}
