/** The two accounts: connecting them, keeping them in step, and what they send. */
import { TajoError } from '../base/error.ts'
import type { Call, CallOptions, ProgressOptions } from './caller.ts'
import type {
  ConnectorName,
  ConnectorView,
  Disconnection,
  StatusReport,
  SyncReport,
  WebhookReceipt,
} from './shapes.ts'
import { readWebhookInput, type WebhookInput } from './webhook-input.ts'

export type { TopicMessage, WebhookInput } from './webhook-input.ts'

export type PipedriveCredentials = {
  /** Pipedrive: Personal preferences > API. */
  readonly apiToken: string | undefined
  /** The `yourcompany` of yourcompany.pipedrive.com. */
  readonly companyDomain?: string | null | undefined
}

export type BrevoCredentials = {
  /** Brevo: Settings > SMTP & API > API keys. */
  readonly apiKey: string | undefined
}

export type SyncOptions = ProgressOptions & {
  /** Reads everything, not only what changed. */
  readonly full?: boolean | undefined
  /** Writes to neither side; the report says what would be written. */
  readonly dryRun?: boolean | undefined
}

export type Connectors = {
  /** Tests the credentials and stores them encrypted. Throws the service's refusal, and stores nothing then. */
  connect(name: 'pipedrive', credentials: PipedriveCredentials, options?: CallOptions): Promise<ConnectorView>
  connect(name: 'brevo', credentials: BrevoCredentials, options?: CallOptions): Promise<ConnectorView>
  /** Both, and where their credentials come from; asks no service. */
  list(options?: CallOptions): Promise<readonly ConnectorView[]>
  get(name: ConnectorName, options?: CallOptions): Promise<ConnectorView>
  /** Asks the service now. */
  test(name: ConnectorName, options?: CallOptions): Promise<ConnectorView>
  /** Takes our webhooks there away and forgets the stored credentials. */
  disconnect(name: ConnectorName, options?: CallOptions): Promise<Disconnection>
  /** One pass over both accounts. The first one has to be complete before events are sent. */
  sync(options?: SyncOptions): Promise<SyncReport>
  sync(name: 'pipedrive', options?: SyncOptions): Promise<SyncReport>
  /** Whether both sides are in step, what waits, and the last runs. */
  status(name?: 'pipedrive', options?: CallOptions): Promise<StatusReport>
  /**
   * What your own route received: the body as it came, or a topic with a payload. Resolves once it is kept for good and, where
   * the engine runs in this process, brought to the other side as far as that goes now.
   */
  handleWebhook(name: ConnectorName, input: WebhookInput, options?: CallOptions): Promise<WebhookReceipt>
}

export function createConnectors(
  call: Call,
  { brevoApiKey }: { readonly brevoApiKey: string | undefined },
): Connectors {
  const list = (options?: CallOptions): Promise<readonly ConnectorView[]> =>
    call('connectors.list', {}, options)
  return {
    async connect(
      name: ConnectorName,
      credentials: PipedriveCredentials | BrevoCredentials,
      options?: CallOptions,
    ) {
      if (name === 'brevo') {
        const apiKey = given('apiKey' in credentials ? credentials.apiKey : undefined, 'brevo', 'apiKey')
        return call('connectors.connectBrevo', { apiKey }, options)
      }
      const { apiToken, companyDomain = null } = credentials as PipedriveCredentials
      const token = given(apiToken, 'pipedrive', 'apiToken')
      const view = await call('connectors.connectPipedrive', { apiToken: token, companyDomain }, options)
      if (brevoApiKey) await call('connectors.connectBrevo', { apiKey: brevoApiKey }, options)
      return view
    },
    list,
    async get(name, options) {
      const found = (await list(options)).find((view) => view.name === name)
      if (found === undefined) throw unknownConnector(name)
      return found
    },
    test: (name, options) => call('connectors.test', { name }, options),
    disconnect: (name, options) => call('connectors.disconnect', { name }, options),
    sync(first?: 'pipedrive' | SyncOptions, second?: SyncOptions) {
      if (typeof first === 'string' && first !== 'pipedrive') throw unknownConnector(first)
      const { full, dryRun, ...options } = (typeof first === 'string' ? second : first) ?? {}
      return call('sync.run', { full, dryRun }, options)
    },
    status: (_name, options) => call('status.read', {}, options),
    async handleWebhook(source, input, options) {
      if (source !== 'pipedrive' && source !== 'brevo') throw unknownConnector(source)
      return call('webhooks.receive', { source, body: readWebhookInput(input) }, options)
    },
  }
}

function given(value: string | undefined, connector: ConnectorName, field: string): string {
  if (typeof value === 'string' && value.trim() !== '') return value
  throw new TajoError({
    code: 'config_not_connected',
    disposition: 'pause',
    message: `connectors.connect('${connector}', { ${field} }) was given no ${field}: is the variable of the environment set that it comes from?`,
  })
}

function unknownConnector(name: string): TajoError {
  return new TajoError({
    code: 'connector_unknown',
    disposition: 'reject',
    message: `There is no connector ${JSON.stringify(name)}; those of Tajo are 'pipedrive' and 'brevo'.`,
  })
}
