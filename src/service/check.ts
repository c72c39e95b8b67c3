/** `tajo check`: the configuration against both accounts, each row a diagnosis with its remedy. */

import type { Clock } from '../base/clock.ts'
import { TajoError } from '../base/error.ts'
import type { BrevoClient } from '../brevo/index.ts'
import type { Config, LoadedConfig } from '../config/index.ts'
import type { PipedriveClient } from '../pipedrive/index.ts'
import type { Store } from '../store/index.ts'
import { createMissing, type Resolution, resolveAccounts, type SettingFault } from '../sync/index.ts'
import { brevoAccess, notConnected, pipedriveAccess, readStored, type Stored } from './clients.ts'
import { makeConsentField } from './consent-field.ts'
import { diagnoseData } from './diagnose-data.ts'
import { missingScopes } from './oauth/scopes.ts'
import type { SecretBox } from './secrets.ts'
import type { CheckItem, CheckReport } from './service-face.ts'
import { skillItems } from './skills/check-items.ts'
import { isAuthorised } from './stored-credentials.ts'
import { locateFault, toSyncSettings } from './sync-settings.ts'
import { toCheckItems } from './webhooks/check-items.ts'
import { lookAfterWebhooks } from './webhooks/connection-webhooks.ts'

export type CheckContext = {
  readonly config: LoadedConfig
  readonly store: Store
  readonly connection: string
  readonly clock: Clock
  readonly box: SecretBox
  readonly fix: boolean
  readonly signal?: AbortSignal | undefined
}

export async function runCheck(context: CheckContext): Promise<CheckReport> {
  const { config, store, connection, clock, box } = context
  const stored = await readStored(store, connection, box)
  const items: CheckItem[] = []
  const pipedrive = pipedriveAccess(config.config, stored, clock)?.make() ?? null
  const brevo = brevoAccess(config.config, stored, clock)?.make() ?? null
  try {
    const asked = [
      await ask(items, 'Pipedrive', stored, pipedrive, () =>
        checkPipedrive(items, pipedrive as PipedriveClient),
      ),
      await ask(items, 'Brevo', stored, brevo, () => checkBrevo(items, brevo as BrevoClient)),
    ]
    items.push(...scopeItems(config.config, stored))
    if (asked.every(Boolean) && pipedrive && brevo) {
      const resolved = await ask(items, 'Configuration', stored, pipedrive, () =>
        checkSettings(context, items, { pipedrive, brevo }),
      )
      asked.push(resolved)
      if (config.config.server.publicUrl !== null) {
        const webhooks = { ...context, config: config.config }
        items.push(...toCheckItems(await lookAfterWebhooks(webhooks, { pipedrive, brevo }, context)))
      }
    }
    items.push(...skillItems(config))
    items.push(...(await diagnoseData(store, connection)))
    if (pipedrive) items.push(budgetItem(pipedrive))
    const paused = asked.some((reached) => !reached)
    return {
      status: paused ? 'paused' : items.some((item) => item.level === 'error') ? 'errors' : 'ok',
      items,
    }
  } finally {
    await Promise.all([pipedrive?.close(), brevo?.close()])
  }
}

/** False when the account could not be asked; why is in the items. */
async function ask(
  items: CheckItem[],
  name: string,
  stored: Stored,
  client: unknown,
  check: () => Promise<void>,
): Promise<boolean> {
  try {
    if (client === null) throw notConnected(name === 'Brevo' ? 'brevo' : 'pipedrive', stored)
    await check()
    return true
  } catch (error) {
    if (!(error instanceof TajoError)) throw error
    items.push({
      level: 'error',
      subject: `${name} access`,
      message: error.message,
      remedy: remedyFor(error.code),
      location: null,
    })
    return false
  }
}

/** Of a consent: what the app may not do that the configuration asks of it. */
function scopeItems(config: Config, { pipedrive }: Stored): CheckItem[] {
  if (config.pipedrive.apiToken !== null || !isAuthorised(pipedrive)) return []
  const missing = missingScopes(config, pipedrive.scopes)
  if (missing.length === 0) return [ok('Pipedrive scopes', 'all that the configuration needs')]
  return missing.map(({ scope, what, isNeeded }) => ({
    level: isNeeded ? 'error' : 'warning',
    subject: `Pipedrive scope ${scope}`,
    message: `the app lacks it, which is for ${what}`,
    remedy:
      'Add it to the app in the Developer Hub, then connect again: tajo connectors connect pipedrive --oauth.',
    location: null,
  }))
}

async function checkPipedrive(items: CheckItem[], client: PipedriveClient): Promise<void> {
  const me = await client.users.me({ lane: 'interactive' })
  const company = me.company_name ?? me.company_domain ?? 'company'
  items.push(ok('Pipedrive access', `${company} as ${me.name ?? `user ${me.id}`}`))
  if (me.is_admin != null && !me.is_admin) {
    items.push({
      level: 'warning',
      subject: 'Pipedrive permissions',
      message:
        'the token belongs to a user who is no administrator: records that this user may not see are missing from the sync',
      remedy: 'Use the token of an administrator, or give the user visibility of all records.',
      location: null,
    })
  }
}

