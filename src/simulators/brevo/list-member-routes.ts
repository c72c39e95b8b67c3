/**
 * Who is on a list: listing, adding, removing (https://developers.brevo.com/reference/add-contact-to-list).
 * Part of a request may fail inside a 201. Addresses are compared as they are, as the vendor was seen to do.
 */
import type { Hono } from 'hono'
import { watchContact } from './contact-events.ts'
import { memberSelection } from './contact-filter.ts'
import type { Contact } from './contact-store.ts'
import { presentContact } from './contact-views.ts'
import { invalidParameter } from './refusal.ts'
import { type Body, cutPage, pathId, readBody, readPage } from './request.ts'
import type { BrevoWorld } from './world.ts'

const MOST_AT_ONCE = 150
const NONE_ADDED = 'Contact already in list and/or does not exist'
const NONE_REMOVED = 'Contact already removed from list and/or does not exist'

export function listMemberRoutes(app: Hono, world: BrevoWorld): void {
  app.get('/contacts/lists/:listId/contacts', (c) => {
    const { id } = world.lists.list(pathId(c, 'listId'))
    const page = readPage(c, { standard: 50, most: 500 })
    const found = world.contacts.select(memberSelection(c, id))
    const contacts = cutPage(found, page).map((contact) => presentContact(contact, world))
    return c.json({ contacts, count: found.length })
  })

  app.post('/contacts/lists/:listId/contacts/add', async (c) => {
    const { id } = world.lists.list(pathId(c, 'listId'))
    const outcome = move(await readBody(c), world, (contact) => {
      if (contact.listIds.has(id)) return false
      world.contacts.joinList(contact, id)
      return true
    })
    if (outcome.success.length === 0 && world.switches.noneMovedIs400) throw invalidParameter(NONE_ADDED)
    return c.json({ contacts: outcome }, 201)
  })

  app.post('/contacts/lists/:listId/contacts/remove', async (c) => {
    const { id } = world.lists.list(pathId(c, 'listId'))
    const body = await readBody(c)
    if (body.all !== undefined) return c.json({ contacts: emptyList(body, id, world) }, 201)
    const outcome = move(body, world, (contact) => {
      if (!contact.listIds.has(id)) return false
      world.contacts.leaveList(contact, id)
      return true
    })
    if (outcome.success.length === 0 && world.switches.noneMovedIs400) throw invalidParameter(NONE_REMOVED)
    return c.json({ contacts: outcome }, 201)
  })
}

type Outcome = { success: (string | number)[]; failure: (string | number)[] }

function move(body: Body, world: BrevoWorld, act: (contact: Contact) => boolean): Outcome {
  const given = (['emails', 'ids', 'extIds'] as const).filter((name) => body[name] !== undefined)
  const [kind] = given
  if (given.length !== 1 || kind === undefined) {
    throw invalidParameter('Pass exactly one of emails, ids and extIds')
  }
  const keys = body[kind]
  const type = kind === 'ids' ? 'number' : 'string'
  const isList = Array.isArray(keys) && keys.length > 0 && keys.every((key) => typeof key === type)
  if (!isList) throw invalidParameter(`Invalid ${kind} format`)
  if (keys.length > MOST_AT_ONCE) {
    throw invalidParameter(`${kind} must not have more than ${MOST_AT_ONCE} elements`)
  }
  const outcome: Outcome = { success: [], failure: [] }
  for (const key of keys as (string | number)[]) {
    const contact = memberOf(kind, key, world)
    const announce = watchContact(contact, world)
    if (contact && act(contact)) {
      world.contacts.touch(contact, world.nowMs())
      announce(contact)
      outcome.success.push(key)
    } else outcome.failure.push(key)
  }
  return outcome
}

function memberOf(
  kind: 'emails' | 'ids' | 'extIds',
  key: string | number,
  { contacts, switches }: BrevoWorld,
): Contact | undefined {
  if (typeof key === 'number') return contacts.get(key)
  if (kind === 'extIds') return contacts.find('EXT_ID', key)
  return contacts.find('email', switches.listEmailsExact ? key : key.trim().toLowerCase())
}

/** `{ all: true }` empties the list in the background. */
function emptyList(body: Body, listId: number, world: BrevoWorld): { total: number; processId: number } {
  if (body.all !== true || Object.keys(body).length > 1) throw invalidParameter('Invalid all format')
  const total = world.contacts.listSize(listId)
  const { importTime } = world.switches
  const { apiKeyName } = world.actor
  const process = world.processes.add(
    {
      name: 'LIST_USERS_REMOVAL',
      durationMs: importTime.baseMs + (total * importTime.perRowUs) / 1000,
      outcome: 'completed',
      work: (atMs) => {
        world.actor.as(apiKeyName, () => {
          for (const contact of world.contacts.all()) {
            if (!contact.listIds.has(listId)) continue
            const announce = watchContact(contact, world)
            world.contacts.leaveList(contact, listId)
            world.contacts.touch(contact, atMs)
            announce(contact)
          }
        })
        return null
      },
    },
    world.nowMs(),
  )
  return { total, processId: process.id }
}
