/**
 * Reads what `POST` and `PUT /webhooks` are sent, and refuses what the reference does not know
 * (https://developers.brevo.com/reference/create-webhook). Whether the URL answers is nobody's question here.
 */
import { invalidParameter, missingParameter } from './refusal.ts'
import type { Body } from './request.ts'
import type { Webhook, WebhookChannel, WebhookSettings, WebhookType } from './webhook-store.ts'

const EVENTS: Record<`${WebhookType} ${WebhookChannel}`, readonly string[]> = {
  'transactional email': [
    'sent',
    'request',
    'delivered',
    'hardBounce',
    'softBounce',
    'blocked',
    'spam',
    'invalid',
    'deferred',
    'click',
    'opened',
    'uniqueOpened',
    'unsubscribed',
  ],
  'marketing email': [
    'spam',
    'opened',
    'click',
    'hardBounce',
    'softBounce',
    'unsubscribed',
    'listAddition',
    'delivered',
    'contactUpdated',
    'contactDeleted',
  ],
  'inbound email': ['inboundEmailProcessed'],
  'transactional sms': [
    'accepted',
    'delivered',
    'softBounce',
    'hardBounce',
    'unsubscribe',
    'reply',
    'subscribe',
    'sent',
    'blacklisted',
    'skip',
  ],
  'marketing sms': [
    'sent',
    'delivered',
    'softBounce',
    'hardBounce',
    'unsubscribe',
    'reply',
    'subscribe',
    'skip',
  ],
  'inbound sms': [],
}

/** Without a type a webhook is transactional, as documented, and then knows no contact events. */
export function readNewWebhook(body: Body): WebhookSettings {
  const { type = 'transactional', channel = 'email' } = body
  if (!isType(type)) throw invalidParameter('Invalid type')
  if (channel !== 'email' && channel !== 'sms') throw invalidParameter('Invalid channel')
  for (const name of ['url', 'events']) {
    if (body[name] === undefined || body[name] === '') throw missingParameter(`${name} is missing`)
  }
  const settings: WebhookSettings = {
    url: '',
    type,
    channel,
    events: [],
    description: '',
    batched: false,
    auth: null,
    headers: [],
    domain: null,
    ...readSettings(body, type, channel),
  }
  if (type === 'inbound' && settings.domain === null) throw missingParameter('domain is missing')
  return settings
}

/** Type and channel stay as they are, whatever the body says. */
export function readWebhookChange(body: Body, { type, channel }: Webhook): Partial<WebhookSettings> {
  return readSettings(body, type, channel)
}

export function isType(type: unknown): type is WebhookType {
  return type === 'marketing' || type === 'transactional' || type === 'inbound'
}

function readSettings(body: Body, type: WebhookType, channel: WebhookChannel): Partial<WebhookSettings> {
  const settings: Partial<WebhookSettings> = {}
  if (body.url !== undefined) settings.url = readUrl(body.url)
  if (body.events !== undefined) settings.events = readEvents(body.events, EVENTS[`${type} ${channel}`])
  for (const name of ['description', 'domain'] as const) {
    const text = body[name]
    if (text === undefined) continue
    if (typeof text !== 'string') throw invalidParameter(`Invalid ${name} format`)
    settings[name] = text
  }
  if (body.batched !== undefined) {
    if (typeof body.batched !== 'boolean') throw invalidParameter('Invalid batched format')
    settings.batched = body.batched
  }
  if (body.auth !== undefined) settings.auth = readAuth(body.auth)
  if (body.headers !== undefined) settings.headers = readHeaders(body.headers)
  return settings
}

function readUrl(url: unknown): string {
  const parsed = typeof url === 'string' ? URL.parse(url) : null
  if (parsed?.protocol !== 'http:' && parsed?.protocol !== 'https:') throw invalidParameter('Invalid url')
  return url as string
}

function readEvents(events: unknown, known: readonly string[]): string[] {
  const isKnown = (event: unknown): boolean => typeof event === 'string' && known.includes(event)
  if (!Array.isArray(events) || events.length === 0 || !events.every(isKnown)) {
    throw invalidParameter('Invalid events')
  }
  return [...new Set<string>(events)]
}

function readAuth(auth: unknown): { type: 'bearer'; token: string } {
  const { type, token } = (auth ?? {}) as Body
  if (type !== 'bearer' || typeof token !== 'string' || token === '') {
    throw invalidParameter('Invalid auth format')
  }
  return { type, token }
}

function readHeaders(headers: unknown): { key: string; value: string }[] {
  if (!Array.isArray(headers)) throw invalidParameter('Invalid headers format')
  return headers.map((header: unknown) => {
    const { key, value } = (header ?? {}) as Body
    const isSendable =
      typeof key === 'string' && /^[\w!#$%&'*+.^`|~-]+$/.test(key) && typeof value === 'string'
    if (!isSendable || !/^[\t\x20-\x7e]*$/.test(value)) throw invalidParameter('Invalid headers format')
    return { key, value }
  })
}
