/** The webhook routes over real connections. What a webhook says is of no interest here. */
import { once } from 'node:events'
import { connect } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { TajoError } from '../base/error.ts'
import { BASIC, BEARER, openScene, type Scene } from './live.test-kit.ts'

const MEBIBYTE = 1024 * 1024

let scene: Scene
beforeEach(async () => {
  scene = await openScene()
})
afterEach(() => scene.end())

/** Sends text as it is and resolves with everything that came back until the other side closes or `until` is seen. */
async function talk(
  text: string,
  more: (write: (text: string) => boolean) => void = () => {},
  until?: RegExp,
) {
  const socket = connect(scene.server.port, '127.0.0.1')
  let heard = ''
  const closed = new Promise<void>((resolve) => {
    socket.on('close', () => resolve()).on('error', () => {})
  })
  const seen = new Promise<void>((resolve) => {
    socket.on('data', (chunk) => {
      heard += chunk
      if (until?.test(heard)) resolve()
    })
  })
  socket.write(text)
  more((chunk) => socket.write(chunk))
  await Promise.race([closed, seen])
  socket.destroy()
  return heard
}

describe('a webhook with the right credentials', () => {
  it('is stored as it came and answered with an empty 200', async () => {
    const body = '{"meta":{"id":"1"},"data":{"name":"Åsa"}}'
    const response = await scene.post('/webhooks/pipedrive', body)
    expect(response.status).toBe(200)
    expect(await response.text()).toBe('')
    expect(scene.small.kept).toEqual([{ source: 'pipedrive', connection: null, body }])
  })

  it('goes to the connection that its path names, with or without a query', async () => {
    expect((await scene.post('/webhooks/pipedrive/east?x=1', '{}')).status).toBe(200)
    expect((await scene.post('/webhooks/brevo/e%61st', '[]', BEARER)).status).toBe(200)
    expect(scene.small.kept.map(({ source, connection }) => `${source} ${connection}`)).toEqual([
      'pipedrive east',
      'brevo east',
    ])
  })

  it('may have exactly one mebibyte, and a byte order mark is no part of it', async () => {
    const whole = `"${'x'.repeat(MEBIBYTE - 2)}"`
    expect((await scene.post('/webhooks/pipedrive', whole)).status).toBe(200)
    expect((await scene.post('/webhooks/pipedrive', '\uFEFF{}')).status).toBe(200)
    expect(scene.small.kept.map(({ body }) => body.length)).toEqual([MEBIBYTE, 2])
  })

  it('is answered only when it is stored', async () => {
    const durable = Promise.withResolvers<void>()
    const order: string[] = []
    scene.small.store = async () => {
      await durable.promise
      order.push('stored')
    }
    const answered = scene.post('/webhooks/pipedrive', '{}').then(() => order.push('answered'))
    await fetch(`${scene.url}/healthz`)
    durable.resolve()
    await answered
    expect(order).toEqual(['stored', 'answered'])
  })
})

describe('a webhook with other credentials', () => {
  it.each([
    ['/webhooks/pipedrive', 'Basic', null],
    ['/webhooks/pipedrive', 'Basic', BEARER],
    ['/webhooks/brevo', 'Bearer', BASIC],
    ['/webhooks/brevo/west', 'Bearer', BEARER],
  ])('is refused at %s with 401 and the challenge %s', async (path, challenge, authorization) => {
    const response = await scene.post(path, '{"email":"ada@example.com"}', authorization)
    expect(response.status).toBe(401)
    expect(response.headers.get('www-authenticate')).toMatch(new RegExp(`^${challenge} realm=`))
    expect(response.headers.get('content-type')).toBe('application/problem+json')
    expect(await response.json()).toEqual({
      type: 'about:blank',
      title: 'Unauthorized',
      status: 401,
      detail: expect.any(String),
      code: 'webhook_unauthorized',
    })
    expect(scene.small.kept).toEqual([])
  })

  it('is refused before its body has come', async () => {
    const heard = await talk(
      'POST /webhooks/pipedrive HTTP/1.1\r\nhost: x\r\ncontent-length: 1000\r\n\r\n',
      undefined,
      /webhook_unauthorized/,
    )
    expect(heard).toMatch(/^HTTP\/1\.1 401 /)
    expect(heard).toMatch(/\r\nconnection: close\r\n/i)
  })

  it('is not asked for its body when the sender waits to be asked', async () => {
    const head = (authorization: string): string =>
      `POST /webhooks/pipedrive HTTP/1.1\r\nhost: x\r\nauthorization: ${authorization}\r\nexpect: 100-continue\r\ncontent-length: 2\r\n\r\n`
    expect(await talk(head('Basic nonsense'), undefined, /webhook_unauthorized/)).toMatch(/^HTTP\/1\.1 401 /)
    expect(await talk(head(BASIC), (write) => write('{}'), / 200 OK/)).toMatch(/^HTTP\/1\.1 100 Continue/)
  })

  it('is told of once, not once per request', async () => {
    for (let n = 0; n < 5; n += 1) await scene.post('/webhooks/brevo', '{}', 'Bearer wrong')
    expect(scene.news).toEqual([
      {
        level: 'warn',
        event: 'webhook.refused',
        message: expect.any(String),
        details: { source: 'brevo', status: 401, code: 'webhook_unauthorized', count: 1 },
      },
    ])
  })
})

