/** `tajo connectors`: which accounts, with which credentials. Credentials are never printed. */
import type { ConnectorName, ConnectorView } from '../../service/index.ts'
import { type CommandContext, withService } from '../command-context.ts'
import { EXIT, type ExitCode, usageError } from '../exit-codes.ts'
import type { Output } from '../output.ts'
import { printRemoval, refusedIn } from '../webhook-report-text.ts'

const NAMES: readonly ConnectorName[] = ['pipedrive', 'brevo']

export type ConnectOptions = { apiToken?: string; companyDomain?: string; apiKey?: string; oauth?: boolean }

export async function runConnect(
  context: CommandContext,
  name: ConnectorName,
  options: ConnectOptions,
): Promise<number> {
  const connect = connectionOf(context, name, options)
  return withService(context, async (service) => {
    const view = await connect(service.connections)
    context.output.document(view)
    context.output.print(`${context.output.style('green', '✓')} ${title(name)} is connected: ${view.detail}`)
    return EXIT.done
  })
}

type Connections = import('../../service/index.ts').Service['connections']

/** Everything that can be said about the line before anything is opened. */
function connectionOf(
  { environment: { variables } }: CommandContext,
  name: ConnectorName,
  options: ConnectOptions,
): (connections: Connections) => Promise<ConnectorView> {
  if (options.oauth === true) {
    throw usageError(
      name === 'brevo'
        ? 'Brevo is connected with an API key: tajo connectors connect brevo --api-key K.'
        : 'OAuth comes with a later release. Until then use the API token (Personal preferences > API): --api-token T --company-domain D.',
    )
  }
  if (name === 'brevo') {
    refuseForeign(name, { '--api-token': options.apiToken, '--company-domain': options.companyDomain })
    const apiKey = options.apiKey ?? variables.BREVO_API_KEY
    if (!apiKey) throw usageError('Give the key with --api-key, or in BREVO_API_KEY.')
    return (connections) => connections.connectBrevo({ apiKey })
  }
  refuseForeign(name, { '--api-key': options.apiKey })
  const apiToken = options.apiToken ?? variables.PIPEDRIVE_API_TOKEN
  if (!apiToken) throw usageError('Give the token with --api-token, or in PIPEDRIVE_API_TOKEN.')
  const companyDomain = (options.companyDomain ?? variables.PIPEDRIVE_COMPANY_DOMAIN) || null
  return (connections) => connections.connectPipedrive({ apiToken, companyDomain })
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
    const { forgotten, webhooks } = await service.connections.disconnect(name)
    context.output.document({ name, forgotten, webhooks })
    const left = webhooks === null ? [] : refusedIn(webhooks)
    context.output.print(
      forgotten
        ? `The stored credentials of ${title(name)} are forgotten.`
        : `No credentials of ${title(name)} were stored. What stands in the configuration is removed there.`,
    )
    if (webhooks !== null && !context.output.json) printRemoval(context.output, webhooks)
    return left.length === 0 ? EXIT.done : EXIT.incomplete
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
