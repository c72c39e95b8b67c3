/** Notes, pipelines and stages as API v1 shows them. Reads only. */
import { isDeleted, toV1Time, type Values } from './records.ts'
import type { SeedDeal, SeedNote, SeedPipeline, SeedStage } from './seed.ts'
import type { PipedriveState } from './state.ts'

export function toV1Note(state: PipedriveState, note: SeedNote, meId: number): Values {
  const user = state.users.get(note.user_id)
  const title = (deal: SeedDeal | undefined): Values | null => (deal ? { title: deal.title } : null)
  const name = (record: { name: string } | undefined): Values | null =>
    record ? { name: record.name } : null
  return {
    id: note.id,
    active_flag: !isDeleted(note),
    add_time: toV1Time(note.add_time),
    content: note.content,
    deal: title(note.deal_id ? state.find('deal', note.deal_id) : undefined),
    lead_id: note.lead_id ?? null,
    deal_id: note.deal_id ?? null,
    last_update_user_id: null,
    org_id: note.org_id ?? null,
    organization: name(note.org_id ? state.find('organization', note.org_id) : undefined),
    person: name(note.person_id ? state.find('person', note.person_id) : undefined),
    person_id: note.person_id ?? null,
    project_id: null,
    pinned_to_lead_flag: false,
    pinned_to_deal_flag: false,
    pinned_to_organization_flag: false,
    pinned_to_person_flag: false,
    pinned_to_project_flag: false,
    update_time: toV1Time(note.update_time),
    user: { email: user?.email ?? '', icon_url: null, is_you: note.user_id === meId, name: user?.name ?? '' },
    user_id: note.user_id,
  }
}

export function toV1Pipeline(pipeline: SeedPipeline): Values {
  return {
    id: pipeline.id,
    name: pipeline.name,
    url_title: pipeline.name,
    order_nr: pipeline.order_nr,
    active: !isDeleted(pipeline),
    deal_probability: pipeline.is_deal_probability_enabled ?? true,
    add_time: toV1Time(pipeline.add_time),
    update_time: toV1Time(pipeline.update_time),
    selected: pipeline.id === 1,
  }
}

export function toV1Stage(state: PipedriveState, stage: SeedStage): Values {
  return {
    id: stage.id,
    order_nr: stage.order_nr,
    name: stage.name,
    active_flag: !isDeleted(stage),
    deal_probability: stage.deal_probability ?? 100,
    pipeline_id: stage.pipeline_id,
    rotten_flag: stage.is_deal_rot_enabled ?? false,
    rotten_days: stage.days_to_rotten ?? null,
    add_time: toV1Time(stage.add_time),
    update_time: toV1Time(stage.update_time),
    pipeline_name: state.tables.pipeline.get(stage.pipeline_id)?.name ?? '',
    pipeline_deal_probability: true,
  }
}
