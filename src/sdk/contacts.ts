/** One person: why a contact is as it is, and what the law asks for; and persons that are the same human being. */
import type { Call, CallOptions, ProgressOptions } from './caller.ts'
import type { Explanation, Params, Result } from './shapes.ts'

export type Contacts = {
  /** Persons by a piece of their name or address, from the store: costs no token. */
  find(text: string, options?: CallOptions & { readonly limit?: number }): Promise<Result<'contacts.find'>>
  /** By the id of a Pipedrive person, or by e-mail address. Throws `person_unknown`. */
  explain(subject: string | number, options?: CallOptions): Promise<Explanation>
}

export type Privacy = {
  /** Everything held about one person. */
  export(email: string, options?: CallOptions): Promise<Result<'privacy.export'>>
  /** Removes a person, and keeps them away from then on. */
  erase(
    email: string,
    options?: CallOptions & Omit<Params<'privacy.erase'>, 'email'>,
  ): Promise<Result<'privacy.erase'>>
  /** Lets an erased person be synced again. */
  allow(email: string, options?: CallOptions): Promise<Result<'privacy.allow'>>
}

export type Duplicates = {
  list(options?: CallOptions & Params<'dedupe.list'>): Promise<Result<'dedupe.list'>>
  /** What merging would do, and what it costs. */
  plan(options?: CallOptions & Params<'dedupe.plan'>): Promise<Result<'dedupe.plan'>>
  /** Merges in Pipedrive, for good: the merges of a plan. */
  merge(merges: Params<'dedupe.merge'>['merges'], options?: ProgressOptions): Promise<Result<'dedupe.merge'>>
}

export function createContacts(call: Call): Contacts {
  return {
    find: (text, { signal, limit } = {}) => call('contacts.find', { text, limit }, { signal }),
    explain: (subject, options) => call('contacts.explain', { subject: String(subject) }, options),
  }
}

export function createPrivacy(call: Call): Privacy {
  return {
    export: (email, options) => call('privacy.export', { email }, options),
    erase: (email, { signal, ...params } = {}) => call('privacy.erase', { email, ...params }, { signal }),
    allow: (email, options) => call('privacy.allow', { email }, options),
  }
}

export function createDuplicates(call: Call): Duplicates {
  return {
    list: ({ signal, ...params } = {}) => call('dedupe.list', params, { signal }),
    plan: ({ signal, ...params } = {}) => call('dedupe.plan', params, { signal }),
    merge: (merges, options) => call('dedupe.merge', { merges }, options),
  }
}
