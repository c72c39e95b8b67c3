/** A browser as far as connecting an account needs one: cookies by host and path, redirects followed one by one. */

export type Visit = {
  readonly status: number
  readonly headers: Headers
  readonly text: string
  /** Every address that was asked for, the last one included. */
  readonly addresses: readonly string[]
}

export type Browser = {
  /** Follows redirects, at most to the first address for which `until` holds, which it does not ask for. */
  visit(address: string, options?: { until?: (address: string) => boolean }): Promise<Visit>
}

type Cookie = { host: string; name: string; value: string; path: string }

export function openBrowser(): Browser {
  const jar: Cookie[] = []
  return {
    async visit(first, { until = () => false } = {}) {
      const addresses = [first]
      for (let address = first; ; ) {
        const { host, pathname } = new URL(address)
        const cookies = jar.filter((cookie) => cookie.host === host && pathname.startsWith(cookie.path))
        const answer = await fetch(address, {
          redirect: 'manual',
          headers: { cookie: cookies.map(({ name, value }) => `${name}=${value}`).join('; ') },
        })
        for (const line of answer.headers.getSetCookie()) keep(jar, host, line)
        const text = await answer.text()
        const location = answer.headers.get('location')
        const next = location === null ? null : new URL(location, address).href
        if (next !== null) addresses.push(next)
        if (next === null || until(next))
          return { status: answer.status, headers: answer.headers, text, addresses }
        address = next
      }
    },
  }
}

function keep(jar: Cookie[], host: string, line: string): void {
  const [pair = '', ...attributes] = line.split(';').map((part) => part.trim())
  const at = pair.indexOf('=')
  const name = pair.slice(0, at)
  const path = attributes.find((attribute) => /^path=/i.test(attribute))?.slice(5) ?? '/'
  const former = jar.findIndex((cookie) => cookie.host === host && cookie.name === name)
  if (former !== -1) jar.splice(former, 1)
  if (!attributes.includes('Max-Age=0')) jar.push({ host, name, value: pair.slice(at + 1), path })
}
