/** Mirror records to wanted contacts. Pure: no store, no clock, no network. */
export * from './computed.ts'
export * from './contact.ts'
export * from './convert.ts'
export * from './lists.ts'
export * from './phone.ts'
export * from './plan.ts'
export * from './source-path.ts'
