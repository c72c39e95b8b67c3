/** Outbox commands to Brevo calls. */

export type { BrevoClient } from '../../brevo/index.ts'
export * from './deliver-company.ts'
export * from './deliver-contact.ts'
export * from './deliver-events.ts'
export * from './deliver-import.ts'
export * from './deliver-lists.ts'
export * from './prepare.ts'
