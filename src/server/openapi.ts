/** The HTTP interface as an OpenAPI 3.1 document. It describes what is answered, and checks nothing. */
import { OAUTH_PATHS } from './oauth-openapi.ts'
import { PROBLEM_TYPE } from './problem.ts'

type Json = string | number | boolean | readonly Json[] | { readonly [name: string]: Json }

const problem = (description: string, headers?: Json): Json => ({
  description,
  ...(headers === undefined ? {} : { headers }),
  content: { [PROBLEM_TYPE]: { schema: { $ref: '#/components/schemas/Problem' } } },
})

const textHeader = (description: string): Json => ({ description, schema: { type: 'string' } })

const WEBHOOK_ANSWERS: Json = {
  200: { description: 'Stored durably, or known already.' },
  400: problem('The body is neither a JSON object nor an array of them.'),
  401: problem('The credentials are not those that Tajo registered.', {
    'WWW-Authenticate': textHeader('Basic for Pipedrive, Bearer for Brevo.'),
  }),
  405: problem('Another method.', { Allow: textHeader('The methods that are answered.') }),
  413: problem('The body has more than 1 MiB.'),
  429: problem('It could not be stored now; send it again.', {
    'Retry-After': { description: 'Seconds to wait.', schema: { type: 'integer' } },
  }),
}

const REACHABLE: Json = {
  summary: 'Whether somebody listens here',
  responses: { 200: { description: 'Yes. Nothing else is told.' } },
}

const CONNECTION: Json = {
  name: 'connection',
  in: 'path',
  required: true,
  description: 'The name of a connection.',
  schema: { type: 'string' },
}

function webhook(vendor: 'Pipedrive' | 'Brevo', body: Json, named: boolean): Json {
  const source = vendor.toLowerCase()
  const operationId = `receive${vendor}Webhook${named ? 'OfConnection' : ''}`
  return {
    ...(named ? { parameters: [CONNECTION] } : {}),
    get: { ...(REACHABLE as object), operationId: `${operationId}Reachable`, tags: ['webhooks'] },
    post: {
      operationId,
      tags: ['webhooks'],
      summary: `Takes a webhook of ${vendor}${named ? ' for a named connection' : ''}`,
      description: 'The content type does not matter: the body is read as JSON.',
      security: [{ [`${source}Webhook`]: [] }],
      requestBody: { required: true, content: { 'application/json': { schema: body } } },
      responses: WEBHOOK_ANSWERS,
    },
  }
}

const ONE: Json = { type: 'object' }
const ONE_OR_MANY: Json = { oneOf: [ONE, { type: 'array', items: ONE }] }

function look(operationId: string, summary: string, responses: Json): Json {
  return { get: { operationId, tags: ['operation'], summary, responses } }
}

const json = (description: string, schema: Json): Json => ({
  description,
  content: { 'application/json': { schema } },
})

const READINESS: Json = { $ref: '#/components/schemas/Readiness' }

const SCHEMAS: Json = {
  Problem: {
    type: 'object',
    description: 'RFC 9457.',
    required: ['type', 'title', 'status', 'detail', 'code'],
    properties: {
      type: { type: 'string' },
      title: { type: 'string' },
      status: { type: 'integer' },
      detail: { type: 'string' },
      code: { type: 'string', description: 'As in docs/errors.md.' },
      disposition: { enum: ['retry', 'reject', 'pause'] },
      details: { type: 'object' },
      notBefore: { type: ['string', 'null'], format: 'date-time' },
    },
  },
  Readiness: {
    type: 'object',
    required: ['ready', 'reasons'],
    properties: {
      ready: { type: 'boolean' },
      reasons: {
        type: 'array',
        description: 'Why it is not ready, each with its remedy.',
        items: { type: 'string' },
      },
    },
  },
}

/** `info.version` is that of the interface, not of the package. */
export const OPENAPI_DOCUMENT = {
  openapi: '3.1.0',
  info: {
    title: 'Tajo',
    version: '1',
    description: 'Takes webhooks of Pipedrive and Brevo, tells how the server is, and does what it is asked.',
  },
  paths: {
    '/webhooks/pipedrive': webhook('Pipedrive', ONE, false),
    '/webhooks/pipedrive/{connection}': webhook('Pipedrive', ONE, true),
    '/webhooks/brevo': webhook('Brevo', ONE_OR_MANY, false),
    '/webhooks/brevo/{connection}': webhook('Brevo', ONE_OR_MANY, true),
    ...OAUTH_PATHS,
    '/healthz': look('readHealth', 'Whether the process answers', {
      200: json('It does.', {
        type: 'object',
        required: ['status'],
        properties: { status: { const: 'ok' } },
      }),
    }),
    '/readyz': look('readReadiness', 'Whether it can work', {
      200: json('It can.', READINESS),
      503: json('It cannot, and why.', READINESS),
    }),
    '/metrics': look('readMetrics', 'Metrics for Prometheus', {
      200: { description: 'Text format 0.0.4.', content: { 'text/plain': { schema: { type: 'string' } } } },
    }),
    '/openapi.json': look('readInterface', 'This document', {
      200: json('OpenAPI 3.1.', { type: 'object' }),
    }),
  },
  components: {
    schemas: SCHEMAS,
    securitySchemes: {
      pipedriveWebhook: { type: 'http', scheme: 'basic' },
      pipedriveApp: { type: 'http', scheme: 'basic' },
      brevoWebhook: { type: 'http', scheme: 'bearer' },
    },
  },
} as const satisfies Json
