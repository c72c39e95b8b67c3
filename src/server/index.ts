/** The HTTP room, for the command line to use. */
export { createServer, type RunningServer, type ServerLimits, type ServerOptions } from './server.ts'
