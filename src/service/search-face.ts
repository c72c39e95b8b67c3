/** What is found in Pipedrive by a word, as types only. */

export type SearchedType = 'person' | 'deal' | 'organization' | 'lead'

export type SearchQuery = {
  /** Two characters at least, one with `exact`. */
  readonly term: string
  /** Default: all of them. */
  readonly types?: readonly SearchedType[] | undefined
  /** Whether a whole value has to be the term, capitals ignored; default false. */
  readonly exact?: boolean | undefined
  /** At most so many hits, 1 to 100; default 25. */
  readonly limit?: number | undefined
}

export type SearchHit = {
  readonly type: SearchedType
  /** Of a lead a text, else a number as text. */
  readonly id: string
  /** The name of a person or organization, the title of a deal or lead. */
  readonly title: string | null
  /** Of persons. */
  readonly emails: readonly string[]
  /** The organization it belongs to, by name. */
  readonly organization: string | null
  /** The contact in Brevo, where the person is linked to one. */
  readonly contactId: number | null
}

export type SearchResult = {
  /** As Pipedrive orders them. */
  readonly hits: readonly SearchHit[]
  /** Whether Pipedrive has more. */
  readonly more: boolean
}

export type SearchOptions = { readonly signal?: AbortSignal | undefined }

/** Asks Pipedrive: 20 tokens of the day, and the narrower limit of searches. Throws its refusal and `config_not_connected`. */
export type Search = (query: SearchQuery, options?: SearchOptions) => Promise<SearchResult>
