/**
 * The grants of numbers for a draft, batch by batch, without keeping what is wanted: one walk before it notes the lowest person of
 * each number, and who has a wished number now is projected when the question comes up.
 */
import { readNumberHolders, readRefusedNumbers, type Store } from '../../store/index.ts'
import { SMS, type WantedContact } from '../model/index.ts'
import type { Plan } from '../projection/index.ts'
import { projectIdentities, walkIdentities } from '../reconcile/index.ts'
import { grantNumbers, type Holding, type NumberWish } from './grant-numbers.ts'

/** `taken`: by another contact; `refused`: Brevo once said that it is none. */
export type NumberVerdict = 'granted' | 'taken' | 'refused'

export type TrialNumbers = {
  /** By person, for those of these contacts that want a number. */
  judge(contacts: readonly WantedContact[]): Promise<ReadonlyMap<number, NumberVerdict>>
}

type Watching = {
  readonly signal?: AbortSignal | undefined
  readonly onProgress?: ((done: number) => void) | undefined
}

export async function readTrialNumbers(
  store: Store,
  connection: string,
  plan: Plan,
  { signal, onProgress }: Watching,
): Promise<TrialNumbers> {
  if (plan.sms === null) return { judge: async () => new Map() }
  const numbers = numbersOnly(plan)
  /** As much memory as the numbers take. */
  const lowest = new Map<string, number>()
  let done = 0
  for await (const identities of walkIdentities(store, connection)) {
    signal?.throwIfAborted()
    const projected = await projectIdentities(store, connection, numbers, identities)
    for (const { contact } of projected) {
      const { sms, personId } = contact
      if (sms !== null && personId < (lowest.get(sms) ?? Number.POSITIVE_INFINITY)) lowest.set(sms, personId)
    }
    done += identities.length
    onProgress?.(done)
  }
  return { judge: (contacts) => judgeNumbers(store, connection, numbers, lowest, contacts) }
}

async function judgeNumbers(
  store: Store,
  connection: string,
  plan: Plan,
  lowest: ReadonlyMap<string, number>,
  contacts: readonly WantedContact[],
): Promise<ReadonlyMap<number, NumberVerdict>> {
  const wishes = new Map<number, NumberWish>()
  const refused = new Set<number>()
  const ownerOf = new Map<string, number>()
  const holdings: Holding[] = []
  // Who has a wished number, who has what those wish for, and so on.
  let joining = contacts
  while (joining.length > 0) {
    const ids = joining.map(({ personId }) => personId)
    const numberOf = new Map(joining.map(({ personId, sms }) => [personId, sms]))
    for (const { person_id, sms } of await readRefusedNumbers(store.db, connection, ids))
      if (numberOf.get(person_id) === sms) refused.add(person_id)
    const wanted: string[] = []
    for (const { personId, email, sms, keep } of joining) {
      const isFirst = sms !== null && lowest.get(sms) === personId && !refused.has(personId)
      wishes.set(personId, { personId, sms, keepsSms: keep.includes(SMS), isFirst })
      ownerOf.set(email, personId)
      if (isFirst) wanted.push(sms)
    }
    const holders = await readNumberHolders(store.db, connection, wanted)
    const addresses = holders.flatMap(({ email, identity }) =>
      [email, identity].filter((item) => item !== null),
    )
    const unknown = [...new Set(addresses)].filter((address) => !ownerOf.has(address))
    joining = (await projectIdentities(store, connection, plan, unknown)).map(({ contact }) => contact)
    for (const { email, personId } of joining) ownerOf.set(email, personId)
    for (const { sms, email, person_id, written, given_in_brevo } of holders) {
      const ownerId = ownerOf.get(email ?? '') ?? person_id
      holdings.push({ sms, ownerId, written, givenInBrevo: given_in_brevo })
    }
  }
  const granted = grantNumbers(wishes, holdings)
  return new Map(
    contacts
      .filter(({ sms }) => sms !== null)
      .map(({ personId }) => [
        personId,
        refused.has(personId) ? 'refused' : granted.has(personId) ? 'granted' : 'taken',
      ]),
  )
}

/** The same plan as far as numbers go. */
function numbersOnly(plan: Plan): Plan {
  const needsOrganization =
    plan.sms?.kind === 'organization-name' || (plan.sms?.kind === 'field' && plan.sms.of === 'organization')
  const needs = {
    ...plan.needs,
    deals: plan.needs.deals && plan.sms?.kind === 'computed',
    activities: plan.needs.activities && plan.sms?.kind === 'computed',
    leads: plan.needs.leads && plan.sms?.kind === 'computed',
    organizations: needsOrganization,
  }
  return { ...plan, attributes: [], needs }
}
