/** `tajo connectors`: which accounts, with which credentials. Credentials are never printed. */
import type { ConnectorName, ConnectorView, Service } from '../../service/index.ts'
import { type CommandContext, withService } from '../command-context.ts'
import { EXIT, type ExitCode, usageError } from '../exit-codes.ts'
import type { Output } from '../output.ts'
import { printRemoval, refusedIn } from '../webhook-report-text.ts'

const NAMES: readonly ConnectorName[] = ['pipedrive', 'brevo']

type Connect = (service: Service) => Promise<ConnectorView>

export type ConnectOptions = {
  apiToken?: string
  companyDomain?: string
  oauth?: boolean
  apiKey?: string
  clientId?: string
  clientSecret?: string
  scope?: string
}

export async function runConnect(
  context: CommandContext,
  name: ConnectorName,
  options: ConnectOptions,
): Promise<number> {
  const connect = connectionOf(context, name, options)
  return withService(context, async (service) => {
    const view = await connect(service)
    context.output.document(view)
    context.output.print(`${context.output.style('green', '✓')} ${title(name)} is connected: ${view.detail}`)
    return EXIT.done
  })
}

/** Everything that can be said about the line before anything is opened. */
function connectionOf(context: CommandContext, name: ConnectorName, options: ConnectOptions): Connect {
  return name === 'brevo' ? brevoConnection(context, options) : pipedriveConnection(context, options)
}

function pipedriveConnection(context: CommandContext, options: ConnectOptions): Connect {
  const { variables } = context.environment
  const { apiKey, clientId, clientSecret, scope } = options
  const brevos = { '--api-key': apiKey, '--client-id': clientId, '--client-secret': clientSecret }
  refuseForeign('pipedrive', { ...brevos, '--scope': scope })
  if (options.oauth === true) {
    if (options.apiToken !== undefined) throw usageError('Give either --oauth or --api-token.')
    return async (service) => {
      const { connectThroughBrowser } = await import('./connect-oauth.ts')
      return connectThroughBrowser(context, service)
    }
  }
  const apiToken = options.apiToken ?? variables.PIPEDRIVE_API_TOKEN
  if (!apiToken)
    throw usageError('Give the token with --api-token, or in PIPEDRIVE_API_TOKEN; or use --oauth.')
  const companyDomain = (options.companyDomain ?? variables.PIPEDRIVE_COMPANY_DOMAIN) || null
  return (service) => service.connections.connectPipedrive({ apiToken, companyDomain })
}

function brevoConnection({ environment: { variables } }: CommandContext, options: ConnectOptions): Connect {
  refuseForeign('brevo', { '--api-token': options.apiToken, '--company-domain': options.companyDomain })
  if (options.oauth === true)
    throw usageError(
      '--oauth belongs to Pipedrive. A private app of Brevo: --client-id ID --client-secret S.',
    )
  const { scope = null } = options
  const isApp = options.clientId !== undefined || options.clientSecret !== undefined || scope !== null
  if (isApp && options.apiKey !== undefined) throw usageError('Give either --api-key or --client-id.')
  const apiKey = isApp ? undefined : (options.apiKey ?? variables.BREVO_API_KEY)
  if (apiKey) return (service) => service.connections.connectBrevo({ apiKey })
  const clientId = options.clientId ?? variables.BREVO_CLIENT_ID
  const clientSecret = options.clientSecret ?? variables.BREVO_CLIENT_SECRET
  if (clientId && clientSecret)
    return (service) => service.connections.connectBrevoApp({ clientId, clientSecret, scope })
  throw usageError(
    isApp
      ? 'A private app has both: --client-id and --client-secret (or BREVO_CLIENT_ID and BREVO_CLIENT_SECRET).'
      : 'Give the key with --api-key, or in BREVO_API_KEY; or a private app with --client-id and --client-secret.',
  )
}

function refuseForeign(name: ConnectorName, given: Record<string, string | undefined>): void {
  const foreign = Object.keys(given).find((flag) => given[flag] !== undefined)
  if (foreign !== undefined) throw usageError(`${foreign} does not belong to ${title(name)}.`)
}

export function runList(context: CommandContext): Promise<number> {
  return withService(context, async (service) => {
    const connectors = await service.connections.list()
    context.output.document({ connectors })
    if (!context.output.json) printConnectors(context.output, connectors)
    return EXIT.done
  })
}

/** Calls one service, or both. */
export function runTest(context: CommandContext, name: ConnectorName | undefined): Promise<number> {
  return withService(context, async (service) => {
    const names = name === undefined ? NAMES : [name]
    const connectors = await Promise.all(names.map((each) => service.connections.test(each)))
    context.output.document({ connectors })
    if (!context.output.json) printConnectors(context.output, connectors)
    return Math.max(...connectors.map(exitCodeOfView))
  })
}

export function runDisconnect(context: CommandContext, name: ConnectorName): Promise<number> {
  return withService(context, async (service) => {
    const { forgotten, webhooks, revoked } = await service.connections.disconnect(name)
    context.output.document({ name, forgotten, webhooks, revoked })
    const left = webhooks === null ? [] : refusedIn(webhooks)
    context.output.print(
      forgotten
        ? `The stored credentials of ${title(name)} are forgotten.`
        : `No credentials of ${title(name)} were stored. What stands in the configuration is removed there.`,
    )
    if (revoked === true) context.output.print('Pipedrive was told: the app is uninstalled there.')
    if (revoked === false)
      context.output.print(
        'Pipedrive could not be told: uninstall the app there (Settings > Marketplace apps).',
      )
    if (webhooks !== null && !context.output.json) printRemoval(context.output, webhooks)
    return left.length === 0 && revoked !== false ? EXIT.done : EXIT.incomplete
  })
}

function exitCodeOfView({ credentials, state }: ConnectorView): ExitCode {
  if (state === 'ok') return EXIT.done
  if (credentials === 'none') return EXIT.configuration
  return state === 'refused' ? EXIT.paused : EXIT.incomplete
}

function printConnectors(output: Output, connectors: readonly ConnectorView[]): void {
  const styles = { ok: 'green', untested: 'dim', refused: 'red', unreachable: 'red' } as const
  output.table(
    ['Connector', 'Credentials', 'State', 'Address', 'Detail'],
    connectors.map((view) => [
      title(view.name),
      view.credentials,
      output.style(styles[view.state], view.state),
      view.apiUrl ?? '-',
      view.detail,
    ]),
  )
}

function title(name: ConnectorName): string {
  return name === 'pipedrive' ? 'Pipedrive' : 'Brevo'
}
