/**
 * How often somebody may be wrong about a key: so many times a minute from one address, then that address is not heard
 * any more. A key that was right from there lately is still heard, so that nobody is locked out by a neighbour. Memory is
 * bounded; it knows digests of keys, not keys.
 */
import { createHash } from 'node:crypto'
import { isIPv6 } from 'node:net'

export type AttemptLimit = {
  /** Seconds to wait before this key is looked at; null: it may be. */
  wait(address: string, key: string): number | null
  wrong(address: string): void
  right(address: string, key: string): void
}

export type AttemptLimitOptions = {
  readonly now?: () => number
  /** How often one address may be wrong in a window; default 10. */
  readonly most?: number
  /** Default a minute. */
  readonly windowMs?: number
  /** How many addresses and how many right keys are remembered; default 10,000. */
  readonly remembered?: number
}

const KNOWN_MS = 3_600_000

export function createAttemptLimit({
  now = Date.now,
  most = 10,
  windowMs = 60_000,
  remembered = 10_000,
}: AttemptLimitOptions = {}): AttemptLimit {
  const windows = new Map<string, { untilMs: number; wrong: number }>()
  const known = new Map<string, number>()
  return {
    wait(address, key) {
      const window = windows.get(toNetwork(address))
      const nowMs = now()
      if (window === undefined || window.untilMs <= nowMs || window.wrong < most) return null
      if ((known.get(toDigest(address, key)) ?? 0) > nowMs) return null
      return Math.max(1, Math.ceil((window.untilMs - nowMs) / 1_000))
    },
    wrong(address) {
      const network = toNetwork(address)
      const nowMs = now()
      const window = windows.get(network)
      if (window !== undefined && window.untilMs > nowMs) window.wrong += 1
      else put(windows, network, { untilMs: nowMs + windowMs, wrong: 1 }, remembered)
    },
    right(address, key) {
      put(known, toDigest(address, key), now() + KNOWN_MS, remembered)
    },
  }
}

/** The last to come is the last to be forgotten. */
function put<V>(map: Map<string, V>, key: string, value: V, most: number): void {
  map.delete(key)
  map.set(key, value)
  if (map.size <= most) return
  const [oldest] = map.keys()
  if (oldest !== undefined) map.delete(oldest)
}

function toDigest(address: string, key: string): string {
  return createHash('sha256')
    .update(`${toNetwork(address)} ${key}`)
    .digest('base64url')
}

/** Whoever has an address of IPv6 has 2^64 of them. */
function toNetwork(address: string): string {
  if (address.startsWith('::ffff:') && address.includes('.')) return address.slice('::ffff:'.length)
  if (!isIPv6(address)) return address
  const [head = '', tail] = (address.split('%')[0] ?? '').split('::')
  const front = head === '' ? [] : head.split(':')
  const back = tail === undefined || tail === '' ? [] : tail.split(':')
  const groups =
    tail === undefined ? front : [...front, ...Array(8 - front.length - back.length).fill('0'), ...back]
  return groups.slice(0, 4).join(':')
}
