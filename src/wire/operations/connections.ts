/** The connections of a store: pairs of a Pipedrive and a Brevo account. */
import { z } from 'zod'
import { defineOperations } from '../operation.ts'

const summary = z.strictObject({
  name: z.string(),
  settings: z.enum(['file', 'store']),
  isDefault: z.boolean(),
})

export const connectionOperations = defineOperations({
  'connections.list': {
    method: 'GET',
    path: '/connections',
    scope: 'read',
    summary: 'All connections, and where their settings are kept',
    params: z.strictObject({}),
    result: z.array(summary),
    ofInstallation: true,
  },
  'connections.add': {
    method: 'POST',
    path: '/connections',
    scope: 'admin',
    summary: 'Keeps another connection in the store; a server begins with it at once',
    params: z.strictObject({
      name: z.string(),
      settings: z.string().describe('YAML, as tajo.yaml has it for one connection'),
    }),
    result: summary,
    ofInstallation: true,
  },
  'connections.remove': {
    method: 'DELETE',
    path: '/connections/{name}',
    scope: 'admin',
    summary: 'Forgets a connection that is kept in the store, with everything that belongs to it',
    params: z.strictObject({ name: z.string() }),
    result: z.strictObject({ name: z.string(), rows: z.int() }),
    ofInstallation: true,
  },
})
