/** Labels back to option ids. Pure. */

export type Choices =
  | { readonly kind: 'ids'; readonly ids: readonly string[] }
  | { readonly kind: 'problem'; readonly problem: string }

type Options = Readonly<Record<string, string>>

/**
 * Labels as a list, or as the text that joins them with commas; in such a text a label may hold a comma itself, and what can
 * be read in two ways is read in none. An id is no label: "5" may well be what another option is called.
 */
export function parseChoices(labels: readonly string[] | string, options: Options): Choices {
  const find = createFinder(options)
  return typeof labels === 'string' ? parseJoined(labels, options, find) : parseList(labels, find)
}

function parseList(labels: readonly string[], find: Finder): Choices {
  const ids: string[] = []
  for (const label of labels) {
    const found = find(label)
    if (found.length === 0) return { kind: 'problem', problem: `no option is called "${label.trim()}"` }
    if (found.length > 1) return { kind: 'problem', problem: `several options are called "${label.trim()}"` }
    ids.push(...found)
  }
  return { kind: 'ids', ids: [...new Set(ids)] }
}

function parseJoined(text: string, options: Options, find: Finder): Choices {
  if (text.trim() === '') return { kind: 'ids', ids: [] }
  const parts = text.split(',')
  const longest = Math.max(1, ...Object.values(options).map((label) => label.split(',').length))
  const [reading, another] = readingsOf(parts, longest, find)
  if (reading === undefined) {
    const unknown = parts.find((part) => find(part).length === 0) ?? text
    return { kind: 'problem', problem: `no option is called "${unknown.trim()}"` }
  }
  if (another !== undefined) return { kind: 'problem', problem: `"${text}" can be read in several ways` }
  return parseList(labelsOf(reading), find)
}

/** A label and what follows it; null: nothing does. Shared between readings, so that a long text costs little. */
type Reading = { readonly label: string; readonly rest: Reading } | null

/**
 * Up to two ways to put the parts together to known labels; two are as bad as many. From the end, so that each part is looked
 * at as often as the label with the most commas has parts.
 */
function readingsOf(parts: readonly string[], longest: number, find: Finder): readonly Reading[] {
  const from: (readonly Reading[])[] = Array.from({ length: parts.length + 1 }, () => [])
  from[parts.length] = [null]
  for (let start = parts.length - 1; start >= 0; start--) {
    const found: Reading[] = []
    const last = Math.min(parts.length, start + longest)
    for (let until = start + 1; until <= last && found.length < 2; until++) {
      const rests = from[until] ?? []
      const label = rests.length === 0 ? '' : parts.slice(start, until).join(',').trim()
      if (label === '' || find(label).length === 0) continue
      found.push(...rests.map((rest) => ({ label, rest })))
    }
    from[start] = found.slice(0, 2)
  }
  return from[0] ?? []
}

function labelsOf(reading: Reading): readonly string[] {
  const labels: string[] = []
  for (let at = reading; at !== null; at = at.rest) labels.push(at.label)
  return labels
}

/** The ids of the options of that name: exactly so, else whatever the case. */
type Finder = (label: string) => readonly string[]

function createFinder(options: Options): Finder {
  const exact = new Map<string, string[]>()
  const folded = new Map<string, string[]>()
  const add = (to: Map<string, string[]>, label: string, id: string): void =>
    void to.set(label, [...(to.get(label) ?? []), id])
  for (const [id, name] of Object.entries(options)) {
    const label = name.trim()
    if (label === '') continue
    add(exact, label, id)
    add(folded, label.toLowerCase(), id)
  }
  return (label) => exact.get(label.trim()) ?? folded.get(label.trim().toLowerCase()) ?? []
}
