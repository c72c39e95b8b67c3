/**
 * One simulated service: a fetch handler behind a real HTTP server, with latency, faults, a call log, and a
 * control surface under `/__sandbox` for other processes. Knows no vendor.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { getRequestListener } from '@hono/node-server'
import { Hono } from 'hono'
import { type Clock, systemClock } from '../../base/clock.ts'
import { CallLog } from './call-log.ts'
import { type Fault, type FaultRates, type FaultRule, Faults } from './faults.ts'
import { seededRandom } from './random.ts'

export type SimulatorOptions = {
  /** The vendor's behaviour. Sets the response header `x-sandbox-tokens` to what the call cost (it is stripped). */
  handle: (request: Request) => Promise<Response> | Response
  /** The vendor's own body for an injected error status. */
  errorBody: (status: number) => { body: string; headers: Record<string, string> }
  /** A JSON snapshot of the state for `GET /__sandbox/state`. */
  snapshot: () => unknown
  /** Vendor-specific controls: `POST /__sandbox/<name>` with a JSON body. */
  controls?: Record<string, (body: unknown) => unknown>
  clock?: Clock
  seed?: number
  /** Added to every answer, milliseconds; default 0. */
  latencyMs?: number
}

export type Simulator = {
  readonly calls: CallLog
  readonly faults: Faults
  latencyMs: number
  /** Starts to listen on loopback; port 0 (default) picks a free one. Returns the base URL without a slash. */
  listen(port?: number): Promise<string>
  close(): Promise<void>
}

type NodeBinding = { incoming: IncomingMessage; outgoing: ServerResponse }

export function createSimulator(options: SimulatorOptions): Simulator {
  const clock = options.clock ?? systemClock
  const calls = new CallLog()
  const faults = new Faults(seededRandom(options.seed ?? 1))
  const simulator = { calls, faults, latencyMs: options.latencyMs ?? 0 }
  const control = controlSurface(simulator, options)

  const respond = async (request: Request, binding: NodeBinding): Promise<Response> => {
    const url = new URL(request.url)
    if (url.pathname.startsWith('/__sandbox')) return control.fetch(request)
    const fault = faults.strike(request.method, url.pathname)
    const kept = calls.keepBodies ? await request.clone().text() : undefined
    const answer = await play(fault, request, options)
    if (simulator.latencyMs > 0) await clock.sleep(simulator.latencyMs)
    if (fault?.kind === 'slow') await clock.sleep(fault.ms)
    const tokens = Number(answer?.headers.get('x-sandbox-tokens') ?? 0)
    answer?.headers.delete('x-sandbox-tokens')
    calls.add({
      at: clock.now().getTime(),
      method: request.method,
      path: url.pathname,
      query: url.search,
      status: answer?.status ?? 0,
      tokens,
      fault: fault?.kind ?? null,
      ...(kept === undefined ? {} : { requestBody: kept }),
    })
    if (answer) return answer
    binding.outgoing.destroy()
    return new Response(null, { status: 200 })
  }

  const server = createServer(
    getRequestListener((request, binding) => respond(request, binding as unknown as NodeBinding), {
      overrideGlobalObjects: false,
    }),
  )
  return Object.assign(simulator, {
    listen: (port = 0) =>
      new Promise<string>((resolve, reject) => {
        server.once('error', reject)
        server.listen(port, '127.0.0.1', () => {
          resolve(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)
        })
      }),
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  })
}

/** The answer after the fault has played its part; null means "cut the connection". */
async function play(
  fault: Fault | null,
  request: Request,
  { handle, errorBody }: SimulatorOptions,
): Promise<Response | null> {
  switch (fault?.kind) {
    case 'cut-before':
      return null
    case 'cut-after':
      await handle(request)
      return null
    case 'status': {
      const own = errorBody(fault.status)
      return new Response(fault.body ?? own.body, {
        status: fault.status,
        headers: { ...own.headers, ...fault.headers },
      })
    }
    case 'html':
      return new Response('<!DOCTYPE html><html><body><h1>Something else</h1></body></html>', {
        status: fault.status,
        headers: { 'content-type': 'text/html; charset=utf-8' },
      })
    case 'half-json': {
      const whole = await handle(request)
      const text = await whole.text()
      return new Response(text.slice(0, Math.ceil(text.length / 2)), {
        status: whole.status === 204 ? 200 : whole.status,
        headers: whole.headers,
      })
    }
    default:
      return handle(request)
  }
}

function controlSurface(
  simulator: { calls: CallLog; faults: Faults; latencyMs: number },
  { snapshot, controls }: SimulatorOptions,
): Hono {
  const app = new Hono().basePath('/__sandbox')
  app.get('/state', (c) => c.json(snapshot() as object))
  app.get('/calls', (c) => c.json(simulator.calls.all() as object[]))
  app.delete('/calls', (c) => {
    simulator.calls.clear()
    return c.body(null, 204)
  })
  app.post('/faults', async (c) => {
    simulator.faults.add((await c.req.json()) as FaultRule)
    return c.body(null, 204)
  })
  app.put('/fault-rates', async (c) => {
    simulator.faults.setRates((await c.req.json()) as FaultRates | null)
    return c.body(null, 204)
  })
  app.delete('/faults', (c) => {
    simulator.faults.clear()
    return c.body(null, 204)
  })
  app.put('/latency', async (c) => {
    simulator.latencyMs = Number(((await c.req.json()) as { ms: number }).ms)
    return c.body(null, 204)
  })
  for (const [name, act] of Object.entries(controls ?? {})) {
    app.post(`/${name}`, async (c) => {
      const text = await c.req.text()
      return c.json((act(text === '' ? null : JSON.parse(text)) ?? null) as object)
    })
  }
  return app
}
