/**
 * Sends webhooks as Pipedrive does, from a process of its own, and says how long the answers took. Bounded by a number
 * or a time. It speaks HTTP/1.1 by hand over kept connections, so that it costs less than what it measures.
 */
import { randomUUID } from 'node:crypto'
import net from 'node:net'

export type LoadOrder = {
  readonly url: string
  readonly authorization: string
  readonly connections: number
  /** Webhooks a second, evenly; null: every connection sends the next as soon as the last is answered. */
  readonly perSecond: number | null
  /** Whichever comes first. */
  readonly count: number
  readonly seconds: number
  /** The webhooks speak of persons with ids up to this. */
  readonly persons: number
}

export type LoadResult = {
  readonly sent: number
  readonly accepted: number
  readonly refused: Readonly<Record<string, number>>
  readonly seconds: number
  readonly p50Ms: number
  readonly p99Ms: number
  readonly worstMs: number
}

process.once('message', (order: LoadOrder) => void answer(order))
process.send?.('ready')

async function answer(order: LoadOrder): Promise<void> {
  const result = await run(order)
  process.send?.(result, () => process.exit(0))
}

/** When each webhook of the order is due, until its number or its time is over. */
type Supply = {
  /** The time the next is due, on the process's clock; null: none is there (yet). */
  take(): number | null
  /** More may come. */
  open(): boolean
  give(dueMs: number): void
}

function createSupply({ count, seconds, perSecond }: LoadOrder): Supply {
  const endMs = performance.now() + seconds * 1000
  const due: number[] = []
  let given = 0
  const open = (): boolean => given < count && performance.now() < endMs
  return {
    open,
    give(dueMs) {
      given++
      due.push(dueMs)
    },
    take() {
      if (perSecond !== null) return due.shift() ?? null
      if (!open()) return null
      given++
      return performance.now()
    },
  }
}

type Connection = { readonly socket: net.Socket; isIdle(): boolean; work(): void }

async function run(order: LoadOrder): Promise<LoadResult> {
  const startedMs = performance.now()
  const supply = createSupply(order)
  const latencies: number[] = []
  const refused: Record<string, number> = {}
  let accepted = 0
  const { promise: over, resolve: finish } = Promise.withResolvers<void>()
  const connections: Connection[] = []
  const settle = (): void => {
    if (!supply.open() && connections.every((each) => each.isIdle())) finish()
  }
  const take = (status: string, ms: number): void => {
    latencies.push(ms)
    if (status === '200') accepted++
    else refused[status] = (refused[status] ?? 0) + 1
  }
  for (let n = 0; n < order.connections; n++) connections.push(connect(order, supply, take, settle))
  if (order.perSecond !== null) {
    const give = (dueMs: number): void => {
      supply.give(dueMs)
      connections.find((each) => each.isIdle())?.work()
    }
    pace(order.perSecond, supply, give, settle)
  }
  // Connections that all broke settle nothing any more.
  const late = setTimeout(settle, order.seconds * 1000 + 100)
  await over
  clearTimeout(late)
  const seconds = (performance.now() - startedMs) / 1000
  for (const { socket } of connections) socket.destroy()
  latencies.sort((a, b) => a - b)
  const quantile = (share: number): number => latencies[Math.floor((latencies.length - 1) * share)] ?? 0
  const times = { p50Ms: quantile(0.5), p99Ms: quantile(0.99), worstMs: quantile(1) }
  return { sent: latencies.length, accepted, refused, seconds, ...times }
}

/** One kept connection with one request on it at a time. */
function connect(
  { url, authorization, persons }: LoadOrder,
  supply: Supply,
  take: (status: string, ms: number) => void,
  settle: () => void,
): Connection {
  const { hostname, port, host } = new URL(url)
  const head = `POST /webhooks/pipedrive HTTP/1.1\r\nhost: ${host}\r\nauthorization: ${authorization}\r\ncontent-type: application/json\r\ncontent-length: `
  const socket = net.connect({ host: hostname, port: Number(port), noDelay: true })
  let dueMs: number | null = null
  let connected = false
  let text = ''
  const work = (): void => {
    if (!connected) return
    dueMs = supply.take()
    if (dueMs === null) {
      settle()
      return
    }
    const body = bodyOf(persons)
    socket.write(`${head}${Buffer.byteLength(body)}\r\n\r\n${body}`)
  }
  socket.once('connect', () => {
    connected = true
    work()
  })
  socket.on('data', (chunk) => {
    text += chunk.toString('latin1')
    const headEnd = text.indexOf('\r\n\r\n')
    const length = Number(/content-length: (\d+)/i.exec(text)?.[1] ?? 0)
    if (headEnd < 0 || text.length < headEnd + 4 + length || dueMs === null) return
    take(text.slice(9, 12), performance.now() - dueMs)
    text = ''
    work()
  })
  socket.on('error', (error) => {
    if (dueMs !== null) take(error.message, performance.now() - dueMs)
    dueMs = null
    connected = false
    settle()
  })
  return { socket, work, isIdle: () => dueMs === null }
}

/** What a late timer missed is sent at once, and its waiting counts: the latency is from when it was due. */
function pace(perSecond: number, supply: Supply, give: (dueMs: number) => void, settle: () => void): void {
  const startedMs = performance.now()
  let done = 0
  const tick = (): void => {
    const due = Math.floor(((performance.now() - startedMs) / 1000) * perSecond)
    while (done < due && supply.open()) give(startedMs + (++done / perSecond) * 1000)
    if (supply.open()) setTimeout(tick, 1)
    else settle()
  }
  tick()
}

/** As large as a person's body of version 2.0 is in real accounts, about two kilobytes. No two are the same. */
function bodyOf(persons: number): string {
  const id = 1 + Math.floor(Math.random() * persons)
  const now = new Date().toISOString()
  const custom = Object.fromEntries(
    Array.from({ length: 12 }, (_, index) => [
      `d4de1c1518b4531717c676029a45911c3403${String(index).padStart(4, '0')}`,
      index % 3 === 0 ? { type: 'enum', id: index } : { type: 'varchar', value: `value ${index}` },
    ]),
  )
  return JSON.stringify({
    data: {
      id,
      name: `Person ${id}`,
      first_name: 'Person',
      last_name: String(id),
      owner_id: 1,
      org_id: 7,
      emails: [{ label: 'work', value: `person.${id}@test.example`, primary: true }],
      phones: [{ label: 'work', value: '+82 10 1234 5678', primary: true }],
      custom_fields: custom,
      label_ids: [],
      picture_id: null,
      visible_to: 3,
      marketing_status: 'no_consent',
      add_time: '2026-01-01T00:00:00Z',
      update_time: now.replace(/\.\d+/, ''),
    },
    previous: { first_name: 'Before' },
    meta: {
      action: 'change',
      company_id: '1',
      correlation_id: randomUUID(),
      entity_id: String(id),
      entity: 'person',
      id: randomUUID(),
      is_bulk_edit: false,
      timestamp: now,
      type: 'general',
      user_id: '1',
      version: '2.0',
      webhook_id: '1',
      webhook_owner_id: '1',
      change_source: 'app',
      permitted_user_ids: ['1', '2', '3'],
      host: 'bench.pipedrive.com',
      attempt: 1,
    },
  })
}
