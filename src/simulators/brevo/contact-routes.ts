/** `/contacts`, `/contacts/{identifier}` and the withdrawn `/contacts/batch`. */
import type { Hono } from 'hono'
import { lastDays, presentStatistics, STATISTICS_DAYS } from './campaign-statistics.ts'
import { applyChange, conflictsOf, readChange } from './contact-change.ts'
import { watchContact } from './contact-events.ts'
import { contactSelection } from './contact-filter.ts'
import type { Contact } from './contact-store.ts'
import { byKind, lookUp, presentContact } from './contact-views.ts'
import { createContact, deleteContact, updateContact } from './contact-writes.ts'
import { duplicateName } from './identifiers.ts'
import {
  batchWithdrawn,
  duplicateIdentifiers,
  invalidParameter,
  missingParameter,
  notFound,
} from './refusal.ts'
import { type Body, cutPage, readBody, readDays, readPage } from './request.ts'
import type { BrevoWorld } from './world.ts'

export function contactRoutes(app: Hono, world: BrevoWorld): void {
  app.get('/contacts', (c) => {
    const page = readPage(c, { standard: 50, most: 1000 })
    const found = world.contacts.select(contactSelection(c, world))
    const contacts = cutPage(found, page).map((contact) => presentContact(contact, world))
    return c.json({ contacts, count: found.length })
  })

  app.post('/contacts', async (c) => {
    const body = await readBody(c)
    const { contact, created } = createContact(body, world)
    return created || body.getId === true ? c.json({ id: contact.id }, 201) : c.body(null, 204)
  })

  app.post('/contacts/batch', async (c) => {
    if (world.switches.batch !== 'works') throw batchWithdrawn(world.switches.batch)
    updateBatch(await readBody(c), world)
    return c.body(null, 204)
  })

  app.get('/contacts/:identifier', (c) => {
    const period = readDays(c) ?? lastDays(world.nowMs())
    const contact = lookUp(world, c.req.param('identifier'), c.req.query('identifierType'), true)
    return c.json({
      ...presentContact(contact, world),
      statistics: presentStatistics(contact.history, period),
    })
  })

  app.get('/contacts/:identifier/campaignStats', (c) => {
    const period = readDays(c, STATISTICS_DAYS) ?? lastDays(world.nowMs())
    const { history } = lookUp(world, c.req.param('identifier'), undefined)
    return c.json(presentStatistics(history, period))
  })

  app.put('/contacts/:identifier', async (c) => {
    const contact = lookUp(world, c.req.param('identifier'), c.req.query('identifierType'))
    updateContact(contact, await readBody(c), world)
    return c.body(null, 204)
  })

  app.delete('/contacts/:identifier', (c) => {
    deleteContact(lookUp(world, c.req.param('identifier'), c.req.query('identifierType')), world)
    return c.body(null, 204)
  })
}

/** All or nothing: an unknown contact or a taken identifier leaves everybody as they were. */
function updateBatch(body: Body, world: BrevoWorld): void {
  if (!Array.isArray(body.contacts) || body.contacts.length === 0) {
    throw missingParameter('contacts is missing')
  }
  const entries = (body.contacts as Body[]).map((entry) => ({ entry, contact: batchTarget(entry, world) }))
  const unknown = entries.flatMap(({ contact }, index) => (contact ? [] : [index]))
  if (unknown.length > 0) throw notFound(`No contact found for indexes ${unknown.join(',')}`)
  const changes = entries.map(({ entry, contact }) => {
    const change = readChange(entry, world)
    const taken = conflictsOf(change, contact, world).map(({ kind }) => duplicateName(kind))
    if (taken.length > 0) throw duplicateIdentifiers('update', taken, world.switches.duplicateCode)
    return { contact: contact as Contact, change }
  })
  const wanted = new Set<string>()
  for (const { change } of changes) {
    for (const [kind, value] of change.identifiers) {
      if (value === undefined) continue
      if (wanted.has(`${kind} ${value}`)) {
        throw duplicateIdentifiers('update', [duplicateName(kind)], world.switches.duplicateCode)
      }
      wanted.add(`${kind} ${value}`)
    }
  }
  for (const { contact, change } of changes) {
    const announce = watchContact(contact, world)
    applyChange(contact, change, world, world.nowMs())
    announce(contact)
  }
}

function batchTarget(entry: Body, world: BrevoWorld): Contact | undefined {
  const given = ['email', 'id', 'sms'].filter((name) => entry[name] !== undefined)
  if (given.length !== 1) throw invalidParameter('Pass exactly one of email, id and sms')
  if (given[0] === 'id') return world.contacts.get(Number(entry.id))
  return byKind(world, given[0] === 'sms' ? 'SMS' : 'email', String(entry[given[0] as string]))
}
