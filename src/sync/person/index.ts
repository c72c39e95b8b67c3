/** Writes persons to Pipedrive; the only room that does, with the merging of duplicates. */
export type { PipedrivePerson } from '../../pipedrive/index.ts'
export * from './deliver-edit.ts'
export * from './find-person.ts'
export * from './ignored-edits.ts'
export * from './read-persons.ts'
export * from './to-person-change.ts'
