/**
 * Who of the wanted contacts may have its number (rule R2.2), decided as the store decides it for those that are kept. Pure.
 * It needs the wishes of everybody who has a wished number now, and of nobody else.
 */

export type NumberWish = {
  readonly personId: number
  readonly sms: string | null
  /** The person has something that is no number: what the contact has stays. */
  readonly keepsSms: boolean
  /** The lowest person that wants the number, and Brevo never refused it. */
  readonly isFirst: boolean
}

export type Holding = {
  readonly sms: string
  /** Null: a contact that belongs to no person. */
  readonly ownerId: number | null
  /** Tajo gave it this number. */
  readonly written: boolean
  /** Brevo's people gave it this number since both sides last agreed. */
  readonly givenInBrevo: boolean
}

/** The persons that may have the number they want. */
export function grantNumbers(
  wishes: ReadonlyMap<number, NumberWish>,
  holdings: readonly Holding[],
): ReadonlySet<number> {
  const granted = new Set(
    [...wishes.values()].filter(({ isFirst }) => isFirst).map(({ personId }) => personId),
  )
  const holdersOf = Map.groupBy(holdings, ({ sms }) => sms)
  const givesUp = (holding: Holding): boolean => {
    const owner = holding.ownerId === null ? undefined : wishes.get(holding.ownerId)
    if (!owner || holding.givenInBrevo) return false
    if (granted.has(owner.personId)) return owner.sms !== holding.sms
    return holding.written && !owner.keepsSms
  }
  for (;;) {
    const refused = [...granted].filter((personId) => {
      const holders = holdersOf.get(wishes.get(personId)?.sms ?? '') ?? []
      return holders.some((holding) => holding.ownerId !== personId && !givesUp(holding))
    })
    // Who is refused one number keeps the other, which refuses the next: until nobody is.
    if (refused.length === 0) return granted
    for (const personId of refused) granted.delete(personId)
  }
}
