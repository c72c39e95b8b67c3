import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type Accounts, openAccounts, PUBLIC_URL, readConfig, told } from './accounts.test-kit.ts'
import { createWebhookCredentials } from './credentials.ts'

const OBJECTS = ['person', 'organization', 'deal', 'activity', 'lead']

let accounts: Accounts
beforeEach(async () => {
  accounts = await openAccounts()
})
afterEach(() => accounts.close())

const inPipedrive = () => accounts.sandbox.pipedrive.state.webhooks.all()
const inBrevo = () => accounts.sandbox.brevo.state.webhooks()

/** As somebody else, or an earlier Tajo, would have made it. */
function put(more: Partial<ReturnType<typeof inPipedrive>[number]>) {
  const [model] = inPipedrive()
  if (model === undefined) throw new Error('register first: its shape is copied')
  const { id: _, ...rest } = { ...model, ...more }
  return accounts.sandbox.pipedrive.state.webhooks.add(rest)
}

describe('registering', () => {
  test('makes one subscription for each object and one at Brevo, with credentials', async () => {
    const report = await accounts.care()
    expect(report).toMatchObject({ status: 'complete', publicUrl: PUBLIC_URL, warnings: [] })
    expect(told(report)).toEqual([...OBJECTS.map((name) => `${name} created`), 'marketing created'])
    for (const webhook of inPipedrive()) {
      expect(webhook).toMatchObject({
        subscription_url: `${PUBLIC_URL}/webhooks/pipedrive`,
        event_action: '*',
        version: '2.0',
        name: `Tajo: ${webhook.event_object}`,
        http_auth_user: expect.stringMatching(/^tajo-[0-9a-f]{8}$/),
        http_auth_password: expect.stringMatching(/^[\w-]{43}$/),
      })
    }
    expect(inBrevo()).toMatchObject([
      {
        url: `${PUBLIC_URL}/webhooks/brevo`,
        type: 'marketing',
        description: 'Tajo',
        events: [
          'contactUpdated',
          'contactDeleted',
          'unsubscribed',
          'spam',
          'hardBounce',
          'delivered',
          'opened',
          'click',
        ],
        auth: { type: 'bearer', token: expect.stringMatching(/^[\w-]{43}$/) },
      },
    ])
  })

  test('a second time asks each service once and changes nothing', async () => {
    await accounts.care()
    const before = [...inPipedrive(), ...inBrevo()]
    accounts.requests()
    const report = await accounts.care()
    expect(accounts.requests()).toEqual(['GET /v1/webhooks', 'GET /v3/webhooks'])
    expect(report.items.every(({ state }) => state === 'ok')).toBe(true)
    expect([...inPipedrive(), ...inBrevo()]).toEqual(before)
  })

  test('costs no request that is not needed', async () => {
    await accounts.care()
    expect(accounts.requests()).toEqual([
      'GET /v1/webhooks',
      ...OBJECTS.map(() => 'POST /v1/webhooks'),
      'GET /v3/webhooks',
      'POST /v3/webhooks',
    ])
  })

  test('repeats no credential in the report', async () => {
    const credentials = createWebhookCredentials()
    const report = JSON.stringify([
      await accounts.care({ credentials }),
      await accounts.care({ credentials, mode: 'look' }),
      await accounts.care({ credentials, mode: 'remove' }),
    ])
    for (const secret of Object.values(credentials)) expect(report).not.toContain(secret)
  })

  test('puts the name of another connection into the path, and leaves the default one alone', async () => {
    await accounts.care()
    const report = await accounts.care({ connection: 'shop', credentials: createWebhookCredentials() })
    expect(report.items.filter(({ state }) => state === 'created')).toHaveLength(6)
    expect(inPipedrive().at(-1)?.subscription_url).toBe(`${PUBLIC_URL}/webhooks/pipedrive/shop`)
    expect(inPipedrive()).toHaveLength(10)
    expect(inBrevo()).toHaveLength(2)
  })

  test('without a public address is refused, and nothing is asked', async () => {
    await expect(accounts.care({ publicUrl: null })).rejects.toMatchObject({ code: 'webhook_no_public_url' })
    expect(accounts.requests()).toEqual([])
  })

  test('in batch mode takes away what was registered, and needs no address for it', async () => {
    await accounts.care()
    const config = await readConfig('connectors: { pipedrive: { sync_mode: batch } }')
    const report = await accounts.care({ config, publicUrl: null })
    expect(report.status).toBe('complete')
    expect([...inPipedrive(), ...inBrevo()]).toEqual([])
  })
})

