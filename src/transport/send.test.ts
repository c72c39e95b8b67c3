import { createServer } from 'node:net'
import { gzipSync } from 'node:zlib'
import { afterEach, describe, expect, test } from 'vitest'
import { type Reply, startFaultyServer } from './faulty-server.test-kit.ts'
import { createSender, type HttpRequest, type Sender } from './send.ts'
import { SendFault } from './send-fault.ts'

const open: { close(): Promise<void> }[] = []
afterEach(async () => {
  for (const thing of open.splice(0)) await thing.close()
})

async function serve(answer: () => Reply, options: { maxBodyBytes?: number; connections?: number } = {}) {
  const server = await startFaultyServer(answer)
  const sender = createSender({ origin: server.url, connections: 2, ...options })
  open.push(sender, server)
  return { server, sender }
}

const get = (more: Partial<HttpRequest> = {}): HttpRequest => ({
  method: 'GET',
  target: '/a?b=c',
  headers: {},
  timeoutMs: 5_000,
  ...more,
})

async function faultOf(sender: Sender, request: HttpRequest): Promise<SendFault> {
  const error: unknown = await sender.send(request).then(
    () => undefined,
    (thrown: unknown) => thrown,
  )
  expect(error).toBeInstanceOf(SendFault)
  return error as SendFault
}

describe('one request', () => {
  test('answers JSON, headers and the server clock', async () => {
    const { sender } = await serve(() => ({
      json: { a: 1 },
      headers: { 'X-RateLimit-Limit': '20', date: 'Tue, 24 Nov 2026 10:00:00 GMT' },
    }))
    const answer = await sender.send(get())
    expect(answer).toMatchObject({ status: 200, body: { kind: 'json', value: { a: 1 } } })
    expect(answer.headers['x-ratelimit-limit']).toBe('20')
    expect(answer.serverTime).toEqual(new Date('2026-11-24T10:00:00Z'))
  })

  test('asks for gzip and opens it', async () => {
    const { sender, server } = await serve(() => ({
      text: gzipSync(JSON.stringify({ big: 'x'.repeat(10_000) })),
      headers: { 'content-encoding': 'gzip' },
    }))
    const answer = await sender.send(get())
    expect(answer.body).toEqual({ kind: 'json', value: { big: 'x'.repeat(10_000) } })
    expect(server.seen[0]?.headers['accept-encoding']).toBe('gzip')
  })

  test.each([
    [
      'a web page',
      { text: '<!doctype html><title>Access  denied</title>' },
      { kind: 'html', title: 'Access denied' },
    ],
    ['half JSON', { text: '{"success":true,"data":[{"id":1' }, { kind: 'broken' }],
    ['plain words', { text: 'Bad gateway' }, { kind: 'broken' }],
    [
      'a damaged gzip',
      { text: Buffer.from('no gzip'), headers: { 'content-encoding': 'gzip' } },
      { kind: 'broken' },
    ],
    [
      'an encoding nobody asked for',
      { text: 'x', headers: { 'content-encoding': 'br' } },
      { kind: 'broken' },
    ],
    ['nothing', { text: '' }, { kind: 'empty' }],
  ])('never takes %s for data', async (_name, reply, body) => {
    const { sender } = await serve(() => reply)
    expect((await sender.send(get())).body).toMatchObject(body)
  })

  test('bounds the connections', async () => {
    const { sender, server } = await serve(() => ({ json: {} }), { connections: 2 })
    await Promise.all(Array.from({ length: 20 }, () => sender.send(get())))
    expect(server.load.most).toBeLessThanOrEqual(2)
    expect(server.seen).toHaveLength(20)
  })
})

describe('faults', () => {
  test('a body that stalls ends by the time limit, and may have been applied', async () => {
    const { sender } = await serve(() => (response) => {
      response.writeHead(200, { 'content-type': 'application/json' })
      response.write('{"data":[')
    })
    expect(await faultOf(sender, get({ timeoutMs: 100 }))).toMatchObject({ kind: 'timeout', sent: 'maybe' })
  })

  test('headers that never come end by the same limit', async () => {
    const { sender } = await serve(() => () => undefined)
    expect(await faultOf(sender, get({ timeoutMs: 100 }))).toMatchObject({ kind: 'timeout', sent: 'maybe' })
  })

  test('a request that only waited for a connection was surely not sent', async () => {
    const { sender } = await serve(() => () => undefined, { connections: 1 })
    const first = faultOf(sender, get({ timeoutMs: 300 }))
    const second = faultOf(sender, get({ timeoutMs: 100 }))
    expect(await second).toMatchObject({ kind: 'timeout', sent: 'no' })
    expect(await first).toMatchObject({ sent: 'maybe' })
  })

  test('a connection cut before the answer, or inside it, may have been applied', async () => {
    const before = await serve(() => (response) => response.destroy())
    expect(await faultOf(before.sender, get())).toMatchObject({ kind: 'cut', sent: 'maybe' })
    const inside = await serve(() => (response) => {
      response.writeHead(200, { 'content-length': '1000' })
      response.write('{"data":[')
      setTimeout(() => response.destroy(), 20)
    })
    expect(await faultOf(inside.sender, get())).toMatchObject({ kind: 'cut', sent: 'maybe' })
  })

  test('a refused connection and an unknown name were surely not sent', async () => {
    const nobody = createServer()
    await new Promise<void>((resolve) => nobody.listen(0, '127.0.0.1', resolve))
    const address = nobody.address()
    await new Promise((resolve) => nobody.close(resolve))
    const port = typeof address === 'object' && address ? address.port : 0
    const refused = createSender({ origin: `http://127.0.0.1:${port}`, connections: 1 })
    const unknown = createSender({ origin: 'http://no-such-host.invalid', connections: 1 })
    open.push(refused, unknown)
    expect(await faultOf(refused, get())).toMatchObject({ kind: 'refused', sent: 'no' })
    expect(await faultOf(unknown, get())).toMatchObject({ kind: 'name', sent: 'no' })
  })

  test('an answer beyond the size limit is refused, compressed or not', async () => {
    const plain = await serve(() => ({ text: 'x'.repeat(200_000) }), { maxBodyBytes: 100_000 })
    expect(await faultOf(plain.sender, get())).toMatchObject({ kind: 'too_large' })
    const bomb = await serve(
      () => ({ text: gzipSync('x'.repeat(200_000)), headers: { 'content-encoding': 'gzip' } }),
      { maxBodyBytes: 100_000 },
    )
    expect(await faultOf(bomb.sender, get())).toMatchObject({ kind: 'too_large' })
  })

  test('nobody can raise the limit of 64 MB', async () => {
    const chunk = Buffer.alloc(1024 * 1024, 'x')
    const { sender } = await serve(
      () => (response) => {
        for (let i = 0; i < 66; i++) response.write(chunk)
        response.end()
      },
      { maxBodyBytes: 500 * 1024 * 1024 },
    )
    expect(await faultOf(sender, get({ timeoutMs: 15_000 }))).toMatchObject({ kind: 'too_large' })
  })

  test('an abort ends the request with the reason given', async () => {
    const { sender } = await serve(() => () => undefined)
    const abort = new AbortController()
    const reason = new Error('enough')
    const sending = sender.send(get({ signal: abort.signal }))
    setTimeout(() => abort.abort(reason), 30)
    await expect(sending).rejects.toBe(reason)
  })
})
