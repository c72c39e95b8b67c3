/** Outbox rows with their commands, and the pieces in which they leave. */
import { type OutboxEntry, type OutboxRoute, pendingOf, type Store } from '../../store/index.ts'
import type { ContactCommand, WriteCommand } from '../model/index.ts'

export type Entry<C extends ContactCommand = ContactCommand> = Omit<OutboxEntry, 'command'> & {
  readonly command: C
}

export function toEntry(row: OutboxEntry): Entry {
  return { ...row, command: row.command as unknown as ContactCommand }
}

export function isWrite(entry: Entry): entry is Entry<WriteCommand> {
  return entry.command.kind === 'write'
}

/** Pending entries of a route in order, read in batches; entries settled meanwhile do not come again. */
export async function* pendingEntries(
  store: Store,
  connection: string,
  route: OutboxRoute,
  batch = 500,
): AsyncGenerator<readonly Entry[]> {
  let after = { groupKey: '', id: 0 }
  for (;;) {
    const rows = await pendingOf(store.db, connection, route, after, batch)
    const last = rows[rows.length - 1]
    if (!last) return
    after = { groupKey: last.group_key, id: last.id }
    yield rows.map(toEntry)
  }
}

/** Groups consecutive entries of one group key into pieces whose serialised size stays below `maxBytes`. */
export async function* importChunks(
  batches: AsyncIterable<readonly Entry[]>,
  serialise: (entry: Entry<WriteCommand>) => string,
  maxBytes: number,
): AsyncGenerator<ImportChunk> {
  let chunk: { groupKey: string; entries: Entry<WriteCommand>[]; texts: string[]; bytes: number } | null =
    null
  for await (const entries of batches) {
    for (const entry of entries) {
      if (!isWrite(entry)) continue
      const text = serialise(entry)
      const bytes = Buffer.byteLength(text) + 1
      if (chunk && (chunk.groupKey !== entry.group_key || chunk.bytes + bytes > maxBytes)) {
        yield chunk
        chunk = null
      }
      chunk ??= { groupKey: entry.group_key, entries: [], texts: [], bytes: 2 }
      chunk.entries.push(entry)
      chunk.texts.push(text)
      chunk.bytes += bytes
    }
  }
  if (chunk) yield chunk
}

export type ImportChunk = {
  readonly groupKey: string
  readonly entries: readonly Entry<WriteCommand>[]
  /** Each entry's row as JSON, in the same order. */
  readonly texts: readonly string[]
}
