/** What a listing yields. A record that cannot be read is carried along, never dropped and never fatal. */

export type UnreadableRecord = {
  /** As text, where one could be found. */
  readonly id: string | null
  /** Which field is wrong and how, in one line. */
  readonly problem: string
  readonly raw: unknown
}

export type Page<T> = {
  readonly items: readonly T[]
  /** Pass it as `cursor` to go on from here; null on the last page. */
  readonly nextCursor: string | null
  /** The `Date` header of the answer: the vendor's clock. */
  readonly serverTime: Date | null
  readonly unreadable: readonly UnreadableRecord[]
}
