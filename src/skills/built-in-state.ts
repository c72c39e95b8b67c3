/** Whether a skill that ships with Tajo is on, and which setting says so. */
import type { BuiltInSkill, Config } from '../config/index.ts'

export type SkillState = { readonly on: boolean; readonly because: string }

export function builtInState(name: BuiltInSkill, config: Config): SkillState {
  if (config.skills.switches[name] === false) return { on: false, because: `skills.${name}.enabled is false` }
  const { pipedrive, events } = config
  if (!pipedrive.enabled) return { on: false, because: 'connectors.pipedrive.enabled is false' }
  const bySync = (key: keyof typeof pipedrive.sync): SkillState => {
    const on = pipedrive.sync[key]
    return { on, because: `connectors.pipedrive.sync.${key} is ${on}` }
  }
  switch (name) {
    case 'pipedrive-contact-sync':
      return bySync('persons')
    case 'pipedrive-organization-sync':
      return bySync('organizations')
    case 'pipedrive-activity-tracking':
      return bySync('activities')
    case 'pipedrive-lead-sync':
      return bySync('leads')
    case 'pipedrive-deal-stage-tracking': {
      if (!pipedrive.sync.deals) return bySync('deals')
      const told = [events.dealStageChanged, events.dealWon, events.dealLost, events.dealReopened].filter(
        Boolean,
      )
      const on = told.length + config.dealStageMapping.length > 0
      const because = on
        ? `${told.length} of 4 events of deals, ${config.dealStageMapping.length} rows of deal_stage_mapping`
        : 'all events of deals are false, and deal_stage_mapping is empty'
      return { on, because }
    }
    case 'pipedrive-custom-fields': {
      const rows = [...config.personMapping, ...config.organizationMapping].filter(({ source }) =>
        source.includes('custom_fields.'),
      )
      const count = rows.length + events.dealFields.length
      return {
        on: count > 0,
        because: count > 0 ? `${count} custom fields are mapped` : 'no custom field is mapped',
      }
    }
    case 'pipedrive-pipeline-reporting':
      return pipedrive.sync.deals ? { on: true, because: 'moves of deals are kept' } : bySync('deals')
    case 'pipedrive-webhook-automation': {
      const rows = config.webhooks.length
      const on = pipedrive.syncMode !== 'batch' || rows > 0
      return { on, because: `sync_mode is ${pipedrive.syncMode}, ${rows} rows of webhooks` }
    }
  }
}
