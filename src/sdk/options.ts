/** What a client is made with. Types only. */

export type TajoClientOptions = {
  /** A key of the server; in-process none is needed. Default: TAJO_API_KEY. */
  readonly apiKey?: string | undefined
  /** Stands for BREVO_API_KEY; `connectors.connect('pipedrive', …)` tests it and stores it with the rest. */
  readonly brevoApiKey?: string | undefined
  /** Where `tajo serve` runs. Default: TAJO_URL; without either the engine runs in this process. */
  readonly baseUrl?: string | undefined
  /** The name of the connection; default `default`. */
  readonly connection?: string | undefined
  /** How long one request may take, milliseconds: to the server, or in-process to one of the services. */
  readonly timeoutMs?: number | undefined
  /** Of requests to the server. Default: the global one. */
  readonly fetch?: typeof globalThis.fetch | undefined
  /** In-process: where credentials and the embedded store live. Default: TAJO_DATA_DIR, else `./.tajo`. */
  readonly dataDir?: string | undefined
  /** In-process: `postgres://…` instead of the embedded store. DATABASE_URL is not looked at, since it may be your program's. */
  readonly databaseUrl?: string | undefined
  /** In-process: path of the configuration. Default: TAJO_CONFIG, else `./tajo.yaml` where there is one, else the defaults. */
  readonly config?: string | undefined
}
