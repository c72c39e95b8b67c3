/** Our words for the data. */
export * from './catalogue.ts'
export * from './command.ts'
export * from './contact.ts'
export * from './identity.ts'
export * from './records.ts'
export * from './settings.ts'
export * from './stream.ts'
