/** The paths of the API that are no operations: sessions of the page, and what happens. */

const refused = { $ref: '#/components/responses/Refused' }
const session = {
  description: 'Who is logged in.',
  content: { 'application/json': { schema: { $ref: '#/components/schemas/Session' } } },
}
const security = [{ apiKey: [] }, { session: [] }]

const connection = {
  name: 'connection',
  in: 'path',
  required: true,
  description: 'The name of a connection.',
  schema: { type: 'string' },
}

function activity(operationId: string, summary: string, before: readonly object[]) {
  return {
    get: {
      operationId,
      tags: ['activity'],
      summary,
      description: 'Scope: read. Events `news`: at first those that are kept, then each as it happens.',
      security,
      parameters: [
        ...before,
        {
          name: 'Last-Event-ID',
          in: 'header',
          required: false,
          description: 'The id of the last event that arrived: what came after it is sent.',
          schema: { type: 'string' },
        },
      ],
      responses: {
        200: {
          description: 'Server-sent events.',
          content: { 'text/event-stream': { schema: { type: 'string' } } },
        },
        default: refused,
      },
    },
  }
}

export const SESSION_PATHS = {
  '/api/session': {
    get: {
      operationId: 'sessionRead',
      tags: ['session'],
      summary: 'Who asks, and what he may',
      security,
      responses: { 200: session, default: refused },
    },
    post: {
      operationId: 'sessionBegin',
      tags: ['session'],
      summary: 'Logs a browser in with a key: the answer sets a cookie',
      requestBody: {
        required: true,
        content: {
          'application/json': {
            schema: {
              type: 'object',
              properties: { apiKey: { type: 'string' } },
              required: ['apiKey'],
              additionalProperties: false,
            },
          },
        },
      },
      responses: { 200: session, default: refused },
    },
    delete: {
      operationId: 'sessionEnd',
      tags: ['session'],
      summary: 'Logs the browser out',
      security,
      responses: {
        200: { description: 'Done.', content: { 'application/json': { schema: { type: 'null' } } } },
        default: refused,
      },
    },
  },
  '/api/activity': activity('activityFollow', 'What happens on all connections', []),
  '/api/connections/{connection}/activity': activity(
    'activityFollowOfConnection',
    'What happens on one connection',
    [connection],
  ),
} as const

export const SESSION_SCHEMAS = {
  Session: {
    type: 'object',
    required: ['name', 'scope', 'connection', 'connections'],
    properties: {
      name: { type: 'string', description: 'Of the key.' },
      scope: { enum: ['read', 'operate', 'admin'] },
      connection: { type: ['string', 'null'], description: 'The only one that the key opens; null: all.' },
      connections: { type: 'array', items: { type: 'string' } },
    },
  },
} as const
