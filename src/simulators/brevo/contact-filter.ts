/** The filters of `GET /contacts` as one selection (https://developers.brevo.com/reference/get-contacts). */
import type { Context } from 'hono'
import type { Contact, Selection } from './contact-store.ts'
import { isPhone, toPhoneDigits } from './identifiers.ts'
import { invalidParameter, notFound } from './refusal.ts'
import { readIds, readMoment } from './request.ts'
import type { BrevoWorld } from './world.ts'

const MOST_IDS = 20

/** Null when nothing is filtered. */
export function contactSelection(c: Context, world: BrevoWorld): Selection | null {
  const tests: ((contact: Contact) => boolean)[] = []
  const modifiedSince = readMoment(c, 'modifiedSince')
  const createdSince = readMoment(c, 'createdSince')
  if (modifiedSince !== undefined) tests.push((contact) => contact.modifiedAtMs > modifiedSince)
  if (createdSince !== undefined) tests.push((contact) => contact.createdAtMs > createdSince)
  const ids = readIds(c, 'ids')
  if (ids) {
    if (ids.length > MOST_IDS) throw invalidParameter(`ids must not have more than ${MOST_IDS} elements`)
    tests.push((contact) => ids.includes(contact.id))
  }
  const listIds = readIds(c, 'listIds')
  const segmentIds = readIds(c, 'segmentId')
  if (listIds && segmentIds) throw invalidParameter('Either listIds or segmentId can be passed')
  if (listIds) {
    if (!listIds.every((id) => world.lists.hasList(id))) throw invalidParameter('List ID does not exist')
    tests.push((contact) => listIds.some((id) => contact.listIds.has(id)))
  }
  if (segmentIds) {
    const segment = world.lists.segments.find(({ id }) => id === segmentIds[0])
    if (!segment) throw invalidParameter('Segment ID does not exist')
    const members = new Set(segment.contactIds)
    tests.push((contact) => members.has(contact.id))
  }
  const filter = c.req.query('filter')
  if (filter !== undefined) tests.push(attributeTest(filter, world))
  if (tests.length === 0) return null
  const key = JSON.stringify([modifiedSince, createdSince, ids, listIds, segmentIds, filter])
  return { key, matches: (contact) => tests.every((test) => test(contact)) }
}

/** The contacts of one list; `modifiedSince` narrows them. */
export function memberSelection(c: Context, listId: number): Selection {
  const modifiedSince = readMoment(c, 'modifiedSince') ?? Number.NEGATIVE_INFINITY
  return {
    key: `list ${listId} since ${modifiedSince}`,
    matches: (contact) => contact.listIds.has(listId) && contact.modifiedAtMs > modifiedSince,
  }
}

/** `equals(NAME,"value")`, the only operator. Several options of a multiple-choice attribute must all be there. */
function attributeTest(filter: string, world: BrevoWorld): (contact: Contact) => boolean {
  const match = /^equals\(\s*([A-Za-z0-9_-]+)\s*,\s*(?:"([^"]*)"|([^")]*))\s*\)$/.exec(filter)
  if (!match) throw invalidParameter('Invalid filter')
  const name = match[1] as string
  const wanted = match[2] ?? (match[3] as string).trim()
  if (name === 'EMAIL') return (contact) => contact.email === wanted.toLowerCase()
  const attribute = world.attributes.get(name)
  if (!attribute) throw notFound('Attribute does not exist')
  if (isPhone(name)) {
    const digits = toPhoneDigits(wanted)
    return (contact) => digits !== null && contact.attributes[name] === digits
  }
  if (attribute.category === 'category') {
    const option = attribute.enumeration?.find(
      ({ value, label }) => label === wanted || String(value) === wanted,
    )
    return (contact) => option !== undefined && contact.attributes[name] === String(option.value)
  }
  if (attribute.type === 'multiple-choice') {
    const options = wanted.split(',').map((each) => each.trim())
    return (contact) => {
      const chosen = contact.attributes[name]
      return Array.isArray(chosen) && options.every((option) => chosen.includes(option))
    }
  }
  return (contact) => {
    const value = contact.attributes[name]
    return value !== undefined && String(value) === wanted
  }
}