describe('what is wrong with a subscription', () => {
  beforeEach(() => accounts.care())

  const one = () => inPipedrive()[0] as ReturnType<typeof inPipedrive>[number]

  test.each([
    ['switched off', { is_active: 0 as const }, 'disabled'],
    ['with other credentials', { http_auth_user: 'tajo-00000000' }, 'outdated'],
    ['with no credentials', { http_auth_user: null }, 'outdated'],
    ['refused by this server', { last_http_status: 401 }, 'outdated'],
    ['of version 1.0', { version: '1.0', event_action: '*' }, 'outdated'],
    ['for one action only', { event_action: 'create' }, 'outdated'],
    [
      'at an earlier public address',
      { subscription_url: 'https://old.example/webhooks/pipedrive' },
      'outdated',
    ],
  ])('%s: is seen, replaced, and right then', async (_, more, state) => {
    accounts.sandbox.pipedrive.state.webhooks.put({ ...one(), ...more })
    const { id, event_object } = one()
    expect((await accounts.care({ mode: 'look' })).items).toContainEqual(
      expect.objectContaining({ id, state, remedy: 'Run `tajo webhooks register`.' }),
    )
    const report = await accounts.care()
    expect(report.items).toContainEqual(expect.objectContaining({ id, state: 'removed' }))
    expect(report.items).toContainEqual(
      expect.objectContaining({
        object: event_object,
        state: 'created',
        message: expect.stringContaining(`in place of ${id}`),
      }),
    )
    expect(inPipedrive()).toHaveLength(5)
    expect((await accounts.care({ mode: 'look' })).status).toBe('complete')
  })

  test('that it delivers something all the same: its successor comes first', async () => {
    accounts.sandbox.pipedrive.state.webhooks.put({ ...one(), version: '1.0' })
    accounts.requests()
    await accounts.care()
    const changes = accounts.requests().filter((request) => !request.startsWith('GET'))
    expect(changes).toEqual(['POST /v1/webhooks', `DELETE /v1/webhooks/1`])
  })

  test('that Pipedrive deleted it: is said and replaced, and the listed rest is left alone', async () => {
    const removed = { is_active: 0 as const, remove_time: '2026-11-20', remove_reason: 'No deliveries' }
    accounts.sandbox.pipedrive.state.webhooks.put({ ...one(), ...removed })
    const seen = await accounts.care({ mode: 'look' })
    expect(seen.items).toContainEqual(
      expect.objectContaining({ id: 1, state: 'disabled', message: 'deleted by Pipedrive: No deliveries' }),
    )
    accounts.requests()
    expect(told(await accounts.care())).toContain('person created')
    expect(accounts.requests().filter((request) => request.startsWith('DELETE'))).toEqual([])
    const { items } = await accounts.care({ mode: 'look' })
    expect(items.filter(({ vendor, id }) => vendor === 'pipedrive' && id === 1)).toEqual([])
  })

  test('that it is missing', async () => {
    accounts.sandbox.pipedrive.state.webhooks.remove(3)
    const report = await accounts.care({ mode: 'look' })
    expect(report.status).toBe('incomplete')
    expect(report.items.filter(({ state }) => state !== 'ok')).toMatchObject([
      { object: 'deal', id: null, state: 'missing', remedy: 'Run `tajo webhooks register`.' },
    ])
    expect(told(await accounts.care())).toContain('deal created')
  })

  test('that there are two: the older one stays', async () => {
    const second = put({})
    expect(told(await accounts.care())).toContain('person removed')
    expect(inPipedrive().map(({ id }) => id)).not.toContain(second.id)
    expect(inPipedrive()).toHaveLength(5)
  })

  test('that nothing needs it any more', async () => {
    put({ event_object: 'product' })
    const report = await accounts.care()
    expect(report.items).toContainEqual(
      expect.objectContaining({
        object: 'product',
        state: 'removed',
        message: expect.stringContaining('not needed'),
      }),
    )
  })

  test('that its last delivery failed: is told, and no reason to act', async () => {
    accounts.sandbox.pipedrive.state.webhooks.put({ ...one(), last_http_status: 502 })
    const report = await accounts.care()
    expect(report.status).toBe('complete')
    expect(report.items[0]).toMatchObject({ state: 'ok', message: expect.stringContaining('502') })
  })

  test('at Brevo is put right in place', async () => {
    const id = inBrevo()[0]?.id as number
    await accounts.brevo.webhooks.update(id, {
      events: ['spam'],
      auth: { type: 'bearer', token: 'of-another-one' },
    })
    expect((await accounts.care({ mode: 'look' })).items.at(-1)).toMatchObject({ id, state: 'outdated' })
    accounts.requests()
    expect((await accounts.care()).items.at(-1)).toMatchObject({ id, state: 'updated' })
    expect(accounts.requests().filter((request) => request.includes('/v3/'))).toEqual([
      'GET /v3/webhooks',
      `PUT /v3/webhooks/${id}`,
    ])
    expect((await accounts.care({ mode: 'look' })).status).toBe('complete')
  })

  test('that this installation has new credentials: every one is replaced', async () => {
    const credentials = createWebhookCredentials()
    const report = await accounts.care({ credentials })
    expect(told(report).filter((row) => row.endsWith('created'))).toHaveLength(5)
    expect(inPipedrive().every((webhook) => webhook.http_auth_user === credentials.pipedriveUser)).toBe(true)
    expect(inBrevo()).toMatchObject([{ auth: { token: credentials.brevoToken } }])
  })
})

