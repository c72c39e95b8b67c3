/** Wanted against known: the smallest change that makes a contact what is wanted. Pure. */
import { canonicalJson } from '../../base/fingerprint.ts'
import {
  type Attributes,
  type AttributeValue,
  type ContactChange,
  extIdOf,
  type KnownContact,
  SMS,
  type WantedContact,
} from '../model/index.ts'

/** Null when the contact is already what is wanted. */
export function diffContact(wanted: WantedContact, known: KnownContact | null): ContactChange | null {
  const extId = extIdOf(wanted.personId)
  if (known === null) {
    return {
      action: 'create',
      email: wanted.email,
      renamedFrom: null,
      extId,
      sms: wanted.sms,
      attributes: wanted.attributes,
      clear: [],
      addLists: wanted.lists,
      removeLists: [],
      block: wanted.unsubscribed,
    }
  }
  const change: ContactChange = {
    action: 'update',
    email: wanted.email,
    renamedFrom: known.email === wanted.email ? null : (known.email ?? ''),
    extId: known.extId === extId ? null : extId,
    sms: wanted.sms !== null && wanted.sms !== known.sms ? wanted.sms : null,
    attributes: differing(wanted.attributes, known.attributes),
    clear: toClear(wanted, known),
    addLists: wanted.lists.filter((id) => !known.lists.includes(id)),
    // Memberships that Tajo did not make are never removed (rule R3.2).
    removeLists: known.ourLists.filter((id) => known.lists.includes(id) && !wanted.lists.includes(id)),
    block: wanted.unsubscribed && !known.emailBlocked,
  }
  return isNothing(change) ? null : change
}

/** True when a change touches nothing but list memberships. */
export function isListsOnly(change: ContactChange): boolean {
  return (
    change.action === 'update' &&
    change.renamedFrom === null &&
    change.extId === null &&
    change.sms === null &&
    Object.keys(change.attributes).length === 0 &&
    change.clear.length === 0 &&
    !change.block
  )
}

function isNothing(change: ContactChange): boolean {
  return isListsOnly(change) && change.addLists.length === 0 && change.removeLists.length === 0
}

function differing(wanted: Attributes, known: Attributes): Attributes {
  return Object.fromEntries(Object.entries(wanted).filter(([name, value]) => !sameValue(value, known[name])))
}

/** Rule R2.5: an empty source clears only what Tajo itself had written. */
function toClear(wanted: WantedContact, known: KnownContact): readonly string[] {
  const clear = known.written.filter(
    (name) =>
      name !== SMS &&
      !wanted.keep.includes(name) &&
      wanted.attributes[name] === undefined &&
      known.attributes[name] !== undefined,
  )
  const unusable = wanted.keep.includes(SMS)
  return !unusable && wanted.sms === null && known.sms !== null && known.written.includes(SMS)
    ? [...clear, SMS]
    : clear
}

export function sameValue(a: AttributeValue | undefined, b: AttributeValue | undefined): boolean {
  return a === b || (a !== undefined && b !== undefined && canonicalJson(a) === canonicalJson(b))
}
