/**
 * Credentials and addresses: what the file says, else the environment. A variable is checked only when it
 * is used, and its value is never shown. Wrong values of the file are left to the schema.
 */
import type { Config, PipedriveConfig } from './config.ts'
import type { ConfigFault } from './config-error.ts'
import type { Variables } from './interpolate.ts'
import { type Located, locatedAt } from './located.ts'
import { isUnset } from './plain.ts'
import { schemaAt } from './schema/walk.ts'
import { settingsSchema } from './schema.ts'
import { normaliseUrl } from './urls.ts'

export type Accounts = Readonly<{
  pipedrive: Pick<PipedriveConfig, 'apiToken' | 'oauth' | 'companyDomain' | 'apiUrl' | 'oauthUrl'>
  brevo: Omit<Config['brevo'], 'apiKeyName'>
}>

const PIPEDRIVE = 'connectors.pipedrive'

/** Pushes a fault for each variable that is used and wrong. */
export function readAccounts(
  root: Located | undefined,
  variables: Variables,
  faults: ConfigFault[],
): Accounts {
  const isWritten = (setting: string) => isGiven(root, setting.split('.'))
  const read = (setting: string, variable: string) => {
    const path = setting.split('.')
    return isGiven(root, path) ? textAt(root, path) : readVariable(variables, variable, path, faults)
  }
  // One kind of credential in the file says that the other one is not meant, wherever it comes from.
  const apiToken = isWritten(`${PIPEDRIVE}.oauth`)
    ? null
    : read(`${PIPEDRIVE}.api_token`, 'PIPEDRIVE_API_TOKEN')
  const app = (block: string, prefix: 'PIPEDRIVE' | 'BREVO', isNeeded: boolean) => {
    const clientId = read(`${block}.client_id`, `${prefix}_CLIENT_ID`)
    const clientSecret = read(`${block}.client_secret`, `${prefix}_CLIENT_SECRET`)
    if (clientId !== null && clientSecret !== null) return { clientId, clientSecret }
    if (isNeeded) faults.push(...halfAppFaults(prefix, clientId, clientSecret))
    return null
  }
  const domain = read(`${PIPEDRIVE}.company_domain`, 'PIPEDRIVE_COMPANY_DOMAIN')?.toLowerCase() ?? null
  const apiUrl =
    read(`${PIPEDRIVE}.api_url`, 'PIPEDRIVE_API_URL') ??
    (domain === null ? null : `https://${domain}.pipedrive.com`)
  const oauthUrl = read(`${PIPEDRIVE}.oauth_url`, 'PIPEDRIVE_OAUTH_URL') ?? 'https://oauth.pipedrive.com'
  const brevoUrl = read('brevo.api_url', 'BREVO_API_URL') ?? 'https://api.brevo.com/v3'
  const apiKey = isWritten('brevo.oauth') ? null : read('brevo.api_key', 'BREVO_API_KEY')
  const brevoApp = apiKey === null ? app('brevo.oauth', 'BREVO', true) : null
  return {
    pipedrive: {
      apiToken,
      oauth: isWritten(`${PIPEDRIVE}.api_token`)
        ? null
        : app(`${PIPEDRIVE}.oauth`, 'PIPEDRIVE', apiToken === null),
      companyDomain: domain,
      apiUrl: apiUrl === null ? null : tidyUrl(apiUrl),
      oauthUrl: tidyUrl(oauthUrl),
    },
    brevo: {
      apiKey,
      oauth:
        brevoApp === null
          ? null
          : {
              ...brevoApp,
              scope: isWritten('brevo.oauth.scope') ? textAt(root, ['brevo', 'oauth', 'scope']) : null,
            },
      apiUrl: tidyUrl(brevoUrl),
      oauthUrl: originOf(read('brevo.oauth_url', 'BREVO_OAUTH_URL') ?? brevoUrl),
    },
  }
}

function halfAppFaults(
  prefix: 'PIPEDRIVE' | 'BREVO',
  clientId: string | null,
  clientSecret: string | null,
): readonly ConfigFault[] {
  if ((clientId === null) === (clientSecret === null)) return []
  const [given, missing, variable] =
    clientId === null
      ? ['client secret', 'client id', `${prefix}_CLIENT_ID`]
      : ['client id', 'client secret', `${prefix}_CLIENT_SECRET`]
  const message = `the ${given} of the ${prefix === 'BREVO' ? 'Brevo' : 'Pipedrive'} app is known, its ${missing} is not; set it here or in the file`
  return [{ path: variable, message, line: null, column: null }]
}

/** True when the file has something there, right or wrong. */
function isGiven(root: Located | undefined, path: readonly string[]): boolean {
  const node = locatedAt(root, path)
  return node !== undefined && !isUnset(node)
}

/** Text to go on with; when it is wrong the schema reports it, and what is made of it here is thrown away. */
function textAt(root: Located | undefined, path: readonly string[]): string {
  const node = locatedAt(root, path)
  return node?.kind === 'scalar' && typeof node.value === 'string' ? node.value : ''
}

/** A variable checked like the setting it stands for; empty is unset. */
function readVariable(
  variables: Variables,
  name: string,
  path: readonly string[],
  faults: ConfigFault[],
): string | null {
  const value = Object.hasOwn(variables, name) ? variables[name] : undefined
  if (!value) return null
  const issue = schemaAt(settingsSchema, path)?.safeParse(value).error?.issues[0]
  if (issue === undefined) return value
  faults.push({ path: name, message: issue.message, line: null, column: null })
  return null
}

function originOf(text: string): string {
  return URL.canParse(text) ? new URL(text).origin : text
}

function tidyUrl(text: string): string {
  return URL.canParse(text) ? normaliseUrl(text) : text
}
