/** The client of a server against answers as the wire and bad networks give them, over real connections. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, expect, onTestFinished, test } from 'vitest'
import { TajoApiError, TajoClient, type TajoClientOptions, TajoError } from './index.ts'

type Asked = { method: string; url: string; headers: IncomingMessage['headers']; body: string }
type Answer = (response: ServerResponse, asked: Asked) => void

/** Each request gets the next answer; the last one is given to all that follow. */
async function openScene(answers: readonly Answer[], options: TajoClientOptions = {}) {
  const asked: Asked[] = []
  const server = createServer(async (request, response) => {
    let body = ''
    for await (const chunk of request) body += String(chunk)
    const { method = '', url = '', headers } = request
    asked.push({ method, url, headers, body })
    const answer = answers[Math.min(asked.length, answers.length) - 1]
    answer?.(response, asked.at(-1) as Asked)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const tajo = new TajoClient({ baseUrl: `http://127.0.0.1:${port}/base/`, apiKey: 'key', ...options })
  onTestFinished(async () => {
    await tajo.close()
    server.closeAllConnections()
    server.close()
  })
  return { tajo, asked, port }
}

const json = (value: unknown, status = 200, headers: Record<string, string> = {}): Answer => {
  const type = status < 400 ? 'application/json' : 'application/problem+json'
  return (response) =>
    response.writeHead(status, { 'content-type': type, ...headers }).end(JSON.stringify(value))
}
const problem = (status: number, code: string, more: object = {}, headers = {}): Answer =>
  json({ type: 'about:blank', status, code, detail: `It is ${code}.`, ...more }, status, headers)
const cut: Answer = (response) => response.destroy()
const events = (...parts: readonly string[]): Answer => {
  return (response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8' })
    for (const part of parts) response.write(part)
    response.end()
  }
}
const event = (name: string, data: unknown): string => `event: ${name}\ndata: ${JSON.stringify(data)}\n\n`

async function errorOf(call: Promise<unknown>): Promise<TajoError> {
  const error = await call.then(
    () => null,
    (thrown: unknown) => thrown,
  )
  if (!(error instanceof TajoError)) throw new Error('no TajoError was thrown', { cause: error })
  return error
}

describe('what is asked', () => {
  test('a GET with its parameters in the query, for the default connection', async () => {
    const { tajo, asked } = await openScene([json([])])
    await tajo.duplicates.list({ suggestions: true })
    expect(asked).toMatchObject([{ method: 'GET', url: '/base/api/duplicates?suggestions=true', body: '' }])
    expect(asked[0]?.headers).toMatchObject({ authorization: 'Bearer key', accept: 'application/json' })
  })

  test('a name in the path, the rest as JSON, for a named connection', async () => {
    const { tajo, asked } = await openScene([json({})], { connection: 'east wing' })
    await tajo.connectors.test('brevo')
    await tajo.failures.discard({ code: 'brevo_rejected' })
    await tajo.connectors.disconnect('pipedrive')
    expect(asked.map(({ method, url, body }) => [method, url, body])).toEqual([
      ['POST', '/base/api/connections/east%20wing/connectors/brevo/test', '{}'],
      [
        'POST',
        '/base/api/connections/east%20wing/failures/discard',
        '{"selection":{"code":"brevo_rejected"}}',
      ],
      ['DELETE', '/base/api/connections/east%20wing/connectors/pipedrive', ''],
    ])
  })

  test('a fetch of ones own does the asking', async () => {
    const urls: string[] = []
    const { tajo } = await openScene([], {
      fetch: async (input) => {
        urls.push(String(input))
        return Response.json([])
      },
    })
    expect(await tajo.failures.list()).toEqual([])
    expect(urls).toHaveLength(1)
  })

  test('nothing without a key, and none to an address that is not safe', async () => {
    const { tajo } = await openScene([json([])], { apiKey: '' })
    expect(await errorOf(tajo.status())).toMatchObject({ code: 'key_missing', disposition: 'pause' })
    const open = new TajoClient({ baseUrl: 'http://tajo.example.com', apiKey: 'key' })
    expect(await errorOf(open.status())).toMatchObject({ code: 'config_invalid' })
  })
})

describe('what comes back', () => {
  test('a problem as an error with its code, status, time and details', async () => {
    const until = new Date(Date.now() + 3_600_000).toISOString()
    const more = { disposition: 'pause', details: { budget: 0 }, notBefore: until }
    const { tajo, asked } = await openScene([problem(429, 'pipedrive_budget_spent', more)])
    const error = await errorOf(tajo.status())
    expect(error).toBeInstanceOf(TajoApiError)
    expect(error).toMatchObject({
      code: 'pipedrive_budget_spent',
      message: 'It is pipedrive_budget_spent.',
      status: 429,
      disposition: 'pause',
      details: { budget: 0 },
      notBefore: new Date(until),
    })
    // An hour is not waited for.
    expect(asked).toHaveLength(1)
  })

  test('what no Tajo server says, as an answer that is invalid', async () => {
    const html: Answer = (response) => response.writeHead(200, { 'content-type': 'text/html' }).end('<p>Hi')
    const { tajo } = await openScene([html, json({}, 403)])
    expect(await errorOf(tajo.status())).toMatchObject({ code: 'answer_invalid', status: 200 })
    expect(await errorOf(tajo.status())).toMatchObject({
      code: 'answer_invalid',
      status: 403,
      disposition: 'pause',
    })
  })

  test('a pass as events: progress, notices, and the report, however they are cut into pieces', async () => {
    const progress = { stage: 'read', what: 'personen, é', done: 1, total: 2 }
    const stream = `: still here\r\n\r\n${event('notice', { text: 'wait' })}${event('progress', progress)}${event('result', { run: 'r' })}`
    const bytes = Buffer.from(stream)
    const answer: Answer = async (response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' })
      for (const byte of bytes) response.write(Buffer.of(byte))
      response.end()
    }
    const { tajo, asked } = await openScene([answer])
    const told: unknown[] = []
    const report = await tajo.connectors.sync({
      full: true,
      onProgress: (item) => told.push(item),
      onNotice: (text) => told.push(text),
    })
    expect([report, told]).toEqual([{ run: 'r' }, ['wait', progress]])
    expect(asked[0]).toMatchObject({ method: 'POST', url: '/base/api/sync', body: '{"full":true}' })
    expect(asked[0]?.headers.accept).toContain('text/event-stream')
  })

  test('a problem among the events, and events that end before the result', async () => {
    const late = event('problem', { status: 409, code: 'connection_busy', detail: 'Busy.' })
    const { tajo, asked } = await openScene([events(late), events(event('progress', {}))])
    expect(await errorOf(tajo.connectors.sync())).toMatchObject({ code: 'connection_busy', status: 409 })
    expect(await errorOf(tajo.connectors.sync())).toMatchObject({ code: 'server_no_answer' })
    expect(asked).toHaveLength(2)
  })
})

describe('what is asked again', () => {
  test('what only looks, and what may be done twice, after a break, a 503 and a 429', async () => {
    const answers = [cut, problem(503, 'x'), problem(429, 'x', {}, { 'retry-after': '0' }), json([])]
    const looks = await openScene(answers)
    expect(await looks.tajo.failures.list()).toEqual([])
    expect(looks.asked).toHaveLength(4)
    const repeats = await openScene([cut, json({ state: 'queued', reason: null })])
    await repeats.tajo.connectors.handleWebhook('brevo', { email: 'a@b.example' })
    expect(repeats.asked).toHaveLength(2)
  })

  test.each([
    ['a break', cut],
    ['a 503', problem(503, 'x')],
    ['a 429', problem(429, 'x', {}, { 'retry-after': '0' })],
  ])('never what must not be done twice: %s is passed on', async (_, answer) => {
    const { tajo, asked } = await openScene([answer])
    await errorOf(tajo.connectors.sync())
    await errorOf(tajo.duplicates.merge([]))
    expect(asked).toHaveLength(2)
  })

  test('not what was refused for good', async () => {
    const { tajo, asked } = await openScene([problem(404, 'person_unknown'), problem(500, 'request_failed')])
    await errorOf(tajo.contacts.explain(1))
    await errorOf(tajo.status())
    expect(asked).toHaveLength(2)
  })

  test('anything, where no connection came about', async () => {
    const gone = createServer()
    await new Promise<void>((resolve) => gone.listen(0, '127.0.0.1', resolve))
    const { port } = gone.address() as AddressInfo
    await new Promise((resolve) => gone.close(resolve))
    let tries = 0
    const counting = new TajoClient({
      baseUrl: `http://127.0.0.1:${port}`,
      apiKey: 'key',
      fetch: (...given) => {
        tries++
        return fetch(...given)
      },
    })
    const error = await errorOf(counting.connectors.sync())
    expect([error.code, error.disposition, tries]).toEqual(['server_unreachable', 'retry', 4])
    await counting.close()
  })
})

describe('stopping', () => {
  test('a silent server, a signal and a close end a call', async () => {
    const silent: Answer = () => {}
    const short = await openScene([silent], { timeoutMs: 50 })
    expect(await errorOf(short.tajo.connectors.sync())).toMatchObject({ code: 'server_no_answer' })
    expect(short.asked).toHaveLength(1)

    const { tajo } = await openScene([silent])
    const stop = new AbortController()
    const stopped = expect(tajo.status({ signal: stop.signal })).rejects.toThrow('enough')
    setTimeout(() => stop.abort(new Error('enough')), 20)
    await stopped
    const closed = expect(tajo.status()).rejects.toThrow('The client was closed')
    setTimeout(() => void tajo.close(), 20)
    await closed
  })

  test('signs of life are no silence', async () => {
    const slow: Answer = (response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' })
      let left = 6
      const timer = setInterval(() => {
        if (--left > 0) response.write(': still here\n\n')
        else {
          clearInterval(timer)
          response.end(event('result', { run: 'r' }))
        }
      }, 100)
    }
    const { tajo } = await openScene([slow], { timeoutMs: 400 })
    expect(await tajo.connectors.sync()).toEqual({ run: 'r' })
  })
})
