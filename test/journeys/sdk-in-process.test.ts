/** The SDK with the engine in the process of the program that uses it. */
import fs from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it, vi } from 'vitest'
import { TajoError } from '../../src/sdk/index.ts'
import { contactOf, only } from '../support/journey.ts'
import { connectScene, dealEvents, movableDeal, openSdkScene, stageChanged } from '../support/sdk-scene.ts'

const codeOf = (error: unknown): string => (error as TajoError).code

describe('connecting', () => {
  it('needs no configuration: tests both credentials, keeps them encrypted, and syncs', async () => {
    const scene = await openSdkScene()
    const tajo = await connectScene(scene)
    expect(await tajo.connectors.get('pipedrive')).toMatchObject({ credentials: 'stored' })
    expect((await tajo.connectors.test('brevo')).state).toBe('ok')
    const status = await tajo.connectors.status('pipedrive')
    expect(status.lastRun?.status).toBe('complete')
    await tajo.close()

    const { PIPEDRIVE_API_TOKEN = '', BREVO_API_KEY = '' } = scene.environment
    for (const text of textsUnder(scene.dataDir)) {
      expect(text.includes(PIPEDRIVE_API_TOKEN)).toBe(false)
      expect(text.includes(BREVO_API_KEY)).toBe(false)
    }
    // A later process needs no credentials: they are in the store.
    const later = scene.client()
    expect((await later.connectors.sync('pipedrive')).status).toBe('complete')
  })

  it('says what is missing or refused, and stores nothing then', async () => {
    const scene = await openSdkScene()
    const tajo = scene.client()
    const missing = await tajo.connectors.connect('pipedrive', { apiToken: undefined }).catch((e) => e)
    expect([codeOf(missing), missing.message]).toEqual([
      'config_not_connected',
      expect.stringContaining('apiToken'),
    ])
    const refused = await tajo.connectors.connect('pipedrive', { apiToken: 'a'.repeat(40) }).catch((e) => e)
    expect(refused).toBeInstanceOf(TajoError)
    expect([codeOf(refused), refused.disposition]).toEqual(['pipedrive_unauthorized', 'pause'])
    expect(await tajo.connectors.get('pipedrive')).toMatchObject({ credentials: 'none' })
    expect(codeOf(await tajo.connectors.get('hubspot' as 'brevo').catch((e) => e))).toBe('connector_unknown')
    expect(codeOf(await tajo.connectors.sync().catch((e) => e))).toBe('config_not_connected')
  })

  it("lets the program's own DATABASE_URL and LOG_LEVEL alone", async () => {
    const scene = await openSdkScene()
    vi.stubEnv('DATABASE_URL', 'mysql://of-the-program/around')
    vi.stubEnv('LOG_LEVEL', 'http')
    const tajo = scene.client()
    expect(await tajo.connectors.list()).toHaveLength(2)
    expect(fs.existsSync(join(scene.dataDir, 'store'))).toBe(true)
  })
})

