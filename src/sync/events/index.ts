/** From changes to events: what is told, to whom, in which words. */
export * from './compose.ts'
export * from './splice-history.ts'
export * from './tell.ts'
export * from './tell-deals.ts'
