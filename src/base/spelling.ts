/** How people name what has a key and a name, a custom field above all: one spelling, wherever it is asked for. Pure. */

/** `lead_source` for "Lead source": letters and digits of any script, the rest one underscore. */
export function slug(name: string): string {
  return name
    .normalize('NFC')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, '_')
    .replace(/^_+|_+$/g, '')
}

/** By key, else by exact name, else by slug; several where the spelling does not tell them apart. */
export function findSpelled<T extends { readonly key: string; readonly name: string }>(
  wanted: string,
  all: readonly T[],
): readonly T[] {
  const short = slug(wanted)
  const ways = [
    ({ key }: T) => key === wanted,
    ({ name }: T) => name === wanted,
    ({ name }: T) => short !== '' && slug(name) === short,
  ]
  return ways.map((matches) => all.filter(matches)).find((found) => found.length > 0) ?? []
}
