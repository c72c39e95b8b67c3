/** Our copy of the source. */
export { personOf } from './changes.ts'
export { forgetInMirror } from './erased.ts'
export * from './mirror.ts'
