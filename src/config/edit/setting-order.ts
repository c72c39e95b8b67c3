/** Where a setting stands among the others of its block: in the order of the schema, which is that of the documentation. */
import { knownKeys, schemaAt } from '../schema/walk.ts'
import { settingsSchema } from '../schema.ts'
import type { Wanted } from './wanted-entries.ts'

/** The keys of a block by its path, which begins with `base`. */
export function orderIn(base: readonly string[]): (path: readonly string[]) => readonly string[] {
  return (path) => knownKeys(schemaAt(settingsSchema, path.slice(base.length)))
}

/** Behind the last one that is due before it; where there is none, at the place that is named. */
export function withEntry<T extends Pick<Wanted, 'key'>>(
  entries: readonly T[],
  entry: T,
  order: readonly string[],
  otherwise: 'first' | 'last',
): readonly T[] {
  const rank = order.indexOf(entry.key)
  const before = entries.filter(({ key }) => order.indexOf(key) >= 0 && order.indexOf(key) < rank)
  const nearest = before.toSorted((a, b) => order.indexOf(b.key) - order.indexOf(a.key))[0]
  const first = otherwise === 'first' ? 0 : entries.length
  const at = nearest === undefined ? first : entries.indexOf(nearest) + 1
  return entries.toSpliced(at, 0, entry)
}
