/** What Brevo tells us back, into the store and no further. */
export * from './from-brevo.ts'
export { brevoDeliveryId, fromBrevoWebhook } from './from-webhook.ts'
export * from './known-row.ts'
export * from './read-companies.ts'
export * from './read-contacts.ts'
export * from './read-events.ts'
export * from './refresh-known.ts'
export { touchFromWebhook } from './touch-from-webhook.ts'
