/** What a service's refusal means for a webhook, and what helps. It repeats no credential. */
import type { TajoError } from '../../base/error.ts'
import { ApiError } from '../../pipedrive/index.ts'
import type { Side } from './side.ts'

export type Refusal = { readonly code: string; readonly message: string; readonly remedy: string }

export type Doing = 'list' | 'create' | 'change' | 'remove'

const TITLES = { pipedrive: 'Pipedrive', brevo: 'Brevo' } as const

export function toRefusal(error: TajoError, side: Side, doing: Doing): Refusal {
  const refusal = read(error, side, doing)
  const message = side.secrets.reduce((text, secret) => text.replaceAll(secret, '[secret]'), refusal.message)
  return { ...refusal, message }
}

function read(error: TajoError, side: Side, doing: Doing): Refusal {
  const title = TITLES[side.vendor]
  const said = error instanceof ApiError && error.vendorMessage ? ` (${error.vendorMessage})` : ''
  if (isLimit(error, doing)) {
    const whose = side.vendor === 'pipedrive' ? 'a user' : 'an account'
    return {
      code: 'webhook_limit',
      message: `${title} has no room: ${whose} may have ${side.most} webhooks${said}`,
      remedy: `Delete webhooks in ${title} that nobody needs, then register again.`,
    }
  }
  if (isForbidden(error)) {
    return {
      code: 'webhook_forbidden',
      message: `${title} does not let this credential ${verb(doing)} webhooks${said}`,
      remedy:
        side.vendor === 'pipedrive'
          ? 'Use the API token of an administrator, or have one grant the permission to manage webhooks.'
          : 'Use an API key that may manage webhooks.',
    }
  }
  if (isAddress(error, doing)) {
    return {
      code: 'webhook_url_refused',
      message: `${title} does not accept ${side.url} as an address to deliver to${said}`,
      remedy:
        'server.public_url must be reachable from the internet over https, with a valid certificate and without a redirect; start the server before registering.',
    }
  }
  return { code: error.code, message: error.message, remedy: remedyFor(error, doing) }
}

/** Pipedrive: 422 (https://pipedrive.readme.io/docs/guide-for-webhooks-v2). Brevo documents no status: 400 with words. */
function isLimit(error: TajoError, doing: Doing): boolean {
  if (doing !== 'create' || !(error instanceof ApiError)) return false
  if (error.vendor === 'pipedrive') return error.status === 422
  return error.status === 400 && /maximum|limit|too many/i.test(error.vendorMessage ?? '')
}

function isForbidden({ code }: TajoError): boolean {
  return ['pipedrive_forbidden', 'pipedrive_plan_limit', 'brevo_forbidden'].includes(code)
}

/** Creating one makes Pipedrive call the address; the refusal names the field. */
function isAddress(error: TajoError, doing: Doing): boolean {
  return (
    (doing === 'create' || doing === 'change') &&
    error instanceof ApiError &&
    error.status === 400 &&
    /\burl\b|subscription_url/i.test(error.vendorMessage ?? '')
  )
}

function verb(doing: Doing): string {
  return doing === 'list' ? 'see' : doing
}

function remedyFor(error: TajoError, doing: Doing): string {
  if (error.notBefore) return `Run it again after ${error.notBefore.toISOString()}.`
  if (error instanceof ApiError && error.applied === 'maybe' && doing === 'create')
    return 'Run it again: it looks first whether this one was registered after all.'
  if (error.disposition === 'retry') return 'Run it again later; what is done already is not done twice.'
  return 'See docs/errors.md for this code, then run it again.'
}
