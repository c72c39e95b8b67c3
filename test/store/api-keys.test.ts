/** Keys in the store, on both engines. */
import { beforeEach, expect, it } from 'vitest'
import { insertApiKey, listApiKeys, noteApiKeyUse, readApiKey, revokeApiKey } from '../../src/store/index.ts'
import type { Store } from '../../src/store/open.ts'
import { forEachStore } from '../support/stores.ts'

const at = new Date('2026-06-01T10:00:00Z')
const later = new Date('2026-06-01T11:00:00.500Z')

const row = (id: string, name: string, expires_at: Date | null = null) => ({
  id,
  name,
  scope: 'read',
  connection: null,
  hash: 'ab'.repeat(32),
  created_at: at,
  expires_at,
})

forEachStore('API keys', (open) => {
  let store: Store
  beforeEach(async () => {
    store = await open()
  })

  it('come back as they were kept, and unused', async () => {
    expect(await insertApiKey(store.db, row('k1', 'one', later))).toBe(true)
    expect(await readApiKey(store.db, 'k1')).toEqual({
      ...row('k1', 'one', later),
      last_used_at: null,
      revoked_at: null,
    })
    await noteApiKeyUse(store.db, 'k1', later)
    expect(await readApiKey(store.db, 'k1')).toMatchObject({ last_used_at: later })
    expect(await readApiKey(store.db, 'k2')).toBeNull()
  })

  it('have a name each while they hold, which is free again afterwards', async () => {
    await insertApiKey(store.db, row('k1', 'one'))
    expect(await insertApiKey(store.db, row('k2', 'one'))).toBe(false)
    expect(await revokeApiKey(store.db, 'one', later)).toMatchObject({ id: 'k1', revoked_at: later })
    expect(await insertApiKey(store.db, row('k2', 'one'))).toBe(true)
    expect(await revokeApiKey(store.db, 'k1', new Date())).toMatchObject({ revoked_at: later })
    expect(await revokeApiKey(store.db, 'nobody', later)).toBeNull()
    expect((await listApiKeys(store.db)).map(({ id }) => id).sort()).toEqual(['k1', 'k2'])
  })
})
