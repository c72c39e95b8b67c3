/** API v1 webhooks: subscribe, list, unsubscribe. There is no way to change one. Delivering is not done here. */
import type { Answer, ApiCall, Endpoint } from './endpoint.ts'
import type { Values } from './records.ts'
import { Refusal } from './refusal.ts'
import type { PipedriveSwitches } from './switches.ts'
import type { Webhook } from './webhook-store.ts'

const read = { version: 'v1', scopes: ['webhooks:read', 'webhooks:full', 'admin'] } as const
const write = { version: 'v1', scopes: ['webhooks:full', 'admin'] } as const

const ACTIONS = {
  '2.0': ['create', 'change', 'delete', '*'],
  '1.0': ['added', 'updated', 'deleted', 'merged', '*'],
}
const OBJECTS = [
  'activity',
  'deal',
  'lead',
  'note',
  'organization',
  'person',
  'pipeline',
  'product',
  'stage',
  'user',
  '*',
]
const OBJECTS_V1 = [
  'activity',
  'activityType',
  'deal',
  'note',
  'organization',
  'person',
  'pipeline',
  'product',
  'stage',
  'user',
  '*',
]
/** https://pipedrive.readme.io/docs/guide-for-webhooks-v2 */
const MAX_PER_USER = 40

/** Asks a URL whether anything answers there. */
export type ReachabilityCheck = (url: string) => Promise<boolean>

export function webhookEndpoints(isReachable: ReachabilityCheck): Endpoint[] {
  return [
    { ...read, method: 'GET', path: '/webhooks', cost: 10, handle: list },
    { ...write, method: 'POST', path: '/webhooks', cost: 10, handle: (call) => create(call, isReachable) },
    { ...write, method: 'DELETE', path: '/webhooks/:id', cost: 6, handle: remove },
  ]
}

function list({ state, user }: ApiCall): Answer {
  const { webhookDeletedListed } = state.switches
  const data = state.webhooks
    .all()
    .filter((webhook) => webhookDeletedListed || webhook.remove_time === null)
    .filter((webhook) => user.is_admin || webhook.owner_id === user.id)
  return { body: { status: 'ok', success: true, data } }
}

async function create({ state, user, body }: ApiCall, isReachable: ReachabilityCheck): Promise<Answer> {
  const given = (body ?? {}) as Values
  const version = given.version ?? '2.0'
  check(given, version, state.switches.webhookPlainHttp)
  const own = state.webhooks
    .all()
    .filter((webhook) => webhook.owner_id === user.id && webhook.is_active === 1)
  if (own.length >= MAX_PER_USER)
    throw new Refusal(422, {
      status: 'error',
      success: false,
      errors: { webhook: ['webhooks limit reached'] },
    })
  const userId = Number(given.user_id ?? user.id)
  if (!state.users.has(userId)) throw wrong('user_id', 'not found')
  if (state.switches.webhookReachabilityCheck && !(await isReachable(String(given.subscription_url))))
    throw wrong('subscription_url', UNREACHABLE)
  const webhook: Omit<Webhook, 'id'> = {
    company_id: state.seed.company.id,
    owner_id: user.id,
    user_id: userId,
    event_action: String(given.event_action),
    event_object: String(given.event_object),
    subscription_url: String(given.subscription_url),
    version: String(version),
    is_active: 1,
    add_time: state.clock.now().toISOString(),
    remove_time: null,
    type: 'general',
    http_auth_user: textOrNull(given.http_auth_user),
    http_auth_password: textOrNull(given.http_auth_password),
    remove_reason: null,
    last_delivery_time: null,
    last_http_status: null,
    admin_id: state.seed.users.find((one) => one.is_admin)?.id ?? user.id,
    name: String(given.name),
  }
  return { status: 201, body: { status: 'ok', success: true, data: state.webhooks.add(webhook) } }
}

const UNREACHABLE = 'invalid or non-reachable URL'

function check(given: Values, version: unknown, plainHttp: PlainHttp): void {
  if (version !== '1.0' && version !== '2.0') throw wrong('version', 'must be 1.0 or 2.0')
  const objects = version === '2.0' ? OBJECTS : OBJECTS_V1
  if (!isSubscribable(given.subscription_url, plainHttp)) throw wrong('subscription_url', UNREACHABLE)
  if (!ACTIONS[version].includes(String(given.event_action)))
    throw wrong('event_action', 'not a valid action')
  if (!objects.includes(String(given.event_object))) throw wrong('event_object', 'not a valid object')
  if (typeof given.name !== 'string' || given.name === '') throw wrong('name', 'is required')
}

type PlainHttp = PipedriveSwitches['webhookPlainHttp']

/** HTTPS and no address of the vendor's own; plain HTTP as the switch says, or nothing could be tried here. */
function isSubscribable(value: unknown, plainHttp: PlainHttp): boolean {
  if (typeof value !== 'string' || !URL.canParse(value)) return false
  const { protocol, hostname } = new URL(value)
  const isLoopback = hostname === 'localhost' || hostname === '127.0.0.1'
  const isPlainAllowed = plainHttp === 'all' || (plainHttp === 'loopback' && isLoopback)
  return (
    !hostname.endsWith('pipedrive.com') && (protocol === 'https:' || (protocol === 'http:' && isPlainAllowed))
  )
}

function wrong(key: string, text: string): Refusal {
  return new Refusal(400, { status: 'error', success: false, errors: { [key]: [text] } })
}

const textOrNull = (value: unknown): string | null => (typeof value === 'string' ? value : null)

function remove({ state, user, param }: ApiCall): Answer {
  const webhook = state.webhooks.get(Number(param('id')))
  if (!webhook) throw new Refusal(404, { status: 'error', success: false, errors: { id: ['not found'] } })
  if (!user.is_admin && webhook.owner_id !== user.id)
    throw new Refusal(403, { success: false, message: 'Forbidden' })
  state.webhooks.remove(webhook.id)
  return { body: { status: 'ok', success: true } }
}
