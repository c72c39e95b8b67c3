/**
 * Every answer of the vendor that is not a success, with its literal body where that is known
 * (https://pipedrive.readme.io/docs/core-api-concepts-responses). Words that were made up are the nearest to known ones.
 */

const SEE_DEVELOPERS = 'Please check developers.pipedrive.com'

/** Thrown by endpoints; `endpoint.ts` turns it into the response. */
export class Refusal extends Error {
  readonly status: number
  /** An object is sent as JSON, a string as HTML. */
  readonly body: object | string
  readonly headers: Record<string, string>

  constructor(status: number, body: object | string, headers: Record<string, string> = {}) {
    super(typeof body === 'string' ? `HTTP ${status}` : JSON.stringify(body))
    this.status = status
    this.body = body
    this.headers = headers
  }
}

/** A v2 request that does not fit its schema. The wording of the message is not documented; the code was seen. */
export function invalidV2(message: string): Refusal {
  return new Refusal(400, {
    success: false,
    error: `Validation failed: ${message}`,
    error_info: SEE_DEVELOPERS,
    code: 'ERR_SCHEMA_VALIDATION_FAILED',
    data: null,
    additional_data: null,
  })
}

export function invalidV1(message: string): Refusal {
  return new Refusal(400, {
    success: false,
    error: message,
    error_info: SEE_DEVELOPERS,
    data: null,
    additional_data: null,
  })
}

export function unauthorized(): Refusal {
  return new Refusal(
    401,
    { success: false, error: 'unauthorized access', errorCode: 401, error_info: SEE_DEVELOPERS },
    { 'x-401-by-gw': 'true' },
  )
}

/** Of an OAuth access token; the words are documented, the JSON around them is not. */
export function accessTokenInvalid(): Refusal {
  return new Refusal(401, {
    success: false,
    error: 'Invalid token: access_token is invalid',
    errorCode: 401,
    error_info: SEE_DEVELOPERS,
  })
}

export function paymentRequired(): Refusal {
  return new Refusal(402, {
    success: false,
    error: 'Company account is not open',
    errorCode: 402,
    error_info: SEE_DEVELOPERS,
  })
}

export function scopeMismatch(): Refusal {
  return new Refusal(403, {
    success: false,
    error: 'Scope and URL mismatch',
    errorCode: 403,
    error_info: SEE_DEVELOPERS,
  })
}

export function noPermission(): Refusal {
  return new Refusal(403, {
    success: false,
    error: 'You do not have permissions to do this.',
    error_info: SEE_DEVELOPERS,
    data: null,
    additional_data: null,
  })
}

/** A cap of the plan: `what` is `deals` or `custom_fields`. */
export function planCap(what: 'deals' | 'custom_fields'): Refusal {
  const text = {
    deals: "Couldn't add the deal. Open deals limit reached.",
    custom_fields: "Couldn't add the field. Custom fields limit reached.",
  }
  return new Refusal(403, {
    success: false,
    error: text[what],
    error_info: 'Please check developers.pipedrive.com for more information about Pipedrive API.',
    data: null,
    additional_data: null,
    code: `feature_capping_${what}_limit`,
  })
}

/** The page that hammering on after 429s brings (https://pipedrive.readme.io/docs/core-api-concepts-rate-limiting). */
export function cloudflarePage(): Refusal {
  const page =
    '<!DOCTYPE html><html lang="en-US"><head><title>Access denied | api.pipedrive.com used Cloudflare to restrict access</title></head>' +
    '<body><h1>Error 1015</h1><h2>You are being rate limited</h2><p>Access denied.</p></body></html>'
  return new Refusal(403, page, { server: 'cloudflare' })
}

export function notFound(text = 'Entity was not found'): Refusal {
  return new Refusal(404, {
    success: false,
    error: text,
    error_info: 'Object was not found.',
    data: null,
    additional_data: null,
  })
}

/** An unknown v2 path is answered by the web application. */
export function unknownPage(): Refusal {
  return new Refusal(
    404,
    '<!DOCTYPE html><html><head><title>Pipedrive</title></head><body><h1>404</h1><p>Page not found</p></body></html>',
  )
}

export function methodNotAllowed(): Refusal {
  return new Refusal(405, { success: false, error: 'Method not allowed', error_info: SEE_DEVELOPERS })
}

export function gone(): Refusal {
  return new Refusal(410, {
    success: false,
    error: 'The resource is permanently unavailable',
    error_info: SEE_DEVELOPERS,
  })
}

/** 415 is the vendor's way to say that a feature is not enabled. */
export function featureDisabled(feature: string): Refusal {
  return new Refusal(415, {
    success: false,
    error: `${feature} is not enabled for this company`,
    error_info: SEE_DEVELOPERS,
  })
}

export function burstExceeded(headers: Record<string, string>): Refusal {
  return new Refusal(
    429,
    { success: false, error: 'request over limit', errorCode: 429, error_info: SEE_DEVELOPERS },
    headers,
  )
}

export function dailyBudgetExceeded(headers: Record<string, string>): Refusal {
  return new Refusal(
    429,
    { success: false, error: 'daily request budget exceeded', errorCode: 429, error_info: SEE_DEVELOPERS },
    headers,
  )
}

/** The vendor's own body for a status that a test injects. */
export function injectedBody(status: number): { body: string; headers: Record<string, string> } {
  const known: Record<number, () => Refusal> = {
    400: () => invalidV2('injected'),
    401: unauthorized,
    402: paymentRequired,
    403: noPermission,
    404: () => notFound(),
    405: methodNotAllowed,
    410: gone,
    415: () => featureDisabled('The feature'),
    429: () => burstExceeded({}),
  }
  const refusal =
    known[status]?.() ??
    new Refusal(status, { success: false, error: 'Internal Server Error', code: 'ERR_UNKNOWN' })
  return {
    body: JSON.stringify(refusal.body),
    headers: { 'content-type': 'application/json', ...refusal.headers },
  }
}
