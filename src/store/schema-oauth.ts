/** The tables of OAuth as Kysely sees them. */

export type OAuthTables = {
  authorisations: AuthorisationTable
  token_claims: { connection: string; connector: string; holder: string; claimed_until: Date }
}

export type AuthorisationTable = {
  /** Hash of the ticket. */
  id: string
  connection: string
  redirect_uri: string
  expires_at: Date
  /** Hash of the state of the newest start; null before it. */
  state: string | null
  /** Hash of the cookie that the newest start gave to its browser. */
  browser: string | null
  /** When the state came back; it comes back once. */
  taken_at: Date | null
  outcome: 'connected' | 'failed' | null
  message: string | null
}
