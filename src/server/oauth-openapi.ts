/** The paths of connecting an account in a browser, for the OpenAPI document. */

const html = { 'text/html': { schema: { type: 'string' } } } as const
const refused = { description: 'Refused, with the reason; nothing was stored.', content: html } as const

function query(name: string, description: string) {
  return { name, in: 'query', description, schema: { type: 'string' } } as const
}

export const OAUTH_PATHS = {
  '/oauth/pipedrive/start': {
    get: {
      operationId: 'startPipedriveConsent',
      tags: ['oauth'],
      summary: 'Sends a browser with a ticket to the consent page of Pipedrive',
      parameters: [query('ticket', 'From `tajo connectors connect pipedrive --oauth`.')],
      responses: { 302: { description: 'To Pipedrive, with a cookie.' }, 400: refused },
    },
  },
  '/oauth/pipedrive/callback': {
    get: {
      operationId: 'finishPipedriveConsent',
      tags: ['oauth'],
      summary: 'Where Pipedrive sends the browser back to',
      parameters: [
        query('state', 'What the consent was asked for with.'),
        query('code', 'Once, for five minutes.'),
        query('error', '`user_denied`.'),
      ],
      responses: {
        200: { description: 'Connected.', content: html },
        400: refused,
        502: { description: 'Pipedrive has trouble.', content: html },
      },
    },
    delete: {
      operationId: 'takePipedriveUninstall',
      tags: ['oauth'],
      summary: "Pipedrive's word that a user uninstalled the app",
      security: [{ pipedriveApp: [] }],
      requestBody: { required: true, content: { 'application/json': { schema: { type: 'object' } } } },
      responses: {
        204: { description: 'Taken: the tokens are forgotten, should they be those of that user.' },
        400: { description: 'No such notice.' },
        401: { description: 'Not the credentials of the app.' },
        413: { description: 'Too large.' },
      },
    },
  },
} as const
