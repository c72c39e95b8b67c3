/** Every request a simulator saw, for tests and benchmarks to ask about. Bodies are kept only on request. */

export type Call = {
  at: number
  method: string
  /** Path without query. */
  path: string
  query: string
  status: number
  /** Pipedrive: API tokens spent. Brevo: 0. */
  tokens: number
  fault: string | null
  requestBody?: string
}

export class CallLog {
  #calls: Call[] = []
  keepBodies = false

  add(call: Call): void {
    this.#calls.push(call)
  }

  all(): readonly Call[] {
    return this.#calls
  }

  /** Calls by method and path (a string must be equal, a RegExp must match). */
  find(method: string, path: string | RegExp): readonly Call[] {
    return this.#calls.filter(
      (call) =>
        call.method === method && (typeof path === 'string' ? call.path === path : path.test(call.path)),
    )
  }

  tokens(): number {
    return this.#calls.reduce((sum, call) => sum + call.tokens, 0)
  }

  clear(): void {
    this.#calls = []
  }
}
