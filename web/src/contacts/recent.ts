/** Who was looked at in this tab, for a way back. It is gone with the tab: these are people's names. */
import type { ResultOf } from '../../../src/wire/index.ts'

export type Recent = { readonly subject: string; readonly name: string }

const KEPT_AS = 'tajo-recent'
const KEPT = 5

export function readRecent(): readonly Recent[] {
  return JSON.parse(sessionStorage.getItem(KEPT_AS) ?? '[]') as Recent[]
}

export function rememberRecent(person: ResultOf<'contacts.explain'>): void {
  const subject = String(person.personId)
  const one = { subject, name: nameOf(person) }
  const others = readRecent().filter((other) => other.subject !== subject)
  sessionStorage.setItem(KEPT_AS, JSON.stringify([one, ...others].slice(0, KEPT)))
}

export function nameOf({ cluster, email, personId }: ResultOf<'contacts.explain'>): string {
  const name = cluster.find((member) => member.personId === personId)?.name ?? ''
  return name === '' ? (email ?? String(personId)) : name
}