describe('a body that is too large', () => {
  it('is refused with 413 by its stated length, unread', async () => {
    const head = `POST /webhooks/pipedrive HTTP/1.1\r\nhost: x\r\nauthorization: ${BASIC}\r\ncontent-length: ${MEBIBYTE + 1}\r\n\r\n`
    expect(await talk(head, undefined, /webhook_too_large/)).toMatch(/^HTTP\/1\.1 413 /)
  })

  it('is refused with 413 without a stated length, and a sender that goes on and on is cut off', async () => {
    const socket = connect(scene.server.port, '127.0.0.1')
    const cutOff = new Promise<void>((resolve) => {
      socket.on('close', () => resolve()).on('error', () => {})
    })
    const head = `POST /webhooks/brevo HTTP/1.1\r\nhost: x\r\nauthorization: ${BEARER}\r\ntransfer-encoding: chunked\r\n\r\n`
    const chunk = `${(65_536).toString(16)}\r\n${'x'.repeat(65_536)}\r\n`
    socket.write(head)
    for (let n = 0; n < 17; n += 1) socket.write(chunk)
    const [answer] = await once(socket, 'data')
    expect(String(answer)).toMatch(/^HTTP\/1\.1 413 /)
    const flood = setInterval(() => socket.writable && socket.write(chunk.repeat(8)), 1)
    await cutOff
    clearInterval(flood)
    expect(scene.small.kept).toEqual([])
  })

  it('does not take the answer away from a client that sends it all', async () => {
    const stream = new Blob(['x'.repeat(2 * MEBIBYTE)]).stream()
    const response = await fetch(`${scene.url}/webhooks/pipedrive`, {
      method: 'POST',
      body: stream,
      duplex: 'half',
      headers: { authorization: BASIC },
    } as RequestInit)
    expect(response.status).toBe(413)
    expect(await response.json()).toMatchObject({ code: 'webhook_too_large' })
  })
})

