/** The pairs of accounts of one installation. */
import type { Call, CallOptions } from './caller.ts'
import type { Params, Result } from './shapes.ts'

export type Connections = {
  list(options?: CallOptions): Promise<Result<'connections.list'>>
  /** Keeps another pair of accounts in the store; `settings` is YAML as tajo.yaml has it for one connection. */
  add(connection: Params<'connections.add'>, options?: CallOptions): Promise<Result<'connections.add'>>
  /** Forgets a connection that is kept in the store, with everything that belongs to it. */
  remove(name: string, options?: CallOptions): Promise<Result<'connections.remove'>>
}

export function createConnections(call: Call): Connections {
  return {
    list: (options) => call('connections.list', {}, options),
    add: (connection, options) => call('connections.add', connection, options),
    remove: (name, options) => call('connections.remove', { name }, options),
  }
}
