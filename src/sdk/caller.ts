/** How an operation is asked for, wherever the engine runs. Types only. */
import type { OperationName, Params, Progress, Result } from './shapes.ts'

export type CallOptions = {
  /** Stops the call: it throws the signal's reason. What was done by then is kept. */
  readonly signal?: AbortSignal | undefined
}

export type ProgressOptions = CallOptions & {
  readonly onProgress?: ((progress: Progress) => void) | undefined
  /** A sentence for whoever waits: that another pass goes first, for example. */
  readonly onNotice?: ((text: string) => void) | undefined
}

/** Throws TajoError. */
export type Call = <N extends OperationName>(
  name: N,
  params: Params<N>,
  options?: ProgressOptions,
) => Promise<Result<N>>

/** Where the engine runs: in this process, or on a server. */
export type Engine = {
  readonly call: Call
  close(): Promise<void>
}
