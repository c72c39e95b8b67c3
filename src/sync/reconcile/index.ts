/** Wanted against known, and what follows from the difference. */
export * from './diff.ts'
export * from './group-key.ts'
export * from './known-contact.ts'
export { type MergedBatch, type MergePlan, mergeOne } from './merge-batch.ts'
export * from './plan-writes.ts'
export * from './project.ts'
export * from './settle.ts'
export * from './verify.ts'
