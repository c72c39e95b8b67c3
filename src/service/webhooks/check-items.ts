/** The webhooks in the rows of `tajo check`. Nothing about them stops a sync, so nothing here is an error. */
import type { CheckItem } from '../service-face.ts'
import { REGISTER } from './items.ts'
import type { WebhookItem, WebhookReport, WebhookVendor } from './webhook-report.ts'

const TITLES: Readonly<Record<WebhookVendor, string>> = { pipedrive: 'Pipedrive', brevo: 'Brevo' }

/** For each service one row for those that are right, and one for each different thing to say of others. Foreign ones are left out. */
export function toCheckItems({ items, warnings }: WebhookReport): readonly CheckItem[] {
  const rows = (['pipedrive', 'brevo'] as const).flatMap((vendor) => {
    const ours = items.filter((item) => item.vendor === vendor && item.state !== 'foreign')
    return [...Map.groupBy(ours, sameness).values()].map((alike) => toRow(vendor, alike))
  })
  const low = warnings.map(({ vendor, message, remedy }) => {
    const subject = `${TITLES[vendor]} webhooks`
    return { level: 'warning', subject, message, remedy, location: null } as const
  })
  return [...rows, ...low]
}

function sameness({ state, message, remedy }: WebhookItem): string {
  return JSON.stringify([levelOf(state), message, remedy])
}

/** `person, deal: not registered`. */
function toRow(vendor: WebhookVendor, alike: readonly WebhookItem[]): CheckItem {
  const [first] = alike
  const objects = alike.flatMap(({ object }) => object ?? [])
  const message = [objects.join(', '), first?.message].filter(Boolean).join(': ')
  const hint = first?.remedy ?? null
  const remedy = hint === REGISTER ? 'Run `tajo webhooks register`, or `tajo check --fix`.' : hint
  return {
    level: levelOf(first?.state ?? 'ok'),
    subject: `${TITLES[vendor]} webhooks`,
    message,
    remedy,
    location: null,
  }
}

function levelOf(state: WebhookItem['state']): CheckItem['level'] {
  if (state === 'ok') return 'ok'
  return state === 'created' || state === 'updated' || state === 'removed' ? 'fixed' : 'warning'
}
