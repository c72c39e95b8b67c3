/** Connecting Pipedrive through a browser, as types: a command begins and waits, the browser's requests do the rest. */
import type { ConnectorView } from '../service-face.ts'

export type Authorisation = {
  /** For `wait`. Not the ticket: nobody can begin anything with it. */
  readonly id: string
  /** What to open in the browser; a secret, since whoever opens it decides which account is connected. */
  readonly url: string
  /** What must stand in the Developer Hub as the app's callback URL. */
  readonly redirectUri: string
  /** ISO 8601. */
  readonly expiresAt: string
  /** Whether the browser's requests are answered already; else whoever began has to see to that. */
  readonly served: boolean
}

export type OAuth = {
  /**
   * Makes an address that connects an account, once, within ten minutes. `localUrl`: where a browser on this machine would
   * find the callback if nothing is configured. Throws `oauth_app_missing`, `oauth_no_callback`.
   */
  begin(options?: { localUrl?: string | undefined }): Promise<Authorisation>
  /** Resolves when the account is connected. Throws `oauth_not_connected` with what stood in the way. */
  wait(id: string, options?: { signal?: AbortSignal | undefined }): Promise<ConnectorView>
  readonly browser: OAuthBrowser
}

/** What the HTTP server asks when a browser, or Pipedrive, comes. Every refusal is a TajoError that is fit to be shown. */
export type OAuthBrowser = {
  /** Throws `oauth_ticket_invalid`. */
  start(ticket: string): Promise<{
    /** Pipedrive's consent page. */
    readonly location: string
    /** Value of the cookie that the answer has to bring back. */
    readonly cookie: string
    /** Whether it is to be sent over https only. */
    readonly secure: boolean
    readonly maxAgeSeconds: number
  }>
  /** What Pipedrive sent the browser back with. Throws `oauth_*`, and what Pipedrive refuses; nothing is stored then. */
  finish(answer: {
    readonly state: string | null
    readonly code: string | null
    readonly error: string | null
    readonly cookie: string | null
  }): Promise<ConnectorView>
  /** Pipedrive's word that a user took the app out; false where the credentials are not the app's. Throws `oauth_notice_invalid`. */
  uninstall(notice: { readonly authorization: string | null; readonly body: string }): Promise<boolean>
}
