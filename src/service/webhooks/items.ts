/** Rows of the report, from what was found and what was done about it. Decides nothing. */
import { shownForeignUrl } from './address.ts'
import type { CarePlan, Stale } from './plan.ts'
import type { Refusal } from './refusal.ts'
import type { Found, Side } from './side.ts'
import type { WebhookItem, WebhookState, WebhookWarning } from './webhook-report.ts'

/** Of everything that registering puts right. */
export const REGISTER = 'Run `tajo webhooks register`.'

export function foundItem(
  side: Side,
  found: Found,
  state: WebhookState,
  message: string,
  more: Partial<Pick<WebhookItem, 'code' | 'remedy'>> = {},
): WebhookItem {
  return {
    vendor: side.vendor,
    id: found.id,
    object: found.subject,
    events: found.events,
    url: found.isOurs ? found.url : shownForeignUrl(found.url),
    state,
    code: null,
    message,
    remedy: null,
    ...more,
  }
}

/** Of one that is wanted, whether it is there yet or not. */
export function wantedItem(
  side: Side,
  subject: string,
  id: number | null,
  state: WebhookState,
  message: string,
  more: Partial<Pick<WebhookItem, 'code' | 'remedy'>> = {},
): WebhookItem {
  const { vendor, events, url } = side
  return { vendor, id, object: subject, events, url, state, code: null, message, remedy: null, ...more }
}

export function keptItem(side: Side, found: Found): WebhookItem {
  if (found.note === null) return foundItem(side, found, 'ok', 'registered')
  const remedy =
    'See whether the server was running and reachable then; Pipedrive tries the next change anew.'
  return foundItem(side, found, 'ok', `registered, but ${found.note}`, { remedy })
}

export function staleItem(side: Side, { found, state, message }: Stale): WebhookItem {
  return foundItem(side, found, state, message, { remedy: REGISTER })
}

export function missingItem(side: Side, subject: string, gone: Found | undefined): WebhookItem {
  if (side.url === null) {
    const remedy =
      'Set server.public_url (https://…) in tajo.yaml and run `tajo webhooks register`, or set sync_mode: batch.'
    const more = { code: 'webhook_no_public_url', remedy }
    return wantedItem(
      side,
      subject,
      null,
      'missing',
      'not registered, and no public address is configured',
      more,
    )
  }
  if (gone === undefined)
    return wantedItem(side, subject, null, 'missing', 'not registered', { remedy: REGISTER })
  return foundItem(side, gone, 'disabled', gone.fault?.message ?? 'deleted', { remedy: REGISTER })
}

/** With the list's own words where the list was what was refused. */
export function refusedItem(
  side: Side,
  about: { subject: string | null; id: number | null },
  what: string,
  { code, message, remedy }: Refusal,
): WebhookItem {
  const { vendor, url } = side
  const events = about.subject === null ? [] : side.events
  const text = `${what}: ${message}`
  return {
    vendor,
    id: about.id,
    object: about.subject,
    events,
    url,
    state: 'refused',
    code,
    message: text,
    remedy,
  }
}

export function foreignItems(side: Side, plan: CarePlan): readonly WebhookItem[] {
  return plan.foreign.map((found) =>
    foundItem(side, found, 'foreign', 'belongs to something else; not touched'),
  )
}

/** `owner` is the user of ours; null counts all, which can only warn too early. */
export function roomWarnings(side: Side, plan: CarePlan, owner: number | null): readonly WebhookWarning[] {
  const theirs = plan.foreign.filter(
    (found) => found.isActive && (owner === null || found.owner === null || found.owner === owner),
  )
  if (theirs.length + side.wanted.length <= side.most) return []
  const title = side.vendor === 'pipedrive' ? 'Pipedrive' : 'Brevo'
  return [
    {
      vendor: side.vendor,
      code: 'webhook_room_low',
      message: `${theirs.length} of the ${side.most} webhooks that ${title} allows belong to something else, and Tajo needs ${side.wanted.length}.`,
      remedy: `Delete webhooks in ${title} that nobody needs, or use another user's token for Tajo.`,
    },
  ]
}
