/** Our copy of the source. */
export { personOf } from './changes.ts'
export * from './mirror.ts'
