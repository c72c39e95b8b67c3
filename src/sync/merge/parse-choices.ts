/** Labels back to option ids. Pure. */

export type Choices =
  | { readonly kind: 'ids'; readonly ids: readonly string[] }
  | { readonly kind: 'problem'; readonly problem: string }

type Options = Readonly<Record<string, string>>

/**
 * Labels as a list, or as the text that joins them with commas; in such a text a label may hold a comma itself, and what can
 * be read in two ways is read in none. An option that lost its label goes by its id.
 */
export function parseChoices(labels: readonly string[] | string, options: Options): Choices {
  if (typeof labels === 'string') return parseJoined(labels, options)
  const ids: string[] = []
  for (const label of labels) {
    const found = idsOf(label, options)
    if (found.length === 0) return { kind: 'problem', problem: `no option is called "${label.trim()}"` }
    if (found.length > 1) return { kind: 'problem', problem: `several options are called "${label.trim()}"` }
    ids.push(...found)
  }
  return { kind: 'ids', ids: [...new Set(ids)] }
}

function parseJoined(text: string, options: Options): Choices {
  if (text.trim() === '') return { kind: 'ids', ids: [] }
  const parts = text.split(',')
  const readings = readingsOf(parts, options)
  const [reading, another] = readings
  if (reading === undefined) {
    const unknown = parts.find((part) => idsOf(part, options).length === 0) ?? text
    return { kind: 'problem', problem: `no option is called "${unknown.trim()}"` }
  }
  if (another !== undefined) return { kind: 'problem', problem: `"${text}" can be read in several ways` }
  return parseChoices(reading, options)
}

/** Up to two ways to put the parts together to known labels; two are as bad as many. From the end, so that each part is looked at once. */
function readingsOf(parts: readonly string[], options: Options): readonly string[][] {
  const from: (readonly string[][])[] = Array.from({ length: parts.length + 1 }, () => [])
  from[parts.length] = [[]]
  for (let start = parts.length - 1; start >= 0; start--) {
    const found: string[][] = []
    for (let until = start + 1; until <= parts.length && found.length < 2; until++) {
      const rests = from[until] ?? []
      const label = parts.slice(start, until).join(',').trim()
      if (rests.length === 0 || idsOf(label, options).length === 0) continue
      found.push(...rests.map((rest) => [label, ...rest]))
    }
    from[start] = found.slice(0, 2)
  }
  return from[0] ?? []
}

/** Exactly first, then whatever the case. */
function idsOf(label: string, options: Options): readonly string[] {
  const text = label.trim()
  if (text === '') return []
  const entries = Object.entries(options)
  const exact = entries.filter(([, name]) => name.trim() === text)
  const near =
    exact.length > 0 ? exact : entries.filter(([, name]) => name.trim().toLowerCase() === text.toLowerCase())
  if (near.length > 0) return near.map(([id]) => id)
  return Object.hasOwn(options, text) ? [text] : []
}
