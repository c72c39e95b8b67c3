/**
 * The skills that ship with Tajo, as switches over settings: a skill that is off has the effect of its settings being off.
 * Where a setting is written out and says something else than the switch, that is a fault; nobody guesses who is meant.
 */
import type { Config } from './config.ts'
import type { ConfigFault } from './config-error.ts'
import { type Located, locatedAt, type Path, pathText, valuePosition } from './located.ts'

/** One for each capability; what each of them is for stands in `skills/<name>.md` of the package. */
export const BUILT_IN_SKILLS = [
  'pipedrive-contact-sync',
  'pipedrive-deal-stage-tracking',
  'pipedrive-organization-sync',
  'pipedrive-activity-tracking',
  'pipedrive-custom-fields',
  'pipedrive-pipeline-reporting',
  'pipedrive-lead-sync',
  'pipedrive-webhook-automation',
] as const
export type BuiltInSkill = (typeof BUILT_IN_SKILLS)[number]

/** Skills that are one setting by another name. */
const SYNC_SETTINGS = {
  'pipedrive-contact-sync': 'persons',
  'pipedrive-organization-sync': 'organizations',
  'pipedrive-activity-tracking': 'activities',
  'pipedrive-lead-sync': 'leads',
} as const satisfies Partial<Record<BuiltInSkill, keyof Config['pipedrive']['sync']>>

export function isBuiltInSkill(name: string): name is BuiltInSkill {
  return (BUILT_IN_SKILLS as readonly string[]).includes(name)
}

export function contradictingSwitches(root: Located | undefined): readonly ConfigFault[] {
  return Object.entries(SYNC_SETTINGS).flatMap(([skill, setting]) => {
    const path: Path = ['skills', skill, 'enabled']
    const written = flagAt(root, path)
    const other: Path = ['connectors', 'pipedrive', 'sync', setting]
    const said = flagAt(root, other)
    if (written === null || said === null || written.value === said.value) return []
    const message = `contradicts ${pathText(other)}: ${said.value} (line ${said.position.line}); keep one of them`
    return [{ path: pathText(path), message, ...written.position }]
  })
}

function flagAt(root: Located | undefined, path: Path) {
  const value = locatedAt(root, path)
  if (value?.kind !== 'scalar' || typeof value.value !== 'boolean') return null
  const parent = locatedAt(root, path.slice(0, -1))
  const key = parent?.kind === 'map' ? parent.entries.get(String(path.at(-1)))?.key : undefined
  return { value: value.value, position: valuePosition(key ?? value.position, value) }
}

/** The configuration with what is switched off taken out of it: every other room sees the result only. */
export function withSwitches(config: Config): Config {
  const isOff = (name: BuiltInSkill): boolean => config.skills.switches[name] === false
  const isKept = ({ source }: { readonly source: string }): boolean =>
    !isOff('pipedrive-custom-fields') || !source.includes('custom_fields.')
  const { pipedrive, events } = config
  const sync = { ...pipedrive.sync }
  for (const [skill, setting] of Object.entries(SYNC_SETTINGS))
    if (isOff(skill as BuiltInSkill)) sync[setting] = false
  const tracksStages = !isOff('pipedrive-deal-stage-tracking')
  const hasWebhooks = !isOff('pipedrive-webhook-automation')
  return {
    ...config,
    pipedrive: { ...pipedrive, sync, syncMode: hasWebhooks ? pipedrive.syncMode : 'batch' },
    personMapping: config.personMapping.filter(isKept),
    organizationMapping: config.organizationMapping.filter(isKept),
    dealStageMapping: tracksStages ? config.dealStageMapping : [],
    webhooks: hasWebhooks ? config.webhooks : [],
    events: {
      ...(tracksStages
        ? events
        : { dealStageChanged: false, dealWon: false, dealLost: false, dealReopened: false }),
      dealFields: isOff('pipedrive-custom-fields') ? [] : events.dealFields,
    },
    keepsHistory: !isOff('pipedrive-pipeline-reporting'),
  }
}
