/** What can go wrong with a request, on demand (rules) or by seed (a rate). Decides only; `simulator.ts` acts. */
import type { Random } from './random.ts'

export type Fault =
  /** Answer this instead of handling the request. Without a body, the vendor's own body for that status. */
  | { kind: 'status'; status: number; headers?: Record<string, string>; body?: string }
  /** Handle the request, but answer so much later. */
  | { kind: 'slow'; ms: number }
  /** Close the connection before anything is done. */
  | { kind: 'cut-before' }
  /** Do what was asked, then close the connection without an answer. */
  | { kind: 'cut-after' }
  /** Do what was asked, then answer with the first half of the JSON. */
  | { kind: 'half-json' }
  /** An HTML page where JSON was due. */
  | { kind: 'html'; status: number }

export type FaultRule = {
  fault: Fault
  /** Only this method; default: any. */
  method?: string
  /** Only paths that match this regular expression; default: any. */
  path?: string
  /** Let so many matching requests pass first; default 0. */
  after?: number
  /** Strike so many times, then never again; default 1. */
  times?: number
}

export type FaultRates = { rate: number; faults: readonly Fault[] }

export class Faults {
  #rules: { rule: FaultRule; pattern: RegExp; seen: number; left: number }[] = []
  #rates: FaultRates | null = null
  readonly #random: Random

  constructor(random: Random) {
    this.#random = random
  }

  add(rule: FaultRule): void {
    this.#rules.push({ rule, pattern: new RegExp(rule.path ?? ''), seen: 0, left: rule.times ?? 1 })
  }

  /** Each request that no rule strikes suffers one of `faults` with probability `rate`; null switches it off. */
  setRates(rates: FaultRates | null): void {
    this.#rates = rates
  }

  clear(): void {
    this.#rules = []
    this.#rates = null
  }

  /** The fault that strikes this request, if any. */
  strike(method: string, path: string): Fault | null {
    for (const entry of this.#rules) {
      if (entry.left <= 0) continue
      if (entry.rule.method && entry.rule.method !== method) continue
      if (!entry.pattern.test(path)) continue
      if (entry.seen++ < (entry.rule.after ?? 0)) continue
      entry.left--
      return entry.rule.fault
    }
    if (this.#rates && this.#random.chance(this.#rates.rate)) return this.#random.pick(this.#rates.faults)
    return null
  }
}
