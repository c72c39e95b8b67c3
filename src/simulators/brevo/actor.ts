/** Who makes the change that is being carried out: an API key, or nobody, which is a person in Brevo's own pages. */
import { AsyncLocalStorage } from 'node:async_hooks'

export class Actor {
  readonly #names = new AsyncLocalStorage<string>()

  /** The name of the API key; empty when the change is not made through the API. */
  get apiKeyName(): string {
    return this.#names.getStore() ?? ''
  }

  /** Carries out `work`, and all it awaits, in the name of that key. */
  as<T>(apiKeyName: string, work: () => T): T {
    return this.#names.run(apiKeyName, work)
  }
}
