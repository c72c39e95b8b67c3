/** The HTTP room, for the command line to use. */
export type { ApiOptions } from './api/api-route.ts'
export { createServer, type RunningServer, type ServerLimits, type ServerOptions } from './server.ts'
