/** What the thread with the embedded engine and the thread that uses it say to each other. */

export type ToEngine =
  | { kind: 'frame'; client: number; urgent: boolean; bytes: Uint8Array<ArrayBuffer> }
  /** The client has gone; an open transaction of it is rolled back. */
  | { kind: 'leave'; client: number }
  | { kind: 'close' }

export type FromEngine =
  | { kind: 'ready' }
  | { kind: 'answer'; client: number; bytes: Uint8Array }
  /** The client held the session, idle in a transaction, for too long: it has been rolled back. */
  | { kind: 'expelled'; client: number }
  /** The engine could not start or has given up; the thread ends. */
  | { kind: 'failed'; fault: EngineFault }
  | { kind: 'closed' }

/** `systemCode` is the operating system's last refusal, such as `ENOSPC`. */
export type EngineFault = { reason: string; systemCode?: string }

/** What the thread is started with. */
export type EngineSettings = {
  directory: string
  checkpointEveryMs: number
  checkpointAfterWalBytes: number
  idleInTransactionMs: number
}

export const DEFAULT_ENGINE_SETTINGS: Omit<EngineSettings, 'directory'> = {
  checkpointEveryMs: 60_000,
  checkpointAfterWalBytes: 64 * 1024 * 1024,
  idleInTransactionMs: 60_000,
}
