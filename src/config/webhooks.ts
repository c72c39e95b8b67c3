/** `webhooks` as rows in one vocabulary. It registers nothing and does not know the accounts. */
import type { Block } from './blocks.ts'
import type { EventAction, EventObject, WebhookEvent } from './config.ts'
import type { ConfigFault } from './config-error.ts'
import { type Located, locatedAt, pathText } from './located.ts'
import { EVENT_ACTIONS, EVENT_OBJECTS } from './schema/mappings.ts'

/**
 * Webhooks v2 has other names for the same changes
 * (https://pipedrive.readme.io/docs/webhooks-v2-migration-guide).
 */
const ACTIONS: Readonly<Record<(typeof EVENT_ACTIONS)[number], EventAction>> = {
  added: 'added',
  create: 'added',
  updated: 'updated',
  change: 'updated',
  deleted: 'deleted',
  delete: 'deleted',
  merged: 'merged',
}

/** Two rows for one change are a fault, also when they use both vocabularies. Wrong rows are left out. */
export function readWebhooks(block: Block, faults: ConfigFault[]): readonly WebhookEvent[] {
  if (block.node.kind !== 'list') return []
  const first = new Map<string, number>()
  return block.node.items.flatMap((item, at) => {
    const action = EVENT_ACTIONS.find((known) => known === textAt(item, 'event_action'))
    const object = EVENT_OBJECTS.find((known) => known === textAt(item, 'event_object'))
    if (action === undefined || object === undefined) return []
    const path = pathText([...block.path, at])
    const change = `${ACTIONS[action]} ${object}`
    const line = first.get(change)
    if (line !== undefined) {
      const message = `"${change}" already has an event (line ${line}); keep one of them`
      faults.push({ path, message, ...item.position })
      return []
    }
    first.set(change, item.position.line)
    return [toEvent(item, path, ACTIONS[action], object)]
  })
}

function toEvent(item: Located, path: string, action: EventAction, object: EventObject): WebhookEvent {
  return { action, object, brevoEvent: textAt(item, 'brevo_event') ?? '', path, position: item.position }
}

function textAt(item: Located, key: string): string | undefined {
  const node = locatedAt(item, [key])
  return node?.kind === 'scalar' && typeof node.value === 'string' ? node.value : undefined
}
