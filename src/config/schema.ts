/**
 * Every setting of tajo.yaml with its sentence and its default: the single source of the checks, of
 * schema/tajo.schema.json and of the list in docs/configuration.md. What spans several settings is checked
 * in the files beside load.ts, so that one fault never hides another.
 */
import { z } from 'zod'
import { address, credential, flag, listId, oneOf, reference, text, wholeNumber } from './schema/leaf.ts'
import {
  dealStageMapping,
  events,
  exchangeRates,
  organizationMapping,
  personMapping,
  webhooks,
} from './schema/mappings.ts'
import { pipedrive } from './schema/pipedrive.ts'
import { skills, skillsDirectory } from './schema/skills.ts'

const brevo = z
  .strictObject(
    {
      api_key: credential('an API key').optional().describe('Env: BREVO_API_KEY.'),
      oauth: z
        .strictObject(
          {
            client_id: credential('the client id').optional().describe('Env: BREVO_CLIENT_ID.'),
            client_secret: credential('the client secret').optional().describe('Env: BREVO_CLIENT_SECRET.'),
            scope: text('expected scopes divided by spaces, such as "contacts:read contacts:write"', /\S/)
              .optional()
              .describe('Scopes to ask for; left out: all that the app has.'),
          },
          { error: 'expected a block of client_id and client_secret' },
        )
        .optional()
        .describe(
          'Credentials of a private app of yours in Brevo (machine to machine), instead of `api_key`.',
        ),
      api_url: address().optional().describe('Default: https://api.brevo.com/v3. Env: BREVO_API_URL.'),
      oauth_url: address()
        .optional()
        .describe('Where tokens come from. Default: the host of `api_url`. Env: BREVO_OAUTH_URL.'),
      api_key_name: text('expected the name of the API key as Brevo shows it', /\S/)
        .optional()
        .describe(
          'Name of the API key in Brevo, if no other integration uses that key: saves looking at echoes.',
        ),
    },
    { error: 'expected a block of settings' },
  )
  .prefault({})
  .describe('The Brevo account.')

const reverseSync = z
  .strictObject(
    {
      enabled: flag(false).describe('Carry changes from Brevo back to Pipedrive.'),
      conflict: oneOf(['newest', 'pipedrive', 'brevo'])
        .default('newest')
        .describe('Who wins when both sides changed.'),
      create_persons: z
        .union(
          [
            z.enum(['never', 'all']),
            z.strictObject({
              lists: z
                .array(listId(), { error: 'expected a list of Brevo list ids' })
                .min(1, { error: 'expected at least one Brevo list id' })
                .describe('Only contacts on these lists.'),
            }),
          ],
          { error: 'expected never, all, or { lists: [ids] }' },
        )
        .default('never')
        .describe('Whether contacts without a person become persons: `never`, `all` or `{ lists: [ids] }`.'),
      consent_field: text('expected the key, name or slug of a Pipedrive field', /\S/)
        .nullable()
        .default(null)
        .describe('Pipedrive custom field that receives the consent.'),
      person_owner: reference('expected the id, e-mail or name of a Pipedrive user').describe(
        'Who owns new persons; left out: the user of the token.',
      ),
      person_label: reference('expected the name or id of a person label').describe('Label of new persons.'),
      fields: z
        .record(
          text('expected the name of a Brevo attribute', /^[A-Za-z][A-Za-z0-9_]*$/),
          oneOf(['both', 'to_brevo', 'to_pipedrive']),
          { error: 'expected a block of "ATTRIBUTE: direction"' },
        )
        .default({})
        .describe('Direction per attribute; `both` where nothing is said.'),
      resurrect: flag(false).describe('Push a person again whose contact was deleted in Brevo.'),
    },
    { error: 'expected a block of settings' },
  )
  .prefault({})
  .describe('Brevo to Pipedrive.')

const dedupe = z
  .strictObject(
    {
      survivor: oneOf(['lead', 'oldest', 'most_deals'])
        .default('lead')
        .describe('Who survives a merge; `lead`: whose values the contact shows.'),
    },
    { error: 'expected a block of settings' },
  )
  .prefault({})
  .describe('Merging persons that share an address.')

const server = z
  .strictObject(
    {
      port: wholeNumber('expected a port number from 0 to 65535', 0, 65_535)
        .default(8025)
        .describe('Port of the server and its page; 0: any free one.'),
      public_url: address().optional().describe('Address under which the services reach this server.'),
      behind_proxy: flag(false).describe('One reverse proxy stands in front and sets X-Forwarded-For.'),
    },
    { error: 'expected a block of settings' },
  )
  .prefault({})
  .describe('The server.')

export const settingsSchema = z.strictObject(
  {
    connectors: z
      .strictObject({ pipedrive }, { error: 'expected a block with pipedrive in it' })
      .prefault({})
      .describe('The platforms that are connected; here: pipedrive.'),
    brevo,
    reverse_sync: reverseSync,
    server,
    person_mapping: personMapping.optional(),
    field_mapping: personMapping.optional().describe('Another name of `person_mapping`.'),
    organization_mapping: organizationMapping.optional(),
    deal_stage_mapping: dealStageMapping.optional(),
    webhooks: webhooks.optional(),
    events,
    exchange_rates: exchangeRates,
    dedupe,
    skills,
    skills_directory: skillsDirectory,
  },
  { error: 'expected a block of settings such as "connectors:" and "brevo:"' },
)

/** The settings as the schema lets them through, defaults filled in. */
export type Settings = z.output<typeof settingsSchema>
