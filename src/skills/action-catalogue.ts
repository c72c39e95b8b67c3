/**
 * Every action a skill may name: its permission, its parameters, and what may follow from it. What resubscribes anybody is
 * not among them, and cannot be written (rule R4).
 */
import type { ParameterKind } from './parameter-kinds.ts'

export type ActionParameter = {
  readonly kind: ParameterKind
  readonly required?: true
  readonly about: string
}

export type ActionDefinition = {
  readonly permission: string
  readonly about: string
  readonly parameters: Readonly<Record<string, ActionParameter>>
  /** One of these has to be there. */
  readonly oneOf?: readonly string[]
  /** Changes in Pipedrive that follow from it, as triggers know them. */
  readonly causes: readonly string[]
  /** The pipeline does it for the skills that ship with Tajo; a skill of one's own cannot. */
  readonly pipelineOnly?: true
}

const whose = {
  email: { kind: 'email', about: 'Whose contact, by address; default: the contact of the event.' },
  contact_id: { kind: 'id', about: "Whose contact, by Brevo's id." },
} as const satisfies Record<string, ActionParameter>

const onRecord = {
  deal_id: { kind: 'id', about: 'The deal; default: the deal of the event.' },
  person_id: { kind: 'id', about: 'The person; default: the person of the event.' },
  org_id: { kind: 'id', about: 'The organization.' },
} as const satisfies Record<string, ActionParameter>

/** What Pipedrive counts on a record changes the record. */
const touched = ['deal updated', 'person updated', 'organization updated'] as const

export const ACTIONS: Readonly<Record<string, ActionDefinition>> = {
  'brevo/create-contact': {
    permission: 'contacts:write',
    about: 'Makes a contact, or updates the one that has the address.',
    parameters: {
      email: { kind: 'email', about: "Default: the address of the event's person." },
      attributes: { kind: 'attributes', about: 'Attributes by name.' },
    },
    causes: [],
  },
  'brevo/update-contact': {
    permission: 'contacts:write',
    about: 'Sets attributes of a contact, or blocklists it.',
    parameters: {
      ...whose,
      attributes: { kind: 'attributes', about: 'Attributes by name.' },
      emailBlacklisted: { kind: 'blocked', about: 'Only `true`: no more e-mails to the contact.' },
      smsBlacklisted: { kind: 'blocked', about: 'Only `true`: no more SMS to the contact.' },
    },
    oneOf: ['attributes', 'emailBlacklisted', 'smsBlacklisted'],
    causes: [],
  },
  'brevo/add-to-list': {
    permission: 'contacts:write',
    about: 'Puts a contact on a list, unless it is blocklisted or has unsubscribed from that list.',
    parameters: { ...whose, list_id: { kind: 'id', required: true, about: 'The list.' } },
    causes: [],
  },
  'brevo/remove-from-list': {
    permission: 'contacts:write',
    about: 'Takes a contact off a list.',
    parameters: { ...whose, list_id: { kind: 'id', required: true, about: 'The list.' } },
    causes: [],
  },
  'brevo/track-event': {
    permission: 'events:write',
    about: 'Sends an event for a contact; it may trigger other skills.',
    parameters: {
      ...whose,
      event: { kind: 'event', required: true, about: 'Name of the event; no template.' },
      properties: { kind: 'properties', about: 'Properties by name.' },
    },
    causes: [],
  },
  'brevo/update-company': {
    permission: 'companies:write',
    about: 'Sets attributes of a company.',
    parameters: {
      company_id: { kind: 'text', about: "Brevo's id; default: the company of the event's organization." },
      attributes: { kind: 'values', required: true, about: 'Attributes by internal name.' },
    },
    causes: [],
  },
  'brevo/update-deal': {
    permission: 'deals:write',
    about: "Sets attributes of one of Brevo's own deals.",
    parameters: {
      deal_id: { kind: 'crmId', required: true, about: "Brevo's id of the deal, not Pipedrive's." },
      attributes: {
        kind: 'values',
        required: true,
        about: 'Attributes by internal name, such as deal_name, amount, or pipeline and deal_stage.',
      },
    },
    causes: [],
  },
  'pipedrive/add-note': {
    permission: 'notes:write',
    about: 'Writes a note on a deal, a person or an organization.',
    parameters: {
      content: { kind: 'text', required: true, about: 'The text; HTML is allowed.' },
      ...onRecord,
    },
    causes: touched,
  },
  'pipedrive/add-activity': {
    permission: 'activities:write',
    about: 'Adds an activity, such as a call to make.',
    parameters: {
      subject: { kind: 'text', required: true, about: 'What is to be done.' },
      type: { kind: 'text', about: "The activity type's key; default: Pipedrive's own default." },
      due_date: { kind: 'date', about: 'YYYY-MM-DD.' },
      due_in: { kind: 'duration', about: 'The due date as a time from now, such as 2d.' },
      note: { kind: 'text', about: 'A note in it.' },
      owner_id: { kind: 'id', about: 'The user it is for.' },
      ...onRecord,
    },
    causes: ['activity added', ...touched],
  },
  'brevo/delete-contact': {
    permission: 'contacts:write',
    about: 'Deletes a contact.',
    parameters: {},
    causes: [],
    pipelineOnly: true,
  },
  'brevo/create-company': {
    permission: 'companies:write',
    about: 'Makes a company.',
    parameters: {},
    causes: [],
    pipelineOnly: true,
  },
  'pipedrive/read-records': {
    permission: 'records:read',
    about: 'Reads records into the mirror.',
    parameters: {},
    causes: [],
    pipelineOnly: true,
  },
}

/** What a skill of one's own may name. */
export const OWN_ACTIONS: readonly string[] = Object.keys(ACTIONS).filter(
  (name) => !ACTIONS[name]?.pipelineOnly,
)

export const PERMISSIONS: readonly string[] = [
  ...new Set(
    Object.values(ACTIONS).flatMap(({ permission }) => [permission, permission.replace('write', 'read')]),
  ),
]
