/** The block `connectors.pipedrive`. */
import { isSupportedCountry } from 'libphonenumber-js/max'
import { z } from 'zod'
import { address, credential, flag, interval, listId, oneOf, text } from './leaf.ts'
import { dealStageMapping, personMapping, webhooks } from './mappings.ts'

const country = 'expected a country code of two letters, such as KR or DE (ISO 3166)'

const oauth = z
  .strictObject(
    {
      client_id: credential('the client id').optional().describe('Env: PIPEDRIVE_CLIENT_ID.'),
      client_secret: credential('the client secret').optional().describe('Env: PIPEDRIVE_CLIENT_SECRET.'),
    },
    { error: 'expected a block of client_id and client_secret' },
  )
  .optional()
  .describe('Credentials of your Pipedrive app, instead of `api_token`.')

const sync = z
  .strictObject(
    {
      persons: flag(true).describe('Persons become contacts.'),
      deals: flag(true).describe('Deals feed counts, revenue, lists and events.'),
      organizations: flag(true).describe('Organizations become companies.'),
      activities: flag(true).describe('Activities become events.'),
      leads: flag(true).describe('Leads feed lists and counts.'),
    },
    { error: 'expected a block of persons, deals, organizations, activities, leads' },
  )
  .prefault({})
  .describe('What is synchronised.')

const lists = z
  .strictObject(
    {
      all_contacts: listId().optional().describe('List of every synchronised contact.'),
      qualified_leads: listId().optional().describe('With an open deal or an unarchived lead.'),
      customers: listId().optional().describe('With a won deal, and not churned.'),
      churned: listId().optional().describe('With a won deal, no open one, and the newest closed deal lost.'),
    },
    { error: 'expected a block of list ids' },
  )
  .prefault({})
  .describe('Brevo list ids that contacts are put on.')

export const pipedrive = z
  .strictObject(
    {
      enabled: flag(true).describe('Whether this connector runs.'),
      api_token: credential('an API token').optional().describe('Env: PIPEDRIVE_API_TOKEN.'),
      oauth,
      company_domain: text(
        'expected the part of your Pipedrive address before .pipedrive.com',
        /^[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?$/,
      )
        .optional()
        .describe('`yourcompany` of yourcompany.pipedrive.com. Env: PIPEDRIVE_COMPANY_DOMAIN.'),
      api_url: address()
        .optional()
        .describe('Default: https://{company_domain}.pipedrive.com. Env: PIPEDRIVE_API_URL.'),
      oauth_url: address()
        .optional()
        .describe('Default: https://oauth.pipedrive.com. Env: PIPEDRIVE_OAUTH_URL.'),
      api_version: oneOf(['v2', 'v1'])
        .default('v2')
        .describe('`v1` uses the old endpoints where Pipedrive still answers them.'),
      sync_mode: oneOf(['realtime', 'batch', 'hybrid'])
        .default('hybrid')
        .describe('Webhooks, polling, or both.'),
      poll_interval: interval().default('5m').describe('Time between two polls, 5s to 7d.'),
      sync,
      lists,
      default_country: text(country, /^[A-Za-z]{2}$/)
        .refine((code) => isSupportedCountry(code.toUpperCase()), { error: country })
        .optional()
        .describe('Country of phone numbers without a country code.'),
      delete_behavior: oneOf(['soft', 'hard'])
        .default('soft')
        .describe('A deleted person leaves the lists (`soft`) or the contact is deleted (`hard`).'),
      backfill_events: flag(false).describe('Send events for what the first full sync finds.'),
      create_missing_attributes: flag(true).describe('Create mapped attributes that Brevo lacks.'),
      person_mapping: personMapping.optional(),
      field_mapping: personMapping.optional().describe('Another name of `person_mapping`.'),
      deal_stage_mapping: dealStageMapping.optional(),
      webhooks: webhooks.optional(),
    },
    { error: 'expected a block of settings' },
  )
  .prefault({})
  .describe('The Pipedrive account and what is done with it.')
