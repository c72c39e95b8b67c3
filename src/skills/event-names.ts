/**
 * The names by which triggers call changes: those that the configuration gives them in Brevo, their built-in names, and
 * `<object>_<action>`. One name may stand for several changes.
 */
import type { Config, EventAction, EventObject } from '../config/index.ts'

/** `deal stage_changed`, `person added`: a change as the pipeline calls it. */
export type ChangeKey = string

const OBJECTS: readonly EventObject[] = ['person', 'deal', 'organization', 'activity', 'lead']
const ACTIONS: readonly EventAction[] = ['added', 'updated', 'deleted']
const DEAL_MOVES = {
  stage_changed: 'dealStageChanged',
  won: 'dealWon',
  lost: 'dealLost',
  reopened: 'dealReopened',
} as const satisfies Record<string, keyof Config['events']>

/** Every name with the changes it stands for. */
export function eventNames(
  config: Pick<Config, 'webhooks' | 'events'>,
): ReadonlyMap<string, readonly ChangeKey[]> {
  const names = new Map<string, ChangeKey[]>()
  const add = (name: string, key: ChangeKey): void => {
    const keys = names.get(name) ?? []
    if (!keys.includes(key)) names.set(name, [...keys, key])
  }
  for (const object of OBJECTS)
    for (const action of ACTIONS) add(`${object}_${action}`, `${object} ${action}`)
  add('person_merged', 'person merged')
  for (const [move, setting] of Object.entries(DEAL_MOVES)) {
    add(`deal_${move}`, `deal ${move}`)
    const called = config.events[setting]
    if (called !== false) add(called, `deal ${move}`)
  }
  for (const { object, action, brevoEvent } of config.webhooks) add(brevoEvent, `${object} ${action}`)
  return names
}

/** The switch of the records that a change is about. */
export function switchOf(key: ChangeKey): keyof Config['pipedrive']['sync'] {
  switch (key.split(' ')[0]) {
    case 'deal':
      return 'deals'
    case 'organization':
      return 'organizations'
    case 'activity':
      return 'activities'
    case 'lead':
      return 'leads'
    default:
      return 'persons'
  }
}
