/** Where Brevo differs from what a sync has to leave. What Tajo never promised is not looked at. */
import { isDeepStrictEqual } from 'node:util'
import type { BrevoNow, ExpectedContact } from './contact-oracle.ts'

/** Contacts that differ, both ways; what a renamed one brought along from before Tajo (list 2, a last name) is not asked for. */
export function differences(now: BrevoNow, expected: BrevoNow): unknown[] {
  const owned = (contact: ExpectedContact | undefined) => {
    if (contact === undefined) return null
    const { LASTNAME: _, ...attributes } = contact.attributes
    const { extId, sms, lists } = contact
    return { extId, sms, attributes, lists: lists.filter((id) => id !== 2) }
  }
  return [...new Set([...Object.keys(now), ...Object.keys(expected)])].flatMap((email) => {
    const [is, should] = [owned(now[email]), owned(expected[email])]
    return isDeepStrictEqual(is, should) ? [] : [{ email, is, should }]
  })
}

/** Contacts that were renamed along with their persons stand under their new addresses. */
export function onlyPresent(before: BrevoNow, now: BrevoNow): BrevoNow {
  return Object.fromEntries(Object.entries(before).filter(([email]) => now[email] !== undefined))
}
