/** Where an operation is asked for, and what goes into the address and into the body. */

export type Target = { readonly method: string; readonly path: string; readonly ofInstallation?: boolean }
type Given = Readonly<Record<string, unknown>>

export type Request = { readonly method: string; readonly url: string; readonly body: string | null }

/** `connection`: null for the one the server calls its own. */
export function toRequest(
  { method, path, ofInstallation = false }: Target,
  params: Given,
  connection: string | null,
): Request {
  const rest: Record<string, unknown> = { ...params }
  const named = path.replace(/\{(\w+)\}/g, (_, name: string) => {
    const value = rest[name]
    delete rest[name]
    return encodeURIComponent(String(value))
  })
  const base =
    connection === null || ofInstallation ? '/api' : `/api/connections/${encodeURIComponent(connection)}`
  const bodiless = method === 'GET' || method === 'DELETE'
  const query = bodiless ? toQuery(rest) : ''
  return { method, url: `${base}${named}${query}`, body: bodiless ? null : JSON.stringify(rest) }
}

function toQuery(values: Given): string {
  const query = new URLSearchParams()
  for (const [name, value] of Object.entries(values)) {
    if (value === undefined || value === null) continue
    for (const one of Array.isArray(value) ? value : [value]) query.append(name, String(one))
  }
  const text = query.toString()
  return text === '' ? '' : `?${text}`
}
