/**
 * Every answer of the vendor that is not a success, with its literal words where those are known
 * (https://developers.brevo.com/docs/how-it-works). Words that were made up follow the known ones.
 */
import type { BrevoSwitches } from './switches.ts'

export type BrevoErrorBody = {
  code?: string
  message: string
  metadata?: { duplicate_identifiers: string[] }
}

/** Thrown by endpoints; `index.ts` turns it into the response. */
export class BrevoRefusal extends Error {
  readonly status: number
  readonly body: BrevoErrorBody

  constructor(status: number, body: BrevoErrorBody) {
    super(body.message)
    this.status = status
    this.body = body
  }
}

const refuse = (status: number, code: string, message: string): BrevoRefusal =>
  new BrevoRefusal(status, { code, message })

export const invalidParameter = (message: string): BrevoRefusal => refuse(400, 'invalid_parameter', message)
export const missingParameter = (message: string): BrevoRefusal => refuse(400, 'missing_parameter', message)
export const outOfRange = (message: string): BrevoRefusal => refuse(400, 'out_of_range', message)
export const notFound = (message: string): BrevoRefusal => refuse(404, 'document_not_found', message)

export const contactNotFound = (): BrevoRefusal => notFound('Contact does not exist')
export const listNotFound = (): BrevoRefusal => notFound('List ID does not exist')
export const folderNotFound = (): BrevoRefusal => notFound('Folder ID does not exist')
export const attributeNotFound = (): BrevoRefusal => notFound('Attribute does not exist')
/** A 404 with the code of a 400, as documented at https://developers.brevo.com/reference/get-process. */
export const processNotFound = (): BrevoRefusal => refuse(404, 'invalid_parameter', 'processId is invalid')

export const eventContactUnknown = (): BrevoRefusal => invalidParameter('Contact does not exist')

/** The CRM endpoints answer a message without a code (https://developers.brevo.com/reference/get-companies). */
export const crmRefusal = (status: number, message: string): BrevoRefusal =>
  new BrevoRefusal(status, { message })
export const notValidData = (): BrevoRefusal => crmRefusal(400, 'Not valid data.')
export const companyIdInvalid = (): BrevoRefusal => crmRefusal(400, 'Route company id is not valid.')
export const crmAttributeIdInvalid = (): BrevoRefusal => crmRefusal(400, 'Route attribute id is not valid.')
export const documentNotFound = (): BrevoRefusal => crmRefusal(404, 'Document not found')

export const keyMissing = (): BrevoRefusal =>
  refuse(401, 'unauthorized', 'authentication not found in headers')
export const keyUnknown = (): BrevoRefusal => refuse(401, 'unauthorized', 'Key not found')

/** Same status and code as an unknown key: only the message differs (https://developers.brevo.com/docs/ip-security). */
export const ipRefused = (ip: string): BrevoRefusal =>
  refuse(
    401,
    'unauthorized',
    `We have detected you are using an unrecognised IP address ${ip}. If you performed this action make sure to add the new IP address in this link: https://app.brevo.com/security/authorised_ips`,
  )

export const permissionDenied = (): BrevoRefusal =>
  refuse(403, 'permission_denied', 'You do not have the permission to perform this action')
export const routeUnknown = (): BrevoRefusal => notFound('Route not found')
export const methodNotAllowed = (method: string): BrevoRefusal =>
  refuse(405, 'method_not_allowed', `${method} Method is not allowed on this path`)
export const ownerNotDeletable = (): BrevoRefusal =>
  refuse(405, 'method_not_allowed', "You're not allowed to delete registered email contact with Brevo")
export const batchWithdrawn = (status: 404 | 410): BrevoRefusal =>
  status === 404 ? routeUnknown() : refuse(410, 'bad_request', 'This endpoint is no longer available')

/** The pairing of this code with 425 is not documented. */
export const tooEarly = (): BrevoRefusal =>
  refuse(425, 'account_in_process', 'Your account is being processed, please try again later')

/** No code: which one the vendor sends is not known, so nobody may rely on one. */
export const tooManyRequests = (): BrevoRefusal => new BrevoRefusal(429, { message: 'Too many requests' })

/** Identifiers of a write that other contacts already have; `names` as the vendor writes them, at least one. */
export function duplicateIdentifiers(
  verb: 'create' | 'update',
  names: string[],
  code: BrevoSwitches['duplicateCode'],
): BrevoRefusal {
  return new BrevoRefusal(400, {
    code,
    message: `Unable to ${verb} contact, ${names[0]} is already associated with another Contact`,
    metadata: { duplicate_identifiers: names },
  })
}

/** The vendor's own body for a status that a test injects. */
export function injectedBody(status: number): BrevoErrorBody {
  const known: Record<number, () => BrevoRefusal> = {
    400: () => invalidParameter('Injected fault'),
    401: keyUnknown,
    403: permissionDenied,
    404: contactNotFound,
    405: () => methodNotAllowed('This'),
    410: () => batchWithdrawn(410),
    425: tooEarly,
    429: tooManyRequests,
  }
  return known[status]?.().body ?? { code: 'internal_error', message: 'Internal server error' }
}
