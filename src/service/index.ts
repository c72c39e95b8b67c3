/** The composed product, for the doors to use. */

export { attributionTables, pipelineTables, type ReportTable, toCsv } from '../reports/index.ts'
export type * from './live-face.ts'
export { createLog, type Log, type LogOptions } from './log.ts'
export { toSafeNews } from './log-details.ts'
export { type InstallationOptions, openInstallation } from './open-installation.ts'
export { openService, type ServiceOptions } from './open-service.ts'
export { type CallContext, callOperation } from './operations.ts'
export type * from './service-face.ts'
