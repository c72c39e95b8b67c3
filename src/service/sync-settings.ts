/** The configuration as the pipeline asks for it, and the way back to the file for its faults. */
import type { Config, LoadedConfig } from '../config/index.ts'
import type { SettingFault, SyncSettings } from '../sync/index.ts'

/** `noticed`: changes that skills wait for, sent to Brevo or not. */
export function toSyncSettings(config: Config, noticed: readonly string[] = []): SyncSettings {
  const { pipedrive } = config
  return {
    entities: pipedrive.sync,
    personMapping: config.personMapping.map(({ source, target, path }) => ({ source, target, path })),
    organizationMapping: config.organizationMapping.map(({ source, target, path }) => ({
      source,
      target,
      path,
    })),
    lists: pipedrive.lists,
    stageLists: config.dealStageMapping.map(({ stage, listId, path }) => ({ stage, listId, path })),
    defaultCountry: pipedrive.defaultCountry,
    exchangeRates: config.exchangeRates,
    events: eventNames(config),
    dealFields: config.events.dealFields.map((source, index) => ({
      source,
      path: `events.deal_fields[${index}]`,
    })),
    noticed,
    keepsHistory: config.keepsHistory,
    backfillEvents: pipedrive.backfillEvents,
    deleteBehavior: pipedrive.deleteBehavior,
    createMissingAttributes: pipedrive.createMissingAttributes,
    reverse: config.reverseSync.enabled ? config.reverseSync : null,
    resurrect: config.reverseSync.resurrect,
    brevoKeyName: config.brevo.apiKeyName,
  }
}

/** `tajo.yaml:17:18 connectors.pipedrive.lists.customers` for a fault of the pipeline. */
export function locateFault(config: LoadedConfig, fault: SettingFault): string {
  return config.locate(fault.path.startsWith('lists.') ? `connectors.pipedrive.${fault.path}` : fault.path)
}

/** By record and action, in the pipeline's words. */
function eventNames({ webhooks, events }: Config): Readonly<Record<string, string>> {
  const deals = {
    'deal stage_changed': events.dealStageChanged,
    'deal won': events.dealWon,
    'deal lost': events.dealLost,
    'deal reopened': events.dealReopened,
  }
  return Object.fromEntries([
    ...Object.entries(deals).filter((entry): entry is [string, string] => entry[1] !== false),
    ...webhooks.map(({ object, action, brevoEvent }) => [`${object} ${action}`, brevoEvent] as const),
  ])
}
