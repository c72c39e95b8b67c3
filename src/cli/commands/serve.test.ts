/** Serving from start to stop, with a real HTTP server and a small service that keeps what it is asked. */
import { createServer as createHttpServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { PassThrough } from 'node:stream'
import { describe, expect, it } from 'vitest'
import { TajoError } from '../../base/error.ts'
import { loadText } from '../../config/testdata/load-text.ts'
import { createSmallLive } from '../../server/live.test-kit.ts'
import { createLog, type LiveOptions } from '../../service/index.ts'
import { createOutput } from '../output.ts'
import { type Servable, type ServeFlags, serve } from './serve.ts'

const HERE = { port: 0, host: '127.0.0.1' }

async function nobody(): Promise<never> {
  throw new Error('no browser comes in these tests')
}

/** `order` is what happened, in order: the lines of the log by their event, and what the service was asked. */
function openScene(yaml = 'server: { port: 0, public_url: https://tajo.example.com }') {
  const { small, live } = createSmallLive()
  const order: string[] = []
  const lines: string[] = []
  const stdout = new PassThrough()
  const stopping = new AbortController()
  const asked: LiveOptions[] = []
  const { stop } = live
  const service: Servable = {
    server: loadText(yaml).config.server,
    oauth: { start: nobody, finish: nobody, uninstall: nobody },
    async live(options) {
      asked.push(options)
      options.onNews({ level: 'info', event: 'live.started', message: 'Started.', details: {} })
      return {
        ...live,
        stop: async () => {
          order.push('live.stop')
          await stop()
        },
      }
    },
  }
  const log = createLog({
    level: 'info',
    stream: {
      write(line) {
        lines.push(line)
        order.push(JSON.parse(line).event)
      },
    },
  })
  const output = createOutput({
    json: false,
    color: 'never',
    stdout: stdout as unknown as NodeJS.WriteStream,
    stderr: stdout as unknown as NodeJS.WriteStream,
  })
  return {
    small,
    service,
    order,
    lines,
    asked,
    stopping,
    run: (flags: ServeFlags = HERE) => serve({ output, signal: stopping.signal }, flags, service, log),
    /** The address it says that it listens on. */
    async url(): Promise<string> {
      for await (const chunk of stdout.iterator({ destroyOnReturn: false })) {
        const url = /^Listening on (http:\S+)\n$/.exec(String(chunk))?.[1]
        if (url !== undefined) return url
      }
      throw new Error('It did not say where it listens')
    },
  }
}

describe('serving', () => {
  it('says where it listens, answers, and stops in order with 0: HTTP first, then the work', async () => {
    const scene = openScene()
    const ended = scene.run()
    const url = await scene.url()
    expect((await fetch(`${url}/readyz`)).status).toBe(200)
    scene.small.store = async () => {
      scene.order.push('stored')
    }
    const answer = await fetch(`${url}/webhooks/brevo`, {
      method: 'POST',
      body: '[]',
      headers: { authorization: 'Bearer s3cret-of-brevo' },
    })
    expect(answer.status).toBe(200)
    scene.stopping.abort()
    expect(await ended).toBe(0)
    await expect(fetch(`${url}/healthz`)).rejects.toThrow()
    expect(scene.order).toEqual([
      'live.started',
      'serve.started',
      'stored',
      'serve.stopping',
      'live.stop',
      'serve.stopped',
    ])
    expect(scene.small.stopped).toBe(1)
  })

  it('answers what is under way before it stops the work', async () => {
    const scene = openScene()
    const ended = scene.run()
    const url = await scene.url()
    const begun = Promise.withResolvers<void>()
    const durable = Promise.withResolvers<void>()
    scene.small.store = async () => {
      begun.resolve()
      await durable.promise
      scene.order.push('stored')
    }
    const headers = { authorization: 'Bearer s3cret-of-brevo' }
    const answer = fetch(`${url}/webhooks/brevo`, { method: 'POST', body: '[]', headers })
    await begun.promise
    scene.stopping.abort()
    await expect.poll(() => scene.order).toContain('serve.stopping')
    durable.resolve()
    expect((await answer).status).toBe(200)
    await ended
    expect(scene.order.slice(-4)).toEqual(['serve.stopping', 'stored', 'live.stop', 'serve.stopped'])
  })

  it('takes the public address of the configuration, and none with --no-webhooks', async () => {
    for (const webhooks of [true, false]) {
      const scene = openScene()
      const ended = scene.run({ ...HERE, webhooks })
      await scene.url()
      scene.stopping.abort()
      await ended
      expect(scene.asked[0]?.publicUrl).toBe(webhooks ? undefined : null)
      const started = scene.lines
        .map((line) => JSON.parse(line))
        .find(({ event }) => event === 'serve.started')
      expect(started.details.publicUrl).toBe(webhooks ? 'https://tajo.example.com' : null)
      expect(started.msg).toContain(webhooks ? 'webhooks reach it' : 'polling does the work')
    }
  })
})

describe('a start that fails', () => {
  it('for a port in use has begun nothing, and names the port of the configuration', async () => {
    const other = createHttpServer().listen(0, '127.0.0.1')
    await new Promise((resolve) => other.once('listening', resolve))
    const { port } = other.address() as AddressInfo
    const scene = openScene(`server: { port: ${port} }`)
    await expect(scene.run({ host: '127.0.0.1' })).rejects.toMatchObject({
      code: 'port_in_use',
      message: expect.stringContaining(`Port ${port} `),
    })
    expect(scene.asked).toEqual([])
    other.close()
  })

  it('in the service gives the port back and passes the reason on', async () => {
    const scene = openScene()
    const error = new TajoError({ code: 'config_not_connected', message: 'No token.' })
    const port = await freePort()
    let whileStarting = 0
    Object.assign(scene.service, {
      async live() {
        whileStarting = (await fetch(`http://127.0.0.1:${port}/readyz`)).status
        throw error
      },
    })
    await expect(scene.run({ ...HERE, port })).rejects.toBe(error)
    expect(whileStarting).toBe(503)
    await expect(fetch(`http://127.0.0.1:${port}/healthz`)).rejects.toThrow()
  })
})

describe('a stop that fails', () => {
  it('is told with its cause before the command ends', async () => {
    const scene = openScene()
    const error = new TajoError({ code: 'store_failed', message: 'The database broke off.' })
    const { live } = scene.service
    Object.assign(scene.service, {
      live: async (options: LiveOptions) => ({
        ...(await live(options)),
        stop: () => Promise.reject(error),
      }),
    })
    const ended = scene.run()
    await scene.url()
    scene.stopping.abort()
    await expect(ended).rejects.toBe(error)
    expect(JSON.parse(scene.lines.at(-1) ?? '')).toMatchObject({
      event: 'serve.stop_failed',
      details: { error: { code: 'store_failed', message: 'The database broke off.' } },
    })
  })
})

async function freePort(): Promise<number> {
  const server = createHttpServer().listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return port
}