describe('what cannot be taken', () => {
  it('is a 400 where the body is no JSON', async () => {
    scene.small.store = () =>
      Promise.reject(new TajoError({ code: 'webhook_not_json', message: 'ada@example.com is no JSON' }))
    const response = await scene.post('/webhooks/brevo', 'ada@example.com', BEARER)
    expect(response.status).toBe(400)
    const text = await response.text()
    expect(JSON.parse(text)).toMatchObject({ code: 'webhook_not_json', status: 400 })
    expect(text).not.toContain('ada')
  })

  it('is a 429 with Retry-After where it cannot be stored', async () => {
    scene.small.store = () =>
      Promise.reject(
        new TajoError({ code: 'webhook_not_stored', disposition: 'retry', message: 'disk full' }),
      )
    const response = await scene.post('/webhooks/pipedrive', '{}')
    expect(response.status).toBe(429)
    expect(Number(response.headers.get('retry-after'))).toBeGreaterThan(0)
    expect(await response.json()).toMatchObject({ code: 'webhook_not_stored' })
  })

  it.each(['/webhooks/brevo', '/webhooks/pipedrive'])(
    'is a 429 at %s whatever is thrown, and the log does not quote the body',
    async (path) => {
      scene.small.store = async (_source, _connection, body) => {
        JSON.parse(body)
        throw new Error('unreachable')
      }
      const response = await scene.post(
        path,
        '{"email":ada@example.com',
        path.endsWith('brevo') ? BEARER : BASIC,
      )
      expect(response.status).toBe(429)
      const told = scene.news.find(({ event }) => event === 'webhook.failed')
      expect(told).toMatchObject({ level: 'error', details: { kind: 'SyntaxError' } })
      expect(JSON.stringify(scene.news)).not.toMatch(/ada|email/)
    },
  )

  it('is a 429 while more is in memory than may be, and is taken again afterwards', async () => {
    await scene.end()
    scene = await openScene({ memoryBytes: 1_000 })
    const durable = Promise.withResolvers<void>()
    const begun = Promise.withResolvers<void>()
    const store = scene.small.store
    scene.small.store = async (...delivery) => {
      begun.resolve()
      await durable.promise
      return store(...delivery)
    }
    const first = scene.post('/webhooks/pipedrive', 'x'.repeat(900))
    await begun.promise
    const second = await scene.post('/webhooks/pipedrive', 'x'.repeat(200))
    expect(second.status).toBe(429)
    durable.resolve()
    expect((await first).status).toBe(200)
    expect((await scene.post('/webhooks/pipedrive', 'x'.repeat(900))).status).toBe(200)
  })

  it('costs nothing when senders go away half-way', async () => {
    await scene.end()
    scene = await openScene({ memoryBytes: 1_000 })
    for (let n = 0; n < 5; n += 1) {
      const socket = connect(scene.server.port, '127.0.0.1')
      const head = `POST /webhooks/pipedrive HTTP/1.1\r\nhost: x\r\nauthorization: ${BASIC}\r\ncontent-length: 900\r\n\r\n`
      socket.write(head + 'x'.repeat(600))
      await sleep(20)
      socket.destroy()
      await once(socket, 'close')
    }
    await expect
      .poll(
        async () => (await (await fetch(`${scene.url}/metrics`)).text()).match(/status="none"\} (\d)/)?.[1],
      )
      .toBe('5')
    expect((await scene.post('/webhooks/pipedrive', 'x'.repeat(900))).status).toBe(200)
  })

  it('is cut off when it comes too slowly', async () => {
    await scene.end()
    scene = await openScene({ headersTimeoutMs: 100, requestTimeoutMs: 200 })
    expect(await talk('POST /webhooks/pipedrive HTTP/1.1\r\nhost: x\r\n')).toMatch(/^HTTP\/1\.1 408 /)
    const head = `POST /webhooks/pipedrive HTTP/1.1\r\nhost: x\r\nauthorization: ${BASIC}\r\ncontent-length: 900\r\n\r\n{`
    expect(await talk(head)).toMatch(/^HTTP\/1\.1 408 /)
    expect(scene.small.kept).toEqual([])
  })
})

describe('another method', () => {
  it.each(['GET', 'HEAD'])('%s only shows that somebody is there, credentials or not', async (method) => {
    const response = await fetch(`${scene.url}/webhooks/brevo/nobody`, { method })
    expect(response.status).toBe(200)
    expect(await response.text()).toBe('')
    expect(response.headers.get('www-authenticate')).toBeNull()
  })

  it.each(['PUT', 'DELETE', 'OPTIONS'])('%s is refused with those that are allowed', async (method) => {
    const response = await fetch(`${scene.url}/webhooks/pipedrive`, { method })
    expect(response.status).toBe(405)
    expect(response.headers.get('allow')).toBe('GET, HEAD, POST')
  })

  it.each([
    '/webhooks',
    '/webhooks/mailchimp',
    '/webhooks/brevo/a/b',
    '/webhooks/brevo/%E0%A4%A',
    '/webhooksbrevo',
  ])('a post to %s is a 404', async (path) => {
    const response = await scene.post(path, '{}', BEARER)
    expect(response.status).toBe(404)
    expect(response.headers.get('content-type')).toBe('application/problem+json')
  })
})
