/** Keys of the HTTP interface. They belong to the installation, not to one connection. */
import { z } from 'zod'
import { defineOperations } from '../operation.ts'
import { keyView, scope } from '../shapes/keys.ts'

export const keyOperations = defineOperations({
  'keys.list': {
    method: 'GET',
    path: '/keys',
    scope: 'admin',
    ofInstallation: true,
    summary: 'All keys, without their secrets; newest first',
    params: z.strictObject({}),
    result: z.array(keyView),
  },
  'keys.create': {
    method: 'POST',
    path: '/keys',
    scope: 'admin',
    ofInstallation: true,
    summary: 'Makes a key; its secret is in this answer and never again',
    params: z.strictObject({
      name: z.string().describe('What it is for: 1 to 64 letters, digits, spaces and . _ @ / -'),
      scope,
      connection: z.string().nullable().default(null).describe('The only connection it opens; null: all'),
      expiresAt: z.iso.datetime({ offset: true }).nullable().default(null).describe('null: never'),
    }),
    result: z.strictObject({ key: keyView, secret: z.string() }),
  },
  'keys.revoke': {
    method: 'DELETE',
    path: '/keys/{key}',
    scope: 'admin',
    ofInstallation: true,
    summary: 'Ends a key at once, by id or name',
    params: z.strictObject({ key: z.string() }),
    result: keyView,
  },
})
