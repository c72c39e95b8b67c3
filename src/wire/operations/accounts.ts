/** The two accounts, and what they send to this server. */
import { z } from 'zod'
import { defineOperations } from '../operation.ts'
import {
  authorisation,
  connectorView,
  disconnection,
  secretRotation,
  webhookReceipt,
  webhookReport,
} from '../shapes/accounts.ts'

const source = z.enum(['pipedrive', 'brevo'])
const connector = z.strictObject({ name: source })
const body = z.record(z.string(), z.unknown())

export const accountOperations = defineOperations({
  'connectors.list': {
    method: 'GET',
    path: '/connectors',
    scope: 'read',
    summary: 'Both accounts and where their credentials come from; asks no service',
    params: z.strictObject({}),
    result: z.array(connectorView),
  },
  'connectors.connectPipedrive': {
    method: 'POST',
    path: '/connectors/pipedrive',
    scope: 'admin',
    summary: 'Tests an API token of Pipedrive and stores it encrypted',
    params: z.strictObject({ apiToken: z.string(), companyDomain: z.string().nullable().default(null) }),
    result: connectorView,
  },
  'connectors.connectBrevo': {
    method: 'POST',
    path: '/connectors/brevo',
    scope: 'admin',
    summary: 'Tests an API key of Brevo and stores it encrypted',
    params: z.strictObject({ apiKey: z.string() }),
    result: connectorView,
  },
  'connectors.connectBrevoApp': {
    method: 'POST',
    path: '/connectors/brevo/app',
    scope: 'admin',
    summary: "Tests a private app's credentials with Brevo and stores them encrypted",
    params: z.strictObject({
      clientId: z.string(),
      clientSecret: z.string(),
      scope: z.string().nullable().default(null),
    }),
    result: connectorView,
  },
  'oauth.begin': {
    method: 'POST',
    path: '/connectors/pipedrive/authorisation',
    scope: 'admin',
    summary: 'Makes an address that connects a Pipedrive account in a browser, once, within ten minutes',
    params: z.strictObject({}),
    result: authorisation,
  },
  'oauth.wait': {
    method: 'GET',
    path: '/connectors/pipedrive/authorisation/{id}',
    scope: 'read',
    summary: 'Answers when the account is connected, or what stood in the way; at most ten minutes',
    params: z.strictObject({ id: z.string() }),
    result: connectorView,
  },
  'secrets.rotate': {
    method: 'POST',
    path: '/secrets/rotate',
    scope: 'admin',
    ofInstallation: true,
    summary: 'Seals all stored credentials, of every connection, anew with another key',
    params: z.strictObject({}),
    result: secretRotation,
  },
  'connectors.test': {
    method: 'POST',
    path: '/connectors/{name}/test',
    scope: 'operate',
    summary: 'Asks the service now',
    params: connector,
    result: connectorView,
    repeatable: true,
  },
  'connectors.disconnect': {
    method: 'DELETE',
    path: '/connectors/{name}',
    scope: 'admin',
    summary: 'Removes our webhooks there and forgets the stored credentials',
    params: connector,
    result: disconnection,
  },
  'webhooks.list': {
    method: 'GET',
    path: '/webhooks',
    scope: 'read',
    summary: 'What is registered at both services, what is missing and what is wrong',
    params: z.strictObject({}),
    result: webhookReport,
  },
  'webhooks.register': {
    method: 'POST',
    path: '/webhooks/register',
    scope: 'operate',
    summary: 'Makes what is registered what the configuration needs',
    params: z.strictObject({ publicUrl: z.string().nullable().exactOptional() }),
    result: webhookReport,
    repeatable: true,
  },
  'webhooks.remove': {
    method: 'DELETE',
    path: '/webhooks',
    scope: 'admin',
    summary: 'Takes all webhooks of this connection away',
    params: z.strictObject({}),
    result: webhookReport,
    repeatable: true,
  },
  'webhooks.verify': {
    method: 'POST',
    path: '/webhooks/verify',
    scope: 'operate',
    summary: 'Whether an Authorization header is what was registered with that service',
    params: z.strictObject({ source, authorization: z.string().nullable() }),
    result: z.boolean(),
    repeatable: true,
  },
  'webhooks.receive': {
    method: 'POST',
    path: '/webhooks/receive',
    scope: 'operate',
    summary:
      'Takes in what a program of your own received: a body of either service, or a topic with a payload',
    params: z.strictObject({ source, body: z.union([body, z.array(body)]) }),
    result: webhookReceipt,
    repeatable: true,
  },
})
