/** What the headers of one answer said about limits, in a vendor's place-free form. */

export type WindowNews = {
  readonly window: string
  readonly limit?: number | undefined
  readonly remaining?: number | undefined
  /** From now until the server counts anew. */
  readonly resetMs?: number | undefined
}

export type LimitNews = {
  readonly windows: readonly WindowNews[]
  /** Daily tokens. */
  readonly budget?:
    | { readonly limit?: number | undefined; readonly remaining?: number | undefined }
    | undefined
  /** A 429 of a window: nothing of these windows may leave before. */
  readonly blocked?: { readonly windows: readonly string[]; readonly until: Date } | undefined
  /** A 429 of the day. */
  readonly budgetSpentUntil?: Date | undefined
}

export const NO_NEWS: LimitNews = { windows: [] }

/** The leading whole number of a header; undefined when there is none. */
export function headerNumber(value: string | undefined): number | undefined {
  const digits = /^\s*(\d{1,12})/.exec(value ?? '')?.[1]
  return digits === undefined ? undefined : Number(digits)
}
