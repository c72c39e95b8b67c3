import { describe, expect, it } from 'vitest'
import { readUninstallNotice } from './uninstall-notice.ts'

describe('a notice that an app was uninstalled', () => {
  const notice = { client_id: 'app', company_id: 7, user_id: '12', timestamp: '2026-03-02T09:00:00.000Z' }
  const read = (value: unknown) => readUninstallNotice(JSON.stringify(value))

  it('is read with its ids as text, whichever they come as', () => {
    const at = new Date('2026-03-02T09:00:00.000Z')
    expect(read(notice)).toEqual({ clientId: 'app', companyId: '7', userId: '12', at })
  })

  it('says no time where Pipedrive says none that is one', () => {
    for (const timestamp of [undefined, null, 1_772_442_000, 'yesterday'])
      expect(read({ ...notice, timestamp })?.at).toBeNull()
  })

  it('is none without the app, the company or the user, and no JSON is none', () => {
    for (const key of ['client_id', 'company_id', 'user_id'])
      expect(read({ ...notice, [key]: undefined })).toBeNull()
    expect([readUninstallNotice('no json'), readUninstallNotice('null')]).toEqual([null, null])
  })
})
