/**
 * The commented tajo.yaml that `tajo init` writes. Only what was answered stands in it as a value; the rest
 * is a comment with its default. Credentials that were not given are named as environment variables.
 */

export type TemplateAnswers = Readonly<{
  companyDomain?: string | undefined
  /** Left out: the file names PIPEDRIVE_API_TOKEN; null: as a comment only, since the credential is kept elsewhere. */
  apiToken?: string | null | undefined
  /** Left out: the file names BREVO_API_KEY; null: as a comment only. */
  brevoApiKey?: string | null | undefined
  /** Brevo list ids. */
  lists?:
    | Readonly<{
        allContacts?: number | undefined
        qualifiedLeads?: number | undefined
        customers?: number | undefined
        churned?: number | undefined
      }>
    | undefined
  /** ISO 3166 alpha-2. */
  defaultCountry?: string | undefined
  /** Where the JSON Schema is, for editors. Default: in the installed package. */
  schema?: string | undefined
}>

/** YAML text that loads without faults once the variables it names are set. Answers are not checked here. */
export function renderTemplate(answers: TemplateAnswers = {}): string {
  const { lists = {} } = answers
  const anyList = Object.values(lists).some((id) => id !== undefined)
  const country = answers.defaultCountry
  return `# yaml-language-server: $schema=${answers.schema ?? './node_modules/@tajo/sdk/schema/tajo.schema.json'}
# Tajo: Pipedrive to Brevo. "tajo check" compares this file with both accounts, "tajo sync --dry-run" shows
# what a sync would do. \${NAME} is taken from the environment. All settings: docs/configuration.md

connectors:
  pipedrive:
    # Pipedrive: Personal preferences > API
    ${credential('api_token', answers.apiToken, 'PIPEDRIVE_API_TOKEN')}
    ${setting('company_domain', answers.companyDomain && literal(answers.companyDomain), '"yourcompany"')} # yourcompany.pipedrive.com
    ${setting('default_country', country && literal(country), 'KR')} # phone numbers without a country code are from here
    # sync_mode: hybrid # realtime (webhooks) | batch (polling) | hybrid (both)
    # poll_interval: 5m

    # What is synchronised; all of it unless you say false.
    sync:
      persons: true
      deals: true
      organizations: true
      activities: true
      leads: true

    # Brevo lists that contacts are put on, by id. Tajo takes nobody off a list it did not put them on.
    ${anyList ? '' : '# '}lists:
      ${setting('all_contacts', lists.allContacts, '60')} # everybody
      ${setting('qualified_leads', lists.qualifiedLeads, '61')} # an open deal or lead
      ${setting('customers', lists.customers, '62')} # a won deal
      ${setting('churned', lists.churned, '63')} # won once, lost last

brevo:
  # Brevo: Settings > SMTP & API > API keys
  ${credential('api_key', answers.brevoApiKey, 'BREVO_API_KEY')}

# Pipedrive person field: Brevo contact attribute. Missing attributes are created.
person_mapping:
  email: email # the identity
  first_name: FIRSTNAME
  last_name: LASTNAME
  phone: SMS
  org_id.name: COMPANY
  open_deals_count: OPEN_DEALS
  won_deals_count: WON_DEALS
  total_revenue: LTV
  # custom_fields.industry: INDUSTRY # key, exact name, or the name in snake case

# Stage id, "<pipeline>/<stage>", won or lost: Brevo list id.
# deal_stage_mapping:
#   1: 61
#   won: 62

# Changes in Pipedrive that become Brevo events, which can start automations.
webhooks:
  - { event_action: added, event_object: person, brevo_event: contact_created }
  - { event_action: added, event_object: deal, brevo_event: deal_created }
  - { event_action: added, event_object: activity, brevo_event: activity_logged }

# Changes in Brevo that go back to Pipedrive: docs/two-way.md. "tajo sync --dry-run" shows them first.
# reverse_sync:
#   enabled: true
#   conflict: newest # both sides changed: newest | pipedrive | brevo
#   consent_field: Brevo consent # a person field for what Brevo says; check --fix creates it
#   create_persons: never # contacts without a person: never | all | { lists: [60] }
#   fields: { SMS: to_brevo } # both | to_brevo | to_pipedrive; both where nothing is said

# server:
#   public_url: https://tajo.example.com # where Pipedrive and Brevo send their webhooks
`
}

/** A setting with its value, or as a comment with an example. */
function setting(name: string, value: string | number | undefined, example: string): string {
  return value === undefined || value === '' ? `# ${name}: ${example}` : `${name}: ${value}`
}

function credential(name: string, answer: string | null | undefined, variable: string): string {
  if (answer === null) return `# ${name}: ${quoted(`\${${variable}}`)}`
  return `${name}: ${answer === undefined ? quoted(`\${${variable}}`) : literal(answer)}`
}

/** The answer itself, whatever is in it: quoted for YAML, and not taken for a variable. */
function literal(answer: string): string {
  return quoted(answer.replaceAll('${', () => '$${'))
}

function quoted(text: string): string {
  return JSON.stringify(text)
}
