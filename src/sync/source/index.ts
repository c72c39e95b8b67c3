/** Reads Pipedrive and hands records to the mirror. */

export type { PipedriveClient } from '../../pipedrive/index.ts'
export * from './catalogue.ts'
export * from './read-stream.ts'
