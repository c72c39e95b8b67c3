/**
 * One action, as calls of the two clients. Nothing here takes anybody off a blocklist, or puts somebody back on a list that they
 * have left (rule R4); what may have arrived is looked for before it is asked for again.
 */
import { TajoError } from '../../base/error.ts'
import type { JsonObject } from '../../base/json.ts'
import type { BrevoContact } from '../../brevo/index.ts'
import { isErased, type SkillRunRow, type SkillStep } from '../../store/index.ts'
import { deliverEvent, type OutgoingEvent } from '../../sync/destination/index.ts'
import { findEvents } from '../../sync/feedback/index.ts'
import type { SkillContext } from './context.ts'
import { markOf } from './origin.ts'
import { addActivity, addNote, hasActivity, hasNote } from './pipedrive-actions.ts'

export type Performed =
  | { readonly kind: 'done'; readonly result: string }
  /** It may have arrived: look before it is asked for again. */
  | { readonly kind: 'uncertain'; readonly error: TajoError }

export type Performing = {
  readonly context: SkillContext
  readonly run: SkillRunRow
  readonly step: number
  readonly action: SkillStep
}

/** Throws what the service refuses, and what cannot be asked for. */
export async function perform(performing: Performing): Promise<Performed> {
  const { context, action } = performing
  const { brevo, signal } = context
  const options = { lane: 'live', signal } as const
  const values = action.parameters
  switch (action.name) {
    case 'brevo/create-contact': {
      const email = textOf(action, 'email')
      if (await isErased(context.store.db, context.connection, email))
        return done('left out: the address was erased')
      const { id } = await brevo.contacts.create(
        { email, ...attributesOf(values), updateEnabled: true },
        options,
      )
      return done(id === null ? 'updated' : `contact ${id} made`)
    }
    case 'brevo/update-contact': {
      const { identifier, type } = whoseOf(action)
      await brevo.contacts.update(
        identifier,
        type,
        {
          ...attributesOf(values),
          ...(values.emailBlacklisted === true ? { emailBlacklisted: true } : {}),
          ...(values.smsBlacklisted === true ? { smsBlacklisted: true } : {}),
        },
        options,
      )
      return done(`contact ${identifier} updated`)
    }
    case 'brevo/add-to-list':
    case 'brevo/remove-from-list':
      return done(await changeList(performing))
    case 'brevo/track-event':
      return track(performing)
    case 'brevo/update-company':
      await brevo.companies.update(textOf(action, 'company_id'), attributesOf(values), options)
      return done(`company ${values.company_id} updated`)
    case 'brevo/update-deal':
      await brevo.deals.update(textOf(action, 'deal_id'), attributesOf(values), options)
      return done(`deal ${values.deal_id} updated`)
    case 'pipedrive/add-note':
      return certain(() => addNote(performing))
    case 'pipedrive/add-activity':
      return certain(() => addActivity(performing))
    default:
      throw new Error(`nobody knows how to do ${action.name}`)
  }
}

/**
 * What became of an action that was asked for and not answered: done, or null when it can be asked for again. What is harmless
 * to repeat is not looked for.
 */
export async function lookFor(performing: Performing): Promise<string | null> {
  const { context, run, action } = performing
  switch (action.name) {
    case 'brevo/track-event': {
      const event = await outgoing(performing)
      const sought = {
        key: keyOf(performing),
        name: event.name,
        occurredAt: event.occurredAt,
        contactId: event.contactId,
      }
      const found = await findEvents(context.brevo, [sought], context.signal)
      return found.has(sought.key) ? `event ${event.name} sent` : null
    }
    case 'pipedrive/add-note':
      return (await hasNote(performing, markOf(run, performing.step))) ? 'note written' : null
    case 'pipedrive/add-activity':
      return (await hasActivity(performing, markOf(run, performing.step))) ? 'activity added' : null
    default:
      return null
  }
}

/** A list is changed only where it makes a difference, and nobody is put where they have left or may not be written to. */
async function changeList({ context, action }: Performing): Promise<string> {
  const { brevo, signal } = context
  const options = { lane: 'live', signal } as const
  const listId = Number(action.parameters.list_id)
  const contact = await contactOf(context, action)
  const isMember = contact.listIds?.includes(listId) ?? false
  if (action.name === 'brevo/remove-from-list') {
    if (!isMember) return `contact ${contact.id} is not on list ${listId}`
    await brevo.lists.removeContacts(listId, { ids: [contact.id] }, options)
    return `contact ${contact.id} taken off list ${listId}`
  }
  if (isMember) return `contact ${contact.id} is on list ${listId}`
  if (contact.emailBlacklisted === true) return `left out: contact ${contact.id} is blocklisted`
  if (contact.listUnsubscribed?.includes(listId))
    return `left out: contact ${contact.id} has unsubscribed from list ${listId}`
  await brevo.lists.addContacts(listId, { ids: [contact.id] }, options)
  return `contact ${contact.id} put on list ${listId}`
}

function contactOf({ brevo, signal }: SkillContext, action: SkillStep): Promise<BrevoContact> {
  const { identifier, type } = whoseOf(action)
  return brevo.contacts.get(identifier, type, { lane: 'live', signal })
}

async function track(performing: Performing): Promise<Performed> {
  const event = await outgoing(performing)
  const outcome = await deliverEvent(performing.context.brevo, event, performing.context.signal)
  if (outcome.kind === 'accepted') return done(`event ${event.name} sent`)
  if (outcome.kind === 'uncertain') return { kind: 'uncertain', error: outcome.error }
  throw outcome.error
}

/** The same at every try: found again by its `event_id`. */
async function outgoing(performing: Performing): Promise<OutgoingEvent> {
  const { context, run, action } = performing
  const values = action.parameters
  const contactId =
    values.contact_id === undefined ? (await contactOf(context, action)).id : Number(values.contact_id)
  const properties = (values.properties ?? {}) as Readonly<Record<string, string | number | boolean>>
  return {
    id: run.id,
    name: textOf(action, 'event'),
    contactId,
    occurredAt: String(values.event_date),
    properties: { ...properties, event_id: keyOf(performing) },
  }
}

/** The `event_id` of a tracked event. */
export function keyOf({ run, step }: Pick<Performing, 'run' | 'step'>): string {
  return `skill:${run.skill}:${step}:${run.key}`
}

async function certain(work: () => Promise<string>): Promise<Performed> {
  try {
    return done(await work())
  } catch (error) {
    if (error instanceof TajoError && 'applied' in error && error.applied !== 'no')
      return { kind: 'uncertain', error }
    throw error
  }
}

function done(result: string): Performed {
  return { kind: 'done', result }
}

function whoseOf(action: SkillStep): { identifier: string | number; type: 'contact_id' | 'email_id' } {
  const { contact_id: id, email } = action.parameters
  if (id !== undefined) return { identifier: Number(id), type: 'contact_id' }
  if (typeof email === 'string') return { identifier: email, type: 'email_id' }
  throw needed(action, 'contact_id')
}

function attributesOf({ attributes }: JsonObject): {
  attributes?: Record<string, string | number | boolean>
} {
  return attributes === undefined
    ? {}
    : { attributes: attributes as Record<string, string | number | boolean> }
}

function textOf(action: SkillStep, name: string): string {
  const value = action.parameters[name]
  if (value === undefined || value === null) throw needed(action, name)
  return String(value)
}

function needed({ name }: SkillStep, parameter: string): TajoError {
  return new TajoError({
    code: 'skill_value_missing',
    message: `${name}: there is no value for ${parameter}, and the event gives none. Give the action one, or let another event trigger the skill.`,
  })
}