describe('handleWebhook', () => {
  it('R5.3: sends one deal_stage_changed for a move, and none for an edit that the printed handler takes for one', async () => {
    const scene = await openSdkScene()
    const tajo = await connectScene(scene)
    const deal = movableDeal(scene)
    const { state } = scene.sandbox.pipedrive
    const [first, second, third] = deal.stages
    await tajo.connectors.handleWebhook('pipedrive', {
      topic: 'deal.added',
      payload: { dealId: deal.dealId },
    })
    expect(dealEvents(scene)).not.toContain('deal_stage_changed')

    // `previous` holds changed fields only: an edit of the title has no stage_id there.
    state.patch('deal', deal.dealId, { title: 'Renamed' })
    await tajo.connectors.handleWebhook('pipedrive', stageChanged(deal, undefined, first))
    expect(dealEvents(scene)).not.toContain('deal_stage_changed')

    state.patch('deal', deal.dealId, { stage_id: second })
    const receipts = await Promise.all(
      [first, undefined, first].map((previous) =>
        tajo.connectors.handleWebhook('pipedrive', stageChanged(deal, previous, second)),
      ),
    )
    expect(receipts.map(({ state: done }) => done)).toEqual(['done', 'done', 'done'])
    const moves = (): string[] => dealEvents(scene).filter((name) => name === 'deal_stage_changed')
    expect(moves()).toHaveLength(1)

    // What the message claims counts for nothing: the deal itself is asked.
    await tajo.connectors.handleWebhook('pipedrive', stageChanged(deal, second, third))
    expect(moves()).toHaveLength(1)
    // There, back, and there again, each told in the same words.
    for (const stage of [first, second]) {
      state.patch('deal', deal.dealId, { stage_id: stage })
      await tajo.connectors.handleWebhook('pipedrive', stageChanged(deal, undefined, stage))
    }
    expect(moves()).toHaveLength(3)
  })

  it('brings other topics, and bodies of both versions as they came', async () => {
    const scene = await openSdkScene()
    const tajo = await connectScene(scene)
    const { state } = scene.sandbox.pipedrive
    const deal = movableDeal(scene)
    const { personId } = deal
    await tajo.connectors.handleWebhook('pipedrive', { topic: 'person.added', payload: { personId } })
    expect(contactOf(scene as never, 'ada.moves@test.example').emailBlacklisted).toBe(false)

    state.patch('person', personId, { emails: only('ada.v2@test.example') })
    const version2 = {
      meta: {
        action: 'change',
        entity: 'person',
        entity_id: personId,
        id: '0e4b7b1c-5a50-4a5e-9d2c-6b1de0f3b001',
        timestamp: new Date().toISOString(),
        version: '2.0',
      },
      data: { id: personId },
      previous: { emails: [] },
    }
    await tajo.connectors.handleWebhook('pipedrive', JSON.stringify(version2))
    expect(contactOf(scene as never, 'ada.v2@test.example').emailBlacklisted).toBe(false)

    state.patch('person', personId, { emails: only('ada.v1@test.example') })
    const version1 = {
      v: 1,
      meta: { v: 1, action: 'updated', object: 'person', id: personId, timestamp: Date.now() / 1000 },
      current: { id: personId },
      previous: { id: personId },
      event: 'updated.person',
    }
    await tajo.connectors.handleWebhook('pipedrive', Buffer.from(JSON.stringify(version1)))
    expect(contactOf(scene as never, 'ada.v1@test.example').emailBlacklisted).toBe(false)
  })

  it('takes what Brevo sends, one or many, and reads the contact again', async () => {
    const scene = await openSdkScene()
    const tajo = await connectScene(scene)
    const body = { event: 'unsubscribed', email: 'nobody@test.example', ts: 1_795_510_800 }
    const one = await tajo.connectors.handleWebhook('brevo', body)
    const many = await tajo.connectors.handleWebhook('brevo', [body, { ...body, email: 'b@test.example' }])
    expect([one.state, many.state]).toEqual(['done', 'done'])
    expect((await tajo.status()).backlog.inbox).toBe(0)
  })

  it('refuses what is no webhook, and says so', async () => {
    const scene = await openSdkScene()
    const tajo = scene.client()
    const refusal = async (input: object | string): Promise<string> =>
      codeOf(await tajo.connectors.handleWebhook('pipedrive', input).catch((error: unknown) => error))
    expect(await refusal('{"no json')).toBe('webhook_not_json')
    expect(await refusal({ hello: 'world' })).toBe('webhook_not_understood')
    expect(await refusal({ topic: 'cat.moved', payload: { catId: 1 } })).toBe('webhook_not_understood')
    expect(await refusal({ topic: 'deal.won', payload: { title: 'no id' } })).toBe('webhook_not_understood')
  })

  it('keeps a webhook while a service is away, and brings it when it is back', async () => {
    const scene = await openSdkScene()
    const tajo = await connectScene(scene)
    const deal = movableDeal(scene)
    const { faults } = scene.sandbox.brevo
    faults.add({ fault: { kind: 'status', status: 503 }, times: 1_000 })
    const added = { topic: 'person.added', payload: { personId: deal.personId } }
    const receipt = await tajo.connectors.handleWebhook('pipedrive', added)
    expect(receipt.state).toBe('waiting')
    expect(receipt.reason).toMatch(/Brevo/)
    faults.clear()
    await tajo.connectors.sync()
    expect(contactOf(scene as never, 'ada.moves@test.example').emailBlacklisted).toBe(false)
  })
})

describe('a client', () => {
  it('shares the data directory with another one, and with commands, through the one that has it', async () => {
    const scene = await openSdkScene()
    const first = await connectScene(scene)
    const second = scene.client()
    const person = (await second.status()).persons
    expect(person).toEqual((await first.status()).persons)
    const deal = movableDeal(scene)
    const receipt = await second.connectors.handleWebhook('pipedrive', {
      topic: 'person.added',
      payload: { id: deal.personId },
    })
    expect(receipt.state).toBe('done')
    await first.close()
    // The one that had it is gone: at the second attempt at the latest, the other one has it.
    await second.status().catch((error: unknown) => expect(codeOf(error)).toBe('server_gone'))
    expect((await second.contacts.explain(deal.personId)).outcome).toBe('in_step')
  })

  it('stops a pass by its signal, tells how far it is, and is of no use once it is closed', async () => {
    const scene = await openSdkScene()
    const tajo = await connectScene(scene)
    const stages: string[] = []
    await tajo.connectors.sync({ full: true, onProgress: ({ stage }) => stages.push(stage) })
    expect(stages).toContain('read')
    const stop = new AbortController()
    const stopped = tajo.connectors.sync({
      full: true,
      signal: stop.signal,
      onProgress: () => stop.abort(new Error('enough')),
    })
    await expect(stopped).rejects.toThrow('enough')
    await expect(tajo.status({ signal: stop.signal })).rejects.toThrow('enough')
    await tajo.close()
    await tajo.close()
    expect(codeOf(await tajo.status().catch((error: unknown) => error))).toBe('client_closed')
  })

  it('knows failures, and the credentials of webhooks that it registered', async () => {
    const scene = await openSdkScene({ credentials: true })
    const tajo = await connectScene(scene)
    expect(await tajo.failures.list()).toEqual([])
    expect(await tajo.failures.discard({ ids: ['person 1'] })).toBe(0)
    expect(await tajo.failures.retry({ code: 'brevo_rejected' })).toEqual({ retried: 0, report: null })
    const report = await tajo.webhooks.register({ publicUrl: 'http://127.0.0.1:9/hooks' })
    expect(report.items.map(({ url }) => url)).toContain('http://127.0.0.1:9/hooks/webhooks/pipedrive')
    const forged = `Basic ${Buffer.from('tajo:guess').toString('base64')}`
    for (const request of [null, undefined, forged, new Headers({ authorization: forged })])
      expect(await tajo.webhooks.verify('pipedrive', request)).toBe(false)
    expect(await tajo.webhooks.verify('brevo', new Request('http://localhost/', { method: 'POST' }))).toBe(
      false,
    )
    expect((await tajo.connectors.disconnect('brevo')).forgotten).toBe(true)
  })
})

function textsUnder(directory: string): string[] {
  return fs
    .readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => fs.readFileSync(join(entry.parentPath, entry.name), 'latin1'))
}
