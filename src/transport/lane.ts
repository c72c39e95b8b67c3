/** Who asks: the order in which waiting requests leave. Says nothing about how fast they may leave. */

/**
 * - `live`: a person is waiting or a webhook is being followed up;
 * - `interactive`: ordinary scheduled work (polls, deliveries); the default;
 * - `backfill`: bulk reading that may take hours and must never be in anybody's way.
 */
export type Lane = 'live' | 'interactive' | 'backfill'

/** Highest priority first. */
export const LANES: readonly Lane[] = ['live', 'interactive', 'backfill']

/** What every vendor call accepts besides its own parameters. */
export type CallOptions = {
  /** Default `interactive`. */
  lane?: Lane | undefined
  signal?: AbortSignal | undefined
}
