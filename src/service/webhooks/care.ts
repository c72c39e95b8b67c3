/**
 * Looks after the webhooks of one connection: finds what is there, and registers, mends or removes its own. Never touches
 * what belongs to others, and reports each refusal instead of stopping at it. One request per service when all is right.
 */
import { together } from '../../base/together.ts'
import type { BrevoClient } from '../../brevo/index.ts'
import type { Config } from '../../config/index.ts'
import type { PipedriveClient } from '../../pipedrive/index.ts'
import type { WebhookCredentials } from '../clients.ts'
import { requirePublicUrl, webhookPath, webhookUrl } from './address.ts'
import { createBrevoSide } from './brevo-side.ts'
import { foreignItems, keptItem, missingItem, refusedItem, roomWarnings, staleItem } from './items.ts'
import { createPipedriveSide } from './pipedrive-side.ts'
import { planCare } from './plan.ts'
import { toRefusal } from './refusal.ts'
import { attempt, registerSide, removeSide } from './registration.ts'
import { requiredWebhooks } from './required.ts'
import type { Found, Side } from './side.ts'
import { isSettled, type WebhookItem, type WebhookReport, type WebhookWarning } from './webhook-report.ts'

export type CareOptions = {
  /** Null: this service is left out. */
  readonly pipedrive: PipedriveClient | null
  readonly brevo: BrevoClient | null
  readonly config: Config
  readonly connection: string
  /** Without a slash at the end; null: nobody knows. */
  readonly publicUrl: string | null
  /** Null: this connection never registered any. `register` needs them. */
  readonly credentials: WebhookCredentials | null
  readonly mode: 'register' | 'look' | 'remove'
  readonly signal?: AbortSignal | undefined
}

/** Throws only for `register` without a usable public address (`webhook_no_public_url`, `webhook_url_insecure`), and when aborted. */
export async function careForWebhooks(options: CareOptions): Promise<WebhookReport> {
  const { mode, publicUrl, config, signal } = options
  const needed = requiredWebhooks(config)
  if (mode === 'register' && needed.pipedrive.length + needed.brevo.length > 0) requirePublicUrl(publicUrl)
  const cared = await together(
    sidesOf(options).map((make) => (inner: AbortSignal) => careForSide(make(inner), mode, inner)),
    signal,
  )
  const items = cared.flatMap((side) => side.items)
  return {
    mode,
    status: items.every(isSettled) ? 'complete' : 'incomplete',
    publicUrl,
    items,
    warnings: cared.flatMap((side) => side.warnings),
  }
}

function sidesOf(options: CareOptions): readonly ((signal: AbortSignal) => Side)[] {
  const { pipedrive, brevo, config, connection, publicUrl, credentials } = options
  const needed = requiredWebhooks(config)
  const identity = (vendor: Side['vendor']) => ({
    url: publicUrl === null ? null : webhookUrl(publicUrl, vendor, connection),
    path: webhookPath(vendor, connection),
  })
  const sides: ((signal: AbortSignal) => Side)[] = []
  if (pipedrive !== null) {
    const common = { client: pipedrive, wanted: needed.pipedrive, identity: identity('pipedrive') }
    sides.push((signal) => createPipedriveSide({ ...common, credentials, signal }))
  }
  if (brevo !== null) {
    const common = { client: brevo, events: needed.brevo, identity: identity('brevo') }
    sides.push((signal) => createBrevoSide({ ...common, credentials, signal }))
  }
  return sides
}

type Cared = { readonly items: readonly WebhookItem[]; readonly warnings: readonly WebhookWarning[] }

async function careForSide(side: Side, mode: CareOptions['mode'], signal: AbortSignal): Promise<Cared> {
  const listed = await attempt(() => side.list(), signal)
  if ('refused' in listed) {
    const refusal = toRefusal(listed.refused, side, 'list')
    const nobody = { subject: null, id: null }
    return { items: [refusedItem(side, nobody, 'not known what is registered', refusal)], warnings: [] }
  }
  const plan = planCare(listed.done, side.wanted)
  if (mode === 'remove') return { items: await removeSide(side, listed.done, signal), warnings: [] }
  const { items, owner } =
    mode === 'register'
      ? await registerSide(side, plan, signal)
      : { items: lookedAt(side, plan), owner: plan.kept[0]?.owner ?? null }
  const isFull = items.some(({ code }) => code === 'webhook_limit')
  return {
    items: [...items, ...foreignItems(side, plan)],
    warnings: isFull ? [] : roomWarnings(side, plan, owner),
  }
}

function lookedAt(side: Side, plan: ReturnType<typeof planCare>): readonly WebhookItem[] {
  const isReplaced = (subject: string) => plan.stale.some(({ found }) => found.subject === subject)
  const goneOf = (subject: string): Found | undefined =>
    plan.gone.filter((found) => found.subject === subject).at(-1)
  return [
    ...plan.kept.map((found) => keptItem(side, found)),
    ...plan.stale.map((stale) => staleItem(side, stale)),
    ...plan.missing
      .filter((subject) => !isReplaced(subject))
      .map((subject) => missingItem(side, subject, goneOf(subject))),
  ]
}
