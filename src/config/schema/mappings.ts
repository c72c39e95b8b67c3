/** The blocks that map one name to another: fields, stages, webhooks, events and currencies. */
import { z } from 'zod'
import { eventName, listId, oneOf, text } from './leaf.ts'

const sourcePath = text('expected a field path such as name or custom_fields.industry', /^\S(?:.*[^.\s])?$/)

export const personMapping = z
  .record(
    sourcePath,
    text('expected the name of a Brevo attribute (letters, digits and _)', /^[A-Za-z][A-Za-z0-9_]*$/),
    { error: 'expected a block of "field: ATTRIBUTE"' },
  )
  .describe(
    'Person field to Brevo contact attribute. `email: email` is always part of it. Default: email, first_name: FIRSTNAME, last_name: LASTNAME, phone: SMS.',
  )

export const organizationMapping = z
  .record(sourcePath, text('expected the name of a Brevo company attribute', /^\S(?:.*\S)?$/), {
    error: 'expected a block of "field: attribute"',
  })
  .describe('Organization field to Brevo company attribute, with the attribute as Brevo spells it.')

export const dealStageMapping = z
  .record(
    text(
      'expected a stage id, won, lost, or "<pipeline>/<stage>"',
      /^(?:[1-9][0-9]{0,14}|won|lost|\s*[^/\s][^/]*\/\s*\S.*)$/,
    ),
    listId(),
    { error: 'expected a block of "stage: list id"' },
  )
  .describe('Deal stage to Brevo list id. Keys: a stage id, `won`, `lost`, or `"<pipeline>/<stage>"`.')

export const EVENT_ACTIONS = ['added', 'create', 'updated', 'change', 'deleted', 'delete', 'merged'] as const
export const EVENT_OBJECTS = ['person', 'deal', 'organization', 'activity', 'lead'] as const

export const webhooks = z
  .array(
    z.strictObject(
      {
        event_action: oneOf(EVENT_ACTIONS).describe('What happened, in the words of webhooks v1 or v2.'),
        event_object: oneOf(EVENT_OBJECTS).describe('What it happened to.'),
        brevo_event: eventName().describe('Name of the event in Brevo.'),
      },
      { error: 'expected event_action, event_object and brevo_event' },
    ),
    { error: 'expected a list of { event_action, event_object, brevo_event }' },
  )
  .describe('Changes in Pipedrive that become Brevo events.')

const dealEvent = (name: string, when: string) =>
  z
    .union([z.literal(false), eventName()], { error: 'expected an event name, or false for none' })
    .default(name)
    .describe(`Sent when a deal ${when}; false: never.`)

export const events = z
  .strictObject(
    {
      deal_stage_changed: dealEvent('deal_stage_changed', 'moves to another stage'),
      deal_won: dealEvent('deal_won', 'is won'),
      deal_lost: dealEvent('deal_lost', 'is lost'),
      deal_reopened: dealEvent('deal_reopened', 'is open again'),
      deal_fields: z
        .array(text('expected the key or name of a custom deal field', /^\S(?:.*\S)?$/), {
          error: 'expected a list of custom deal fields',
        })
        .default([])
        .describe('Custom deal fields, by key or name, that events of deals carry.'),
    },
    { error: 'expected a block of event names and deal_fields' },
  )
  .prefault({})
  .describe('Names of the events that deals send besides `webhooks`, and what they carry.')

const rate = 'expected a number above 0: the worth of one unit in the default currency of the account'

export const exchangeRates = z
  .record(
    text('expected a currency code of three capital letters, such as EUR', /^[A-Z]{3}$/),
    z.number({ error: rate }).positive({ error: rate }),
    { error: 'expected a block of "EUR: 1.08"' },
  )
  .default({})
  .describe('Currency to the worth of one unit in the default currency of the Pipedrive account.')
