/** Reads Pipedrive and hands records to the mirror. */

export type { PipedriveClient } from '../../pipedrive/index.ts'
export * from './catalogue.ts'
export { createConverters, isRejected, marketingStatus } from './converters.ts'
export { changelogOf, fromChangelog } from './from-changelog.ts'
export { readTopic } from './from-topic.ts'
export { fromPipedriveWebhook, pipedriveDeliveryId } from './from-webhook.ts'
export * from './read-sample.ts'
export * from './read-stream.ts'
export * from './recents.ts'
export * from './refetch.ts'
