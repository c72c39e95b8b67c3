/** The two accounts, and what they send to this server. */
import { z } from 'zod'
import { defineOperations } from '../operation.ts'
import { connectorView, disconnection, webhookReport } from '../shapes/accounts.ts'

const connector = z.strictObject({ name: z.enum(['pipedrive', 'brevo']) })

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
  'connectors.test': {
    method: 'POST',
    path: '/connectors/{name}/test',
    scope: 'operate',
    summary: 'Asks the service now',
    params: connector,
    result: connectorView,
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
  },
  'webhooks.remove': {
    method: 'DELETE',
    path: '/webhooks',
    scope: 'admin',
    summary: 'Takes all webhooks of this connection away',
    params: z.strictObject({}),
    result: webhookReport,
  },
})
