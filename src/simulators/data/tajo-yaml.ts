/** The `tajo.yaml` that fits every data set. Credentials come from the environment. Changes go both ways. */

/** `rates`: one unit of a currency in the account's own. */
export function createTajoYaml(rates: Readonly<Record<string, number>> = {}): string {
  return `connectors:
  pipedrive:
    enabled: true
    api_token: "\${PIPEDRIVE_API_TOKEN}"
    company_domain: "yourcompany"
    sync:
      persons: true
      deals: true
      organizations: true
      activities: true
      leads: true
    lists:
      all_contacts: 60
      qualified_leads: 61
      customers: 62
      churned: 63
    default_country: KR

brevo:
  api_key: "\${BREVO_API_KEY}"

reverse_sync:
  enabled: true
  consent_field: "Brevo consent"

person_mapping:
  email: email
  name: FULLNAME
  first_name: FIRSTNAME
  last_name: LASTNAME
  phone: SMS
  org_id.name: COMPANY
  won_deals_count: WON_DEALS
  lost_deals_count: LOST_DEALS
  open_deals_count: OPEN_DEALS
  closed_deals_count: CLOSED_DEALS
  total_revenue: LTV
  custom_fields.lead_source: LEAD_SOURCE
  custom_fields.industry: INDUSTRY
  custom_fields.company_size: COMPANY_SIZE

deal_stage_mapping:
  1: 61 # Lead In
  2: 61 # Contact Made
  3: 62 # Proposal Made
  4: 62 # Negotiations Started
  "won": 63
  "lost": 64
${ratesText(rates)}`
}

function ratesText(rates: Readonly<Record<string, number>>): string {
  const lines = Object.entries(rates).map(([currency, rate]) => `  ${currency}: ${rate}\n`)
  return lines.length === 0 ? '' : `\nexchange_rates:\n${lines.join('')}`
}

/** The same with nothing going back to Pipedrive. */
export function oneWay(yaml: string): string {
  return yaml.replace(/^(reverse_sync:\n {2}enabled:) true$/m, '$1 false')
}
