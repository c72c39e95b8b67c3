/**
 * What an operator and his machines ask: health, readiness, metrics, and the interface itself. They change nothing and
 * need no credentials, since they tell of no person; and connecting an account. Everything else is the page, or a 404.
 */
import { type Context, Hono } from 'hono'
import { compress } from 'hono/compress'
import { TajoError } from '../base/error.ts'
import type { Health, Live, LiveNews, OAuthBrowser } from '../service/index.ts'
import { failureNews } from './failure-news.ts'
import type { Metrics } from './metrics.ts'
import { addOAuthRoutes } from './oauth-routes.ts'
import type { Page } from './page.ts'
import { COMMON_HEADERS, methodProblem, type Problem, problemHeaders, problemText } from './problem.ts'

export type OperationRouteOptions = {
  /** Null while Tajo is still starting. */
  readonly live: () => Live | null
  readonly metrics: Metrics
  readonly page: Page
  /** OpenAPI; asked for once, when somebody wants it. */
  readonly document: () => object
  readonly onNews: (news: LiveNews) => void
  /** For connecting an account in a browser; absent: nobody can. */
  readonly oauth?: OAuthBrowser | undefined
}

const METHODS = 'GET, HEAD'

export function createOperationRoutes({
  live,
  metrics,
  onNews,
  page,
  document,
  oauth,
}: OperationRouteOptions): Hono {
  const app = new Hono()
  // The page's first load is what people wait for.
  app.use(compress())
  app.get('/healthz', (c) => c.json({ status: 'ok' }, 200, COMMON_HEADERS))
  app.get('/readyz', async (c) => {
    const { ready, reasons } = await readHealth(live(), onNews)
    return c.json({ ready, reasons }, ready ? 200 : 503, COMMON_HEADERS)
  })
  app.get('/metrics', async (c) => {
    const { contentType, text } = await metrics.render()
    return c.body(text, 200, { ...COMMON_HEADERS, 'content-type': contentType })
  })
  let interfaceText: string | null = null
  app.get('/openapi.json', (c) => {
    interfaceText ??= JSON.stringify(document())
    return c.body(interfaceText, 200, { ...COMMON_HEADERS, 'content-type': 'application/json' })
  })
  for (const path of ['/healthz', '/readyz', '/metrics', '/openapi.json']) {
    app.all(path, (c) => answer(c, methodProblem(c.req.method, METHODS)))
  }
  if (oauth !== undefined) addOAuthRoutes(app, { browser: oauth, onNews })
  app.notFound(async (c) => {
    const looks = c.req.method === 'GET' || c.req.method === 'HEAD'
    const html = c.req.header('accept')?.includes('text/html') ?? false
    const found = looks ? await page.find(c.req.path, html) : null
    if (found !== null) return c.body(found.body, found.status, found.headers)
    return answer(c, { status: 404, code: 'route_not_found', detail: 'Nothing is answered under this path.' })
  })
  app.onError((error, c) => {
    onNews(failureNews('http.failed', 'A request met something Tajo does not know.', error))
    return answer(c, {
      status: 500,
      code: 'request_failed',
      detail: 'Tajo met something it does not know; its log says where.',
    })
  })
  return app
}

/** A connection that cannot even say how it is, is not ready. */
async function readHealth(live: Live | null, onNews: (news: LiveNews) => void): Promise<Health> {
  if (live === null) return { ready: false, reasons: ['Tajo is starting; ask again in a few seconds.'] }
  try {
    return await live.health()
  } catch (thrown) {
    onNews(failureNews('health.failed', 'The state could not be read.', thrown))
    const reason =
      thrown instanceof TajoError
        ? thrown.message
        : 'The state could not be read; the log says where it failed.'
    return { ready: false, reasons: [reason] }
  }
}

function answer(c: Context, problem: Problem): Response {
  return c.body(problemText(problem), problem.status as 404, problemHeaders(problem))
}
