/** Aborts when nothing was heard for too long, or when the caller's own signal says so. */

export type Silence = {
  readonly signal: AbortSignal
  /** Something arrived: the time begins anew. */
  heard(): void
  /** Whether it was the silence that aborted. */
  over(): boolean
  end(): void
}

export function createSilence(timeoutMs: number, signal: AbortSignal | undefined): Silence {
  const own = new AbortController()
  let timer: NodeJS.Timeout
  const wait = (): void => {
    timer = setTimeout(() => own.abort(new Error('nothing was heard')), timeoutMs)
  }
  wait()
  return {
    signal: signal ? AbortSignal.any([signal, own.signal]) : own.signal,
    heard() {
      clearTimeout(timer)
      if (!own.signal.aborted) wait()
    },
    over: () => own.signal.aborted,
    end: () => clearTimeout(timer),
  }
}