describe('webhooks of others', () => {
  const foreign = { subscription_url: 'https://hooks.example.com/catch/secret', name: 'Other' }

  test('are listed without their path, and survive everything', async () => {
    await accounts.care()
    const other = put(foreign)
    const tajo = put({
      subscription_url: 'https://other-tajo.example/webhooks/pipedrive',
      http_auth_user: 'tajo-12345678',
    })
    for (const mode of ['register', 'look', 'remove'] as const) {
      const report = await accounts.care({ mode })
      expect(report.items.filter(({ state }) => state === 'foreign')).toMatchObject([
        { id: other.id, url: 'https://hooks.example.com/…' },
        { id: tajo.id, url: 'https://other-tajo.example/…' },
      ])
    }
    expect(inPipedrive()).toEqual([other, tajo])
  })

  test('that leave too little room are warned of; those of another user do not count', async () => {
    await accounts.care()
    const [model] = inPipedrive()
    const others = (model?.user_id ?? 0) + 1
    for (let n = 0; n < 38; n++) put({ ...foreign, user_id: others, owner_id: others })
    expect((await accounts.care({ mode: 'look' })).warnings).toEqual([])
    for (let n = 0; n < 36; n++) put(foreign)
    expect((await accounts.care({ mode: 'look' })).warnings).toMatchObject([
      { vendor: 'pipedrive', code: 'webhook_room_low' },
    ])
  })
})

