/** The name of a company at Pipedrive, out of whatever somebody copied from the address bar. Pure. */

/** Null: this is none. */
export function readCompanyDomain(typed: string): string | null {
  const host = typed
    .trim()
    .toLowerCase()
    .replace(/^https?:\/\//, '')
    .replace(/[/?#].*$/, '')
    .replace(/\.pipedrive\.com$/, '')
  return /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/.test(host) ? host : null
}
