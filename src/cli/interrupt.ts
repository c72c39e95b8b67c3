/** Ctrl-C and SIGTERM as one abort signal. The first asks the command to stop cleanly, the second ends the process. */
import { EXIT_OF_SIGNAL } from './exit-codes.ts'

export type Interrupt = {
  readonly signal: AbortSignal
  /** The signal that came, if one did. */
  readonly received: keyof typeof EXIT_OF_SIGNAL | null
}

export function listenForInterrupt(onFirst: (name: string) => void): Interrupt {
  const stop = new AbortController()
  let received: keyof typeof EXIT_OF_SIGNAL | null = null
  for (const name of ['SIGINT', 'SIGTERM'] as const) {
    process.on(name, () => {
      if (received !== null) process.exit(EXIT_OF_SIGNAL[name])
      received = name
      onFirst(name)
      stop.abort(new DOMException('Stopped by a signal', 'AbortError'))
    })
  }
  return {
    signal: stop.signal,
    get received() {
      return received
    },
  }
}

/** Resolves when the signal is aborted. Does not keep the process alive. */
export function untilAborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve()
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }))
}