describe('a refusal', () => {
  test('for want of room names the limit, and what fits is registered', async () => {
    await accounts.care()
    const foreign = { subscription_url: 'https://hooks.example.com/x', name: 'Other' }
    for (let n = 0; n < 37; n++) put(foreign)
    for (const { id, name } of inPipedrive())
      if (name !== 'Other') await accounts.pipedrive.webhooks.delete(id)
    const report = await accounts.care()
    expect(told(report).slice(0, 5)).toEqual([
      'person created',
      'organization created',
      'deal created',
      'activity refused',
      'lead refused',
    ])
    expect(report.items[3]).toMatchObject({
      id: null,
      code: 'webhook_limit',
      message: expect.stringContaining('40'),
      remedy: expect.stringContaining('Delete webhooks in Pipedrive'),
    })
    expect(report.status).toBe('incomplete')
    expect(report.items.at(-1)).toMatchObject({ vendor: 'brevo' })
  })

  test('for want of room does not stop the replacement of one that takes up that room', async () => {
    await accounts.care()
    for (let n = 0; n < 35; n++) put({ subscription_url: 'https://hooks.example.com/x', name: 'Other' })
    const old = inPipedrive()[0] as ReturnType<typeof inPipedrive>[number]
    accounts.sandbox.pipedrive.state.webhooks.put({ ...old, version: '1.0' })
    const report = await accounts.care()
    expect(report.status).toBe('complete')
    expect(told(report)).toEqual(expect.arrayContaining(['person created', 'person removed']))
  })

  test('of Brevo for want of room names the limit', async () => {
    for (let n = 0; n < 40; n++) {
      await accounts.brevo.webhooks.create({
        url: 'https://x.example/',
        type: 'transactional',
        events: ['sent'],
      })
    }
    expect((await accounts.care()).items.at(-1)).toMatchObject({ vendor: 'brevo', code: 'webhook_limit' })
  })

  test('of a user without the permission says whose token helps', async () => {
    accounts.sandbox.pipedrive.faults.add({
      fault: { kind: 'status', status: 403 },
      method: 'POST',
      path: '/webhooks$',
      times: 9,
    })
    accounts.sandbox.brevo.state.denyPermission('/webhooks')
    const report = await accounts.care()
    expect(report.items.map(({ code }) => code)).toEqual(Array(6).fill('webhook_forbidden'))
    expect(report.items[0]?.remedy).toContain('administrator')
  })

  test('of an address that cannot be reached names it', async () => {
    await accounts.close()
    accounts = await openAccounts({ pipedrive: { switches: { webhookReachabilityCheck: true } } })
    const publicUrl = 'http://127.0.0.1:1'
    const report = await accounts.care({ publicUrl })
    expect(report.items.slice(0, 5).map(({ code }) => code)).toEqual(Array(5).fill('webhook_url_refused'))
    expect(report.items[0]?.message).toContain(`${publicUrl}/webhooks/pipedrive`)
    expect(report.items.at(-1)).toMatchObject({ vendor: 'brevo', state: 'created' })
  })

  test('of a replacement leaves the one that still delivers', async () => {
    await accounts.care()
    const old = inPipedrive()[0] as ReturnType<typeof inPipedrive>[number]
    accounts.sandbox.pipedrive.state.webhooks.put({ ...old, version: '1.0' })
    accounts.sandbox.pipedrive.faults.add({ fault: { kind: 'status', status: 403 }, method: 'POST' })
    const report = await accounts.care()
    expect(told(report)).toEqual(expect.arrayContaining(['person refused', 'person outdated']))
    expect(inPipedrive()).toHaveLength(5)
  })

  test('of a removal is told, and the rest is removed', async () => {
    await accounts.care()
    accounts.sandbox.pipedrive.faults.add({ fault: { kind: 'status', status: 403 }, method: 'DELETE' })
    const report = await accounts.care({ mode: 'remove' })
    expect(told(report)).toEqual([
      'person refused',
      'organization removed',
      'deal removed',
      'activity removed',
      'lead removed',
      'marketing removed',
    ])
    expect(report.items[0]).toMatchObject({ id: 1, code: 'webhook_forbidden' })
  })

  test('of the listing is one row, and the other service is looked after all the same', async () => {
    const [token = ''] = accounts.sandbox.pipedrive.apiTokens
    accounts.sandbox.pipedrive.state.revokeToken(token)
    const report = await accounts.care()
    expect(report.items).toMatchObject([
      { vendor: 'pipedrive', object: null, state: 'refused', code: 'pipedrive_unauthorized' },
      { vendor: 'brevo', state: 'created' },
    ])
  })

  test('whose outcome is unknown is told, and made good by the next registration', async () => {
    accounts.sandbox.pipedrive.faults.add({ fault: { kind: 'cut-after' }, method: 'POST' })
    const first = await accounts.care()
    expect(first.items[0]).toMatchObject({
      state: 'refused',
      code: 'pipedrive_no_answer',
      remedy: expect.stringContaining('looks first'),
    })
    expect((await accounts.care()).status).toBe('complete')
    expect(inPipedrive()).toHaveLength(5)
  })
})

describe('removing', () => {
  test('takes away all of ours, also where no public address is configured', async () => {
    await accounts.care()
    const report = await accounts.care({ mode: 'remove', publicUrl: null })
    expect(report.items.every(({ state }) => state === 'removed')).toBe(true)
    expect(inPipedrive()).toEqual([])
    expect(inBrevo()).toEqual([])
    expect((await accounts.care({ mode: 'remove' })).items).toEqual([])
  })

  test('does not touch the other connections of the server', async () => {
    await accounts.care()
    const credentials = createWebhookCredentials()
    await accounts.care({ connection: 'shop', credentials })
    await accounts.care({ mode: 'remove', connection: 'shop', credentials })
    expect(inPipedrive()).toHaveLength(5)
    expect(inBrevo()).toHaveLength(1)
  })
})

describe('looking', () => {
  test('changes nothing, and says what is missing', async () => {
    const report = await accounts.care({ mode: 'look', credentials: null })
    expect(report.status).toBe('incomplete')
    expect(report.items.map(({ state }) => state)).toEqual(Array(6).fill('missing'))
    expect(accounts.requests()).toEqual(['GET /v1/webhooks', 'GET /v3/webhooks'])
  })

  test('without a public address says that this is what is missing', async () => {
    const report = await accounts.care({ mode: 'look', publicUrl: null })
    expect(report.items[0]).toMatchObject({ state: 'missing', code: 'webhook_no_public_url' })
  })

  test('gives up when it is told to', async () => {
    const signal = AbortSignal.abort(new Error('enough'))
    await expect(accounts.care({ mode: 'look', signal })).rejects.toThrow('enough')
  })
})
