/** Takes credentials out of text that others wrote, should they echo them. */

/** Knows the whole header value and, after a scheme such as `Bearer`, the bare credential. */
export function createRedactor(headerValues: readonly string[]): (text: string) => string {
  const secrets = headerValues
    .flatMap((value) => [value, value.replace(/^\S+\s+/, '')])
    .filter((secret) => secret.length >= 6)
    .sort((a, b) => b.length - a.length)
  return (text) => secrets.reduce((cleaned, secret) => cleaned.replaceAll(secret, '[credential]'), text)
}

/** The same value with every text in it redacted, names of fields included. */
export function redactDeep<T>(value: T, redact: (text: string) => string): T
export function redactDeep(value: unknown, redact: (text: string) => string): unknown {
  if (typeof value === 'string') return redact(value)
  if (Array.isArray(value)) return value.map((item) => redactDeep(item, redact))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) => [redact(name), redactDeep(item, redact)]),
  )
}
