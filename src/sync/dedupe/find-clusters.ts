/** Which persons are one and the same, and why. Pure: it looks at nothing but the persons it is given. */
import { identityOf, normaliseEmail, type Person } from '../model/index.ts'
import { toE164 } from '../projection/index.ts'
import type { DuplicateReason } from './report.ts'

/** Persons that have one thing in common. */
export type Tie = {
  readonly reason: DuplicateReason
  /** The address, or name and number. */
  readonly value: string
  /** At least two. */
  readonly ids: readonly number[]
}

/** Persons that hang together by ties, whole. */
export type FoundCluster = {
  readonly ids: readonly number[]
  readonly ties: readonly Tie[]
}

/** Everything any of them have in common. Number and name count only between persons that no address ties together. */
export function findTies(persons: readonly Person[], country: string | null): readonly Tie[] {
  const byEmail = tiesBy('same_email', persons, (person) => listed(identityOf(person).email))
  const byAddress = tiesBy('shared_address', persons, addressesOf).filter(
    (tie) => !byEmail.some(({ value, ids }) => value === tie.value && ids.length === tie.ids.length),
  )
  const together = placesOf(toClusters([...byEmail, ...byAddress]))
  const byNumber = tiesBy('same_phone_and_name', persons, (person) => numbersOf(person, country)).filter(
    ({ ids }) => new Set(ids.map((id) => together.get(id) ?? -id)).size > 1,
  )
  return [...byEmail, ...byAddress, ...byNumber]
}

/** What these two have in common themselves. */
export function reasonsBetween(a: Person, b: Person, country: string | null): readonly DuplicateReason[] {
  return [...new Set(findTies([a, b], country).map((tie) => tie.reason))]
}

/** Ties that share a person make one cluster. By the lowest id. */
export function toClusters(ties: readonly Tie[]): readonly FoundCluster[] {
  const parents = new Map<number, number>()
  const rootOf = (id: number): number => {
    let root = id
    for (let up = parents.get(root); up !== undefined && up !== root; up = parents.get(root)) root = up
    parents.set(id, root)
    return root
  }
  for (const { ids } of ties) {
    const roots = ids.map(rootOf)
    const lowest = Math.min(...roots)
    for (const root of roots) parents.set(root, lowest)
  }
  const idsOf = Map.groupBy(
    [...parents.keys()].sort((a, b) => a - b),
    rootOf,
  )
  const tiesOf = Map.groupBy(ties, ({ ids: [first = 0] }) => rootOf(first))
  return [...idsOf].map(([root, ids]) => ({ ids, ties: tiesOf.get(root) ?? [] }))
}

/**
 * The others in the order in which they can be merged into the survivor, so that each has something in common with what
 * the survivor is by then: the nearest first, and of those the lowest id.
 */
export function mergeOrder({ ids, ties }: FoundCluster, survivorId: number): readonly number[] {
  const reached = new Set([survivorId])
  let edge: readonly number[] = [survivorId]
  while (edge.length > 0) {
    const near = new Set(
      ties.filter((tie) => tie.ids.some((id) => edge.includes(id))).flatMap(({ ids: all }) => all),
    )
    edge = ids.filter((id) => near.has(id) && !reached.has(id))
    for (const id of edge) reached.add(id)
  }
  return [...reached].slice(1)
}

/** The name as it is compared: composed letters, one space between words, no capitals. Null when there is none. */
export function nameKey(person: Person): string | null {
  const { name } = person.fields
  const text =
    name?.kind === 'text' ? name.text.trim().replace(/\s+/g, ' ').normalize('NFC').toLowerCase() : ''
  return text === '' ? null : text
}

function addressesOf(person: Person): readonly string[] {
  return person.emails.flatMap((entry) => listed(normaliseEmail(entry.value)))
}

function numbersOf(person: Person, country: string | null): readonly string[] {
  const name = nameKey(person)
  if (name === null) return []
  return person.phones.flatMap((entry) => {
    const number = toE164(entry.value, country)
    return number === null ? [] : [`${name}, ${number}`]
  })
}

function tiesBy(
  reason: DuplicateReason,
  persons: readonly Person[],
  valuesOf: (person: Person) => readonly string[],
): readonly Tie[] {
  const idsOf = new Map<string, number[]>()
  for (const person of persons) {
    for (const value of new Set(valuesOf(person))) {
      const ids = idsOf.get(value)
      if (ids) ids.push(person.id)
      else idsOf.set(value, [person.id])
    }
  }
  return [...idsOf].flatMap(([value, ids]) => (ids.length > 1 ? [{ reason, value, ids }] : []))
}

function placesOf(clusters: readonly FoundCluster[]): ReadonlyMap<number, number> {
  return new Map(clusters.flatMap(({ ids }, index) => ids.map((id) => [id, index])))
}

function listed(value: string | null): readonly string[] {
  return value === null ? [] : [value]
}
