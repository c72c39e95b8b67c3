/** Commands on their way. */
export * from './entries.ts'
