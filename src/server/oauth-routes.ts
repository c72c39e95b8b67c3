/**
 * What a browser meets while an account is connected: `/oauth/pipedrive/start` with a ticket, and the callback that
 * Pipedrive sends it back to. The same callback hears (DELETE) that the app was uninstalled. Who comes without a ticket, or
 * with an answer that was not asked for, changes nothing.
 */
import type { Context, Hono } from 'hono'
import { TajoError } from '../base/error.ts'
import type { LiveNews, OAuthBrowser } from '../service/index.ts'
import { htmlPage, pageHeaders } from './html-page.ts'
import { COMMON_HEADERS, methodProblem, type Problem, problemHeaders, problemText } from './problem.ts'

export type OAuthRouteOptions = {
  readonly browser: OAuthBrowser
  readonly onNews: (news: LiveNews) => void
}

const START = '/oauth/pipedrive/start'
const CALLBACK = '/oauth/pipedrive/callback'
const COOKIE = 'tajo_oauth'
/** A notice has four short members. */
const NOTICE_BYTES = 16 * 1024

export function addOAuthRoutes(app: Hono, { browser, onNews }: OAuthRouteOptions): void {
  const answered = async (c: Context, answer: () => Promise<Response>): Promise<Response> => {
    try {
      return await answer()
    } catch (error) {
      if (!(error instanceof TajoError)) throw error
      onNews({
        level: 'warn',
        event: 'oauth.refused',
        message: `Connecting Pipedrive was refused: ${error.message}`,
        details: { code: error.code },
      })
      return page(c, error.disposition === 'retry' ? 502 : 400, 'Pipedrive was not connected', error.message)
    }
  }
  app.get(START, (c) =>
    answered(c, async () => {
      const { location, cookie, secure, maxAgeSeconds } = await browser.start(c.req.query('ticket') ?? '')
      const attributes = [`Path=${CALLBACK}`, `Max-Age=${maxAgeSeconds}`, 'HttpOnly', 'SameSite=Lax']
      if (secure) attributes.push('Secure')
      return c.body(null, 302, {
        ...pageHeaders(),
        location,
        'set-cookie': [`${COOKIE}=${cookie}`, ...attributes].join('; '),
      })
    }),
  )
  app.get(CALLBACK, (c) =>
    answered(c, async () => {
      const query = (name: string): string | null => c.req.query(name) ?? null
      const { detail } = await browser.finish({
        state: query('state'),
        code: query('code'),
        error: query('error'),
        cookie: readCookie(c.req.header('cookie') ?? ''),
      })
      c.header('set-cookie', `${COOKIE}=; Path=${CALLBACK}; Max-Age=0; HttpOnly; SameSite=Lax`)
      onNews({ level: 'info', event: 'oauth.connected', message: 'Pipedrive is connected.', details: {} })
      return page(c, 200, 'Pipedrive is connected', `${detail}. You can close this page.`)
    }),
  )
  app.delete(CALLBACK, async (c) => {
    const body = await readText(c.req.raw, NOTICE_BYTES)
    if (body === null)
      return problem(c, { status: 413, code: 'oauth_notice_invalid', detail: 'A notice is far smaller.' })
    try {
      const authorization = c.req.header('authorization') ?? null
      if (await browser.uninstall({ authorization, body })) return c.body(null, 204, COMMON_HEADERS)
    } catch (error) {
      if (!(error instanceof TajoError) || error.code !== 'oauth_notice_invalid') throw error
      return problem(c, { status: 400, code: error.code, detail: error.message })
    }
    return problem(c, {
      status: 401,
      code: 'oauth_notice_refused',
      detail: 'These are not the credentials of the app.',
      headers: { 'www-authenticate': 'Basic realm="tajo"' },
    })
  })
  app.all(START, (c) => problem(c, methodProblem(c.req.method, 'GET')))
  app.all(CALLBACK, (c) => problem(c, methodProblem(c.req.method, 'GET, DELETE')))
}

function page(c: Context, status: 200 | 400 | 502, title: string, text: string): Response {
  return c.body(htmlPage(title, text), status, pageHeaders())
}

function problem(c: Context, given: Problem): Response {
  return c.body(problemText(given), given.status as 400, problemHeaders(given))
}

function readCookie(header: string): string | null {
  for (const part of header.split(';')) {
    const [name, value] = part.trim().split('=', 2)
    if (name === COOKIE && value !== undefined && value !== '') return value
  }
  return null
}

/** Null when there is more than that. */
async function readText(request: Request, mostBytes: number): Promise<string | null> {
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of request.body ?? []) {
    size += chunk.length
    if (size > mostBytes) return null
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}
