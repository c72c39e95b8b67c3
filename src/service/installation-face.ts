/** Everything that one process works with, as types: a store with all its connections. */
import type { Config } from '../config/index.ts'
import type { KeyCheck, Keys } from './keys/keys-face.ts'
import type { Live, LiveOptions } from './live-face.ts'
import type { OAuthBrowser } from './oauth/oauth-face.ts'
import type { Service } from './service-face.ts'

export type ConnectionSummary = {
  readonly name: string
  /** Where its settings are kept: in the file, or in the store. */
  readonly settings: 'file' | 'store'
  /** Whether it is meant where none is named. */
  readonly isDefault: boolean
}

export type ConnectionRemoval = {
  readonly name: string
  /** Rows that were deleted, of all tables. */
  readonly rows: number
}

/** What can be done about the connections themselves; the same through each of them. */
export type Connections = {
  /** Those of the file in its order, then those of the store by name. */
  list(): Promise<readonly ConnectionSummary[]>
  /**
   * Keeps a connection in the store; a server begins with it at once. `settings`: YAML as a file has it for one
   * connection. Throws `connection_name_invalid`, `connection_exists` and ConfigError.
   */
  add(connection: { name: string; settings: string }): Promise<ConnectionSummary>
  /**
   * Takes our webhooks away as far as the services let us, and forgets everything that is kept of the connection; both
   * accounts stay as they are. Throws `connection_unknown`, `connection_in_file`, `connection_busy`.
   */
  remove(name: string): Promise<ConnectionRemoval>
}

export type Installation = {
  /** Where it listens; of the whole process. */
  readonly server: Config['server']
  /** Those of the file in its order, then those of the store by name. */
  names(): readonly string[]
  /** The one that is meant where none is named; null where there are several and none is `default`. */
  defaultName(): string | null
  /** The one with that name; null or left out: the default one. Throws `connection_unknown`, `connection_unnamed`. */
  connection(name?: string | null): Service
  /** As `connection`; null where there is none. */
  find(name: string | null): Service | null
  readonly connections: Connections
  /** Who may use the HTTP interface. */
  readonly keys: Keys & KeyCheck
  /** What answers browsers that connect an account of any of them. */
  readonly oauth: OAuthBrowser
  /** Begins to keep all of them in step. One without credentials waits for them. Throws `server_running`. */
  live(options: LiveOptions): Promise<Live>
  close(): Promise<void>
}
