import type { IncomingMessage } from 'node:http'
import { expect, it } from 'vitest'
import { cookieOf, noCookie, tokenOf } from './cookies.ts'

const request = (headers: Record<string, string>) => ({ headers }) as unknown as IncomingMessage
const opened = { token: 'T', session: { holder: {} as never, expiresAt: new Date('2026-06-01T00:00:00Z') } }
const options = { publicUrl: 'https://tajo.example.com', behindProxy: false }

it('a cookie for https is bound to this host and never sent in the clear', () => {
  const text = cookieOf(request({ host: 'tajo.example.com' }), options, opened)
  expect(text).toMatch(
    /^__Host-tajo_session=T; Path=\/; HttpOnly; SameSite=Strict; Secure; Expires=Mon, 01 Jun/,
  )
  expect(noCookie(request({ host: 'tajo.example.com' }), options)).toMatch(
    /^__Host-tajo_session=; .*Max-Age=0$/,
  )
  expect(cookieOf(request({ host: 'localhost:8025' }), options, opened)).toMatch(
    /^tajo_session=T; (?!.*Secure)/,
  )
})

it('a proxy is believed about https only where there is one', () => {
  const forwarded = request({ host: 'localhost', 'x-forwarded-proto': 'http, https' })
  expect(cookieOf(forwarded, { publicUrl: null, behindProxy: true }, opened)).toContain('Secure')
  expect(cookieOf(forwarded, { publicUrl: null, behindProxy: false }, opened)).not.toContain('Secure')
})

it('is found among others, the secure one first', () => {
  expect(tokenOf(request({ cookie: 'a=1; tajo_session=T; b=2' }))).toBe('T')
  expect(tokenOf(request({ cookie: 'tajo_session=T; __Host-tajo_session=S' }))).toBe('S')
  expect(tokenOf(request({ cookie: 'xtajo_session=T; tajo_session=' }))).toBeNull()
  expect(tokenOf(request({}))).toBeNull()
})
