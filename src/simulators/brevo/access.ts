/** Who may call: API keys, their permissions and expiry, machines' tokens, and the account's IP rule. Refuses in the vendor's words. */
import type { Clock } from '../../base/clock.ts'
import type { MachineAccess } from './machine-access.ts'
import { type BrevoRefusal, ipRefused, keyMissing, keyUnknown, permissionDenied } from './refusal.ts'

export type BrevoApiKey = {
  key: string
  /** Names need not be unique. */
  name: string
  /** Path prefixes below /v3 that this key may not use, e.g. `/contacts/attributes`; default none. */
  denied?: string[]
  /** From then on the key is unknown. */
  expiresAt?: Date
}

export const SANDBOX_KEY: BrevoApiKey = { key: 'xkeysib-sandbox', name: 'sandbox' }

export class Access {
  readonly #keys: BrevoApiKey[]
  readonly #clock: Clock
  readonly #machines: MachineAccess
  /** Requests are answered as coming from this unknown address; null: every address is known. */
  refusedIp: string | null = null

  constructor(keys: readonly BrevoApiKey[], machines: MachineAccess, clock: Clock) {
    this.#machines = machines
    this.#keys = keys.map((key) => ({ ...key, denied: [...(key.denied ?? [])] }))
    this.#clock = clock
  }

  /** From now on this key is known too. Its name may be another key's. */
  add(key: BrevoApiKey): void {
    if (this.#keys.some((each) => each.key === key.key)) throw new Error('addKey: the account has this key')
    this.#keys.push({ ...key, denied: [...(key.denied ?? [])] })
  }

  revoke(key: string): void {
    const at = this.#keys.findIndex((each) => each.key === key)
    if (at === -1) throw new Error('revokeKey: the account has no such key')
    this.#keys.splice(at, 1)
  }

  /** Every key loses the right to use paths that start so. */
  deny(prefix: string): void {
    for (const key of this.#keys) key.denied?.push(prefix)
  }

  /** The name of the request's key; '' for an unknown one, and for machines: whose name a token's changes bear is not documented. */
  keyName(request: Request): string {
    const given = request.headers.get('api-key')
    return this.#keys.find((each) => each.key === given)?.name ?? ''
  }

  /** Null when the request may pass; `path` starts with /v3. */
  refusal(request: Request, path: string): { at: 'key' | 'permission'; refusal: BrevoRefusal } | null {
    const [, bearer] = /^Bearer (\S+)$/.exec(request.headers.get('authorization') ?? '') ?? []
    const given = request.headers.get('api-key')
    if (!given && bearer !== undefined) return this.#refusalOfMachine(bearer, request.method, path)
    if (!given) return { at: 'key', refusal: keyMissing() }
    const key = this.#keys.find((each) => each.key === given)
    if (!key || (key.expiresAt && key.expiresAt <= this.#clock.now())) {
      return { at: 'key', refusal: keyUnknown() }
    }
    if (this.refusedIp !== null) return { at: 'key', refusal: ipRefused(this.refusedIp) }
    const below = path.slice('/v3'.length)
    const isDenied = key.denied?.some((prefix) => below === prefix || below.startsWith(`${prefix}/`))
    return isDenied ? { at: 'permission', refusal: permissionDenied() } : null
  }

  #refusalOfMachine(token: string, method: string, path: string): ReturnType<Access['refusal']> {
    const verdict = this.#machines.judge(token, method, path)
    if (verdict === 'unknown') return { at: 'key', refusal: keyUnknown() }
    if (this.refusedIp !== null) return { at: 'key', refusal: ipRefused(this.refusedIp) }
    return verdict === 'allowed' ? null : { at: 'permission', refusal: permissionDenied() }
  }
}
