/** What Pipedrive took without doing it. Pure. */
import { canonicalJson } from '../../base/fingerprint.ts'
import { type EditCommand, type Person, type PersonEdit, primaryEntry } from '../model/index.ts'

/** Names of what the person has as before although something else was sent: a field that the account no longer has. */
export function ignoredEdits({ edits }: EditCommand, before: Person, after: Person): readonly string[] {
  return edits.flatMap(({ name, edit }) => {
    const [had, has] = [partOf(before, edit), partOf(after, edit)]
    const isSame = canonicalJson(had) === canonicalJson(has)
    // The last part of a name is not taken away: a person has to have one.
    return isSame && (edit.value !== null || (had !== null && !isNamePart(edit))) ? [name] : []
  })
}

function partOf(person: Person, edit: PersonEdit): unknown {
  if (edit.part === 'field') return person.fields[edit.key] ?? null
  return primaryEntry(edit.part === 'email' ? person.emails : person.phones)
}

function isNamePart(edit: PersonEdit): boolean {
  return edit.part === 'field' && (edit.key === 'first_name' || edit.key === 'last_name')
}
