/** Checked settings and rows in their final shape: camel case, units resolved, frozen all the way down. */
import { dirname, resolve } from 'node:path'
import { withSwitches } from './built-in-skills.ts'
import type { Config, ReverseSync } from './config.ts'
import { durationMs } from './duration.ts'
import type { Accounts } from './outside-values.ts'
import type { Rows } from './rows.ts'
import type { Settings } from './schema.ts'
import { normaliseUrl } from './urls.ts'

export type ConfigParts = Readonly<{
  file: string | null
  settings: Settings
  accounts: Accounts
  rows: Rows
}>

export function buildConfig({ file, settings, accounts, rows }: ConfigParts): Config {
  const { port, public_url: publicUrl, behind_proxy: behindProxy } = settings.server
  const config: Config = {
    file,
    pipedrive: { ...accounts.pipedrive, ...pipedriveSettings(settings) },
    brevo: { ...accounts.brevo, apiKeyName: settings.brevo.api_key_name ?? null },
    reverseSync: reverseSync(settings),
    server: { port, publicUrl: publicUrl === undefined ? null : normaliseUrl(publicUrl), behindProxy },
    ...rows,
    events: {
      dealStageChanged: settings.events.deal_stage_changed,
      dealWon: settings.events.deal_won,
      dealLost: settings.events.deal_lost,
      dealReopened: settings.events.deal_reopened,
      dealFields: [...settings.events.deal_fields],
    },
    exchangeRates: { ...settings.exchange_rates },
    dedupe: { ...settings.dedupe },
    skills: {
      directory: resolve(file === null ? '.' : dirname(file), settings.skills_directory),
      switches: Object.fromEntries(
        Object.entries(settings.skills).map(([name, { enabled }]) => [name, enabled]),
      ),
    },
    keepsHistory: true,
  }
  return deepFreeze(withSwitches(config))
}

function pipedriveSettings(settings: Settings) {
  const { pipedrive } = settings.connectors
  return {
    enabled: pipedrive.enabled,
    apiVersion: pipedrive.api_version,
    syncMode: pipedrive.sync_mode,
    pollIntervalMs: durationMs(pipedrive.poll_interval) ?? 300_000,
    sync: { ...pipedrive.sync },
    lists: {
      allContacts: pipedrive.lists.all_contacts ?? null,
      qualifiedLeads: pipedrive.lists.qualified_leads ?? null,
      customers: pipedrive.lists.customers ?? null,
      churned: pipedrive.lists.churned ?? null,
    },
    defaultCountry: pipedrive.default_country?.toUpperCase() ?? null,
    deleteBehavior: pipedrive.delete_behavior,
    backfillEvents: pipedrive.backfill_events,
    createMissingAttributes: pipedrive.create_missing_attributes,
  }
}

function reverseSync(settings: Settings): ReverseSync {
  const block = settings.reverse_sync
  return {
    enabled: block.enabled,
    conflict: block.conflict,
    createPersons:
      typeof block.create_persons === 'string'
        ? block.create_persons
        : { lists: [...block.create_persons.lists] },
    consentField: block.consent_field,
    personOwner: block.person_owner,
    personLabel: block.person_label,
    fields: Object.fromEntries(
      Object.entries(block.fields).map(([name, direction]) => [name.toUpperCase(), direction]),
    ),
    resurrect: block.resurrect,
  }
}

function deepFreeze<T>(value: T): T {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value
  for (const part of Object.values(value)) deepFreeze(part)
  return Object.freeze(value)
}
