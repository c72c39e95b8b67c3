/** Our copy of the source. */
export * from './mirror.ts'
