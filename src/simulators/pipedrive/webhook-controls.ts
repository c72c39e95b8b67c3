/** Controls of webhooks through `POST /__sandbox/<name>`: their log, and what goes wrong with them. Trusts its callers: loopback only. */
import type { Values } from './records.ts'
import type { PipedriveState } from './state.ts'
import type { WebhookDeliverer } from './webhook-delivery.ts'

/**
 * `webhook-deliveries` {clear?} (the log so far; `clear` empties it) · `drop-webhooks` {count} ·
 * `webhook-faults` {duplicateRate?, dropRate?, delayMs?, reorderMs?} (what is not named stays) ·
 * `disable-webhook` {id} (inactive, as if switched off by hand).
 */
export function webhookControls(
  state: PipedriveState,
  deliverer: WebhookDeliverer,
): Record<string, (body: unknown) => unknown> {
  return {
    'webhook-deliveries': (body) => {
      const deliveries = deliverer.deliveries()
      if ((body as Values | null)?.clear === true) deliverer.clearDeliveries()
      return deliveries
    },
    'drop-webhooks': (body) => deliverer.dropNext(Number((body as Values).count)),
    'webhook-faults': (body) => {
      const { switches } = state
      const given = (body ?? {}) as Partial<
        Record<'duplicateRate' | 'dropRate' | 'delayMs' | 'reorderMs', number>
      >
      switches.webhookDuplicateRate = given.duplicateRate ?? switches.webhookDuplicateRate
      switches.webhookDropRate = given.dropRate ?? switches.webhookDropRate
      switches.webhookDelayMs = given.delayMs ?? switches.webhookDelayMs
      switches.webhookReorderMs = given.reorderMs ?? switches.webhookReorderMs
    },
    'disable-webhook': (body) => {
      const webhook = state.webhooks.get(Number((body as Values).id))
      if (!webhook) throw new Error(`There is no webhook ${String((body as Values).id)}.`)
      state.webhooks.put({ ...webhook, is_active: 0 })
    },
  }
}
