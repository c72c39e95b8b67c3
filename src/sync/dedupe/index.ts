/** Persons that are the same human being: found in the mirror, merged in Pipedrive. */
export { listDuplicates } from './list-duplicates.ts'
export { type Merging, mergePersons } from './merge-persons.ts'
export { type Planning, planMerges } from './plan-merges.ts'
export type * from './report.ts'