async function checkBrevo(items: CheckItem[], client: BrevoClient): Promise<void> {
  const account = await client.account.get({ lane: 'interactive' })
  items.push(ok('Brevo access', account.companyName ?? account.email ?? 'account'))
}

async function checkSettings(
  context: CheckContext,
  items: CheckItem[],
  clients: { pipedrive: PipedriveClient; brevo: BrevoClient },
): Promise<void> {
  const settings = toSyncSettings(context.config.config)
  const consentField = settings.reverse?.consentField ?? null
  if (context.fix && consentField !== null) {
    const location = context.config.locate('reverse_sync.consent_field')
    const made = await makeConsentField(clients.pipedrive, consentField, location)
    if (made) items.push(made)
  }
  const resolution = await resolveAccounts(clients, settings, { complete: true, signal: context.signal })
  const { accounts, faults } = resolution
  items.push(
    ok(
      'Pipedrive fields',
      `${accounts.catalogue.personFields.length} person fields, ${accounts.catalogue.stages.length} stages in ${accounts.catalogue.pipelines.length} pipelines`,
    ),
  )
  items.push(
    ok('Brevo attributes and lists', `${accounts.attributes.size} attributes, ${accounts.lists.size} lists`),
  )
  for (const fault of faults) {
    items.push({
      level: fault.severity,
      subject: fault.path,
      message: fault.message,
      remedy: fault.severity === 'error' ? remedyOf(fault) : null,
      location: locateFault(context.config, fault),
    })
  }
  if (!faults.some((fault) => fault.severity === 'error'))
    items.push(ok('Configuration', 'fits both accounts'))
  await checkMissing(context, items, clients, resolution)
}

function remedyOf({ message }: SettingFault): string {
  return message.includes('--fix')
    ? 'Run `tajo check --fix`, or correct this entry of the configuration.'
    : 'Correct this entry of the configuration.'
}

async function checkMissing(
  { config, fix, signal }: CheckContext,
  items: CheckItem[],
  clients: { pipedrive: PipedriveClient; brevo: BrevoClient },
  resolution: Resolution,
): Promise<void> {
  const { missingAttributes, missingTechnicalList, plan } = resolution
  if (missingAttributes.length === 0 && !missingTechnicalList) return
  if (fix && plan !== null) await createMissing(clients, toSyncSettings(config.config), resolution, signal)
  const done = fix && plan !== null
  const remedy = done ? null : 'Nothing to do: the next sync creates it; or run `tajo check --fix` now.'
  for (const { name, type, path } of missingAttributes) {
    const message = done ? `created in Brevo (type ${type})` : `does not exist in Brevo yet (type ${type})`
    items.push({
      level: done ? 'fixed' : 'warning',
      subject: `attribute ${name}`,
      message,
      remedy,
      location: config.locate(path),
    })
  }
  if (missingTechnicalList) {
    const message = done
      ? 'created in Brevo'
      : 'no lists.all_contacts is configured, so a list named Tajo is needed'
    items.push({ level: done ? 'fixed' : 'warning', subject: 'list Tajo', message, remedy, location: null })
  }
}

function budgetItem(client: PipedriveClient): CheckItem {
  const { limit, remaining, resetsAt } = client.budget()
  if (limit === null || remaining === null)
    return ok('Pipedrive budget', 'Pipedrive did not say how many API tokens are left today')
  const message = `${remaining.toLocaleString('en')} of ${limit.toLocaleString('en')} API tokens left until ${resetsAt.toISOString().slice(0, 16).replace('T', ' ')} UTC`
  if (remaining > limit * 0.1) return ok('Pipedrive budget', message)
  return {
    level: 'warning',
    subject: 'Pipedrive budget',
    message,
    remedy:
      'Wait for the reset, or look for another integration that uses the budget up (429 Too Many Requests).',
    location: null,
  }
}

function ok(subject: string, message: string): CheckItem {
  return { level: 'ok', subject, message, remedy: null, location: null }
}

/** The rows of the troubleshooting table that concern access. */
function remedyFor(code: string): string | null {
  switch (code) {
    case 'pipedrive_unauthorized':
      return 'Make a new token in Pipedrive (Settings > Personal preferences > API) and put it in PIPEDRIVE_API_TOKEN or the configuration.'
    case 'pipedrive_forbidden':
      return 'Ask an administrator of the Pipedrive account for API access and for permission to see all records.'
    case 'pipedrive_wrong_address':
    case 'pipedrive_unreachable':
      return 'Check company_domain (the part before .pipedrive.com) and api_url.'
    case 'brevo_unauthorized':
      return 'Make a new API key in Brevo (Settings > SMTP & API > API keys) and put it in BREVO_API_KEY or the configuration.'
    case 'brevo_ip_refused':
      return 'Add this machine to the authorised IPs in Brevo (Security > Authorised IPs), or switch the check off for API keys.'
    default:
      return null
  }
}
