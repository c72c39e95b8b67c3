/** Adding connections to the store and taking them away again; those of the file are the file's. */
import { TajoError } from '../base/error.ts'
import {
  CONNECTION_NAME,
  CONNECTION_NAME_EXPECTATION,
  type LoadedConfig,
  loadStoredConnection,
} from '../config/index.ts'
import { forgetConnection, keepConnectionSettings, readConnection, type Store } from '../store/index.ts'
import type { ConnectionSummary, Connections } from './installation-face.ts'
import { withLease } from './lease.ts'
import type { SecretBox } from './secrets.ts'
import type { Service } from './service-face.ts'

export type Known = {
  readonly name: string
  readonly settings: 'file' | 'store'
  readonly config: LoadedConfig
}

export type ConnectionsContext = {
  readonly known: () => readonly Known[]
  /** The name that is meant where none is given. */
  readonly meant: () => string | null
  readonly store: Store
  readonly box: SecretBox
  readonly variables: Readonly<Record<string, string | undefined>>
  readonly onAdded: (known: Known) => Promise<void>
  /** Ends its work in this process. */
  readonly onRemoving: (name: string) => Promise<Service | undefined>
  readonly onRemoved: (name: string) => void
}

export function createConnections(context: ConnectionsContext): Connections {
  const { known, meant, store, box, variables } = context
  const summary = ({ name, settings }: Known): ConnectionSummary => ({
    name,
    settings,
    isDefault: name === meant(),
  })
  return {
    list: async () => known().map(summary),
    async add({ name, settings }) {
      if (!CONNECTION_NAME.test(name)) throw invalidName(name)
      if (known().some((one) => one.name === name)) throw exists(name)
      const config = loadStoredConnection(name, settings, variables)
      await readConnection(store.db, name)
      await keepConnectionSettings(store.db, name, await box.seal(settings, name))
      const added: Known = { name, settings: 'store', config }
      await context.onAdded(added)
      return summary(added)
    },
    async remove(name) {
      const one = known().find((other) => other.name === name)
      if (one === undefined) throw unknownName(name)
      if (one.settings === 'file') throw inFile(name)
      const service = await context.onRemoving(name)
      // What a service refuses stays there; it finds nobody here any more, and switches itself off in time.
      await service?.webhooks.remove().catch((error: unknown) => {
        if (!(error instanceof TajoError)) throw error
      })
      const rows = await withLease(store, name, undefined, () => forgetConnection(store.db, name))
      context.onRemoved(name)
      return { name, rows }
    },
  }
}

function invalidName(name: string): TajoError {
  return new TajoError({
    code: 'connection_name_invalid',
    message: `${JSON.stringify(name)} cannot be the name of a connection: ${CONNECTION_NAME_EXPECTATION}.`,
  })
}

function exists(name: string): TajoError {
  return new TajoError({
    code: 'connection_exists',
    message: `There is a connection named ${name} already. Choose another name, or remove that one first.`,
  })
}

function unknownName(name: string): TajoError {
  return new TajoError({
    code: 'connection_unknown',
    message: `There is no connection named ${JSON.stringify(name)}.`,
  })
}

function inFile(name: string): TajoError {
  return new TajoError({
    code: 'connection_in_file',
    message: `The connection ${name} is described in tajo.yaml: take it out there and restart the server.`,
  })
}
