/** Addresses: which ones may be used, and one spelling of each. It never repeats an address in a message. */

export const URL_EXPECTATION =
  'expected an https address without a password, query or fragment (http only for localhost, 127.0.0.0/8 and [::1])'

/** True for https, and for http to a loopback host; never with credentials, a query or a fragment. */
export function isSecureUrl(text: string): boolean {
  if (!URL.canParse(text) || /[\s\\?#]/.test(text) || !/^https?:\/\//i.test(text)) return false
  const url = new URL(text)
  if (url.username !== '' || url.password !== '') return false
  return url.protocol === 'https:' || isLoopbackHost(url.hostname)
}

/** The address without trailing slashes, host in lower case. */
export function normaliseUrl(text: string): string {
  return new URL(text).href.replace(/\/+$/, '')
}

// URL parsing has already brought 127.1 and 0x7f.0.0.1 to four decimal numbers.
function isLoopbackHost(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d{1,3}){3}$/.test(hostname)
}
