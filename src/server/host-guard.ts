/**
 * Refuses what came to this machine's own address under a name that is not its own: a page in a browser on this machine
 * can have its name point here (DNS rebinding), and would then count as a page of this server. Who comes from outside
 * came by an address that somebody opened on purpose, and is not looked at.
 */
import type { IncomingMessage } from 'node:http'
import type { Problem } from './problem.ts'

export type HostGuard = (request: IncomingMessage) => Problem | null

export type HostGuardOptions = { readonly publicUrl: string | null; readonly host: string | undefined }

export function createHostGuard({ publicUrl, host }: HostGuardOptions): HostGuard {
  const own = new Set<string>()
  if (publicUrl !== null) own.add(new URL(publicUrl).hostname)
  if (host !== undefined) own.add(host.includes(':') ? `[${host}]` : host.toLowerCase())
  return ({ socket, headers }) => {
    if (!isLoopback(socket.localAddress ?? '')) return null
    const name = hostnameOf(headers.host ?? '')
    if (name === null || own.has(name) || isLocalName(name)) return null
    return {
      status: 421,
      code: 'host_refused',
      detail: `This server is not called ${JSON.stringify(name.slice(0, 100))}. Use localhost, or set server.public_url to the address that a proxy in front has.`,
    }
  }
}

/** Without the port; null where none is given, as only very old programs do. */
function hostnameOf(host: string): string | null {
  if (host === '') return null
  return URL.canParse(`http://${host}`) ? new URL(`http://${host}`).hostname : host
}

function isLocalName(name: string): boolean {
  return (
    name === 'localhost' ||
    name.endsWith('.localhost') ||
    name === '[::1]' ||
    /^127(\.\d{1,3}){3}$/.test(name)
  )
}

function isLoopback(address: string): boolean {
  return address === '::1' || /^(::ffff:)?127\./.test(address)
}
