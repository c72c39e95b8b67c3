/**
 * E-mail addresses inside of text and JSON: found, compared in one spelling, and taken out. It finds what is written as an
 * address, and does not decide whether it is a good one.
 */
import { domainToASCII } from 'node:url'

/** What stands where an address stood. */
export const ERASED = '[erased]'

const at = /@|%40/gi
const inLocal = /[\p{L}\p{N}!#$&'*+/=?^_`{|}~.-]/u
const inHost = /[\p{L}\p{N}.-]/u
/** May be part of an address, and may also stand before one: `?email=ada@example.com`. */
const separators = /[!#$&'*/=?^`{|}~]/
const longestLocal = 64
const longestHost = 253

/** One spelling for comparing: trimmed, composed, lower case, the host in ASCII. Text that is no address stays one text. */
export function plainEmail(text: string): string {
  const composed = text.trim().normalize('NFC').toLowerCase()
  const index = composed.lastIndexOf('@')
  if (index < 0) return composed
  const host = composed.slice(index + 1)
  return `${composed.slice(0, index)}@${domainToASCII(host) || host}`
}

/** Every address in all texts of a JSON value, its keys included, in one spelling; rather one too many than one too few. */
export function emailsIn(value: unknown): Set<string> {
  const found = new Set<string>()
  mapTexts(value, (text) => {
    for (const { email } of mentions(text)) found.add(email)
    return text
  })
  return found
}

/** The same JSON value with `[erased]` for every address that `isGone`; the value itself when it holds none. */
export function withoutEmails<T>(value: T, isGone: (email: string) => boolean): T {
  return mapTexts(value, (text) => {
    let rest = text
    // From the end, so that places before it stay where they are; the longest reading of a place comes first.
    for (const { start, end, email } of mentions(text).reverse()) {
      if (end <= rest.length && isGone(email) && rest.slice(start, end) === text.slice(start, end))
        rest = `${rest.slice(0, start)}${ERASED}${rest.slice(end)}`
    }
    return rest
  })
}

/** The value with every text in it changed, keys included; the same object where nothing changed. */
function mapTexts<T>(value: T, change: (text: string) => string): T {
  if (typeof value === 'string') return change(value) as T
  if (value === null || typeof value !== 'object' || value instanceof Date) return value
  if (Array.isArray(value)) {
    const items = value.map((item) => mapTexts(item, change))
    return items.some((item, index) => item !== value[index]) ? (items as T) : value
  }
  const entries = Object.entries(value)
  const mapped = entries.map(([key, item]) => [change(key), mapTexts(item, change)] as const)
  const same = mapped.every(
    ([key, item], index) => key === entries[index]?.[0] && item === entries[index]?.[1],
  )
  return same ? value : (Object.fromEntries(mapped) as T)
}

type Mention = { readonly start: number; readonly end: number; readonly email: string }

/** The readings of each place with an at sign, the shortest first. It looks at a bounded stretch around each only. */
function mentions(text: string): Mention[] {
  const found: Mention[] = []
  for (const match of text.matchAll(at)) {
    const [sign] = match
    const middle = match.index
    let start = middle
    while (start > 0 && middle - start < longestLocal && inLocal.test(text[start - 1] ?? '')) start--
    const first = middle + sign.length
    let end = first
    while (end < text.length && end - first < longestHost && inHost.test(text[end] ?? '')) end++
    while (end > first && /[.-]/.test(text[end - 1] ?? '')) end--
    const host = text.slice(first, end)
    if (start === middle || !host.includes('.')) continue
    for (const from of startsOf(text, start, middle).reverse())
      found.push({ start: from, end, email: plainEmail(`${text.slice(from, middle)}@${host}`) })
  }
  return found
}

/** Where the local part may begin: at its first character, and after everything that may stand before an address. */
function startsOf(text: string, start: number, middle: number): number[] {
  const starts = new Set<number>()
  for (let index = start; index < middle; index++) {
    const fresh = index === start || separators.test(text[index - 1] ?? '')
    if (!fresh) continue
    starts.add(index)
    let inner = index
    while (inner < middle && /[.\-_]/.test(text[inner] ?? '')) inner++
    if (inner < middle) starts.add(inner)
  }
  return [...starts]
}
