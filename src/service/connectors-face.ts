/** Connecting, testing and forgetting the two accounts, as types. */
import type { WebhookReport } from './webhooks/webhook-report.ts'

export type Connectors = {
  /** Tests the credentials, then stores them encrypted. Throws the vendor's refusal and stores nothing. */
  connectPipedrive(credentials: { apiToken: string; companyDomain: string | null }): Promise<ConnectorView>
  connectBrevo(credentials: { apiKey: string }): Promise<ConnectorView>
  /** A private app instead of a key; `scope` null: all that it has. */
  connectBrevoApp(credentials: {
    clientId: string
    clientSecret: string
    scope: string | null
  }): Promise<ConnectorView>
  list(): Promise<readonly ConnectorView[]>
  /** Calls the service now. */
  test(name: ConnectorName): Promise<ConnectorView>
  /** Removes our webhooks at that service as far as it lets us, gives a consent back, then forgets the stored credentials. */
  disconnect(name: ConnectorName): Promise<Disconnection>
}

export type ConnectorName = 'pipedrive' | 'brevo'

export type Disconnection = {
  /** Whether there were stored credentials. */
  readonly forgotten: boolean
  /** Null where none of our webhooks can be there. */
  readonly webhooks: WebhookReport | null
  /** Whether Pipedrive took the consent back; null where there was none. */
  readonly revoked: boolean | null
}

export type ConnectorView = {
  readonly name: ConnectorName
  /** Where the credentials come from: the configuration (or environment), the store, or nowhere. */
  readonly credentials: 'configuration' | 'stored' | 'none'
  readonly apiUrl: string | null
  /** `untested` in `list`; the result of a call in `test`. */
  readonly state: 'untested' | 'ok' | 'refused' | 'unreachable'
  /** Company and user, plan, remaining budget, or what is wrong with the remedy. */
  readonly detail: string
}
