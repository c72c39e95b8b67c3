/** What stands in the way of an authorisation, in words with the remedy. Nothing secret is in them. */
import { TajoError } from '../../base/error.ts'
import { isAuthorised, type StoredCredentials } from '../stored-credentials.ts'

const CONNECT = '`tajo connectors connect pipedrive --oauth`'

export function appMissing(): TajoError {
  return new TajoError({
    code: 'oauth_app_missing',
    disposition: 'pause',
    message:
      'The Pipedrive app is not known: set PIPEDRIVE_CLIENT_ID and PIPEDRIVE_CLIENT_SECRET (or connectors.pipedrive.oauth), as the Developer Hub shows them.',
  })
}

/** Pipedrive takes calls no longer, or never did: why, as far as it is known. */
export function notAuthorised(
  { pipedrive, uninstalledAt }: StoredCredentials,
  clientId: string | null,
): TajoError {
  if (uninstalledAt !== undefined) {
    return new TajoError({
      code: 'pipedrive_uninstalled',
      disposition: 'pause',
      message: `The app was uninstalled in Pipedrive (${uninstalledAt.slice(0, 16).replace('T', ' ')} UTC) and its tokens are gone. Connect again: ${CONNECT}.`,
    })
  }
  if (isAuthorised(pipedrive) && pipedrive.clientId !== clientId) {
    return new TajoError({
      code: 'oauth_app_changed',
      disposition: 'pause',
      message: `The account was connected through another app than the one of the configuration. Put its client id back, or connect again: ${CONNECT}.`,
    })
  }
  return new TajoError({
    code: 'config_not_connected',
    disposition: 'pause',
    message: `Pipedrive is no longer connected. Connect again: ${CONNECT}.`,
  })
}

export function noCallback(): TajoError {
  return new TajoError({
    code: 'oauth_no_callback',
    disposition: 'pause',
    message:
      'Pipedrive needs an address to send the browser back to: set server.public_url, or run the command on the machine of the server.',
  })
}

export function ticketInvalid(): TajoError {
  return new TajoError({
    code: 'oauth_ticket_invalid',
    message: `This address is used up, or older than ten minutes. Get another one with ${CONNECT}.`,
  })
}

export function stateUnknown(): TajoError {
  return new TajoError({
    code: 'oauth_state_unknown',
    message: `This answer belongs to no authorisation that is waited for: it was used before, or made up. Begin again with ${CONNECT}.`,
  })
}

export function stateExpired(): TajoError {
  return new TajoError({
    code: 'oauth_state_expired',
    message: `The authorisation took longer than ten minutes. Begin again with ${CONNECT}.`,
  })
}

export function stateForeign(): TajoError {
  return new TajoError({
    code: 'oauth_state_foreign',
    message:
      'The authorisation was begun in another browser. Open the printed address in the browser that gives the consent.',
  })
}

export function consentDenied(): TajoError {
  return new TajoError({
    code: 'oauth_denied',
    message: `The consent was not given in Pipedrive. Begin again with ${CONNECT} when it shall be.`,
  })
}

export function wrongCompany(expected: string, found: string): TajoError {
  return new TajoError({
    code: 'oauth_wrong_company',
    message: `The consent is that of ${found}.pipedrive.com, the configuration names ${expected}.pipedrive.com (company_domain). Sign in to the right company and begin again, or correct company_domain.`,
  })
}

export function addressUnusable(): TajoError {
  return new TajoError({
    code: 'oauth_answer_invalid',
    message:
      'Pipedrive named no usable address for the data of the company (api_domain), and none is configured. Set company_domain and begin again.',
  })
}
