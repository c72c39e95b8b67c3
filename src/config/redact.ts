/** Makes pieces of the file fit for an error message. It would rather hide a harmless value than show a token. */

const SECRET_SETTINGS = ['api_token', 'client_id', 'client_secret', 'api_key']
const SECRET_LINE = /((?:token|secret|api_key|client_id|password)["']?\s*:\s*)[^\n]*/gi
const TOKEN_LIKE = /[A-Za-z0-9_-]{24,}/g

/** True for settings whose value is never shown. */
export function isSecretSetting(name: string | number | undefined): boolean {
  return typeof name === 'string' && SECRET_SETTINGS.includes(name)
}

/** Source text without what follows a secret's name, and without anything that looks like a token. */
export function redactSource(text: string): string {
  return text.replace(SECRET_LINE, '$1***').replace(TOKEN_LIKE, '***')
}

/** A value in quotes, cut to 60 characters; of an address only scheme and host. */
export function quoteValue(text: string): string {
  const shown = /^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? withoutPath(text) : text.replace(TOKEN_LIKE, '***')
  return JSON.stringify(shown.length > 60 ? `${shown.slice(0, 59)}…` : shown)
}

function withoutPath(address: string): string {
  if (!URL.canParse(address)) return `${address.slice(0, address.indexOf(':'))}://…`
  const url = new URL(address)
  return `${url.protocol}//${url.host}${url.pathname === '/' || url.pathname === '' ? '' : '/…'}`
}
